"""The ATS's rate, kept together by all who read it."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.http import Allowance, Call, Learned
from landbridge.store.budgets import BudgetKey
from landbridge.sync.budget import LocalPool, StorePool
from landbridge.sync.gate import SharedGate
from tests.unit.sync.conftest import Stage
from tests.unit.sync.fakes import ManualClock

KEY = BudgetKey(1, "smartrecruiters", "requests")
TEN = {
    "": Allowance(rate=10, per=timedelta(seconds=1), in_flight=8),
    "candidates": Allowance(in_flight=1),
}
READ = Call(method="GET", path="/jobs", route="/jobs")
LIST = Call(method="GET", path="/candidates", route="/candidates", allowance="candidates")


class SteppedClock(ManualClock):
    """Moves to the earliest of all sleepers' ends once everybody sleeps."""

    def __init__(self) -> None:
        super().__init__()
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    async def sleep(self, seconds: float) -> None:
        done = asyncio.Event()
        self._sleepers.append((self.monotonic() + seconds, done))
        await done.wait()

    async def run(self, *work: asyncio.Task[None]) -> None:
        while not all(task.done() for task in work):
            for _ in range(30):
                await asyncio.sleep(0)
            if self._sleepers:
                self._sleepers.sort(key=lambda sleeper: sleeper[0])
                at, done = self._sleepers.pop(0)
                self.advance(max(at - self.monotonic(), 0))
                done.set()
        for task in work:
            task.result()


def fullest(starts: list[datetime], window: timedelta) -> int:
    inside: deque[datetime] = deque()
    most = 0
    for at in sorted(starts):
        while inside and inside[0] <= at - window:
            inside.popleft()
        inside.append(at)
        most = max(most, len(inside))
    return most


async def read(gate: SharedGate, clock: SteppedClock, count: int, seconds: float, starts: list[datetime]) -> None:
    for _ in range(count):
        async with gate.enter(READ):
            starts.append(clock.now())
            await clock.sleep(seconds)


@settings(deadline=None, max_examples=25)
@given(processes=st.integers(1, 3), readers=st.integers(1, 8), seconds=st.floats(0.0, 0.7))
def test_ten_a_second_are_never_exceeded_however_many_processes_read(
    processes: int, readers: int, seconds: float
) -> None:
    async def run() -> list[datetime]:
        clock, pool, starts = SteppedClock(), LocalPool(), list[datetime]()
        gates = [SharedGate(pool, KEY, TEN, clock=clock) for _ in range(processes)]
        work = [
            asyncio.create_task(read(gates[number % processes], clock, 12, seconds, starts))
            for number in range(readers * processes)
        ]
        await clock.run(*work)
        return starts

    starts = asyncio.run(run())
    assert len(starts) == 12 * readers * processes
    assert fullest(starts, timedelta(seconds=1)) <= 10


async def test_what_is_allowed_is_used() -> None:
    clock, starts = SteppedClock(), list[datetime]()
    gate = SharedGate(LocalPool(), KEY, TEN, clock=clock)
    work = [asyncio.create_task(read(gate, clock, 50, 0.3, starts)) for _ in range(8)]
    await clock.run(*work)
    assert len(starts) / (max(starts) - min(starts)).total_seconds() >= 9.6


async def test_places_in_flight_are_kept_by_class() -> None:
    clock = SteppedClock()
    gate = SharedGate(LocalPool(), KEY, TEN, clock=clock)
    inside = {"": 0, "candidates": 0}
    most = dict(inside)

    async def call(one: Call) -> None:
        async with gate.enter(one):
            inside[one.allowance] += 1
            most[one.allowance] = max(most[one.allowance], inside[one.allowance])
            assert sum(inside.values()) <= 8
            await clock.sleep(5)
            inside[one.allowance] -= 1

    await clock.run(*(asyncio.create_task(call(one)) for one in [LIST, READ] * 10))
    assert most in ({"": 8, "candidates": 1}, {"": 7, "candidates": 1})


