"""A gate for an ATS whose limits hold for the credential, and so for all processes that use it together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime, timedelta

from msgspec import structs

from landbridge.http import Allowance, Call, Clock, Learned, LocalGate, SystemClock
from landbridge.store.budgets import BudgetKey
from landbridge.sync.budget import Pool, Quota

# Calls per second arrive less evenly than they leave: 3 % of room is 30 ms, which a quiet loop does not need.
PACE = 0.97
# Slots are leased for about this long: few statements, and little is lost when a process dies.
LEASE = timedelta(milliseconds=500)
HIGHEST_RATE = 10_000


class SharedGate:
    """Places in flight are kept in this process, the rate in the pool, which hands out blocks of evenly spaced slots.

    A slot that has passed unused is not used late by more than the spacing leaves room for: late ones bunch up. For the
    same reason the start ``rate`` places back has to be a whole window old whatever the slots say.

    ``slots_per_call``: a process that has just started connects and loads code while it calls, so its calls arrive
    late by more than the spacing leaves room for; it takes the slots behind each of its own as well, and leaves them
    empty.
    """

    def __init__(
        self,
        pool: Pool,
        key: BudgetKey,
        allowances: Mapping[str, Allowance],
        *,
        clock: Clock | None = None,
        slots_per_call: int = 1,
    ) -> None:
        self._pool = pool
        self._key = key
        self._clock = clock or SystemClock()
        self._own = LocalGate(
            {name: structs.replace(allowance, rate=None if name == "" else allowance.rate)
             for name, allowance in allowances.items()},
            clock=self._clock,
        )  # fmt: skip
        self._solitary = {name for name, allowance in allowances.items() if name and allowance.in_flight == 1}
        allowed = allowances.get("", Allowance())
        self._quota = Quota(per_window=allowed.rate, window=allowed.per, per_call=1, calls_per_day=None, pace=PACE)
        self._slots_per_call = slots_per_call
        self._order = asyncio.Lock()
        self._slots: deque[datetime] = deque()
        self._starts: deque[datetime] = deque()
        self._asked = False
        self._unsaved = False
        self._uncounted = 0

    @asynccontextmanager
    async def enter(self, call: Call) -> AsyncIterator[None]:
        async with self._own.enter(call), self._alone(call):
            if self._quota.per_window is not None:
                async with self._order:
                    await self._turn(self._quota.per_window)
            yield

    def _alone(self, call: Call) -> AbstractAsyncContextManager[object]:
        """Of some calls only one may be in flight, whoever makes it."""
        return self._pool.alone(self._key, call.allowance) if call.allowance in self._solitary else nullcontext()

    def learn(self, call: Call, learned: Learned) -> None:
        self._own.learn(call, structs.replace(learned, rate=learned.rate if call.allowance else None))
        if learned.rate is not None and not call.allowance and self._quota.per_window is not None:
            rate = int(min(max(learned.rate, 1), HIGHEST_RATE) * self._quota.window.total_seconds())
            self._unsaved = rate != self._quota.per_window
            self._quota = structs.replace(self._quota, per_window=max(rate, 1))

    async def _share_learned(self) -> None:
        """Begin with what other processes have learned, where it is less, and tell them what this one has."""
        if not self._asked:
            told = (await self._pool.look(self._key, now=self._clock.now())).learned.get("rate")
            if told is not None and not self._unsaved:
                self._quota = structs.replace(self._quota, per_window=min(told, self._quota.per_window or told))
            self._asked = True
        if self._unsaved:
            self._unsaved = False
            await self._pool.learn(self._key, {"rate": self._quota.per_window})

    async def _turn(self, rate: int) -> None:
        while True:
            start = await self._slot()
            if len(self._starts) >= rate:
                start = max(start, self._starts[-rate] + self._quota.window / PACE)
            wait = (start - self._clock.now()).total_seconds()
            if wait > 0:
                await self._clock.sleep(wait)
            now = self._clock.now()
            if now - start <= self._quota.credit:
                break
        self._starts.append(now)
        self._uncounted += 1
        while len(self._starts) > max(rate, 1):
            self._starts.popleft()

    async def _slot(self) -> datetime:
        while self._slots and self._slots[0] < self._clock.now() - self._quota.credit:
            self._slots.popleft()
        while not self._slots:
            await self._share_learned()
            await self._lease(self._quota.cost(1) * self._slots_per_call)
        return self._slots.popleft()

    async def _lease(self, gap: timedelta) -> None:
        count = max(1, int(LEASE / gap))
        now = self._clock.now()
        # Counted is what was called since the last lease: slots of a lease may pass unused.
        calls, self._uncounted = self._uncounted, 0
        last = await self._pool.take(
            self._key,
            now=now,
            cost=gap * count,
            credit=self._quota.credit,
            calls=calls,
            records=0,
            allowed_calls=None,
            ahead=timedelta(days=365),
        )
        if last is None:
            self._uncounted += calls
            await self._pool.look(self._key, now=now)  # makes the budget where there was none
            return
        self._slots.extend(last - gap * (count - number) for number in range(count))
