"""What the status page shows of one workspace, ready for its template: no rule is left to the markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from django.utils.translation import gettext as _
from msgspec import Struct

from landbridge.jobs.bucket import BUCKET, CALLS_PER_DAY
from landbridge.jobs.wiring import FAR_SIDE
from landbridge.records.reason import Reason
from landbridge.store.connections import SystemState
from landbridge.store.integrations import Integration
from landbridge.store.overview import LaneState, Overview, PassProgress, QuotaUse, SweepProgress
from landbridge.store.reconciliations import Reconciliation
from landbridge.store.tallies import KindTotals
from landbridge.web.console.overview import wording
from landbridge.web.console.turns import Text
from landbridge.web.words import KINDS, reason_of, resource_of, said, span

BAR = 1000  # width of a bar in its own units
SLIVER = 8
NOTHING_WAITS: Mapping[str, datetime] = MappingProxyType({})


class Pill(Struct, frozen=True):
    text: Text
    tone: str


class System(Struct, frozen=True, kw_only=True):
    name: str
    pill: Pill
    hint: str
    code: str
    checked_at: datetime | None


class IntegrationLine(Struct, frozen=True, kw_only=True):
    name: Text
    context: str
    pill: Pill


class Step(Struct, frozen=True, kw_only=True):
    """One pass of the historical sync. ``total`` None: not known yet."""

    title: str
    state: str  # "finished", "running", "waiting"
    done: int
    total: int | None
    calls: int
    took: str
    left: str


class Sweep(Struct, frozen=True, kw_only=True):
    title: str
    state: Text
    started_at: datetime
    finished_at: datetime | None
    steps: tuple[Step, ...]


class Segment(Struct, frozen=True, kw_only=True):
    tone: str
    x: int
    width: int


class ReasonLine(Struct, frozen=True, kw_only=True):
    reason: Reason
    count: int


class Row(Struct, frozen=True, kw_only=True):
    """One kind of record."""

    name: str
    totals: KindTotals
    on_the_way: int
    held: int
    quarantined: int
    percent: int
    segments: tuple[Segment, ...]
    held_lines: tuple[ReasonLine, ...]
    quarantined_lines: tuple[ReasonLine, ...]


class Quota(Struct, frozen=True, kw_only=True):
    system: str
    resource: str
    calls: int
    records: int
    calls_most: int | None

    @property
    def label(self) -> str:
        return _("%(system)s %(resource)s: calls used today") % {"system": self.system, "resource": self.resource}


class Lane(Struct, frozen=True, kw_only=True):
    resource: str
    pill: Pill
    reason: Text
    until: datetime | None
    last_sent_at: datetime | None
    waiting_since: datetime | None  # the oldest change that LinkedIn does not have yet


class Comparison(Struct, frozen=True, kw_only=True):
    at: datetime
    clean: bool
    findings: tuple[tuple[str, int], ...]


class Card(Struct, frozen=True, kw_only=True):
    """One workspace."""

    name: str
    slug: str
    organization: str | None
    systems: tuple[System, ...]
    integrations: tuple[IntegrationLine, ...]
    sweep: Sweep | None
    rows: tuple[Row, ...]
    set_aside: int
    quotas: tuple[Quota, ...]
    lanes: tuple[Lane, ...]
    comparison: Comparison | None

    @property
    def anything(self) -> bool:
        """Whether there is anything to count yet."""
        return bool(self.sweep or self.lanes or self.quotas or any(row.totals.total for row in self.rows))

    @property
    def why(self) -> bool:
        """Whether anything is not on LinkedIn for a reason."""
        return bool(self.set_aside) or any(row.held_lines or row.quarantined_lines for row in self.rows)


def card(overview: Overview, now: datetime, waits: Mapping[str, datetime] = NOTHING_WAITS) -> Card:
    """Pure: the same overview at the same time shows the same card."""
    return Card(
        name=overview.workspace.name,
        slug=overview.workspace.slug,
        organization=overview.workspace.organization_urn,
        systems=tuple(_system(state) for state in overview.systems),
        integrations=tuple(_integration(one) for one in overview.integrations),
        sweep=_sweep(overview.sweep, now) if overview.sweep else None,
        rows=tuple(_row(kind) for kind in overview.kinds),
        set_aside=sum(reading.count for reading in overview.readings if reading.state == "set_aside"),
        quotas=tuple(_quota(use) for use in overview.quotas),
        lanes=tuple(_lane(lane, now, waits.get(lane.resource)) for lane in overview.lanes),
        comparison=_comparison(overview.reconciliation) if overview.reconciliation else None,
    )


def _system(state: SystemState) -> System:
    return System(
        name=str(wording.SYSTEMS.get(state.system, state.system)),
        pill=Pill(*wording.STATES[state.state]),
        hint=said(state.problem_hint, state.problem_code),
        code=state.problem_code,
        checked_at=state.checked_at,
    )


def _integration(one: Integration) -> IntegrationLine:
    return IntegrationLine(
        name=wording.INTEGRATIONS.get(one.type, one.type),
        context=one.name or one.context,
        pill=Pill(*wording.status_of(one.status)),
    )


def _sweep(sweep: SweepProgress, now: datetime) -> Sweep:
    return Sweep(
        title=_("Historical sync") if sweep.mode == "full" else _("Catching up with changes"),
        state=wording.SWEEP_STATES[sweep.state],
        started_at=sweep.started_at,
        finished_at=sweep.finished_at,
        steps=tuple(_step(one, sweep, now) for one in sweep.passes),
    )


def _step(one: PassProgress, sweep: SweepProgress, now: datetime) -> Step:
    if one.finished_at is not None:
        state = "finished"
    else:
        state = "running" if sweep.state == "running" and one.name == sweep.pass_name else "waiting"
    ended_at, left = one.finished_at or now, one.left(now)
    return Step(
        title=said(one.title),
        state=state,
        done=one.done,
        total=one.total if one.total is None else max(one.total, one.done),
        calls=one.calls,
        took=span(ended_at - one.started_at) if one.started_at and state != "waiting" else "",
        left=span(left) if left and state == "running" else "",
    )


def _row(totals: KindTotals) -> Row:
    held, quarantined = sum(totals.held.values()), sum(totals.quarantined.values())
    on_the_way = totals.due + totals.pending
    parts = [("good", totals.delivered), ("busy", on_the_way), ("held", held), ("bad", quarantined)]
    return Row(
        name=str(KINDS[totals.kind]),
        totals=totals,
        on_the_way=on_the_way,
        held=held,
        quarantined=quarantined,
        percent=100 * totals.delivered // totals.total if totals.total else 0,
        segments=tuple(_segments(parts, totals.total)),
        held_lines=_lines(totals.held),
        quarantined_lines=_lines(totals.quarantined),
    )


def _segments(parts: Iterable[tuple[str, int]], total: int) -> Iterator[Segment]:
    """Parts of a bar, in proportion; even one record among a million is wide enough to be seen."""
    shown = [(tone, max(SLIVER, BAR * number // total)) for tone, number in parts if number]
    whole, x = sum(width for _tone, width in shown), 0
    for place, (tone, _width) in enumerate(shown, start=1):
        # Ends are rounded, not widths, so that the parts always fill the bar.
        end = BAR * sum(width for _tone, width in shown[:place]) // whole
        yield Segment(tone=tone, x=x, width=end - x)
        x = end


def _lines(counts: Mapping[str, int]) -> tuple[ReasonLine, ...]:
    return tuple(ReasonLine(reason=reason_of(code), count=count) for code, count in counts.items())


def _quota(use: QuotaUse) -> Quota:
    learned = use.learned.get("calls_per_day")
    most = learned if isinstance(learned, int) and learned > 0 else _calls_a_day(use)
    return Quota(
        system=str(wording.SYSTEMS.get(use.system, use.system)),
        resource=resource_of(use.resource),
        calls=use.calls,
        records=use.records,
        calls_most=most,
    )


def _calls_a_day(use: QuotaUse) -> int | None:
    """What recruiters do is read from one bucket, which is no single resource of LinkedIn's."""
    shared = (use.system, use.resource) == (FAR_SIDE, BUCKET)
    return CALLS_PER_DAY if shared else wording.calls_a_day(use.system, use.resource)


def _lane(lane: LaneState, now: datetime, waiting_since: datetime | None) -> Lane:
    blocked = lane.blocked(now)
    return Lane(
        resource=resource_of(lane.resource),
        pill=Pill(_("Paused"), "wait") if blocked else Pill(_("Open"), "good"),
        reason=wording.pause_of(lane.blocked_reason) if blocked and lane.blocked_reason else "",
        until=lane.blocked_until if blocked else None,
        last_sent_at=lane.last_sent_at,
        waiting_since=waiting_since,
    )


def _comparison(found: Reconciliation) -> Comparison:
    """Findings summed over the kinds of the report."""
    names = {"missing": _("missing"), "extra": _("extra"), "different": _("different")}
    parts = [part for part in found.report.values() if isinstance(part, Mapping)]
    sums = tuple((words, sum(_number(part.get(name)) for part in parts)) for name, words in names.items())
    return Comparison(at=found.at, clean=not any(count for _, count in sums), findings=sums)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
