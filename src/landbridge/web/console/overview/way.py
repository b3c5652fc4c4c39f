"""From nothing to all in step: the steps of the set-up, and what is left for a person to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from landbridge.store.contracts import Contract
from landbridge.store.integrations import ENABLED
from landbridge.store.overview import Overview, Turn
from landbridge.store.seats import SeatCounts
from landbridge.sync.streams import PROMISED, Pace
from landbridge.web.console.overview import wording
from landbridge.web.console.overview.news import often
from landbridge.web.console.turns import State, Step, Whose
from landbridge.web.words import said, thousands

Address = Callable[[str], str]


class Around(Struct, frozen=True, kw_only=True):
    """What of the workspace the way depends on. ``address`` gives that of a route; ``asking`` counts people on the desk
    whom only a person's word can place, ``lacking`` what waits for each permission that the ATS does not give."""

    overview: Overview
    contracts: Sequence[Contract]
    agreed: bool
    withdrawn: bool  # somebody had agreed, and nobody does any more
    seats: SeatCounts
    pace: Pace
    asking: int
    lacking: Mapping[str, int]
    address: Address


class Task(Struct, frozen=True, kw_only=True):
    """Something only a person can do, and where."""

    text: str
    address: str
    label: str
    tone: str = "wait"


def way(around: Around) -> tuple[Step, ...]:
    """Every step with its state: those behind, the one that is next, those ahead."""
    steps, reached = [], True
    for done, step in _milestones(around):
        if done:  # also where an earlier one was undone, as a consent can be
            steps.append(Step(title=step.title, state=State.DONE))
        else:
            steps.append(step if reached else Step(title=step.title, state=State.LATER, text=step.text))
        reached = reached and done
    return tuple(steps)


# Where what comes next is a step of the set-up, which knows more of it than the connections do.
SETTING_UP = frozenset({Turn.CONNECT, Turn.REQUEST, Turn.ENABLE, Turn.START})


def turn_of(around: Around, steps: Sequence[Step], now: datetime) -> wording.Words:
    """Whose turn it is. What people have stopped counts before what machines do, and the step that is next before what
    the connections lack."""
    found = around.overview.turn(now)
    if found not in {Turn.RESUME, Turn.REPAIR}:
        if around.withdrawn:
            return wording.WITHDRAWN
        if _all_rest(around.contracts):
            return wording.ALL_REST
        if _all_disconnected(around.contracts):
            return wording.ALL_DISCONNECTED
    step = next((one for one in steps if one.state is State.NOW), None)
    if found in SETTING_UP and step is not None:
        return wording.Words(step.whose_words, "wait", f"{step.title}. {step.text}")
    if found is Turn.DONE and (around.asking or around.lacking):
        return wording.PEOPLE_WAIT
    return wording.TURNS[found]


def _all_rest(contracts: Sequence[Contract]) -> bool:
    """Whether everything that is enabled was paused by somebody."""
    enabled = [one.paused for one in contracts if one.state == "enabled"]
    return bool(enabled) and all(enabled)


def _all_disconnected(contracts: Sequence[Contract]) -> bool:
    named = [one.state == "disconnected" for one in contracts if one.urn]
    return bool(named) and all(named)


def complete(steps: Sequence[Step]) -> bool:
    return all(step.state is State.DONE for step in steps)


def _milestones(around: Around) -> Iterator[tuple[bool, Step]]:
    """Every step of the set-up, with whether it is done."""
    yield from _beginnings(around)
    yield from _contract_milestones(around)
    yield from _sync_milestones(around)


def _beginnings(around: Around) -> Iterator[tuple[bool, Step]]:
    enabled = _is_enabled(around.overview)
    yield (
        any(one.state == "ok" for one in around.overview.systems if one.system != "linkedin") or enabled,
        _step(
            _("Connect your ATS"),
            _("Enter a key; Landbridge tries it before it keeps it."),
            around.address("ats"),
            _("Connect"),
        ),
    )
    yield (
        around.agreed or (enabled and not around.withdrawn),
        _step(
            _("Agree to what is shared"),
            _("See field by field what LinkedIn gets, with your own records."),
            around.address("consent"),
            _("Look and decide"),
        ),
    )


def _contract_milestones(around: Around) -> Iterator[tuple[bool, Step]]:
    # A workspace that was connected on the command line has integrations, but no contract of the console's.
    enabled = _is_enabled(around.overview)
    yield (
        enabled or any(contract.urn and contract.state != "kept" for contract in around.contracts),
        _step(
            _("Add a Recruiter contract"),
            _("Sign in to LinkedIn in a window and choose the contract."),
            around.address("contracts"),
            _("Add a contract"),
        ),
    )
    yield (
        enabled or any(contract.state == "enabled" for contract in around.contracts),
        _step(
            _("Enable it in LinkedIn Recruiter"),
            _("A Recruiter admin switches both levels on. Nothing is sent before."),
            around.address("contracts"),
            _("See how"),
            Whose.RECRUITER_ADMIN,
        ),
    )


