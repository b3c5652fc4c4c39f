"""kill -9 of PostgreSQL while deliveries come in: what was acknowledged is there afterwards."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
import pytest

from landbridge.connectors.smartrecruiters.webhooks import ACCEPTED
from landbridge.jobs.live import path_of, prefix_of
from landbridge.jobs.wiring import ATS
from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.embedded import Embedded
from landbridge.store.migrate import migrate
from landbridge.store.secrets import unlock
from landbridge.store.webhooks import save_keys
from landbridge.store.workspaces import create_workspace
from landbridge.web.hooks.ats import receivers
from tests.faults.test_live_changes import KEY, Told

KILLS, SENDERS, BETWEEN = 3, 12, 150


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the server's own system user can go, which it cannot below pytest's."""
    with TemporaryDirectory(prefix="landbridge-faults-") as folder:
        yield Path(folder)


@pytest.mark.timeout(180)
async def test_every_acknowledged_delivery_outlives_a_killed_database(folder: Path) -> None:
    settings = Settings(data_dir=folder)
    async with await Database.open(settings) as database:
        await asyncio.to_thread(migrate, settings)
        vault = await unlock(settings, database)
        async with database.transaction() as connection:
            workspace = await create_workspace(
                connection, slug="acme", name="Acme", foreign_id="lb-acme", now=datetime.now(UTC)
            )
            await save_keys(connection, workspace, ATS, [KEY], vault=vault)
        assert await settings_of(database) == {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
        receiver = receivers(database, vault, lambda: datetime.now(UTC))[prefix_of(ATS)]
        transport = httpx2.ASGITransport(app=receiver)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost", timeout=60) as http:
            acknowledged, refused = await deliver(http, path_of(vault, ATS, workspace), Embedded(folder))
        async with database.connection() as connection:
            cursor = await connection.execute("SELECT event_id FROM inbox")
            kept = {event_id for (event_id,) in await cursor.fetchall()}
    assert acknowledged <= kept
    assert len(acknowledged) > KILLS * BETWEEN
    assert refused, "nobody came while the database was away"


async def settings_of(database: Database) -> dict[str, str]:
    async with database.connection() as connection:
        cursor = await connection.execute(
            "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')"
        )
        return dict(await cursor.fetchall())


async def deliver(http: httpx2.AsyncClient, path: str, embedded: Embedded) -> tuple[set[str], int]:
    """Deliver without a pause, killing the server every now and then; what was accepted, and how many were not."""
    acknowledged: set[str] = set()
    numbers, refused, kills = count(), 0, 0

    async def sender() -> None:
        nonlocal refused
        while kills < KILLS or len(acknowledged) <= (KILLS + 1) * BETWEEN:
            told = Told(f"event-{next(numbers)}", "candidate.updated", b'{"id":"c-1"}')
            status = (await http.post(path, content=told.body, headers=told.headers())).status_code
            if status == ACCEPTED:
                acknowledged.add(told.event_id)
            else:
                refused += 1
                await asyncio.sleep(0.05)

    async def killer() -> None:
        nonlocal kills
        while kills < KILLS:
            if len(acknowledged) > (kills + 1) * BETWEEN:
                kill(embedded)
                kills += 1
            await asyncio.sleep(0.01)

    await asyncio.gather(killer(), *(sender() for _ in range(SENDERS)))
    return acknowledged, refused


def kill(embedded: Embedded) -> None:
    """The whole server at once, like a power cut for all but the disk."""
    pid = int((embedded.cluster / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    os.kill(pid, signal.SIGKILL)
