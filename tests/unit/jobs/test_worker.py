"""A worker that others took for dead: it says so, and begins anew at once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import structs
from psycopg.pq import TransactionStatus
from structlog.testing import capture_logs

from landbridge.jobs.app import make_app
from landbridge.jobs.queue import ask, tick_wish
from landbridge.jobs.worker import rescue, run_worker
from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from tests.conftest import KEY

# However slow the machine is: what is waited for comes in a few seconds.
A_WHILE = 60
SILENCE = 0.6
QUICK = {"LANDBRIDGE_HEARTBEAT_SECONDS": "0.2", "LANDBRIDGE_STALLED_AFTER_SECONDS": f"{SILENCE}"}


async def listed(database: Database) -> set[int]:
    """The numbers of the workers that count as living."""
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT id FROM procrastinate_workers")
        return {number for (number,) in await cursor.fetchall()}


async def other_halves(database: Database, former: set[int]) -> None:
    """Wait until both halves of a worker are on the list, under other numbers than before."""
    async with asyncio.timeout(A_WHILE):
        while len(await listed(database) - former) < 2:
            await asyncio.sleep(0.02)


@contextmanager
def worker_process(database_url: str, folder: Path) -> Iterator[int]:
    """``landbridge worker``, ended at the end; its number."""
    environment = {**os.environ, **QUICK, "LANDBRIDGE_DATABASE_URL": database_url}
    environment |= {"LANDBRIDGE_ENCRYPTION_KEY": KEY, "LANDBRIDGE_DATA_DIR": str(folder)}
    with (folder / "log").open("wb") as written:
        process = subprocess.Popen([sys.executable, "-m", "landbridge", "worker"], env=environment, stderr=written)
        try:
            yield process.pid
        finally:
            process.kill()
            process.wait()


async def test_frozen_worker_that_was_taken_for_dead_says_so_and_begins_anew(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    app = make_app(database_url)
    with worker_process(database_url, tmp_path) as pid:
        await other_halves(database, set())
        former = await listed(database)
        os.kill(pid, signal.SIGSTOP)
        try:
            async with app.open_async(), asyncio.timeout(A_WHILE):
                while await listed(database):
                    await rescue(app, timedelta(seconds=SILENCE))
        finally:
            os.kill(pid, signal.SIGCONT)
        await other_halves(database, former)
    told = (tmp_path / "log").read_text()
    assert "worker_taken_for_dead" in told
    assert "worker_lost_database" not in told


async def test_worker_frozen_behind_its_heartbeat_has_no_row_locked(database: Database) -> None:
    app = make_app(database.url)
    async with app.open_async():
        await app.job_manager.register_worker()
        async with app.connector.pool.connection() as connection:  # type: ignore[attr-defined]
            await connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now()")
            assert connection.info.transaction_status == TransactionStatus.IDLE


async def test_worker_that_is_off_the_list_says_so_where_it_would_take_a_job_and_where_there_is_none(
    settings: Settings, database: Database, vault: Vault
) -> None:
    # Where there is no job it looks for itself, every third of the silence after which others strike it off: no shorter
    # one than theirs, or a slow machine makes it fall silent.
    for job, looks_after in ((True, timedelta(hours=1)), (False, settings.stalled_after)):
        stop = asyncio.Event()
        settings = structs.replace(settings, stalled_after=looks_after)
        former = await listed(database)  # before the worker begins, or its own halves may be among them
        with capture_logs() as told:
            working = asyncio.create_task(run_worker(settings, database, vault, handle_signals=False, stop=stop))
            try:
                await other_halves(database, former)
                former |= await listed(database)
                async with database.connection() as connection:
                    await connection.execute("DELETE FROM procrastinate_workers")
                    if job:
                        await ask(connection, [tick_wish(datetime.now(UTC))])
                await other_halves(database, former)
            finally:
                stop.set()
                await working
        assert [(line["event"], line["log_level"]) for line in told] == [("worker_taken_for_dead", "warning")]
        assert "LANDBRIDGE_STALLED_AFTER_SECONDS" in told[0]["text"]
