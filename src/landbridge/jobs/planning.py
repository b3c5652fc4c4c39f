"""What a first sync costs, from how much there is to read and to send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from landbridge.connectors.linkedin.dialects import resolve
from landbridge.connectors.smartrecruiters.passes import passes_of
from landbridge.connectors.smartrecruiters.settings import ALLOWANCES
from landbridge.jobs.wiring import ATS
from landbridge.records import Kind
from landbridge.sync.plan import LaneLimits, Plan, Reading, Volumes, make_plan

# SmartRecruiters counts neither applications nor steps before they are read: what companies usually have.
APPLICATIONS_PER_CANDIDATE = 1.5
STAGES_PER_APPLICATION = 3.75
# The way of reading where there is nothing to read.
PUSHED = "pushed"


def complete(known: Mapping[str, int | None], ats: str = ATS) -> tuple[Volumes, list[str]]:
    """Volumes, and the names of those that had to be assumed: of an ATS that pushes, what has come is what there is."""
    if ats != ATS:
        return Volumes(**{name: count or 0 for name, count in known.items()}), []
    candidates = known["candidates"] or 0
    usual = {"jobs": candidates // 50 + 1, "applications": round(candidates * APPLICATIONS_PER_CANDIDATE)}
    applications = known["applications"]
    usual["stages"] = round((usual["applications"] if applications is None else applications) * STAGES_PER_APPLICATION)
    counts = {name: usual.get(name, 0) if count is None else count for name, count in known.items()}
    return Volumes(**counts), [name for name, count in known.items() if count is None]


def plan_for(volumes: Volumes, strategy: str, dialect: str, start: datetime, ats: str = ATS) -> Plan:
    """The plan under both sides' documented limits; an ATS that pushes costs no calls."""
    lanes = []
    for kind in Kind:
        resource = resolve(kind.plural, _generation(dialect))
        lanes.append(LaneLimits(kind=kind, limits=resource.limits, one_parent_per_call=resource.one_parent_per_call))
    allowed = ALLOWANCES[""]
    reading = Reading(calls_per_second=(allowed.rate or 0) / allowed.per.total_seconds())
    pushed = ats != ATS
    passes = () if pushed else passes_of(strategy, extra_fields=False)  # type: ignore[arg-type]  # checked before
    strategy = PUSHED if pushed else strategy
    return make_plan(volumes, passes, lanes, reading, start=start, strategy=strategy, dialect=dialect, mirrored=pushed)


def _generation(dialect: str) -> Any:
    return dialect
