"""Keeping within what a far side allows: so many records per window, so many calls per UTC day, shared by all workers.

:class:`Quota` is the arithmetic, pure. :class:`Budget` applies it to a :class:`Pool`: the database, where all workers
meet, or this process alone for simulations.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any, Literal, Protocol

from msgspec import Struct, structs

from landbridge.ports.destination import Limits
from landbridge.store import budgets
from landbridge.store.budgets import BudgetKey, Spent
from landbridge.store.database import Database
from landbridge.store.lanes import is_ours
from landbridge.store.ledger import Fence, FencedError

# A little under the limit: calls leave evenly but arrive as the network likes, and both clocks may differ a little.
PACE = 0.985
DAY = timedelta(days=1)
# Where the limit is far away, permits are taken several at a time: nobody is hurt by some that go unused.
BLOCK = 16
BLOCK_LASTS = timedelta(milliseconds=100)


class Urgency(IntEnum):
    """Who may use what is kept free of a day's calls; the numbers are the priorities of the ledger."""

    ERASURE = 0
    LIVE = 1
    BACKFILL = 2


# Shares of a day's calls kept free at its beginning. They shrink to nothing towards its end: calls that nobody urgent
# has used are worth nothing tomorrow.
RESERVED = {Urgency.ERASURE: 0.0, Urgency.LIVE: 0.01, Urgency.BACKFILL: 0.05}


