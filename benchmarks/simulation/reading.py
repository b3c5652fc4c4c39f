"""The first read of the company from SmartRecruiters, call by call.

Real: the passes with their cost and concurrency, the gate with its leases, the reader of items with its overlapping
saves, the length of slices and the size of chunks. Simulated: SmartRecruiters, which answers after a while or refuses;
the database, which takes its time; the workers, of which each next one takes the next slice with a gate of its own on
the pool they share.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import cycle

from msgspec import Struct

from benchmarks.simulation.company import Company, Network
from benchmarks.simulation.far_sides import SmartRecruitersLimit
from benchmarks.simulation.sending import START
from benchmarks.simulation.virtual import VirtualClock, run_virtually
from landbridge.connectors.smartrecruiters.passes import passes_of
from landbridge.connectors.smartrecruiters.settings import ALLOWANCES, CANDIDATE_LIST, Strategy
from landbridge.http import Call
from landbridge.ports.source import Page, Pass
from landbridge.store.budgets import BudgetKey
from landbridge.store.readings import Reading
from landbridge.sync.budget import LocalPool
from landbridge.sync.gate import SharedGate
from landbridge.sync.items import ItemReader, Read
from landbridge.sync.sweep import PICKED

KEY = BudgetKey(1, "smartrecruiters", "requests")
SLICE = timedelta(seconds=20)

Merged = Callable[[Pass, int], None]


class PassTaken(Struct, frozen=True, kw_only=True):
    """What one pass has taken. ``permitted``: the seconds it takes at the limits themselves, without any loss."""

    name: str
    calls: int
    seconds: float
    permitted: float


class ReadingTaken(Struct, frozen=True, kw_only=True):
    passes: tuple[PassTaken, ...]
    calls: int
    refused: int
    fullest_second: int
    most_in_flight: int
    ended_at: datetime

    @property
    def seconds(self) -> float:
        return sum(taken.seconds for taken in self.passes)

    @property
    def use(self) -> float:
        """Of what SmartRecruiters permits, the share that was used."""
        return sum(taken.permitted for taken in self.passes) / self.seconds


def simulate_reading(company: Company, *, workers: int = 3, seed: int = 1) -> ReadingTaken:
    """A first read alone, without sending."""

    async def run() -> ReadingTaken:
        return await FirstRead(company, workers=workers, seed=seed).run(VirtualClock(START))

    return run_virtually(run())


class FirstRead:
    """Pass after pass, slice after slice. ``merged`` is told how many rows or items of a pass have just been saved."""

    def __init__(
        self,
        company: Company,
        *,
        strategy: Strategy = "progressive",
        workers: int = 3,
        seed: int = 1,
        merged: Merged | None = None,
    ) -> None:
        self._company = company
        self._passes = passes_of(strategy, extra_fields=False)
        self._workers = workers
        self._network = Network(seed)
        self._merged = merged or (lambda _pass, _rows: None)
        self._limit = SmartRecruitersLimit()
        self._listing = 0.0  # seconds for which the one list call in flight was on its way or being answered

    async def run(self, clock: VirtualClock) -> ReadingTaken:
        self._clock = clock
        pool = LocalPool()
        self._gates = cycle([SharedGate(pool, KEY, ALLOWANCES, clock=clock) for _ in range(self._workers)])
        taken = tuple([await self._pass(current) for current in self._passes])
        return ReadingTaken(
            passes=taken,
            calls=self._limit.calls,
            refused=self._limit.refused,
            fullest_second=self._limit.second.fullest,
            most_in_flight=self._limit.most_in_flight,
            ended_at=clock.now(),
        )

    async def _pass(self, current: Pass) -> PassTaken:
        began, calls, self._listing = self._clock.monotonic(), self._limit.calls, 0.0
        if current.reads == "list":
            await self._list(current)
        else:
            await self._items(current)
        calls = self._limit.calls - calls
        permitted = max(calls / self._limit.second.most, self._listing)
        seconds = self._clock.monotonic() - began
        return PassTaken(name=current.name, calls=calls, seconds=seconds, permitted=permitted)

    async def _list(self, current: Pass) -> None:
        left = self._company.of_pass[current.name]
        while left:
            gate, ends = await self._slice()
            while left and self._clock.monotonic() < ends:
                rows = min(current.page_size, left)
                await self._call(gate, CANDIDATE_LIST if current.name == "candidates" else "")
                await self._clock.sleep(self._network.database(rows))
                self._merged(current, rows)
                left -= rows

    async def _items(self, current: Pass) -> None:
        left = self._company.of_pass[current.name]
        while left:
            gate, ends = await self._slice()
            while left and self._clock.monotonic() < ends:
                await self._clock.sleep(self._network.database(PICKED) / 4)
                left -= await self._chunk(gate, current, min(PICKED, left), ends)

    async def _chunk(self, gate: SharedGate, current: Pass, size: int, ends: float) -> int:
        done = 0

        async def read(item: Reading) -> Page:  # noqa: ARG001 - all items cost the same
            for _ in range(current.calls):
                await self._call(gate, "")
            return Page(calls=current.calls)

        async def save(outcomes: Sequence[Read]) -> None:
            nonlocal done
            await self._clock.sleep(self._network.database(len(outcomes)))
            self._merged(current, len(outcomes))
            done += len(outcomes)

        reader = ItemReader(read, save, concurrency=current.concurrency, over=lambda: self._clock.monotonic() >= ends)
        await reader.work_off([Reading(number, "", 0, 2) for number in range(size)])
        return done

    async def _slice(self) -> tuple[SharedGate, float]:
        """The next worker's gate and the end of its slice."""
        await self._clock.sleep(self._network.hand_over())
        return next(self._gates), self._clock.monotonic() + SLICE.total_seconds()

    async def _call(self, gate: SharedGate, allowance: str) -> None:
        listing = allowance == CANDIDATE_LIST
        async with gate.enter(Call(method="GET", path="/", route="/", allowance=allowance)):
            began = self._clock.monotonic()
            await self._clock.sleep(self._network.way())
            takes = self._network.smartrecruiters()
            self._limit.take(self._clock.monotonic(), takes, candidate_list=listing)
            await self._clock.sleep(takes + self._network.way())
            if listing:
                self._listing += self._clock.monotonic() - began
