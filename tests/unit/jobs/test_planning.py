"""The estimate of a first sync, for an ATS that is read and for one that pushes."""

from __future__ import annotations

from datetime import UTC, datetime

from landbridge.jobs.planning import PUSHED, complete, plan_for

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
COUNTED = {"jobs": 10, "candidates": 1_000, "applications": None, "stages": None}


def test_ats_that_is_read_costs_calls_and_unknown_counts_are_assumed() -> None:
    volumes, assumed = complete(COUNTED)
    assert assumed == ["applications", "stages"]
    assert plan_for(volumes, "progressive", "v2", NOW).read_calls > 1_000


def test_ats_that_pushes_costs_no_calls_and_nothing_is_assumed() -> None:
    volumes, assumed = complete(COUNTED, "rest_ats")
    assert (volumes.applications, assumed) == (0, [])
    plan = plan_for(volumes, "progressive", "v2", NOW, "rest_ats")
    assert (plan.strategy, plan.read_calls, plan.passes) == (PUSHED, 0, [])
    assert plan.write_calls > 0
    assert plan.binding != "reading"
