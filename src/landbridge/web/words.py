"""Words that are not the console's own — reasons, hints, kinds, passes — and numbers, in the reader's language.

What the engine says is plain English: it knows no reader. Its tables are in the catalogue beside the console's own
words (``tools/words.py`` collects both), so they are translated here, where they are shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from landbridge.codes import CODES
from landbridge.connectors.linkedin import REASONS as LINKEDIN_REASONS
from landbridge.connectors.smartrecruiters.reasons import REASONS as SMARTRECRUITERS_REASONS
from landbridge.records import Kind
from landbridge.records.reason import Reason
from landbridge.sync.reasons import REASONS as ENGINE_REASONS

KINDS: Mapping[Kind, Promise] = {
    Kind.JOB: _("Jobs"),
    Kind.CANDIDATE: _("Candidates"),
    Kind.APPLICATION: _("Applications"),
    Kind.STAGE: _("Steps of applications"),
    Kind.FEEDBACK: _("Reviews of applications"),
    Kind.NOTE: _("Notes on applications"),
    Kind.RESUME: _("Resumes"),
}
# What quotas and counts are kept of, by their names in the database.
RESOURCES: Mapping[str, Promise] = {
    **{kind.plural: words for kind, words in KINDS.items()},
    "integrations": _("Integrations"),
    "seats": _("Seats"),
    "requests": _("Requests"),
    "users": _("Users"),
    "exports": _("Exports"),
    "inmails": _("InMails"),
    "stubs": _("InMail drafts"),
    "matches": _("Matches"),
    "closed": _("Closed profiles"),
}
# What tokens may do, in a word each.
SCOPES: Mapping[str, Promise] = {
    "read": _("read"),
    "ats": _("ATS"),
    "consent": _("consent"),
    "contracts": _("contracts"),
    "sync": _("sync"),
    "seats": _("seats"),
    "desk": _("desk"),
    "people": _("people"),
    "ingest": _("push"),
    "panel": _("panel"),
    "tokens": _("tokens"),
}
ROLES: Mapping[str, Promise] = {"owner": _("Owner"), "admin": _("Admin"), "viewer": _("Viewer")}
# Of whole classes of errors, whose own text is for logs: it quotes statuses and paths.
AT_LARGE = (
    Reason(
        "sign_in_rejected",
        "This credential is not accepted.",
        "Check that it was copied whole and is still in force, then enter it again.",
    ),
    Reason("not_permitted", "The credential lacks a permission.", "Grant the permission it lacks, then test again."),
)


def N_(text: str) -> str:  # noqa: N802 - the name by which catalogues are collected
    """Marks a text for the catalogue and leaves it as it is."""
    return text


# Hints that name something of the case at hand: kept as they were said, they are known again by their shape.
SHAPES: Sequence[str] = (
    N_("Add a source with the name %(label)s in SmartRecruiters, under Sources."),
    N_("Choose at least %(days)s days, or everything."),
    N_("Enter the number as Recruiter shows it, or urn:li:%(kind)s: with the number."),
    N_("Give it as urn:li:%(kind)s:1337."),
    N_("Give it as YYYYMM, for example %(version)s."),
    N_("It is %(prefix)s and %(least)s to %(most)s random bytes as base64. Leave it out and one is made."),
    N_("A time lies between the years %(first)s and %(last)s. Correct it and push the record again."),
    N_("Name those that show the panel, %(most)s at most."),
    N_("Write it with %(place)s before the @, at a domain of your own, such as %(example)s."),
)
_PLACE = re.compile(r"%\\\((\w+)\\\)s")
_SHAPED = tuple((shape, re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(shape)))) for shape in SHAPES)
EXPLAINED: Mapping[str, Reason] = {
    one.code: one for one in (*SMARTRECRUITERS_REASONS, *ENGINE_REASONS, *LINKEDIN_REASONS, *CODES, *AT_LARGE)
}


def said(text: object, code: str = "") -> str:
    """A sentence of the engine's in the reader's language.

    What the far side says itself is in no catalogue: then the table's words for ``code`` stand in, rather than English
    among words of another language.
    """
    told = str(text)
    if not told:
        return ""
    translated = gettext(told)
    if translated != told or (get_language() or "en").startswith("en"):
        return translated
    if shaped := _shaped(told):
        return shaped
    known = EXPLAINED.get(code)
    return gettext(known.fix) if known is not None and known.fix else translated


def _shaped(told: str) -> str:
    """A hint of a known shape in the reader's language, with what it names; "" where it has none."""
    for shape, pattern in _SHAPED:
        if found := pattern.fullmatch(told):
            return gettext(shape) % found.groupdict()
    return ""


def in_words(reason: Reason) -> Reason:
    """A reason with its meaning and what to do in the reader's language."""
    return Reason(reason.code, gettext(reason.meaning), gettext(reason.fix) if reason.fix else "")


def reason_of(code: str) -> Reason:
    """The words for a code; one that nobody has written words for speaks for itself."""
    known = EXPLAINED.get(code)
    return in_words(known) if known else Reason(code, code.replace("_", " ").capitalize() + ".", "")


def resource_of(name: str) -> str:
    """What is counted, to be read alone: "Candidates"."""
    return str(RESOURCES.get(name) or name.replace("_", " ").capitalize())


def thousands(number: float) -> str:
    """12345 as 12,345, or as the reader's language has it."""
    return str(number_format(number, decimal_pos=0, use_l10n=True, force_grouping=True))


def span(length: timedelta) -> str:
    """A length of time in the two largest units that matter."""
    seconds = max(0, int(length.total_seconds()))
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    parts = {"days": days, "hours": hours, "minutes": minutes, "seconds": seconds % 60}
    if days:
        return gettext("%(days)d d %(hours)d h") % parts
    if hours:
        return gettext("%(hours)d h %(minutes)d min") % parts
    return gettext("%(minutes)d min %(seconds)d s") % parts if minutes else gettext("%(seconds)d s") % parts
