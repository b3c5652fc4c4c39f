"""Contracts in the admin's words: the steps, whose turn each is, and the state in one badge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from landbridge.connectors.linkedin.settings import AUTH_URL
from landbridge.jobs.onboarding.standing import Levels, levels_of
from landbridge.store.contracts import Contract, ContractState
from landbridge.store.integrations import ABSENT, ENABLED, Integration
from landbridge.web.console.turns import State, Step, Whose
from landbridge.web.words import EXPLAINED, said

Text = str | Promise

BADGES: Mapping[ContractState, tuple[str, Promise]] = {
    "adding": ("wait", _("Being added")),
    "kept": ("wait", _("Taken over, to be requested once")),
    "requested": ("busy", _("Requested")),
    "configuring": ("busy", _("Being prepared")),
    "waiting": ("wait", _("To be enabled in Recruiter")),
    "enabled": ("good", _("Enabled")),
    "refused": ("bad", _("Refused")),
    "disabled": ("bad", _("Switched off in Recruiter")),
    "expired": ("bad", _("Ended")),
    "disconnected": ("held", _("Disconnected")),
}

LEVEL_WORDS: Mapping[str, tuple[str, Promise]] = {
    ENABLED: ("good", _("On")),
    "REQUESTED": ("wait", _("Requested, off")),
    "DISABLED": ("bad", _("Off")),
    ABSENT: ("held", _("Not requested")),
}

INTEGRATION_WORDS: Mapping[str, Promise] = {
    "ONE_CLICK_EXPORT": _("One-click export"),
    "IN_ATS_INDICATOR": _("In-ATS indicator"),
    "PROFILE_PLUGIN": _("Profile widget"),
    "CSA_API": _("InMails and notes"),
}


class Level(Struct, frozen=True, kw_only=True):
    """One switch of Recruiter's ATS tab. ``raw`` is LinkedIn's own word."""

    title: Text
    tone: str
    words: Text
    raw: str


class Card(Struct, frozen=True, kw_only=True):
    contract: Contract
    title: Text
    tone: str
    words: Text
    turn: Step | None
    company: tuple[Level, ...]
    single: Level
    steps: tuple[Step, ...]
    problem: str
    fix: str


class Surroundings(Struct, frozen=True, kw_only=True):
    """What of the workspace the steps of a contract depend on."""

    agreed: bool
    ats: bool
    recruiter: str  # where Recruiter's ATS tab is
    consent_address: str
    ats_address: str
    window_address: str
    sync_address: str
    users_address: str


def card_of(contract: Contract, known: Sequence[Integration], around: Surroundings) -> Card:
    levels = levels_of(contract, known)
    tone, words = BADGES[contract.state]
    if contract.paused and contract.state == "enabled":
        tone, words = "wait", _("Paused")
    steps = tuple(_steps(contract, levels, around))
    reason = EXPLAINED.get(contract.problem_code)
    return Card(
        contract=contract,
        title=_title(contract),
        tone=tone,
        words=words,
        turn=next((step for step in steps if step.state in {State.NOW, State.PROBLEM}), None),
        company=tuple(_level(INTEGRATION_WORDS[type_], status) for type_, status in levels.company.items()),
        single=_level(INTEGRATION_WORDS["CSA_API"], levels.contract),
        steps=steps,
        problem=said(reason.meaning) if reason else contract.problem_code,
        fix=said(reason.fix) if reason else "",
    )


def _title(contract: Contract) -> Text:
    if contract.urn is None:
        return _("New contract")
    number = _("Contract %(number)s") % {"number": contract.number}
    return f"{contract.name} ({number})" if contract.name else number


def _level(title: Promise, status: str) -> Level:
    tone, words = LEVEL_WORDS.get(status, ("wait", status.replace("_", " ").capitalize()))
    return Level(title=title, tone=tone, words=words, raw=status)


# How far each state has come on the way of the steps below.
_REACHED: Mapping[ContractState, int] = {
    "adding": 1, "kept": 1, "refused": 1, "disconnected": 1, "requested": 2, "configuring": 2, "waiting": 3,
    "disabled": 3, "expired": 3, "enabled": 4,
}  # fmt: skip


def _steps(contract: Contract, levels: Levels, around: Surroundings) -> Iterator[Step]:
    reached = _REACHED[contract.state]
    yield _consent(around)
    yield _window(contract, around)
    yield _prepared(contract, reached)
    yield _enabled(contract, levels, reached, around)
    if reached < 4 or not around.agreed:
        yield Step(title=_("Historical sync"), state=State.LATER, text=_("Begins by itself once it is enabled."))
        yield Step(title=_("Connect users"), state=State.LATER, text=_("Joins Recruiter seats with users of your ATS."))
        return
    if not around.ats:
        yield Step(
            title=_("Connect your ATS"), state=State.NOW, whose=Whose.YOU, address=around.ats_address,
            text=_("There is nothing to read from yet."), label=_("Enter the credential"),
        )  # fmt: skip
        return
    yield Step(
        title=_("Historical sync"), state=State.DONE, text=_("Began by itself; see how far it is."),
        address=around.sync_address, label=_("See the progress"),
    )  # fmt: skip
    yield Step(
        title=_("Connect users"), state=State.DONE, text=_("Tell whose seat is whose; InMails and notes follow."),
        address=around.users_address, label=_("Connect users"),
    )  # fmt: skip


def _consent(around: Surroundings) -> Step:
    if around.agreed:
        return Step(title=_("Agree to what is shared"), state=State.DONE)
    return Step(
        title=_("Agree to what is shared"), state=State.NOW, whose=Whose.YOU, address=around.consent_address,
        text=_("Nothing is sent before somebody has agreed."), label=_("Read and agree"),
    )  # fmt: skip


def _window(contract: Contract, around: Surroundings) -> Step:
    title = _("Request in LinkedIn's window")
    if contract.state == "adding":
        return Step(
            title=title, state=State.NOW, whose=Whose.YOU, address=around.window_address, label=_("Open the window"),
            text=_("Sign in to LinkedIn as Recruiter admin, choose the contract, request both levels, Finish."),
        )  # fmt: skip
    if contract.state == "kept":
        text = _("Keys and contract are kept. Press Request once, for the company level; the contract level is there.")
        return Step(
            title=title, state=State.PROBLEM if contract.problem_code else State.NOW, whose=Whose.YOU,
            address=around.window_address, label=_("Open the window"),
            text=_words(contract.problem_code) if contract.problem_code else text,
        )  # fmt: skip
    if contract.state == "refused":
        return Step(
            title=title, state=State.PROBLEM, whose=Whose.YOU, address=around.window_address,
            text=_words(contract.problem_code), label=_("Open the window again"),
        )  # fmt: skip
    if contract.state == "disconnected":
        return Step(
            title=title, state=State.PROBLEM, whose=Whose.YOU,
            text=_("Disconnected. Nothing goes either way; what was imported stays. Press Connect again on its page."),
        )  # fmt: skip
    return Step(title=title, state=State.DONE)


def _prepared(contract: Contract, reached: int) -> Step:
    title = _("Name and set up the integrations")
    if reached < 2:
        return Step(title=title, state=State.LATER, text=_("Landbridge does this in a moment after the request."))
    if reached > 2:
        return Step(title=title, state=State.DONE)
    if contract.problem_code:
        return Step(title=title, state=State.PROBLEM, whose=Whose.YOU, text=_words(contract.problem_code))
    return Step(title=title, state=State.NOW, whose=Whose.LANDBRIDGE, text=_("Wait a moment; this page renews itself."))


def _enabled(contract: Contract, levels: Levels, reached: int, around: Surroundings) -> Step:
    title = _("Enable in LinkedIn Recruiter")
    if reached > 3:
        return Step(title=title, state=State.DONE)
    if reached < 3:
        return Step(title=title, state=State.LATER, text=_("A Recruiter admin switches both levels on."))
    if contract.state == "expired":
        return Step(title=title, state=State.PROBLEM, whose=Whose.YOU, text=_words(contract.problem_code))
    missing = [
        words
        for words, on in ((_("company level"), levels.company_enabled), (_("contract level"), levels.contract_enabled))
        if not on
    ]
    text = _("In Recruiter: More, Admin Settings, ATS. Still off: %(levels)s.") % {
        "levels": ", ".join(str(words) for words in missing)
    }
    state = State.PROBLEM if contract.state == "disabled" else State.NOW
    return Step(
        title=title, state=state, whose=Whose.RECRUITER_ADMIN, text=text, address=around.recruiter,
        label=_("Enable in LinkedIn"),
    )  # fmt: skip


def _words(code: str) -> str:
    reason = EXPLAINED.get(code)
    return f"{said(reason.meaning)} {said(reason.fix)}" if reason else code


def recruiter_address(auth_url: str) -> str:
    """Recruiter's ATS tab: LinkedIn publishes no address for the tab itself, the sandbox has one."""
    return "https://www.linkedin.com/talent/" if auth_url == AUTH_URL else f"{auth_url}/recruiter/admin/ats"


def platform_of(auth_url: str) -> str:
    """The origin of LinkedIn's widgets."""
    if auth_url == AUTH_URL:
        return "https://platform.linkedin.com"
    parts = urlsplit(auth_url)
    return f"{parts.scheme}://{parts.netloc}"
