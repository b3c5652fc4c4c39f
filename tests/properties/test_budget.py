"""Budgets on a virtual clock: never over a limit, hardly ever under it, whoever takes and in whatever order."""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.store.budgets import BudgetKey
from landbridge.sync.budget import PACE, Budget, Granted, LocalPool, Quota, Urgency, Wait

KEY = BudgetKey(1, "linkedin", "candidates")
START = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 4, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Log:
    """What was sent when, and the fullest window of it."""

    def __init__(self, window: timedelta) -> None:
        self.window = window
        self.fullest = 0
        self.total = 0
        self.days: dict[str, int] = {}
        self._inside: deque[tuple[datetime, int]] = deque()
        self._sum = 0

    def note(self, at: datetime, units: int) -> None:
        while self._inside and self._inside[0][0] <= at - self.window:
            self._sum -= self._inside.popleft()[1]
        self._inside.append((at, units))
        self._sum += units
        self.total += units
        self.fullest = max(self.fullest, self._sum)
        day = at.date().isoformat()
        self.days[day] = self.days.get(day, 0) + 1


async def take_for(
    quota: Quota,
    length: timedelta,
    *,
    sizes: list[int],
    takers: int = 1,
    start: datetime = START,
    late: float = 0.0,
    urgency: Urgency = Urgency.BACKFILL,
) -> Log:
    """Several takers, each with its own way of being late, take all they get until ``length`` is over."""
    pool, log, random = LocalPool(), Log(quota.window), Random(1)
    budgets = [Budget(pool, KEY, quota) for _ in range(takers)]
    turns = [(start, number) for number in range(takers)]
    heapq.heapify(turns)
    count = 0
    while turns[0][0] < start + length:
        now, number = heapq.heappop(turns)
        units = sizes[count % len(sizes)]
        answer = await budgets[number].permit(records=units, urgency=urgency, now=now)
        if isinstance(answer, Granted):
            log.note(now, units)
            count += 1
            heapq.heappush(turns, (now, number))
        else:
            delay = timedelta(seconds=random.random() * late)
            heapq.heappush(turns, (max(answer.until, now + timedelta(microseconds=1)) + delay, number))
    return log


def minute_quota(limit: int, per_call: int, calls_per_day: int | None = None) -> Quota:
    return Quota(per_window=limit, window=MINUTE, per_call=per_call, calls_per_day=calls_per_day)


@settings(deadline=None, max_examples=60)
@given(
    limit=st.integers(100, 20_000),
    sizes=st.lists(st.integers(1, 100), min_size=1, max_size=30),
    takers=st.integers(1, 4),
    late=st.floats(0, 3),
)
def test_no_window_is_ever_over_its_limit(limit: int, sizes: list[int], takers: int, late: float) -> None:
    quota = minute_quota(limit, 100)
    log = asyncio.run(take_for(quota, MINUTE * 4, sizes=sizes, takers=takers, late=late))
    assert log.total > 0
    assert log.fullest <= limit


@settings(deadline=None, max_examples=30)
@given(limit=st.sampled_from([2_000, 5_000, 10_000, 20_000]), takers=st.integers(1, 4))
def test_full_calls_use_at_least_98_percent_of_the_minute(limit: int, takers: int) -> None:
    log = asyncio.run(take_for(minute_quota(limit, 100), MINUTE * 20, sizes=[100], takers=takers))
    assert log.total >= limit * 20 * 0.98
    assert log.fullest <= limit


@settings(deadline=None, max_examples=30)
@given(late=st.floats(0, 0.05))
def test_small_lateness_costs_nothing(late: float) -> None:
    log = asyncio.run(take_for(minute_quota(10_000, 100), MINUTE * 20, sizes=[100], late=late))
    assert log.total >= 10_000 * 20 * 0.98
    assert log.fullest <= 10_000


