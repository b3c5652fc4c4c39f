"""The journal of calls keeps up, keeps its bounds, and keeps out of everybody's way."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from landbridge.http.journal import JournalEntry
from landbridge.store.database import Database
from landbridge.store.journal import BATCH, CallJournal, trim_calls
from tests.store.conftest import NOW

COLUMNS = "workspace_id, at, system, method, route, status, duration_ms, records, far_id, error_code"


def entry(
    *, at: datetime = NOW, status: int | None = 200, route: str = "/candidates/{id}", records: int = 1
) -> JournalEntry:
    return JournalEntry(
        at=at, system="smartrecruiters", method="GET", route=route, status=status, duration=timedelta(seconds=0.1234),
        records=records, far_id="far", error_code="" if status == 200 else "rejected",
    )  # fmt: skip


async def count(database: Database) -> int:
    async with database.connection() as connection:
        row = await (await connection.execute("SELECT count(*) FROM call")).fetchone()
    return int(row[0]) if row else 0


async def test_closing_writes_everything_with_its_workspace(database: Database, acme: int) -> None:
    async with CallJournal(database) as journal:
        journal.of(acme).note(entry())
        journal.of(None).note(entry(status=None))
    async with database.connection() as connection:
        cursor = await connection.execute(f"SELECT {COLUMNS} FROM call ORDER BY id".encode())
        first, second = await cursor.fetchall()
    assert first == (
        acme, NOW, "smartrecruiters", "GET", "/candidates/{id}", 200, 123, 1, "far", "",
    )  # fmt: skip
    assert second[0] is None
    assert second[5] is None


async def test_entries_are_written_while_it_runs(database: Database, acme: int) -> None:
    async with CallJournal(database, flush_seconds=0.01) as journal:
        journal.of(acme).note(entry())
        async with asyncio.timeout(60):
            while await count(database) == 0:
                await asyncio.sleep(0.01)


async def test_more_than_a_batch_is_written_once_each(database: Database, acme: int) -> None:
    async with CallJournal(database) as journal:
        for _ in range(2 * BATCH + 1):
            journal.of(acme).note(entry())
    assert await count(database) == 2 * BATCH + 1


async def test_what_does_not_fit_is_dropped_and_counted(database: Database, acme: int) -> None:
    async with CallJournal(database, capacity=10) as journal:
        for _ in range(25):
            journal.of(acme).note(entry())
        assert journal.dropped == 15
    assert await count(database) == 10


async def test_entries_wait_while_they_cannot_be_written(database: Database, acme: int) -> None:
    journal = CallJournal(database, capacity=10)
    for _ in range(8):
        journal.of(acme).note(entry())
    async with database.connection() as connection:
        await connection.execute("ALTER TABLE call RENAME TO away")
        await journal.flush()
        await connection.execute("ALTER TABLE away RENAME TO call")
    await journal.flush()
    assert await count(database) == 8
    assert journal.dropped == 0


async def test_old_calls_are_trimmed_a_few_at_a_time(database: Database, acme: int) -> None:
    async with CallJournal(database) as journal:
        for hours in reversed(range(5)):
            journal.of(acme).note(entry(at=NOW - timedelta(hours=hours)))
    async with database.connection() as connection:
        assert await trim_calls(connection, NOW - timedelta(hours=1), most=2) == 2
        assert await trim_calls(connection, NOW - timedelta(hours=1), most=2) == 1
        assert await trim_calls(connection, NOW - timedelta(hours=1), most=2) == 0
    assert await count(database) == 2
