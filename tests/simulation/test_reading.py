"""A first read uses nearly all that SmartRecruiters permits, and never more."""

from __future__ import annotations

import pytest
from msgspec import structs

from benchmarks.simulation import reading
from benchmarks.simulation.company import Company
from benchmarks.simulation.far_sides import SmartRecruitersLimit
from benchmarks.simulation.reading import simulate_reading
from landbridge.connectors.smartrecruiters.settings import ALLOWANCES


def test_first_read_uses_95_percent_of_what_smartrecruiters_permits() -> None:
    taken = simulate_reading(Company().scaled(0.003))

    assert taken.refused == 0
    assert taken.fullest_second <= 10
    assert taken.most_in_flight <= 8
    assert 0.95 <= taken.use <= 1


def test_first_read_that_took_the_limit_for_a_higher_one_would_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    mistaken = {**ALLOWANCES, "": structs.replace(ALLOWANCES[""], rate=11)}
    monkeypatch.setattr(reading, "ALLOWANCES", mistaken)

    assert simulate_reading(Company().scaled(0.0003)).refused > 0


def test_smartrecruiters_serves_ten_requests_in_any_second() -> None:
    limit = SmartRecruitersLimit()

    assert all(limit.take(0.5 + number / 100, 0.001, candidate_list=False) for number in range(10))
    assert not limit.take(1.4, 0.001, candidate_list=False)
    assert limit.take(1.505, 0.001, candidate_list=False)


def test_smartrecruiters_serves_eight_requests_at_a_time() -> None:
    limit = SmartRecruitersLimit()

    assert all(limit.take(0.5, 3, candidate_list=False) for _ in range(8))
    assert not limit.take(3.4, 1, candidate_list=False)
    assert limit.take(3.6, 1, candidate_list=False)


def test_smartrecruiters_serves_one_list_of_candidates_at_a_time() -> None:
    limit = SmartRecruitersLimit()

    assert limit.take(0, 0.2, candidate_list=True)
    assert limit.take(0.05, 0.2, candidate_list=False)
    assert not limit.take(0.1, 0.2, candidate_list=True)
    assert limit.take(0.3, 0.2, candidate_list=True)
