"""A first read uses nearly all that SmartRecruiters permits, and never more."""

from __future__ import annotations

import pytest

from benchmarks.simulation.company import Company
from benchmarks.simulation.far_sides import SmartRecruitersLimit
from benchmarks.simulation.reading import simulate_reading
from landbridge.sync import gate


def test_first_read_uses_95_percent_of_what_smartrecruiters_permits() -> None:
    taken = simulate_reading(Company().scaled(0.003))

    assert taken.refused == 0
    assert taken.fullest_second <= 10
    assert taken.most_in_flight <= 8
    assert 0.95 <= taken.use <= 1


def test_first_read_that_paced_itself_above_the_limit_would_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "PACE", 1.05)

    assert simulate_reading(Company().scaled(0.0003)).refused > 0


def test_smartrecruiters_serves_ten_requests_in_any_second_and_eight_at_a_time() -> None:
    limit = SmartRecruitersLimit()

    assert all(limit.enter(0.5, candidate_list=False) for _ in range(8))
    assert not limit.enter(0.6, candidate_list=False)
    limit.leave(candidate_list=False)
    limit.leave(candidate_list=False)
    assert all(limit.enter(0.7, candidate_list=False) for _ in range(2))
    limit.leave(candidate_list=False)
    assert not limit.enter(1.4, candidate_list=False)
    assert limit.enter(1.6, candidate_list=False)


def test_smartrecruiters_serves_one_list_of_candidates_at_a_time() -> None:
    limit = SmartRecruitersLimit()

    assert limit.enter(0, candidate_list=True)
    assert not limit.enter(0.1, candidate_list=True)
    limit.leave(candidate_list=True)
    assert limit.enter(0.2, candidate_list=True)
