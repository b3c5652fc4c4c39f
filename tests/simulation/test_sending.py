"""LinkedIn's lanes use nearly all of the quota that binds them, and never more."""

from __future__ import annotations

import pytest
from msgspec import structs

from benchmarks.simulation.far_sides import LinkedInQuota
from benchmarks.simulation.sending import START, simulate_lane
from landbridge.connectors.linkedin.dialects import Generation
from landbridge.sync.budget import Quota


@pytest.mark.parametrize(
    ("resource", "dialect"),
    [
        ("candidates", "v2"),
        ("candidates", "rest"),
        ("applications", "v2"),
        ("applications", "rest"),
        ("stages", "rest"),
    ],
)
def test_lane_runs_at_98_percent_of_the_records_a_minute(resource: str, dialect: Generation) -> None:
    taken = simulate_lane(resource, dialect, 100_000, per_call=100)

    assert taken.binding == "records per minute"
    assert taken.refused == 0
    assert 0.98 <= taken.use <= 1


def test_lane_of_v2_stages_uses_98_percent_of_a_day_s_calls_and_goes_on_after_midnight() -> None:
    taken = simulate_lane("stages", "v2", 75_000, per_call=3, calls_per_day=20_000)

    assert taken.binding == "calls per day"
    assert taken.refused == 0
    assert 0.98 <= taken.use <= 1
    assert taken.ended_at.date() > START.date()


def test_lane_that_paced_itself_above_the_quota_would_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Quota.cost
    monkeypatch.setattr(Quota, "cost", lambda self, units: honest(structs.replace(self, pace=1.02), units))

    assert simulate_lane("candidates", "v2", 100_000, per_call=100).refused > 0


def test_far_side_refuses_more_records_than_a_minute_may_have_wherever_the_minute_begins() -> None:
    quota = LinkedInQuota(START)

    assert all(quota.take(30 + second, 1_000) for second in range(10))
    assert not quota.take(89.9, 1)
    assert quota.take(90.1, 1)


def test_far_side_refuses_more_calls_than_a_day_may_have_until_midnight_utc() -> None:
    quota = LinkedInQuota(START, calls_per_day=3)

    assert all(quota.take(at, 1) for at in (0, 1, 2))
    assert not quota.take(86_399, 1)
    assert quota.take(86_400, 1)
