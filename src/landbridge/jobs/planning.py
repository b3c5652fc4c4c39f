"""What a first sync costs, from how much there is to read and to send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from landbridge.connectors.linkedin.dialects import resolve
from landbridge.connectors.smartrecruiters.passes import passes_of
from landbridge.connectors.smartrecruiters.settings import ALLOWANCES
from landbridge.records import Kind
from landbridge.sync.plan import LaneLimits, Plan, Reading, Volumes, make_plan

# SmartRecruiters counts neither applications nor steps before they are read: what companies usually have.
APPLICATIONS_PER_CANDIDATE = 1.5
STAGES_PER_APPLICATION = 3.75


def complete(known: Mapping[str, int | None]) -> tuple[Volumes, list[str]]:
    """Volumes, and the names of those that had to be assumed."""
    candidates = known["candidates"] or 0
    usual = {"jobs": candidates // 50 + 1, "applications": round(candidates * APPLICATIONS_PER_CANDIDATE)}
    applications = known["applications"]
    usual["stages"] = round((usual["applications"] if applications is None else applications) * STAGES_PER_APPLICATION)
    counts = {name: usual.get(name, 0) if count is None else count for name, count in known.items()}
    return Volumes(**counts), [name for name, count in known.items() if count is None]


def plan_for(volumes: Volumes, strategy: str, dialect: str, start: datetime) -> Plan:
    """The plan under both sides' documented limits."""
    lanes = []
    for kind in Kind:
        resource = resolve(kind.plural, _generation(dialect))
        lanes.append(LaneLimits(kind=kind, limits=resource.limits, one_parent_per_call=resource.one_parent_per_call))
    allowed = ALLOWANCES[""]
    reading = Reading(calls_per_second=(allowed.rate or 0) / allowed.per.total_seconds())
    passes = passes_of(strategy, extra_fields=False)  # type: ignore[arg-type]  # checked where it came in
    return make_plan(volumes, passes, lanes, reading, start=start, strategy=strategy, dialect=dialect)


def _generation(dialect: str) -> Any:
    return dialect
