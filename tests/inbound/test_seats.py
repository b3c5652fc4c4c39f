"""Two thousand seats at thirty minutes on 100,000 calls a day, at a fiftieth of the size; ``make month`` has it all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from landbridge.store.database import Database
from landbridge.sync.streams import PROMISED, pace_of
from tests.inbound.seats import measure

SIZE = 50
SEATS, CALLS_PER_DAY = 2_000 // SIZE, 100_000 // SIZE
LENGTH = timedelta(hours=30)


@pytest.mark.timeout(300)
async def test_as_many_seats_as_promised_are_read_every_half_hour_within_the_bucket(database: Database) -> None:
    # Contract-level streams cost two calls more each time, which a fiftieth of the bucket feels fifty times as much.
    told = await measure(database, seats=SEATS - 2, calls_per_day=CALLS_PER_DAY, length=LENGTH)
    assert not told.pace.slower
    assert told.longest <= PROMISED + timedelta(minutes=1)
    assert told.busiest <= CALLS_PER_DAY
    assert (told.gaps, told.too_long) == (0, 0)


@pytest.mark.timeout(300)
async def test_more_seats_are_read_less_often_as_the_warning_says_and_still_within_the_bucket(
    database: Database,
) -> None:
    told = await measure(database, seats=2 * SEATS, calls_per_day=CALLS_PER_DAY, length=LENGTH / 2)
    assert told.pace.slower
    assert told.pace.most_at_promised == int(CALLS_PER_DAY * 0.98 / 48)
    assert abs(told.longest - told.pace.every) <= timedelta(minutes=1)
    assert told.busiest <= CALLS_PER_DAY


def test_numbers_of_the_promise_at_full_size() -> None:
    fits, too_many = pace_of(2_003, 100_000), pace_of(2_100, 100_000)
    assert (fits.slower, too_many.slower) == (False, True)
    assert fits.most_at_promised == 2_041
    assert timedelta(minutes=30) < too_many.every < timedelta(minutes=31)
