"""The whole engine on the virtual clock: nothing between a permit and the far side loses quota."""

from __future__ import annotations

import pytest

from benchmarks.arena import load_people
from benchmarks.simulation.virtual import VirtualClock, run_virtually
from benchmarks.simulation.whole import START, simulate_candidates_lane
from landbridge.store.database import Database


@pytest.mark.parametrize("dialect", ["v2", "rest"])
def test_lane_of_the_real_engine_delivers_everybody_at_97_percent_of_the_quota(database_url: str, dialect: str) -> None:
    load_people(database_url, 12_000, "consent")

    taken = simulate_candidates_lane(database_url, dialect=dialect)

    assert taken.delivered == 12_000
    assert taken.refused == 0
    assert 0.97 <= taken.use <= 1


def test_virtual_clock_jumps_over_waits_and_stands_still_for_the_database(database_url: str) -> None:
    async def wait_and_ask() -> float:
        clock = VirtualClock(START)
        async with Database(database_url) as database:
            await database.start()
            before = clock.monotonic()
            await clock.sleep(86_400)
            async with database.connection() as connection:
                await connection.execute("SELECT pg_sleep(0.2)")
            return clock.monotonic() - before

    assert run_virtually(wait_and_ask()) == pytest.approx(86_400, abs=0.1)
