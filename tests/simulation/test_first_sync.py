"""A first sync as a whole: read and sent at once, in both dialects, and the plan beside it."""

from __future__ import annotations

import pytest

from benchmarks.simulate import eta, plan_of
from benchmarks.simulation.company import Company
from benchmarks.simulation.first_sync import DIALECTS, SyncTaken, simulate_first_sync
from benchmarks.simulation.sending import CallsOfApplications
from landbridge.connectors.linkedin.dialects import Generation

COMPANY = Company().scaled(0.002)


@pytest.fixture(scope="module")
def sync() -> SyncTaken:
    return simulate_first_sync(COMPANY)


def test_first_sync_delivers_everything_and_is_never_refused(sync: SyncTaken) -> None:
    records = {(lane.resource, lane.dialect): lane.records for lane in sync.lanes}

    assert sync.reading.refused == sum(lane.refused for lane in sync.lanes) == 0
    assert records["candidates", "v2"] == records["candidates", "rest"] == COMPANY.candidates
    assert records["applications", "v2"] == records["applications", "rest"] == COMPANY.applications
    assert records["stages", "rest"] == COMPANY.volumes.stages


@pytest.mark.parametrize("dialect", DIALECTS)
def test_plan_ends_within_5_percent_of_the_simulation(sync: SyncTaken, dialect: Generation) -> None:
    told = eta(plan_of(COMPANY, dialect, mirrored=False), sync.ended_at(dialect))

    assert abs(told["off_by"]) <= 0.05


def test_history_of_an_application_shares_the_call_unless_its_present_stage_has_left() -> None:
    calls = CallsOfApplications()

    calls.present(10)
    calls.sent(4)
    calls.history(10)

    assert calls.due == 6 + 4
