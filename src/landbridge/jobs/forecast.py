"""When a sync under way will be done, and what it waits for: from what is left and both sides' documented limits.

The pace of the last minutes alone would promise too much: a day's calls are used up long before the day is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, structs

from landbridge.connectors.linkedin.dialects import Resource
from landbridge.connectors.smartrecruiters.passes import JOBS_WITH_TEAMS
from landbridge.jobs.planning import (
    APPLICATIONS_PER_CANDIDATE,
    NOTES_PER_APPLICATION,
    RESUMES_PER_APPLICATION,
    REVIEWS_PER_APPLICATION,
    STAGES_PER_APPLICATION,
    TEAM,
    lane_of,
    plan_for,
)
from landbridge.jobs.wiring import ATS, FAR_SIDE
from landbridge.records import Kind
from landbridge.records.kinship import KIN
from landbridge.store.overview import PassProgress, QuotaUse, SweepProgress
from landbridge.store.tallies import KindTotals
from landbridge.sync.plan import Binding, Reading, Volumes, make_plan
from landbridge.sync.reasons import WAITS_FOR

NOTHING = timedelta(0)


class LaneForecast(Struct, frozen=True, kw_only=True):
    """One lane: ``left`` until all of it is there. ``open``: records that are on their way or wait for others."""

    resource: str
    open: int
    left: timedelta
    binding: Binding


def forecast(
    kinds: list[KindTotals],
    sweep: SweepProgress | None,
    resource_of: Callable[[str], Resource],
    now: datetime,
    quotas: Sequence[QuotaUse] = (),
) -> list[LaneForecast]:
    """Every kind of which something is left, the one that takes longest first. Pure.

    ``quotas`` tell what has been used of the running UTC day's calls already.
    """
    used = {one.resource: one.calls for one in quotas if one.system == FAR_SIDE}
    waiting = waiting_of(kinds)
    totals = {one.kind: one.total for one in kinds}
    whole = _whole(totals, sweep)
    reading = _reading_left(whole, sweep, now)
    found = []
    for one in kinds:
        unread = max(whole.of(one.kind) - one.total, 0) if reading else 0
        records = one.due + one.pending + waiting[one.kind] + unread
        if records:
            found.append(_lane(one.kind, records, whole, reading if unread else NOTHING, resource_of, now, used))
    return sorted(found, key=lambda lane: lane.left, reverse=True)


def waiting_of(kinds: list[KindTotals]) -> Mapping[Kind, int]:
    """Of each kind, how many are held only because what they point at is still on its way."""
    found: dict[Kind, int] = {}
    moving: set[Kind] = set()
    for one in kinds:  # in the order in which records travel
        pointed = moving.intersection(KIN[one.kind].pointed)
        found[one.kind] = sum(one.held.get(WAITS_FOR[kind], 0) for kind in pointed)
        if one.due or one.pending or found[one.kind]:
            moving.add(one.kind)
    return found


def _whole(totals: Mapping[Kind, int], sweep: SweepProgress | None) -> Volumes:
    """How many there will be once everything has been read, as far as anybody can tell by now."""
    passes = {one.name: one for one in sweep.passes} if sweep and sweep.state == "running" else {}

    def known(kind: Kind, name: str) -> int:
        return max(totals.get(kind, 0), (passes[name].total or 0) if name in passes else 0)

    candidates, applications = known(Kind.CANDIDATE, "candidates"), known(Kind.APPLICATION, "applications")
    stages = totals.get(Kind.STAGE, 0)
    if "applications" in passes and passes["applications"].total is None:
        applications = max(applications, round(candidates * APPLICATIONS_PER_CANDIDATE))
    if "history" in passes and passes["history"].finished_at is None:
        stages = max(stages, round(applications * STAGES_PER_APPLICATION))
    further = {
        kind: round(applications * each) if name in passes and passes[name].finished_at is None else 0
        for name, kind, each in (
            ("reviews", Kind.FEEDBACK, REVIEWS_PER_APPLICATION),
            ("notes", Kind.NOTE, NOTES_PER_APPLICATION),
            ("resumes", Kind.RESUME, RESUMES_PER_APPLICATION),
        )
    }
    return Volumes(
        jobs=known(Kind.JOB, "jobs"),
        candidates=candidates,
        applications=applications,
        stages=stages,
        feedback=max(totals.get(Kind.FEEDBACK, 0), further[Kind.FEEDBACK]),
        notes=max(totals.get(Kind.NOTE, 0), further[Kind.NOTE]),
        resumes=max(totals.get(Kind.RESUME, 0), further[Kind.RESUME]),
        team=TEAM if "jobs" in passes and passes["jobs"].title == JOBS_WITH_TEAMS.title else 0,
    )


def _reading_left(whole: Volumes, sweep: SweepProgress | None, now: datetime) -> timedelta:
    """The pass under way at its own pace, those that come at the ATS's limits."""
    if sweep is None or sweep.state != "running":
        return NOTHING
    planned = {one.name: one.ends_at - one.starts_at for one in plan_for(whole, "progressive", "v2", now, ATS).passes}
    parts = [_pass_left(one, planned.get(one.name, NOTHING), now) for one in sweep.passes if not one.finished_at]
    return max(sum(parts, NOTHING), timedelta(seconds=1))


def _pass_left(one: PassProgress, planned: timedelta, now: datetime) -> timedelta:
    left = one.left(now)
    return planned if left is None else left


def _lane(
    kind: Kind,
    records: int,
    whole: Volumes,
    reading: timedelta,
    resource_of: Callable[[str], Resource],
    now: datetime,
    used: Mapping[str, int],
) -> LaneForecast:
    lane = structs.replace(lane_of(kind, resource_of(kind.plural)), used_today=used.get(kind.plural, 0))
    counts = {one.plural: 0 for one in Kind} | {kind.plural: records}
    if kind is Kind.STAGE:  # a call serves one application
        counts["applications"] = -(-records * whole.applications // max(whole.stages, 1))
    volumes = Volumes(**counts)
    plan = make_plan(volumes, (), [lane], Reading(calls_per_second=1), start=now, mirrored=True).lanes[0]
    by_reading = reading > plan.ends_at - now
    return LaneForecast(
        resource=kind.plural,
        open=records,
        left=max(reading, plan.ends_at - now),
        binding="reading" if by_reading else plan.binding,
    )
