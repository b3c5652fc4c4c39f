"""The historical sync in numbers, kind by kind, and the sentence above them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from landbridge.jobs.forecast import LaneForecast, waiting_of
from landbridge.records import Kind
from landbridge.store.contracts import may_send
from landbridge.store.database import Connection
from landbridge.store.integrations import ENABLED
from landbridge.store.overview import Overview
from landbridge.store.reconciliations import Reconciliation
from landbridge.store.tallies import KindTotals
from landbridge.web.console.overview.context import Row, Sweep, card
from landbridge.web.words import KINDS, resource_of, span, thousands

BINDING: Mapping[str, Promise] = {
    "quota": _("LinkedIn's quota"),
    "rate_limited": _("LinkedIn asked for a pause"),
    "unavailable": _("LinkedIn does not answer"),
    "records_per_minute": _("LinkedIn's records a minute"),
    "calls_per_day": _("LinkedIn's calls a day"),
    "round_trips": _("LinkedIn's time to answer"),
    "reading": _("Reading the ATS"),
}

# The database keeps the parts of a report in an order of its own.
ORDER = {kind.plural: place for place, kind in enumerate(Kind)}


class Line(Struct, frozen=True, kw_only=True):
    """One kind. ``rate`` in records per minute, "" where nothing was sent of late; ``binding``: what it waits for."""

    title: Promise
    row: Row
    settled: int
    total: int
    rate: str
    left: str
    binding: object


class Compared(Struct, frozen=True, kw_only=True):
    """One line of the reconciliation."""

    title: object
    ats: int
    linkedin: int
    closed: int | None
    missing: int
    extra: int
    different: int
    held: int
    refused: int


class Proof(Struct, frozen=True, kw_only=True):
    at: datetime
    clean: bool
    lines: tuple[Compared, ...]


class Ahead(Struct, frozen=True, kw_only=True):
    """How long all of it will take, which kind takes longest, and the limit that binds it."""

    left: str
    slowest: object
    binding: object


class Sync(Struct, frozen=True, kw_only=True):
    state: str  # "none", "reading", "sending", "paused", "waiting", "done"
    tone: str
    whose: Promise
    text: object
    lines: tuple[Line, ...]
    sweep: Sweep | None
    proof: Proof | None
    moving: bool
    ahead: Ahead | None


def sync_of(
    overview: Overview,
    pace: Mapping[str, float],
    *,
    may_send: bool,
    now: datetime,
    forecast: Sequence[LaneForecast] = (),
) -> Sync:
    """Pure: the same facts show the same page."""
    shown = card(overview, now)
    state = state_of(overview, may_send=may_send)
    tone, whose, text = SENTENCES[state]
    blocked = {lane.resource: lane.blocked_reason for lane in overview.lanes if lane.blocked(now)}
    return Sync(
        state=state,
        tone=tone,
        whose=whose,
        text=text,
        lines=tuple(_lines(overview.kinds, shown.rows, pace, blocked, {one.resource: one for one in forecast})),
        sweep=shown.sweep,
        proof=_proof(overview.reconciliation),
        moving=state in {"reading", "sending", "waiting"} or (state == "done" and not _compared_since(overview)),
        ahead=_ahead(forecast) if state in {"reading", "sending", "waiting"} else None,
    )


def _ahead(forecast: Sequence[LaneForecast]) -> Ahead | None:
    """Of less than a minute nobody needs to be told."""
    if not forecast or forecast[0].left < timedelta(minutes=1):
        return None
    slowest = forecast[0]
    return Ahead(
        left=span(slowest.left), slowest=resource_of(slowest.resource), binding=BINDING.get(slowest.binding, "")
    )


SENTENCES: Mapping[str, tuple[str, Promise, Promise]] = {
    "none": ("wait", _("Not begun"), _("It begins by itself when a contract is enabled, or now, if you like.")),
    "reading": ("busy", _("Landbridge's turn"), _("Reading the ATS and sending. Nothing for you to do.")),
    "sending": ("busy", _("Landbridge's turn"), _("The ATS has been read; the rest is being sent.")),
    "paused": ("wait", _("Your turn"), _("Paused. Nothing is read or sent until you let it go on.")),
    "waiting": (
        "wait",
        _("Not sent yet"),
        _("Landbridge reads ahead. Nothing is sent before somebody has agreed and a contract is enabled."),
    ),
    "done": (
        "good",
        _("History complete"),
        _("LinkedIn has everything that may be sent. Changes follow by themselves."),
    ),
}


async def is_open(connection: Connection, workspace: int, overview: Overview) -> bool:
    """Whether anything may be sent: somebody has agreed, and something is enabled in Recruiter."""
    allowed = await may_send(connection, workspace)
    return allowed and any(one.status == ENABLED for one in overview.integrations)


def state_of(overview: Overview, *, may_send: bool) -> str:
    """none, reading, sending, paused, waiting or done."""
    sweep = overview.sweep
    if overview.workspace.paused or (sweep is not None and sweep.state == "paused"):
        return "paused"
    if sweep is None:
        return "none"
    if not may_send:
        return "waiting"
    if sweep.state == "running":
        return "reading"
    return "sending" if any(kind.due or kind.pending for kind in overview.kinds) else "done"


def _compared_since(overview: Overview) -> bool:
    """Whether both sides were compared after the sweep that is shown; a worker does it within a minute."""
    ended_at = overview.sweep.finished_at if overview.sweep else None
    return overview.reconciliation is not None and (ended_at is None or overview.reconciliation.at >= ended_at)


def _lines(
    kinds: list[KindTotals],
    rows: tuple[Row, ...],
    pace: Mapping[str, float],
    blocked: Mapping[str, str],
    forecast: Mapping[str, LaneForecast],
) -> Iterator[Line]:
    waiting = waiting_of(kinds)
    for totals, row in zip(kinds, rows, strict=True):
        resource, rate = totals.kind.plural, pace.get(totals.kind.plural, 0.0)
        ahead = forecast.get(resource)
        yield Line(
            title=KINDS[totals.kind],
            row=row,
            # What only waits for others is still on its way.
            settled=totals.delivered + row.held + row.quarantined - waiting[totals.kind],
            total=totals.total,
            rate=now_("%(rate)s a minute") % {"rate": thousands(round(rate))} if rate else "",
            left=_left(ahead, rate) if ahead else "",
            binding=_binding(ahead, blocked.get(resource, "")) if ahead else "",
        )


def _left(ahead: LaneForecast, rate: float) -> str:
    """At the pace it has, where nothing will slow it down: neither the end of a day's calls nor the ATS."""
    paced = rate and ahead.binding in {"records_per_minute", "round_trips"}
    left = timedelta(minutes=ahead.open / rate) if paced else ahead.left
    if left < timedelta(minutes=1):
        return now_("less than a minute")
    return now_("about %(left)s") % {"left": span(left)}


def _binding(ahead: LaneForecast, blocked: str) -> object:
    return BINDING.get(blocked, blocked) if blocked else BINDING.get(ahead.binding, "")


def _proof(found: Reconciliation | None) -> Proof | None:
    if found is None:
        return None
    parts = sorted(found.report.items(), key=lambda one: ORDER.get(one[0], len(ORDER)))
    lines = tuple(_compared(name, part) for name, part in parts if isinstance(part, Mapping))
    clean = not any(one.missing or one.extra or one.different for one in lines)
    return Proof(at=found.at, clean=clean, lines=lines)


def _compared(name: str, part: Mapping[str, Any]) -> Compared:
    kind = next((one for one in Kind if name in {one.plural, one.value}), None)

    def number(field: str) -> int:
        value = part.get(field)
        if isinstance(value, Mapping):
            return sum(each for each in value.values() if isinstance(each, int))
        return value if isinstance(value, int) else 0

    return Compared(
        title=KINDS[kind] if kind else name,
        ats=number("ats"),
        linkedin=number("linkedin"),
        closed=number("closed") if "closed" in part else None,
        missing=number("missing"),
        extra=number("extra"),
        different=number("different"),
        held=number("held"),
        refused=number("quarantined"),
    )
