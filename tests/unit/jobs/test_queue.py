"""Asking for jobs inside transactions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from procrastinate import App

from landbridge.jobs.app import make_app
from landbridge.jobs.queue import (
    LANE,
    LIVE,
    ORDINARY,
    URGENT_GATHER,
    JobBell,
    Wish,
    ask,
    changes_wish,
    lane_wish,
    sweep_wish,
)
from landbridge.records import Kind
from landbridge.store import lanes
from landbridge.store.database import Database
from landbridge.store.workspaces import create_workspace
from landbridge.sync.lane import LINGER, QUOTA
from tests.unit.sync.fakes import NOW, ManualClock


async def waiting(database: Database) -> list[tuple[Any, ...]]:
    async with database.connection() as connection:
        cursor = await connection.execute(
            "SELECT lock, args, scheduled_at, status::text FROM procrastinate_jobs ORDER BY id"
        )
        return await cursor.fetchall()


async def ask_for(database: Database, *wishes: Wish) -> None:
    async with database.transaction() as connection:
        await ask(connection, wishes)


@pytest.fixture
async def app(database: Database) -> AsyncIterator[App]:
    app = make_app(database.url)
    async with app.open_async():
        yield app


async def test_job_waits_once_however_often_it_is_asked_for(database: Database) -> None:
    for _ in range(3):
        await ask_for(database, lane_wish(1, "jobs"), lane_wish(1, "candidates"), lane_wish(1, "jobs"))
    assert [row[0] for row in await waiting(database)] == ["lane:1:candidates", "lane:1:jobs"]


async def test_waiting_job_is_called_sooner_and_never_put_off(database: Database) -> None:
    later, latest = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    await ask_for(database, sweep_wish(1, latest))
    await ask_for(database, sweep_wish(1, later))
    await ask_for(database, sweep_wish(1, latest))
    assert [row[2] for row in await waiting(database)] == [later]
    await ask_for(database, sweep_wish(1))
    await ask_for(database, sweep_wish(1, latest))
    assert [row[2] for row in await waiting(database)] == [None]


async def test_nothing_is_asked_for_when_the_transaction_fails(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as connection:
            await ask(connection, [sweep_wish(1)])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await waiting(database) == []


async def test_waiting_job_does_not_start_before_the_transaction_that_asked_is_saved(
    database: Database, app: App
) -> None:
    """Else it would not see what the transaction is about to save, and nobody would call again."""
    await ask_for(database, sweep_wish(1))
    worker = await app.job_manager.register_worker()
    async with database.transaction() as connection:
        await ask(connection, [sweep_wish(1)])
        assert await app.job_manager.fetch_job(queues=None, worker_id=worker) is None
    found = await app.job_manager.fetch_job(queues=None, worker_id=worker)
    assert found is not None
    assert found.task_kwargs == {"workspace": 1}


async def test_running_job_is_followed_by_another_one(database: Database, app: App) -> None:
    await ask_for(database, sweep_wish(1))
    worker = await app.job_manager.register_worker()
    running = await app.job_manager.fetch_job(queues=None, worker_id=worker)
    assert running is not None
    await ask_for(database, sweep_wish(1))
    assert [row[3] for row in await waiting(database)] == ["doing", "todo"]
    assert await app.job_manager.fetch_job(queues=None, worker_id=worker) is None


async def test_live_work_goes_first_and_keeps_the_place_in_line_of_its_lane(database: Database, app: App) -> None:
    lanes_in_line = [lane_wish(number, "candidates") for number in (1, 2, 3)]
    await ask_for(database, *lanes_in_line)
    await ask_for(database, lane_wish(2, "candidates", live=True))
    worker = await app.job_manager.register_worker()
    taken = [await app.job_manager.fetch_job(queues=None, worker_id=worker) for _ in range(3)]
    locks = [(job.lock, job.queue) for job in taken if job is not None]
    # The second lane's turn in line comes when its live work is done: one lane, one sender.
    assert locks == [("lane:2:candidates", LIVE), ("lane:1:candidates", ORDINARY), ("lane:3:candidates", ORDINARY)]
    assert [row[0] for row in await waiting(database) if row[3] == "todo"] == ["lane:2:candidates"]


async def test_place_kept_free_for_live_work_is_not_taken_by_a_sync(database: Database, app: App) -> None:
    await ask_for(database, sweep_wish(1), changes_wish(2))
    worker = await app.job_manager.register_worker()
    taken = [await app.job_manager.fetch_job(queues=[LIVE], worker_id=worker) for _ in range(2)]
    assert [job.lock if job is not None else None for job in taken] == ["changes:2", None]


async def test_many_who_ask_at_once_get_one_job_and_nobody_waits_for_ever(database: Database) -> None:
    wishes = [lane_wish(1, kind.plural) for kind in Kind]
    await asyncio.wait_for(
        asyncio.gather(*(ask_for(database, *(wishes if number % 2 else wishes[::-1])) for number in range(30))), 60
    )
    assert len(await waiting(database)) == len(wishes)


async def test_task_of_each_job_is_known_to_the_worker(app: App) -> None:
    assert {LANE, "run_sweep", "read_matches", "tick"} <= set(app.tasks)


class TestBell:
    """Lanes are called when they may run."""

    @pytest.fixture
    async def workspace(self, database: Database) -> int:
        async with database.transaction() as connection:
            return await create_workspace(connection, slug="acme", name="Acme", foreign_id="lb", now=NOW)

    async def block(self, database: Database, workspace: int, until: datetime, reason: str) -> None:
        async with database.connection() as connection:
            fence, _ = await lanes.take_over(connection, workspace, "jobs")
            await lanes.note_end(connection, fence, blocked_until=until, blocked_reason=reason, last_sent_at=None)

    async def ring(self, database: Database, workspace: int, *, urgent: bool = False) -> list[datetime | None]:
        async with database.transaction() as connection:
            await JobBell(ManualClock()).ring(connection, workspace, [Kind.JOB], urgent=urgent)
        return [row[2] for row in await waiting(database)]

    async def test_free_lane_is_called_when_some_more_has_gathered(self, database: Database, workspace: int) -> None:
        assert await self.ring(database, workspace) == [NOW + LINGER]
        assert await self.ring(database, workspace, urgent=True) == [NOW + LINGER, NOW + URGENT_GATHER]
        assert await self.ring(database, workspace) == [NOW + LINGER, NOW + URGENT_GATHER]

    async def test_blocked_lane_is_called_for_the_end_of_its_block(self, database: Database, workspace: int) -> None:
        until = NOW + timedelta(minutes=5)
        await self.block(database, workspace, until, "rate_limited")
        assert await self.ring(database, workspace, urgent=True) == [until]

    async def test_lane_that_rests_for_its_quota_is_called_soon_for_urgent_work_only(
        self, database: Database, workspace: int
    ) -> None:
        until = NOW + timedelta(hours=5)
        await self.block(database, workspace, until, QUOTA)
        assert await self.ring(database, workspace) == [until]
        assert await self.ring(database, workspace, urgent=True) == [until, NOW + URGENT_GATHER]
