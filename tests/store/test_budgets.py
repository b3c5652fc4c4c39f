"""The budgets in the database, taken from by several at once on a clock of their own."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime, timedelta

import pytest

from landbridge.store import budgets, lanes
from landbridge.store.budgets import BudgetKey
from landbridge.store.database import Database
from landbridge.store.ledger import FencedError
from landbridge.sync.budget import Budget, Granted, LocalPool, Quota, StorePool, Urgency, Wait
from tests.store.conftest import NOW

MINUTE = timedelta(minutes=1)
QUOTA = Quota(per_window=2_000, window=MINUTE, per_call=100, calls_per_day=None)


async def test_several_takers_together_never_fill_a_minute_and_use_98_percent(database: Database, acme: int) -> None:
    key = BudgetKey(acme, "linkedin", "candidates")
    takers = [Budget(StorePool(database), key, QUOTA) for _ in range(4)]
    now, ends, sent = NOW, NOW + MINUTE * 4, list[datetime]()
    while now < ends:
        answers = await asyncio.gather(
            *(taker.permit(records=100, urgency=Urgency.BACKFILL, now=now) for taker in takers)
        )
        sent += [now for answer in answers if isinstance(answer, Granted)]
        now = max(now + timedelta(milliseconds=1), min(_next(answer) for answer in answers))
    assert len(sent) * 100 >= 2_000 * 4 * 0.98
    inside: deque[datetime] = deque()
    for at in sent:
        while inside and inside[0] <= at - MINUTE:
            inside.popleft()
        inside.append(at)
        assert len(inside) * 100 <= 2_000


def _next(answer: Granted | Wait) -> datetime:
    return answer.next_at if isinstance(answer, Granted) else answer.until


async def test_database_and_memory_give_the_same_permits(database: Database, acme: int) -> None:
    key = BudgetKey(acme, "linkedin", "jobs")
    quota = Quota(per_window=10_000, window=MINUTE, per_call=100, calls_per_day=40)
    stored, kept = Budget(StorePool(database), key, quota), Budget(LocalPool(), key, quota)
    now = NOW.replace(hour=23, minute=59, second=30)
    for number in range(120):
        urgency, records = Urgency(number % 3), 1 + number * 7 % 100
        ours = await stored.permit(records=records, urgency=urgency, now=now)
        theirs = await kept.permit(records=records, urgency=urgency, now=now)
        assert ours == theirs
        now += timedelta(milliseconds=number * 13 % 900)


async def test_worker_that_lost_its_lane_gets_no_permit(database: Database, acme: int) -> None:
    budget = Budget(StorePool(database), BudgetKey(acme, "linkedin", "candidates"), QUOTA)
    async with database.connection() as connection:
        fence, _ = await lanes.take_over(connection, acme, "candidates")
        granted = await budget.permit(records=1, urgency=Urgency.LIVE, now=NOW, fence=fence)
        assert isinstance(granted, Granted)
        await lanes.take_over(connection, acme, "candidates")
    with pytest.raises(FencedError):
        await budget.permit(records=1, urgency=Urgency.LIVE, now=NOW + MINUTE, fence=fence)


async def test_day_begins_anew_at_midnight_utc(database: Database, acme: int) -> None:
    key = BudgetKey(acme, "linkedin", "candidates")
    quota = Quota(per_window=None, window=MINUTE, per_call=100, calls_per_day=10)
    budget, now = Budget(StorePool(database), key, quota), NOW.replace(hour=23, minute=59)
    granted = 0
    while isinstance(answer := await budget.permit(records=1, urgency=Urgency.ERASURE, now=now), Granted):
        granted += 1
    assert granted <= 10
    assert answer == Wait(NOW.replace(hour=0) + timedelta(days=1), "day")
    assert isinstance(await budget.permit(records=1, urgency=Urgency.ERASURE, now=answer.until), Granted)


async def test_pause_keeps_everybody_from_sending(database: Database, acme: int) -> None:
    key = BudgetKey(acme, "linkedin", "candidates")
    pool = StorePool(database)
    one, other = Budget(pool, key, QUOTA), Budget(pool, key, QUOTA)
    await one.permit(records=1, urgency=Urgency.ERASURE, now=NOW)
    await one.pause(NOW + MINUTE)
    answer = await other.permit(records=1, urgency=Urgency.ERASURE, now=NOW + timedelta(seconds=30))
    assert answer == Wait(NOW + MINUTE, "rate")


async def test_what_is_learned_is_kept_for_all(database: Database, acme: int) -> None:
    key = BudgetKey(acme, "smartrecruiters", "requests")
    async with database.connection() as connection:
        await budgets.look(connection, key, now=NOW)
        await budgets.learn(connection, key, {"rate": 20})
        await budgets.learn(connection, key, {"in_flight": 4})
        assert (await budgets.look(connection, key, now=NOW)).learned == {"rate": 20, "in_flight": 4}
