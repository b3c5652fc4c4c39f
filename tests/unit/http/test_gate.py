from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.http import Allowance, Call, Learned, LocalGate

CALL = Call(method="GET", path="/things", route="/things")
LIST = Call(method="GET", path="/list", route="/list", allowance="list")
Run = Callable[[Any], Any]


def fullest_window(starts: list[float], window: float) -> int:
    """The most starts in any half-open window of that length."""
    return max(sum(begin <= each < begin + window for each in starts) for begin in starts)


@given(
    rate=st.integers(1, 20),
    arrivals=st.lists(st.floats(0, 3), min_size=1, max_size=120),
    lengths=st.lists(st.floats(0, 0.5), min_size=1, max_size=7),
    late=st.lists(st.floats(0, 0.2), min_size=1, max_size=5),
)
@settings(max_examples=60, deadline=None)
def test_gate_never_lets_more_than_the_rate_start_in_any_window(
    run_virtually: Run, rate: int, arrivals: list[float], lengths: list[float], late: list[float]
) -> None:
    starts: list[float] = []
    lateness = itertools.cycle(late)

    async def main(clock: Any) -> None:
        class LateClock:
            now, monotonic = clock.now, clock.monotonic

            async def sleep(self, seconds: float) -> None:
                # A busy loop wakes sleepers up too late, never too early.
                await clock.sleep(seconds + next(lateness))

        gate = LocalGate({"": Allowance(rate=rate, in_flight=8)}, clock=LateClock())

        async def call(at: float, length: float) -> None:
            await asyncio.sleep(at)
            async with gate.enter(CALL):
                starts.append(clock.monotonic())
                await asyncio.sleep(length)

        await asyncio.gather(*(call(*each) for each in zip(arrivals, itertools.cycle(lengths), strict=False)))

    run_virtually(main)

    assert len(starts) == len(arrivals)
    assert fullest_window(starts, 1.0) <= rate


def test_gate_uses_at_least_95_percent_of_the_rate_while_there_is_work(run_virtually: Run) -> None:
    async def main(clock: Any) -> float:
        gate = LocalGate({"": Allowance(rate=10, in_flight=8)}, clock=clock)

        async def call() -> None:
            async with gate.enter(CALL):
                await asyncio.sleep(0.3)

        await asyncio.gather(*(call() for _ in range(2_000)))
        return float(clock.monotonic())

    assert run_virtually(main) <= 2_000 / (10 * 0.95)


def test_gate_keeps_calls_in_flight_within_each_class_and_over_all(run_virtually: Run) -> None:
    most = {"all": 0, "list": 0}
    now = {"all": 0, "list": 0}

    async def main(clock: Any) -> None:
        gate = LocalGate({"": Allowance(in_flight=4), "list": Allowance(in_flight=1)}, clock=clock)

        async def call(each: Call) -> None:
            names = ["all", "list"] if each is LIST else ["all"]
            async with gate.enter(each):
                for name in names:
                    now[name] += 1
                    most[name] = max(most[name], now[name])
                await asyncio.sleep(1)
                for name in names:
                    now[name] -= 1

        await asyncio.gather(*(call(each) for each in [LIST, CALL] * 10))

    run_virtually(main)

    assert most == {"all": 4, "list": 1}


def test_gate_takes_over_told_limits_where_such_a_limit_is_kept(run_virtually: Run) -> None:
    async def main(clock: Any) -> list[float]:
        gate = LocalGate({"": Allowance(rate=10, in_flight=8), "list": Allowance(in_flight=1)}, clock=clock, pace=1.0)
        gate.learn(LIST, Learned(rate=2, in_flight=3))
        starts: list[float] = []

        async def call() -> None:
            async with gate.enter(LIST):
                starts.append(clock.monotonic())
                await asyncio.sleep(60)

        await asyncio.gather(*(call() for _ in range(4)))
        return starts

    starts = run_virtually(main)

    assert starts[2] == pytest.approx(1.0, abs=0.6), "two in a second, told for the list and kept for everybody"
    assert starts[3] >= 60, "three lists in flight, not eight"


def test_gate_pauses_everybody_when_told_to(run_virtually: Run) -> None:
    async def main(clock: Any) -> float:
        gate = LocalGate({"": Allowance(rate=10)}, clock=clock)
        gate.learn(CALL, Learned(pause=timedelta(seconds=7)))
        async with gate.enter(CALL):
            return float(clock.monotonic())

    assert run_virtually(main) == 7


def test_gate_gives_the_place_back_when_a_waiting_call_is_cancelled(run_virtually: Run) -> None:
    async def main(clock: Any) -> bool:
        gate = LocalGate({"": Allowance(in_flight=1)}, clock=clock)

        async def call(length: float) -> None:
            async with gate.enter(CALL):
                await asyncio.sleep(length)

        first, waiting = asyncio.create_task(call(5)), asyncio.create_task(call(5))
        await asyncio.sleep(1)
        waiting.cancel()
        await asyncio.gather(first, waiting, return_exceptions=True)
        await asyncio.wait_for(call(0), 1)
        return waiting.cancelled()

    assert run_virtually(main)


def test_gate_gives_the_place_back_when_the_call_fails(run_virtually: Run) -> None:
    async def main(clock: Any) -> None:
        gate = LocalGate({"": Allowance(in_flight=1)}, clock=clock)
        for _ in range(3):
            with pytest.raises(RuntimeError):
                async with gate.enter(CALL):
                    raise RuntimeError
        async with asyncio.timeout(1), gate.enter(CALL):
            return

    run_virtually(main)