def _sync_milestones(around: Around) -> Iterator[tuple[bool, Step]]:
    yield (
        _is_synced(around.overview),
        _step(
            _("Historical sync"),
            _("Begins by itself and tells how long it will take."),
            around.address("sync"),
            _("Watch it"),
            Whose.LANDBRIDGE if around.overview.sweep else Whose.YOU,
        ),
    )
    yield (
        around.seats.linked > 0,
        _step(
            _("Connect users"),
            _("Say whose Recruiter seat is whose, so that InMails and notes arrive."),
            around.address("connect-users"),
            _("Connect users"),
        ),
    )


def _is_enabled(overview: Overview) -> bool:
    return bool(overview.integrations) and all(one.status == ENABLED for one in overview.integrations)


def _is_synced(overview: Overview) -> bool:
    """The first time it is done when all of it has been sent, too; both sides are compared then."""
    read = overview.sweep is not None and (overview.sweep.mode != "full" or overview.sweep.state == "done")
    return read and (overview.reconciliation is not None or not any(one.due or one.pending for one in overview.kinds))


def _step(title: str, text: str, address: str, label: str, whose: Whose = Whose.YOU) -> Step:
    return Step(title=title, state=State.NOW, whose=whose, text=text, address=address, label=label)


def tasks(around: Around) -> tuple[Task, ...]:
    """What waits for a person beside the set-up, the most pressing first."""
    return (
        *_repairs(around),
        *_lacking_tasks(around),
        *_consent_tasks(around),
        *_contract_tasks(around),
        *_record_tasks(around),
        *_seat_tasks(around),
        *_desk_tasks(around),
        *_pace_tasks(around),
    )


def _repairs(around: Around) -> Iterator[Task]:
    for system in around.overview.systems:
        if system.state == "needs_person":
            name = wording.SYSTEMS.get(system.system, system.system)
            yield Task(
                text=_("%(system)s no longer lets Landbridge in. %(hint)s")
                % {"system": name, "hint": said(system.problem_hint, system.problem_code)},
                address=around.address("contracts" if system.system == "linkedin" else "ats"),
                label=_("Repair it"),
                tone="bad",
            )


def _lacking_tasks(around: Around) -> Iterator[Task]:
    for permission, count in around.lacking.items():
        text = ngettext(
            "The ATS does not let Landbridge write: %(number)s entry waits for the permission %(permission)s. "
            "Everything else goes on, and so does this as soon as it is granted.",
            "The ATS does not let Landbridge write: %(number)s entries wait for the permission %(permission)s. "
            "Everything else goes on, and so do these as soon as it is granted.",
            count,
        )
        facts = {"number": thousands(count), "permission": permission or _("to write")}
        yield Task(text=text % facts, address=around.address("desk"), label=_("See what waits"), tone="bad")


def _consent_tasks(around: Around) -> Iterator[Task]:
    if around.withdrawn:
        text = _("The consent was withdrawn. Nothing is sent to LinkedIn until somebody agrees again.")
        yield Task(text=text, address=around.address("consent"), label=_("Look and decide"))


def _contract_tasks(around: Around) -> Iterator[Task]:
    for contract in around.contracts:
        if contract.state in {"refused", "disabled", "expired"}:
            yield Task(
                text=_("The contract %(name)s needs a person.") % {"name": contract.name or contract.number},
                address=around.address("contracts"),
                label=_("See why"),
                tone="bad",
            )


def _record_tasks(around: Around) -> Iterator[Task]:
    refused = sum(sum(kind.quarantined.values()) for kind in around.overview.kinds)
    if refused:
        text = ngettext(
            "LinkedIn refused %(number)s record.", "LinkedIn refused %(number)s records.", refused
        ) % {"number": thousands(refused)}  # fmt: skip
        yield Task(text=text, address="#why-not", label=_("See what to do"))


def _seat_tasks(around: Around) -> Iterator[Task]:
    free = around.seats.seats - around.seats.linked - around.seats.left
    if free > 0 and around.seats.users:
        text = ngettext(
            "%(number)s Recruiter seat is not connected to a user.",
            "%(number)s Recruiter seats are not connected to users.",
            free,
        )
        yield Task(
            text=text % {"number": thousands(free)}, address=around.address("connect-users"), label=_("Connect users")
        )


def _desk_tasks(around: Around) -> Iterator[Task]:
    if around.asking:
        text = ngettext("%(number)s person waits on the desk.", "%(number)s people wait on the desk.", around.asking)
        yield Task(text=text % {"number": thousands(around.asking)}, address=around.address("desk"), label=_("Settle"))


def _pace_tasks(around: Around) -> Iterator[Task]:
    if around.pace.slower:
        text = _("InMails and notes are read every %(every)s only, not every %(promised)s.")
        lengths = {"every": often(around.pace.every), "promised": often(PROMISED)}
        yield Task(text=text % lengths, address="#news", label=_("See why"))
