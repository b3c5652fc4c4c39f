"""What a sync will cost and when it will be done: from counts and limits alone, pure.

Reading and sending overlap, so each lane is followed as a fluid: records flow in while the passes that bring them run,
and flow out as fast as the lane's limits let them, until the day's calls are used up and midnight (UTC) refills them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct, structs

from landbridge.ports.destination import Limits
from landbridge.ports.source import Pass
from landbridge.records import Kind
from landbridge.records.kinship import KIN, dependents
from landbridge.sync.budget import DAY, PACE, Quota
from landbridge.sync.gate import PACE as READING_PACE

Binding = Literal["records_per_minute", "calls_per_day", "round_trips", "reading", "nothing"]

# How far a plan looks ahead; whatever takes longer is as good as never done.
HORIZON = timedelta(days=3650)


class Volumes(Struct, frozen=True, kw_only=True):
    """How many records there are. ``stages``: all steps of all applications; ``feedback``, ``notes``, ``resumes``: 0
    where they are not shared. ``team``: of how many people a job's hiring team is whose seats see it; 0: all see it."""

    jobs: int
    candidates: int
    applications: int
    stages: int
    feedback: int = 0
    notes: int = 0
    resumes: int = 0
    team: int = 0

    def of(self, kind: Kind) -> int:
        counts: Mapping[Kind, int] = {
            Kind.JOB: self.jobs,
            Kind.CANDIDATE: self.candidates,
            Kind.APPLICATION: self.applications,
            Kind.STAGE: self.stages,
            Kind.FEEDBACK: self.feedback,
            Kind.NOTE: self.notes,
            Kind.RESUME: self.resumes,
        }
        return counts[kind]


class Reading(Struct, frozen=True, kw_only=True):
    """What the ATS allows: calls per second. ``latency`` is the usual time one answer takes."""

    calls_per_second: float
    latency: timedelta = timedelta(0)


class LaneLimits(Struct, frozen=True, kw_only=True):
    """The far side's limits for one lane; ``one_parent_per_call``: a call serves one parent (stages in v2).

    ``latency`` is the usual time of one call. A lane's calls go one after another, so small calls are bound by it.
    ``errands``: further calls for each single record, such as for the file it names. ``name`` and ``records`` are those
    of what is no record, but goes along with records of the kind. ``used_today``: calls made on the first day.
    """

    kind: Kind
    limits: Limits
    one_parent_per_call: bool = False
    latency: timedelta = timedelta(milliseconds=150)
    errands: int = 0
    name: str = ""
    records: int | None = None
    used_today: int = 0

    def of(self, volumes: Volumes) -> int:
        return volumes.of(self.kind) if self.records is None else self.records