async def test_limits_are_learned_from_answers() -> None:
    clock, starts = SteppedClock(), list[datetime]()
    gate = SharedGate(LocalPool(), KEY, TEN, clock=clock)
    gate.learn(READ, Learned(rate=100, in_flight=20))
    await clock.run(*(asyncio.create_task(read(gate, clock, 30, 0.05, starts)) for _ in range(20)))
    assert 90 <= len(starts) / (max(starts) - min(starts)).total_seconds() <= 101
    gate.learn(READ, Learned(rate=5))
    slow = list[datetime]()
    await clock.run(*(asyncio.create_task(read(gate, clock, 5, 0.05, slow)) for _ in range(4)))
    assert fullest(slow[2:], timedelta(seconds=1)) <= 5


async def test_what_one_process_has_learned_another_begins_with() -> None:
    clock, pool, starts = SteppedClock(), LocalPool(), list[datetime]()
    first = SharedGate(pool, KEY, TEN, clock=clock)
    await clock.run(asyncio.create_task(read(first, clock, 1, 0.01, [])))
    first.learn(READ, Learned(rate=5))
    clock.advance(10)
    await clock.run(asyncio.create_task(read(first, clock, 6, 0.01, [])))
    clock.advance(10)
    second = SharedGate(pool, KEY, TEN, clock=clock)
    await clock.run(asyncio.create_task(read(second, clock, 12, 0.01, starts)))
    assert fullest(starts, timedelta(seconds=1)) == 5


async def test_two_processes_share_one_budget_in_the_database(stage: Stage) -> None:
    clock, starts = SteppedClock(), list[datetime]()
    key = BudgetKey(stage.workspace, "smartrecruiters", "requests")
    gates = [SharedGate(StorePool(stage.database), key, TEN, clock=clock) for _ in range(2)]
    work = [asyncio.create_task(read(gate, clock, 10, 0.01, starts)) for gate in gates for _ in range(2)]
    while not all(task.done() for task in work):
        await asyncio.sleep(0.005)  # the database answers in its own time
        await clock.run(*(task for task in work if task.done()))
        clock_step(clock)
    assert fullest(starts, timedelta(seconds=1)) <= 10


def clock_step(clock: SteppedClock) -> None:
    """Wake the next sleeper."""
    if clock._sleepers:
        clock._sleepers.sort(key=lambda sleeper: sleeper[0])
        at, done = clock._sleepers.pop(0)
        clock.advance(max(at - clock.monotonic(), 0))
        done.set()


async def test_command_that_calls_late_stays_within_the_rate_beside_a_busy_worker() -> None:
    clock, pool, starts = SteppedClock(), LocalPool(), list[datetime]()
    worker = SharedGate(pool, KEY, TEN, clock=clock)
    command = SharedGate(pool, KEY, TEN, clock=clock, slots_per_call=3)

    async def call_late() -> None:
        for number in range(12):
            async with command.enter(READ):
                # What connecting and loading take, between the gate and the arrival.
                await clock.sleep(0.2 * (number % 2))
                starts.append(clock.now())

    reading = [asyncio.create_task(read(worker, clock, 15, 0.05, starts)) for _ in range(4)]
    await clock.run(asyncio.create_task(call_late()), *reading)
    assert fullest(starts, timedelta(seconds=1)) <= 10


async def test_call_that_must_be_alone_is_alone_among_all_processes(stage: Stage) -> None:
    for pool in (LocalPool(), StorePool(stage.database)):
        inside: list[int] = []
        gates = [SharedGate(pool, KEY, TEN) for _ in range(4)]
        await asyncio.gather(*(list_alone(gate, inside) for gate in gates))
        assert (len(inside), max(inside)) == (8, 1)


async def list_alone(gate: SharedGate, inside: list[int]) -> None:
    """Note how many are inside: entering adds one, leaving takes it away."""
    async with gate.enter(LIST):
        inside.append((inside[-1] if inside else 0) + 1)
        await asyncio.sleep(0.6)  # longer than the slots one process leases at a time
        inside.append(inside[-1] - 1)


async def test_counted_are_calls_and_not_slots_that_pass_unused() -> None:
    clock, pool = SteppedClock(), LocalPool()
    gate = SharedGate(pool, KEY, TEN, clock=clock)

    async def seldom() -> None:
        for _ in range(6):
            async with gate.enter(READ):
                await clock.sleep(5.0)

    await clock.run(asyncio.create_task(seldom()))
    # Each call took a lease of several slots; the last call is counted with the next lease.
    assert (await pool.look(KEY, now=clock.now())).calls == 5
