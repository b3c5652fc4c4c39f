"""Keeping calls within what the far side allows, before it has to say so."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Protocol

from msgspec import Struct

from landbridge.http.call import Call
from landbridge.http.clock import Clock, SystemClock
from landbridge.http.limits import Learned

# Calls leave evenly spaced but arrive as the network likes: 3 % of room keeps an early one out of a full window.
PACE = 0.97
HIGHEST_RATE = 10_000


class Gate(Protocol):
    def enter(self, call: Call) -> AbstractAsyncContextManager[None]:
        """Wait for permission to send ``call`` once; inside the context the call is in flight."""
        ...

    def learn(self, call: Call, learned: Learned) -> None:
        """Take note of limits that the answer to ``call`` told."""
        ...


class OpenGate:
    """Lets everything through at once: for far sides that are counted elsewhere."""

    @asynccontextmanager
    async def enter(self, call: Call) -> AsyncIterator[None]:  # noqa: ARG002 - no call is told from another
        yield

    def learn(self, call: Call, learned: Learned) -> None:
        """Nothing is kept, so nothing is learned."""


class Allowance(Struct, frozen=True, kw_only=True):
    """What one class of routes may do: ``rate`` calls in any window of ``per``, ``in_flight`` at a time."""

    rate: int | None = None
    per: timedelta = timedelta(seconds=1)
    in_flight: int | None = None


class LocalGate:
    """Limits kept within this process.

    ``allowances[""]`` holds for every call; a call whose ``allowance`` names another entry must pass that one too.
    """

    def __init__(self, allowances: Mapping[str, Allowance], *, clock: Clock | None = None, pace: float = PACE) -> None:
        clock = clock or SystemClock()
        self._turnstiles = {name: _Turnstile(allowance, clock, pace) for name, allowance in allowances.items()}

    @asynccontextmanager
    async def enter(self, call: Call) -> AsyncIterator[None]:
        async with AsyncExitStack() as held:
            # The narrow class first: whoever waits for it must not occupy one of everybody's places meanwhile.
            stiles = self._passed_by(call)
            for stile in stiles:
                await held.enter_async_context(stile.place())
            for stile in stiles:
                await stile.turn()
            yield

    def learn(self, call: Call, learned: Learned) -> None:
        # A told limit belongs to the narrowest class that has such a limit; a pause is for all that the call passed.
        for stile in self._passed_by(call):
            learned = stile.learn(learned)

    def _passed_by(self, call: Call) -> list[_Turnstile]:
        names = [call.allowance, ""] if call.allowance else [""]
        return [self._turnstiles[name] for name in names if name in self._turnstiles]


class _Turnstile:
    """One allowance, kept: evenly spaced starts, never more than ``rate`` of them in any window.

    Spacing alone would drift into a fuller window when the loop wakes up late for one start and in time for the
    next; so the start ``rate`` places back must be a whole window old as well.
    """

    def __init__(self, allowance: Allowance, clock: Clock, pace: float) -> None:
        self._clock = clock
        self._window = allowance.per.total_seconds() / pace
        self._rate = allowance.rate
        self._places = _Places(allowance.in_flight)
        self._order = asyncio.Lock()
        self._starts: deque[float] = deque()
        self._next = float("-inf")
        self._paused_until = float("-inf")

    def place(self) -> AbstractAsyncContextManager[None]:
        """One of the places in flight, for as long as the context lasts."""
        return self._places.hold()

    async def turn(self) -> None:
        """Wait until the next start is allowed, and take it."""
        async with self._order:
            while (wait := self._due() - self._clock.monotonic()) > 0:
                await self._clock.sleep(wait)
            self._note(self._clock.monotonic())

    def _due(self) -> float:
        due = max(self._next, self._paused_until)
        if self._rate is not None and len(self._starts) >= self._rate:
            due = max(due, self._starts[-self._rate] + self._window)
        return due

    def _note(self, now: float) -> None:
        if self._rate is None:
            return
        gap = self._window / self._rate
        # What a late start has lost may be made up for, up to one place: never by a burst.
        self._next = max(self._next, now - gap) + gap
        self._starts.append(now)
        while len(self._starts) > self._rate:
            self._starts.popleft()

    def learn(self, learned: Learned) -> Learned:
        """Take over the limits that this turnstile keeps; give back what is left for a wider one."""
        if learned.pause is not None:
            self._paused_until = max(self._paused_until, self._clock.monotonic() + learned.pause.total_seconds())
        rate, in_flight = learned.rate, learned.in_flight
        if self._rate is not None and rate is not None:
            self._rate, rate = min(max(rate, 1), HIGHEST_RATE), None
        if self._places.limit is not None and in_flight is not None:
            self._places.resize(max(in_flight, 1))
            in_flight = None
        return Learned(rate=rate, in_flight=in_flight, pause=learned.pause)


class _Places:
    """A semaphore whose size may change; first come, first served."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self._occupied = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        await self._take()
        try:
            yield
        finally:
            self._leave()

    def resize(self, limit: int) -> None:
        self.limit = limit
        self._admit()

    async def _take(self) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        self._admit()
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._leave()  # admitted and cancelled in the same breath
            raise

    def _leave(self) -> None:
        self._occupied -= 1
        self._admit()

    def _admit(self) -> None:
        while self._waiting and (self.limit is None or self._occupied < self.limit):
            first = self._waiting.popleft()
            if not first.done():
                self._occupied += 1
                first.set_result(None)