class PassPlan(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    of: Kind
    calls: int
    starts_at: datetime
    ends_at: datetime


class LanePlan(Struct, frozen=True, kw_only=True):
    """``alone`` is how long sending takes if all is there already; ``binding`` is what it waits for most."""

    resource: str
    records: int
    calls: int
    alone: timedelta
    ends_at: datetime
    binding: Binding


class Plan(Struct, frozen=True, kw_only=True):
    """``binding`` tells what the end depends on: the ATS ("reading") or a lane's limit; ``slowest`` names the lane."""

    strategy: str
    dialect: str
    passes: list[PassPlan]
    lanes: list[LanePlan]
    calls_per_candidate: float
    calls_per_application: float
    starts_at: datetime
    ends_at: datetime
    binding: Binding
    slowest: str

    @property
    def duration(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def read_calls(self) -> int:
        return sum(one.calls for one in self.passes)

    @property
    def write_calls(self) -> int:
        return sum(lane.calls for lane in self.lanes)


def make_plan(
    volumes: Volumes,
    passes: Sequence[Pass],
    lanes: Sequence[LaneLimits],
    reading: Reading,
    *,
    start: datetime,
    strategy: str = "progressive",
    dialect: str = "v2",
    mirrored: bool = False,
) -> Plan:
    """``mirrored``: everything has been read already, only sending is left. Optional kinds of no volume stay out."""
    read = [] if mirrored else plan_passes(volumes, passes, reading, start)
    wanted = [lane for lane in lanes if lane.of(volumes) or not (lane.kind.optional or lane.name)]
    sent = [_plan_lane(volumes, lane, read, passes, start) for lane in wanted]
    ends_at = max([start, *(one.ends_at for one in read), *(lane.ends_at for lane in sent)])
    slowest = max(sent, key=lambda lane: lane.ends_at, default=None)
    last_read = max((one.ends_at for one in read), default=start)
    by_reading = slowest is None or last_read >= slowest.ends_at or slowest.binding == "reading"
    return Plan(
        strategy=strategy,
        dialect=dialect,
        passes=read,
        lanes=sent,
        calls_per_candidate=_per(read, {Kind.CANDIDATE}, volumes.candidates),
        calls_per_application=_per(read, {Kind.APPLICATION, *dependents(Kind.APPLICATION)}, volumes.applications),
        starts_at=start,
        ends_at=ends_at,
        binding="reading" if by_reading and read else slowest.binding if slowest else "nothing",
        slowest=slowest.resource if slowest else "",
    )


# -- reading


def calls_of(volumes: Volumes, one: Pass, passes: Sequence[Pass]) -> int:
    """The calls of a pass: pages of a list, or items. Histories, reviews and notes are read per application."""
    if one.reads == "list":
        return -(-volumes.of(one.of) // one.page_size) * one.calls
    return _items_of(volumes, one, passes) * one.calls


def _items_of(volumes: Volumes, one: Pass, passes: Sequence[Pass]) -> int:
    if one.of is Kind.APPLICATION and any(other.reads == "list" and other.of is one.of for other in passes):
        return 0  # a list (a report) brings them; the items pass only looks after what that list lacks
    return volumes.applications if KIN[one.of].parent is Kind.APPLICATION else volumes.of(one.of)


def plan_passes(volumes: Volumes, passes: Sequence[Pass], reading: Reading, start: datetime) -> list[PassPlan]:
    """The passes one after another, as fast as the ATS allows."""
    planned: list[PassPlan] = []
    at = start
    for one in passes:
        calls = calls_of(volumes, one, passes)
        ends_at = at + timedelta(seconds=calls / _speed(one, reading))
        planned.append(PassPlan(name=one.name, title=one.title, of=one.of, calls=calls, starts_at=at, ends_at=ends_at))
        at = ends_at
    return planned


def _speed(one: Pass, reading: Reading) -> float:
    """Calls per second: the limit, or what so many calls in flight manage at this latency."""
    allowed = reading.calls_per_second * READING_PACE
    latency = reading.latency.total_seconds()
    return min(allowed, one.concurrency / latency) if latency > 0 else allowed


def _per(passes: Sequence[PassPlan], kinds: set[Kind], records: int) -> float:
    return sum(one.calls for one in passes if one.of in kinds) / records if records else 0.0


# -- sending


class _Inflow(Struct, frozen=True):
    """So many units of work, evenly between two instants (seconds from the start; equal: all at once)."""

    begins: float
    ends: float
    units: float


def _plan_lane(
    volumes: Volumes, lane: LaneLimits, read: Sequence[PassPlan], passes: Sequence[Pass], start: datetime
) -> LanePlan:
    """A unit of work is a record, or a call where each call serves one parent."""
    records = lane.of(volumes)
    per_unit = records / max(volumes.applications, 1) if lane.one_parent_per_call else 1.0
    units = float(volumes.applications) if lane.one_parent_per_call else float(records)
    inflows = _inflows(volumes, lane, read, passes, start, units) if read else [_Inflow(0, 0, units)]
    speed, per_day = _outflow(lane, per_unit)
    used = float(lane.used_today * (1 if lane.one_parent_per_call else lane.limits.records_per_call))
    alone = drain([_Inflow(0, 0, units)], speed, per_day, start, used)
    ends = drain(inflows, speed, per_day, start, used)
    total = sum(inflow.units for inflow in inflows)
    calls = (total if lane.one_parent_per_call else total / lane.limits.records_per_call) + records * lane.errands
    arrived = max((inflow.ends for inflow in inflows), default=0.0)
    return LanePlan(
        resource=lane.name or lane.kind.plural,
        records=records,
        calls=-int(-calls // 1),
        alone=timedelta(seconds=alone),
        ends_at=start + timedelta(seconds=ends),
        binding=_binding(lane, ends, arrived, total + used, per_unit),
    )


def _inflows(
    volumes: Volumes,
    lane: LaneLimits,
    read: Sequence[PassPlan],
    passes: Sequence[Pass],
    start: datetime,
    units: float,
) -> list[_Inflow]:
    """When the lane's work comes in: with the pass that reads its kind; a stage first provisionally, then in full."""
    bringing = {lane.kind}
    if lane.kind is Kind.STAGE:
        bringing = {Kind.STAGE, Kind.APPLICATION}
    planned = [one for one in read if one.of in bringing and one.calls]
    if lane.kind is Kind.JOB:
        planned = [one for one in planned if _by_name(passes, one.name).reads == "items"]
    if lane.kind is Kind.CANDIDATE:
        planned = planned[:1]  # details are only re-sent where they bring more than the list
    if lane.kind is Kind.STAGE and len(planned) > 1:
        return _stage_inflows(volumes, lane, planned, start)
    share = float(volumes.stages) if lane.kind is Kind.STAGE and not lane.one_parent_per_call else units
    return [_inflow(one, start, share) for one in planned] or [_Inflow(0, 0, units)]


def _stage_inflows(volumes: Volumes, lane: LaneLimits, planned: Sequence[PassPlan], start: datetime) -> list[_Inflow]:
    """A stage known from its application comes first, those of the history later.

    Records: the first stage is mostly told alike by both. Calls for one parent: an application whose first stage has
    left already costs a second call, all others are sent in one. The lane sends first stages in the order in which the
    histories are read, so reading overtakes it where it is the faster one, and nothing is sent twice from there on.
    """
    first, *_, last = planned
    applications = float(volumes.applications)
    if not lane.one_parent_per_call:
        return [_inflow(first, start, applications), _inflow(last, start, max(volumes.stages - applications, 0.0))]
    inflow = _inflow(first, start, applications)
    return [inflow, _inflow(last, start, _sent_before_read(lane, volumes, inflow, last, start))]


def _sent_before_read(lane: LaneLimits, volumes: Volumes, inflow: _Inflow, last: PassPlan, start: datetime) -> float:
    """How many first stages leave before their history is read: where sending and reading meet, by halving."""
    speed, per_day = _outflow(lane, volumes.stages / max(volumes.applications, 1))
    begins, ends = (last.starts_at - start).total_seconds(), (last.ends_at - start).total_seconds()

    def sent(at: float) -> float:
        return _flow([inflow], speed, per_day, start, until=at)[1]

    low, high = begins, ends
    for _ in range(30):
        middle = (low + high) / 2
        read = inflow.units * (middle - begins) / max(ends - begins, 1e-9)
        low, high = (middle, high) if sent(middle) > read else (low, middle)
    return min(sent(high), inflow.units)


def _by_name(passes: Sequence[Pass], name: str) -> Pass:
    return next(one for one in passes if one.name == name)


def _inflow(one: PassPlan, start: datetime, units: float) -> _Inflow:
    return _Inflow((one.starts_at - start).total_seconds(), (one.ends_at - start).total_seconds(), units)


def _outflow(lane: LaneLimits, per_unit: float) -> tuple[float, float]:
    """Units per second and units per UTC day; infinite where there is no limit."""
    limits = lane.limits
    quota = Quota(
        per_window=limits.records_per_minute,
        window=timedelta(minutes=1),
        per_call=limits.records_per_call,
        calls_per_day=limits.calls_per_day,
    )
    cost = quota.cost(limits.records_per_call).total_seconds() / limits.records_per_call * per_unit
    per_call = 1 if lane.one_parent_per_call else limits.records_per_call
    slowest = max(cost, lane.latency.total_seconds() * (1 / per_call + lane.errands))
    speed = 1 / slowest if slowest else float("inf")
    per_day = float("inf") if limits.calls_per_day is None else int(limits.calls_per_day * PACE) * per_call
    return speed, per_day


def _binding(lane: LaneLimits, ends: float, arrived: float, units: float, per_unit: float) -> Binding:
    speed, per_day = _outflow(lane, per_unit)
    unhindered, _ = _outflow(structs.replace(lane, latency=timedelta(0)), per_unit)
    if units == 0 or (speed == float("inf") and per_day == float("inf")):
        return "reading" if arrived else "nothing"
    if ends <= arrived * 1.01:
        return "reading"
    if per_day < speed * DAY.total_seconds() and units > per_day:
        return "calls_per_day"
    return "round_trips" if speed < unhindered else "records_per_minute"


def drain(inflows: Sequence[_Inflow], speed: float, per_day: float, start: datetime, used: float = 0.0) -> float:
    """Seconds from ``start`` until all that flows in has flowed out. ``used``: units of the first day that are gone."""
    return _flow(inflows, speed, per_day, start, until=HORIZON.total_seconds(), used=used)[0]


def _flow(
    inflows: Sequence[_Inflow], speed: float, per_day: float, start: datetime, *, until: float, used: float = 0.0
) -> tuple[float, float]:
    """When all has flowed out, or ``until``; and how much has by then."""
    next_midnight = (start.replace(hour=0, minute=0, second=0, microsecond=0) + DAY - start).total_seconds()
    total = sum(inflow.units for inflow in inflows)
    last = max((inflow.ends for inflow in inflows if inflow.units), default=0.0)
    edges = [until, *(edge for inflow in inflows for edge in (inflow.begins, inflow.ends))]
    backlog = sum(inflow.units for inflow in inflows if inflow.begins == inflow.ends)
    at, out, left_today, nothing = 0.0, 0.0, max(per_day - used, 0.0), 1e-9 * total
    while (backlog > nothing or at < last) and at < until:
        coming = sum(one.units / (one.ends - one.begins) for one in inflows if one.begins <= at < one.ends)
        going = _going(backlog, coming, speed, left_today, nothing)
        step = _step(at, backlog, coming, going, left_today, [*edges, next_midnight])
        moved = going * step if going != float("inf") else min(backlog, left_today)
        at, out, left_today = at + step, out + moved, left_today - moved
        backlog = max(backlog + coming * step - moved, 0.0)
        if at >= next_midnight:
            left_today, next_midnight = per_day, next_midnight + DAY.total_seconds()
    return at, out


def _going(backlog: float, coming: float, speed: float, left_today: float, nothing: float) -> float:
    if left_today <= nothing:
        return 0.0
    return speed if backlog > nothing else min(speed, coming)


def _step(at: float, backlog: float, coming: float, going: float, left_today: float, edges: Sequence[float]) -> float:
    """Until something changes: an edge, an empty backlog, a used-up day."""
    if going == float("inf"):
        return 0.0
    steps = [edge - at for edge in edges if edge > at]
    if going > 0:
        steps.append(left_today / going)
        if going > coming:
            steps.append(backlog / (going - coming))
    return max(min(steps), 1e-6)
