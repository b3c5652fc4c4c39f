"""What the activity notes besides who did what: subjects and facts, in the reader's language.

They are kept as codes and numbers, so that a line can be read in any language for as long as it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from landbridge.store.audit import Act
from landbridge.web.console.desk.wording import SHORT
from landbridge.web.words import EXPLAINED, ROLES, SCOPES, in_words, thousands

# Facts whose name and value are read as "role: admin"; the value as VALUES says it, else as it is.
NAMES: Mapping[str, Promise] = {
    "role": gettext_lazy("role"),
    "invited_by": gettext_lazy("invited by"),
    "asked_by": gettext_lazy("asked by"),
    "by": gettext_lazy("by"),
    "factor": gettext_lazy("factor"),
    "way": gettext_lazy("signs in by"),
    "user": gettext_lazy("number of the user"),
    "account": gettext_lazy("number of the account"),
    "version": gettext_lazy("version of the text"),
    "scopes": gettext_lazy("may use"),
    "fields": gettext_lazy("fields"),
    "address": gettext_lazy("address"),
    "availability": gettext_lazy("jobs on LinkedIn"),
    "history_days": gettext_lazy("days of history"),
    "exclude_confidential": gettext_lazy("confidential jobs stay out"),
    "access": gettext_lazy("who sees a job in Recruiter"),
    "share_reviews": gettext_lazy("reviews are shared"),
    "share_notes": gettext_lazy("notes are shared"),
    "share_resumes": gettext_lazy("resumes are shared"),
}
YES_OR_NO: Mapping[Any, Promise] = {True: gettext_lazy("yes"), False: gettext_lazy("no")}
VALUES: Mapping[str, Mapping[Any, Promise]] = {
    "role": ROLES,
    "way": {"api_key": gettext_lazy("API key"), "oauth": gettext_lazy("OAuth client")},
    "by": {
        "password": gettext_lazy("password"),
        "mfa": gettext_lazy("second factor"),
        "socialaccount": gettext_lazy("single sign-on"),
        "link": gettext_lazy("one-time link"),
    },
    "factor": {
        "totp": gettext_lazy("authenticator app"),
        "webauthn": gettext_lazy("passkey or security key"),
        "recovery_codes": gettext_lazy("recovery codes"),
    },
    "address": {"wait": gettext_lazy("none: they wait on the desk")},
    "availability": {"PRIVATE": gettext_lazy("private"), "PUBLIC": gettext_lazy("public")},
    "history_days": {None: gettext_lazy("all")},
    "access": {"everybody": gettext_lazy("everybody with a seat"), "teams": gettext_lazy("its hiring team")},
    "scopes": SCOPES,
    "exclude_confidential": YES_OR_NO,
    "share_reviews": YES_OR_NO,
    "share_notes": YES_OR_NO,
    "share_resumes": YES_OR_NO,
}
# Facts that are a number of something.
COUNTS: Mapping[str, Callable[[int], str]] = {
    "elements": lambda count: ngettext("%(count)s thing that waited", "%(count)s things that waited", count),
    "cases": lambda count: ngettext("%(count)s person", "%(count)s people", count),
    "seats": lambda count: ngettext("%(count)s seat", "%(count)s seats", count),
    "count": lambda count: ngettext("%(count)s of them", "%(count)s of them", count),
}
# "seat 5" and its like, as acts name what they were about.
NUMBERED: Mapping[str, Promise] = {
    "receipt": gettext_lazy("receipt %(number)s"),
    "seat": gettext_lazy("seat %(number)s"),
    "decision": gettext_lazy("decision %(number)s"),
    "desk": gettext_lazy("person %(number)s"),
    "contract": gettext_lazy("contract %(number)s"),
}
SUBJECTS: Mapping[tuple[str, str], Promise] = {
    ("linkedin.keys_saved", "child"): gettext_lazy("of this company's own application"),
    ("linkedin.keys_saved", "parent"): gettext_lazy("of the partner's application"),
}


def subject_of(act: Act) -> str:
    """What an act was about. Names that people chose stay as they are."""
    known = SUBJECTS.get((act.act, act.subject))
    if known is not None:
        return str(known)
    if act.act == "contract.refused" and act.subject in EXPLAINED:
        return in_words(EXPLAINED[act.subject]).meaning
    if act.act.startswith("desk.") and act.subject in SHORT:
        return str(SHORT[act.subject])  # type: ignore[index]  # just looked up
    kind, _space, number = act.subject.partition(" ")
    if kind in NUMBERED and number.isdigit():
        return str(NUMBERED[kind]) % {"number": number}
    return act.subject


def facts_of(act: Act) -> str:
    """ "role: admin" of the facts, which hold nothing secret."""
    return ", ".join(_facts(act.facts))


def _facts(facts: Mapping[str, Any]) -> Iterator[str]:
    for name, value in facts.items():
        if name in COUNTS and isinstance(value, int):
            yield COUNTS[name](value) % {"count": thousands(value)}
        elif name == "again":
            if value:
                yield _("everything once more")
        else:
            yield f"{NAMES.get(name, name.replace('_', ' '))}: {_value(name, value)}"


def _value(name: str, value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_value(name, one) for one in value)
    words = VALUES.get(name, {}).get(value)
    return str(value if words is None else words)