@settings(deadline=None, max_examples=30)
@given(takers=st.integers(1, 8), late=st.floats(0, 0.5))
def test_no_second_ever_holds_more_than_ten_requests(takers: int, late: float) -> None:
    quota = Quota(per_window=10, window=timedelta(seconds=1), per_call=1, calls_per_day=None)
    log = asyncio.run(take_for(quota, timedelta(seconds=60), sizes=[1], takers=takers, late=late))
    assert log.fullest <= 10
    if late == 0:
        assert log.total >= 600 * 0.98


@settings(deadline=None, max_examples=20)
@given(
    calls=st.integers(500, 5_000),
    started=st.integers(0, 86_399),
    urgency=st.sampled_from(list(Urgency)),
)
def test_no_utc_day_has_more_calls_than_allowed_and_whole_days_use_98_percent(
    calls: int, started: int, urgency: Urgency
) -> None:
    start = MIDNIGHT + timedelta(seconds=started)
    quota = minute_quota(100_000, 100, calls)
    log = asyncio.run(take_for(quota, timedelta(days=3), sizes=[100], start=start, urgency=urgency))
    days = [log.days[day] for day in sorted(log.days)]
    assert all(count <= calls for count in days)
    whole = days[1:3]
    assert all(count >= int(calls * PACE) - 1 for count in whole)
    assert all(count >= calls * 0.98 - 1 for count in whole)


@given(
    calls=st.integers(1_000, 1_000_000),
    second=st.integers(0, 86_399),
    used=st.floats(0, 1.2),
    urgency=st.sampled_from(list(Urgency)),
)
def test_promised_instant_lets_one_more_call_in_and_no_earlier_one_does(
    calls: int, second: int, used: float, urgency: Urgency
) -> None:
    quota = minute_quota(10_000, 100, calls)
    now, made = MIDNIGHT + timedelta(seconds=second), int(calls * used)
    opens = quota.opens_at(now, urgency, made)
    assert opens >= now
    if opens.date() == now.date():
        allowed = quota.allowed_calls(opens, urgency)
        assert allowed is not None
        assert made + 1 <= allowed
    if opens > now + timedelta(seconds=2):
        earlier = quota.allowed_calls(opens - timedelta(seconds=2), urgency)
        assert earlier is not None
        assert made + 1 > earlier


@given(second=st.integers(0, 86_399), calls=st.integers(100, 1_000_000))
def test_urgent_work_may_always_use_at_least_as_much_as_a_backfill(second: int, calls: int) -> None:
    quota, now = minute_quota(10_000, 100, calls), MIDNIGHT + timedelta(seconds=second)
    backfill, live, erasure = (
        quota.allowed_calls(now, urgency) for urgency in (Urgency.BACKFILL, Urgency.LIVE, Urgency.ERASURE)
    )
    assert backfill is not None
    assert live is not None
    assert erasure is not None
    assert backfill <= live <= erasure <= calls


async def test_what_is_kept_free_lets_a_removal_through_when_the_backfill_has_used_its_share() -> None:
    pool, quota = LocalPool(), minute_quota(1_000_000, 100, 1_000)
    budget, now = Budget(pool, KEY, quota), MIDNIGHT
    made = 0
    while True:
        answer = await budget.permit(records=100, urgency=Urgency.BACKFILL, now=now)
        if isinstance(answer, Wait):
            if answer.binding == "day":
                break
            now = answer.until
        else:
            made += 1
    assert 920 <= made <= 940
    answer = await budget.permit(records=1, urgency=Urgency.ERASURE, now=now)
    while isinstance(answer, Wait) and answer.binding == "rate":
        answer = await budget.permit(records=1, urgency=Urgency.ERASURE, now=answer.until)
    assert isinstance(answer, Granted)


async def test_permits_in_blocks_never_fill_a_window() -> None:
    quota = minute_quota(1_000_000, 100)
    assert quota.block > 1
    log = await take_for(quota, timedelta(minutes=3), sizes=[100], takers=2)
    assert log.total >= 1_000_000 * 3 * 0.98
    assert log.fullest <= 1_000_000
    assert minute_quota(10_000, 100).block == 1