class Quota(Struct, frozen=True, kw_only=True):
    """``per_window`` units in any ``window``, of which one call takes at most ``per_call``; None: no such limit.

    Spacing starts by their cost keeps the sum of all but the last call of a window below ``pace * per_window``; the
    last one adds at most ``per_call``. Where that does not fit under the limit, every call counts as a full one: then
    so many calls fit into a window as full ones would.
    """

    per_window: int | None
    window: timedelta
    per_call: int
    calls_per_day: int | None
    pace: float = PACE
    in_blocks: bool = True  # False where calls come far apart: what of a block goes unused is lost

    @property
    def _weighs(self) -> bool:
        return self.per_window is not None and self.per_call <= self.per_window * (1 - self.pace)

    def cost(self, units: int) -> timedelta:
        """How long the next start has to wait after one of so many units."""
        if self.per_window is None:
            return timedelta(0)
        if self._weighs:
            return self.window * (units / (self.per_window * self.pace))
        return self.window / (max(self.per_window // self.per_call, 1) * self.pace)

    @property
    def credit(self) -> timedelta:
        """How much of a late start the next ones may make up for without ever filling a window: half of what could."""
        if self.per_window is None:
            return timedelta(0)
        room = 1 - self.per_call / self.per_window if self._weighs else 1.0
        return self.window * (room / self.pace - 1) / 2

    @property
    def block(self) -> int:
        """How many full calls may leave at once without ever filling a window, and be charged as one."""
        if not self.in_blocks:
            return 1
        if self.per_window is None:
            return BLOCK
        room = int(self.per_window * (1 - self.pace) / 2) // self.per_call
        return BLOCK if room >= BLOCK and self.cost(self.per_call * BLOCK) < BLOCK_LASTS else 1

    def allowed_calls(self, now: datetime, urgency: Urgency) -> int | None:
        """The most calls of this UTC day that may have been made after a call of this urgency."""
        if self.calls_per_day is None:
            return None
        usable = self._usable_calls
        return int(usable * (1 - RESERVED[urgency] * _left_of_day(now)))

    def opens_at(self, now: datetime, urgency: Urgency, calls: int) -> datetime:
        """When one more call of this urgency fits into the day in which so many have been made."""
        tomorrow = _start_of_day(now) + DAY
        usable = self._usable_calls
        reserved = RESERVED[urgency] * usable
        if self.calls_per_day is None or calls + 1 <= usable - reserved * _left_of_day(now):
            return now
        if calls + 1 > usable or reserved == 0:
            return tomorrow
        # One second later than the exact instant, so that rounding never refuses what was promised.
        return min(tomorrow, tomorrow - DAY * ((usable - calls - 1) / reserved) + timedelta(seconds=1))

    def wait(self, spent: Spent, urgency: Urgency, now: datetime) -> Wait | None:
        """What one more call of this urgency has to wait for; None: for nothing."""
        allowed = self.allowed_calls(now, urgency)
        if allowed is not None and spent.calls + 1 > allowed:
            return Wait(max(self.opens_at(now, urgency, spent.calls), spent.next_at), "day")
        return Wait(spent.next_at, "rate") if spent.next_at > now else None

    @property
    def _usable_calls(self) -> int:
        return int((self.calls_per_day or 0) * self.pace)


def _start_of_day(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _left_of_day(now: datetime) -> float:
    return 1 - (now - _start_of_day(now)) / DAY


def quota_of(limits: Limits) -> Quota | None:
    """A writer's limits as a quota; None: there is nothing to keep to."""
    if limits.records_per_minute is None and limits.calls_per_day is None:
        return None
    return Quota(
        per_window=limits.records_per_minute,
        window=timedelta(minutes=1),
        per_call=limits.records_per_call,
        calls_per_day=limits.calls_per_day,
    )


class Granted(Struct, frozen=True):
    """Send now. ``next_at``: when the next permit can be had."""

    next_at: datetime


class Wait(Struct, frozen=True):
    """Not now. ``binding`` names the limit that is in the way."""

    until: datetime
    binding: Literal["rate", "day"]


class Pool(Protocol):
    """Where the budgets are kept; see ``store/budgets.py`` for what each does."""

    async def take(
        self,
        key: BudgetKey,
        *,
        now: datetime,
        cost: timedelta,
        credit: timedelta,
        calls: int,
        records: int,
        allowed_calls: int | None,
        ahead: timedelta = timedelta(0),
        fence: Fence | None = None,
    ) -> datetime | None: ...

    async def look(self, key: BudgetKey, *, now: datetime) -> Spent: ...

    async def pause(self, key: BudgetKey, *, until: datetime) -> None: ...

    async def learn(self, key: BudgetKey, learned: dict[str, Any]) -> None: ...

    def alone(self, key: BudgetKey, name: str) -> AbstractAsyncContextManager[None]:
        """Nobody else who shares the pool is inside at the same time under this name."""
        ...

    async def check_fence(self, fence: Fence) -> None:
        """Raises FencedError where the lane is somebody else's by now."""
        ...


class StorePool:
    """The budgets in the database: shared by every process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(
        self,
        key: BudgetKey,
        *,
        now: datetime,
        cost: timedelta,
        credit: timedelta,
        calls: int,
        records: int,
        allowed_calls: int | None,
        ahead: timedelta = timedelta(0),
        fence: Fence | None = None,
    ) -> datetime | None:
        async with self._database.connection() as connection:
            return await budgets.take(
                connection,
                key,
                now=now,
                cost=cost,
                credit=credit,
                calls=calls,
                records=records,
                allowed_calls=allowed_calls,
                ahead=ahead,
                fence=fence,
            )

    async def look(self, key: BudgetKey, *, now: datetime) -> Spent:
        async with self._database.connection() as connection:
            return await budgets.look(connection, key, now=now)

    async def pause(self, key: BudgetKey, *, until: datetime) -> None:
        async with self._database.connection() as connection:
            await budgets.pause(connection, key, until=until)

    async def learn(self, key: BudgetKey, learned: dict[str, Any]) -> None:
        async with self._database.connection() as connection:
            await budgets.learn(connection, key, learned)

    @asynccontextmanager
    async def alone(self, key: BudgetKey, name: str) -> AsyncIterator[None]:
        async with self._database.transaction() as connection:
            await budgets.lock(connection, key, name)
            yield

    async def check_fence(self, fence: Fence) -> None:
        async with self._database.connection() as connection:
            if not await is_ours(connection, fence):
                raise FencedError


class LocalPool:
    """The same in memory, for simulations on a virtual clock."""

    def __init__(self) -> None:
        self._spent: dict[BudgetKey, Spent] = {}
        self._locks: dict[tuple[BudgetKey, str], asyncio.Lock] = {}

    async def take(
        self,
        key: BudgetKey,
        *,
        now: datetime,
        cost: timedelta,
        credit: timedelta,
        calls: int,
        records: int,
        allowed_calls: int | None,
        ahead: timedelta = timedelta(0),
        fence: Fence | None = None,  # noqa: ARG002 - one process has no second sender
    ) -> datetime | None:
        spent = await self.look(key, now=now)
        too_many = allowed_calls is not None and spent.calls + calls > allowed_calls
        if too_many or spent.next_at > now + ahead:
            return None
        next_at = max(spent.next_at, now - credit) + cost
        self._spent[key] = structs.replace(
            spent, next_at=next_at, day=now.date(), calls=spent.calls + calls, records=spent.records + records
        )
        return next_at

    async def look(self, key: BudgetKey, *, now: datetime) -> Spent:
        spent = self._spent.setdefault(key, Spent(now, now.date(), 0, 0, {}))
        return spent if spent.day == now.date() else structs.replace(spent, day=now.date(), calls=0, records=0)

    async def pause(self, key: BudgetKey, *, until: datetime) -> None:
        spent = await self.look(key, now=until)
        self._spent[key] = structs.replace(self._spent[key], next_at=max(spent.next_at, until))

    async def learn(self, key: BudgetKey, learned: dict[str, Any]) -> None:
        spent = self._spent[key]
        self._spent[key] = structs.replace(spent, learned={**spent.learned, **learned})

    @asynccontextmanager
    async def alone(self, key: BudgetKey, name: str) -> AsyncIterator[None]:
        async with self._locks.setdefault((key, name), asyncio.Lock()):
            yield

    async def check_fence(self, fence: Fence) -> None:
        """One process has no second sender."""


class Budget:
    """Permits for one resource."""

    def __init__(self, pool: Pool, key: BudgetKey, quota: Quota) -> None:
        self._pool = pool
        self._key = key
        self.quota = quota
        self._spare = 0
        self._spare_until: datetime | None = None

    async def permit(
        self, *, records: int, urgency: Urgency, now: datetime, fence: Fence | None = None
    ) -> Granted | Wait:
        """One call with so many records. Raises FencedError where ``fence`` does not hold any more."""
        if self._spare and self._spare_until is not None and now < self._spare_until:
            self._spare -= 1
            return Granted(now)
        if self.quota.block > 1 and await self._take_block(urgency, now, fence):
            return Granted(now)
        granted = await self._take(records, urgency, now, fence)
        if granted is not None:
            return Granted(granted)
        if fence is not None:
            await self._pool.check_fence(fence)
        spent = await self._pool.look(self._key, now=now)
        wait = self.quota.wait(spent, urgency, now)
        if wait is not None:
            return wait
        # The budget was made by looking at it, or somebody has just finished waiting.
        granted = await self._take(records, urgency, now, fence)
        return Wait(now + self.quota.cost(1), "rate") if granted is None else Granted(granted)

    async def pause(self, until: datetime) -> None:
        await self._pool.pause(self._key, until=until)

    async def _take_block(self, urgency: Urgency, now: datetime, fence: Fence | None) -> bool:
        records = self.quota.block * self.quota.per_call
        if await self._take(records, urgency, now, fence, calls=self.quota.block) is None:
            return False
        self._spare, self._spare_until = self.quota.block - 1, now + BLOCK_LASTS
        return True

    async def _take(
        self, records: int, urgency: Urgency, now: datetime, fence: Fence | None, *, calls: int = 1
    ) -> datetime | None:
        return await self._pool.take(
            self._key,
            now=now,
            cost=self.quota.cost(records),
            credit=self.quota.credit,
            calls=calls,
            records=records,
            allowed_calls=self.quota.allowed_calls(now, urgency),
            fence=fence,
        )
