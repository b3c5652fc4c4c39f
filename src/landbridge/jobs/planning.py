"""What a first sync costs, from how much there is to read and to send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from landbridge.connectors.linkedin.dialects import PER_CALL, PER_DAY, Resource, resolve
from landbridge.connectors.smartrecruiters.passes import passes_of
from landbridge.connectors.smartrecruiters.settings import ALLOWANCES
from landbridge.jobs.access import MOST_CALLS
from landbridge.jobs.wiring import ATS
from landbridge.ports.destination import Limits
from landbridge.records import Kind
from landbridge.sync.choices import Choices
from landbridge.sync.plan import LaneLimits, Plan, Reading, Volumes, make_plan

# SmartRecruiters counts neither applications nor steps before they are read: what companies usually have.
APPLICATIONS_PER_CANDIDATE = 1.5
STAGES_PER_APPLICATION = 3.75
REVIEWS_PER_APPLICATION = 1
NOTES_PER_APPLICATION = 1
RESUMES_PER_APPLICATION = 1
# So many of a job's hiring team have a seat.
TEAM = 3
# The file of a resume is fetched from the ATS, a place asked for it, and uploaded there.
CALLS_PER_FILE = 3
ACCESS_LISTS = "access lists"
# The way of reading where there is nothing to read.
PUSHED = "pushed"


def wanted(given: Mapping[str, int | None], choices: Choices) -> dict[str, int | None]:
    """``given``, with nothing of what is neither chosen nor asked for by a number."""
    chosen = {kind.plural: shared for kind, shared in choices.shared_kinds.items()}
    chosen["team"] = choices.access == "teams"
    return {name: count if chosen.get(name, True) or count else 0 for name, count in given.items()}


def complete(known: Mapping[str, int | None], ats: str = ATS) -> tuple[Volumes, list[str]]:
    """Volumes, and the names of those that had to be assumed: of an ATS that pushes, what has come is what there is."""
    if ats != ATS:
        return Volumes(**{name: count or 0 for name, count in known.items()}), []
    candidates = known["candidates"] or 0
    usual = {"jobs": candidates // 50 + 1, "applications": round(candidates * APPLICATIONS_PER_CANDIDATE)}
    applications = known["applications"]
    applications = usual["applications"] if applications is None else applications
    usual["stages"] = round(applications * STAGES_PER_APPLICATION)
    usual["feedback"] = applications * REVIEWS_PER_APPLICATION
    usual["notes"] = applications * NOTES_PER_APPLICATION
    usual["resumes"] = applications * RESUMES_PER_APPLICATION
    usual["team"] = TEAM
    counts = {name: usual.get(name, 0) if count is None else count for name, count in known.items()}
    return Volumes(**counts), [name for name, count in known.items() if count is None]


def plan_for(volumes: Volumes, strategy: str, dialect: str, start: datetime, ats: str = ATS) -> Plan:
    """The plan under both sides' documented limits; an ATS that pushes costs no calls."""
    lanes = [lane_of(kind, resolve(kind.plural, _generation(dialect))) for kind in Kind] + [_access_lists(volumes)]
    allowed = ALLOWANCES[""]
    reading = Reading(calls_per_second=(allowed.rate or 0) / allowed.per.total_seconds())
    pushed = ats != ATS
    besides = {
        "reviews": volumes.feedback > 0,
        "notes": volumes.notes > 0,
        "resumes": volumes.resumes > 0,
        "teams": volumes.team > 0,
    }
    passes = () if pushed else passes_of(strategy, extra_fields=False, **besides)  # type: ignore[arg-type]  # checked before
    strategy = PUSHED if pushed else strategy
    return make_plan(volumes, passes, lanes, reading, start=start, strategy=strategy, dialect=dialect, mirrored=pushed)


def lane_of(kind: Kind, resource: Resource) -> LaneLimits:
    errands = CALLS_PER_FILE if kind is Kind.RESUME else 0
    alone = resource.one_parent_per_call
    return LaneLimits(kind=kind, limits=resource.limits, one_parent_per_call=alone, errands=errands)


def _access_lists(volumes: Volumes) -> LaneLimits:
    """Each job on the list of everybody on its team; the people are few."""
    pace = Limits(records_per_minute=MOST_CALLS * PER_CALL, calls_per_day=PER_DAY, records_per_call=PER_CALL)
    return LaneLimits(kind=Kind.JOB, limits=pace, name=ACCESS_LISTS, records=volumes.jobs * volumes.team)


def _generation(dialect: str) -> Any:
    return dialect
