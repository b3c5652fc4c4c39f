"""A hostile world holds everything the brief names, and some healthy records between."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from landbridge.sandbox.worlds import World, make_world
from landbridge.sandbox.worlds.spoiled_jobs import JOB_ODDITIES
from landbridge.sandbox.worlds.spoiled_people import PEOPLE_ODDITIES

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world("hostile", 1, 600, NOW)


def test_every_oddity_strikes_somebody(world: World) -> None:
    struck = Counter(code for person in world.candidates.values() for code in person.oddities)
    struck += Counter(code for application in world.applications.values() for code in application.oddities)
    assert {code for code, _ in PEOPLE_ODDITIES} <= set(struck)
    assert {code for code, _ in JOB_ODDITIES} == {code for job in world.jobs.values() for code in job.oddities}


def test_healthy_records_remain_the_neighbours_of_odd_ones(world: World) -> None:
    healthy = [person for person in world.candidates.values() if not person.oddities]
    assert len(healthy) > len(world.candidates) / 3
    assert sum(not job.oddities for job in world.jobs.values()) >= len(JOB_ODDITIES) / 2


def test_two_ads_have_five_megabytes_and_no_more_than_two(world: World) -> None:
    large = [ad for job in world.jobs.values() for ad in job.ads if ad.bulk]
    assert len(large) == 2
    assert all(max(len(text or "") for text in ad.texts().values()) == 5_000_000 for ad in large)


def test_addresses_are_shared_and_members_are_not(world: World) -> None:
    addresses = Counter((person.email or "").lower() for person in world.candidates.values())
    assert any(count > 1 for address, count in addresses.items() if address.endswith("example.org"))


def test_histories_are_out_of_order_repeated_and_empty(world: World) -> None:
    def of(code: str) -> list[list[object]]:
        found = [each for each in world.applications.values() if code in each.oddities]
        return [[at for at, _ in application.steps()] for application in found]

    assert all(moments != sorted(moments, key=str) for moments in of("history_unordered"))
    assert all(len(set(moments)) == 1 < len(moments) for moments in of("history_of_equal_times"))
    assert all(moments == [] for moments in of("history_empty"))
    assert all(len(moments) == 300 for moments in of("history_of_300_steps"))


def test_jobs_that_nobody_knows_are_applied_for(world: World) -> None:
    unknown = [each for each in world.applications.values() if each.job_id not in world.jobs]
    assert unknown
    assert all("application_for_unknown_job" in each.oddities for each in unknown)


@pytest.mark.parametrize("size", [0, 1, 2, 7, 60])
def test_small_hostile_worlds_can_be_made(size: int) -> None:
    assert len(make_world("hostile", 1, size, NOW).candidates) == size
