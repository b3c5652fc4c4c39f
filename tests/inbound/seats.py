"""Very many seats on one bucket of calls, on a clock that makes nobody wait: how often each of them is read.

Real: reading, its budget and PostgreSQL. LinkedIn is reduced to what matters here: it counts the calls of each day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from msgspec import Struct

from landbridge.ports.incoming import LONGEST_WINDOW, Batch, Window
from landbridge.store.budgets import BudgetKey
from landbridge.store.database import Database
from landbridge.store.streams import count_wanted
from landbridge.store.workspaces import create_workspace
from landbridge.sync.budget import Budget, StorePool
from landbridge.sync.streams import Pace, Streaming, pace_of, read_slice, shared_quota, want
from tests.unit.sync.fakes import ManualClock

# All seats join in the same minute of an evening. What is judged begins with the first whole day of LinkedIn's quota.
BEGIN = datetime(2026, 3, 1, 22, tzinfo=UTC)
JUDGED_FROM = datetime(2026, 3, 2, tzinfo=UTC)
SLICE = timedelta(seconds=20)
HISTORY = timedelta(days=1)
CONTRACT = "urn:li:contract:1"


class Measured(Struct, frozen=True, kw_only=True):
    """``longest``: between two reads of a seat. ``busiest``: calls on the fullest day, of so many ``allowed``."""

    pace: Pace
    longest: timedelta
    busiest: int
    allowed: int
    windows: int
    too_long: int
    gaps: int


class CountingLinkedIn:
    """Answers nothing, and remembers who asked for what and when."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.days: Counter[date] = Counter()
        self.read_at: dict[str, list[datetime]] = {}
        self.reached: dict[str, datetime] = {}
        self.gaps = self.too_long = 0

    async def read_inmails(self, seat: str, seat_person: str | None, window: Window) -> Batch[Any]:
        if (before := self.reached.get(seat)) is not None and window.until > before:
            self.gaps += window.since > before
        if window.until > self.reached.get(seat, BEGIN):
            self.reached[seat] = window.until
            self.read_at.setdefault(seat, []).append(self._clock.now())
        return self._answer(window)

    async def read_notes(self, contract: str, window: Window) -> Batch[Any]:
        return self._answer(window)

    async def read_contacts(self, contract: str, seats: Sequence[str], window: Window) -> Batch[Any]:
        return self._answer(window)

    async def read_closed(self, window: Window) -> Batch[Any]:
        return Batch(found=[])

    async def read_export(self, request_id: str) -> None:
        raise AssertionError(request_id)

    async def close(self) -> None:
        """Nothing is held."""

    def _answer(self, window: Window) -> Batch[Any]:
        self.days[self._clock.now().date()] += 1
        self.too_long += window.until - window.since > LONGEST_WINDOW
        return Batch(found=[])


async def measure(database: Database, *, seats: int, calls_per_day: int, length: timedelta) -> Measured:
    """Read so many seats for so long, after a first evening that is not judged."""
    clock = ManualClock(BEGIN)
    linkedin = CountingLinkedIn(clock)
    async with database.transaction() as connection:
        workspace = await create_workspace(
            connection, slug="crowd", name="Crowd", foreign_id="lb-crowd", now=clock.now()
        )
    names = [f"urn:li:seat:{number}" for number in range(seats)]
    await want(
        database, workspace, seats=names, contracts=[CONTRACT], organization=None, history=HISTORY, now=clock.now(),
        owners={CONTRACT: names},
    )  # fmt: skip
    key = BudgetKey(workspace, "linkedin", "inbound")
    budget = Budget(StorePool(database), key, shared_quota(calls_per_day))
    pace = pace_of(0, calls_per_day)
    end_at = JUDGED_FROM + length
    while clock.now() < end_at:
        async with database.connection() as connection:
            pace = pace_of(*_swapped(await count_wanted(connection, workspace), calls_per_day))
        streaming = Streaming(
            database=database, workspace=workspace, incoming=linkedin, budget=budget, clock=clock, pace=pace,
            seats=dict.fromkeys(names, None), owners={CONTRACT: names},
        )  # fmt: skip
        end = await read_slice(streaming, length=SLICE)
        wait = (end.resume_at or end_at) - clock.now()
        clock.advance(max(wait.total_seconds(), 0.5))
    return _measured(linkedin, pace, calls_per_day)


def _swapped(counts: tuple[int, int], calls_per_day: int) -> tuple[int, int, int]:
    count, with_past = counts
    return count, calls_per_day, with_past


def _measured(linkedin: CountingLinkedIn, pace: Pace, calls_per_day: int) -> Measured:
    waits = [
        later - earlier
        for read_at in linkedin.read_at.values()
        for earlier, later in pairwise(read_at)
        if later >= JUDGED_FROM
    ]
    return Measured(
        pace=pace,
        longest=max(waits, default=timedelta(0)),
        busiest=max(linkedin.days.values()),
        allowed=calls_per_day,
        windows=sum(linkedin.days.values()),
        too_long=linkedin.too_long,
        gaps=linkedin.gaps,
    )
