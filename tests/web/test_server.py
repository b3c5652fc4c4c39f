"""The console as a process: it answers, it stops when told, and it refuses to start half-way."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest
from msgspec import structs

from landbridge.errors import SettingError
from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.embedded import Embedded
from landbridge.web.server import first_run_link, make_sign_in_link, serve
from tests.conftest import settings_for


@pytest.fixture
async def console(settings: Settings) -> AsyncIterator[str]:
    """The address of a console that really listens."""
    free = structs.replace(settings, web_port=0)
    ready: asyncio.Queue[str] = asyncio.Queue()
    serving = asyncio.create_task(serve(free, on_ready=ready.put_nowait))
    async with asyncio.timeout(60):
        address = await ready.get()
    yield address
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving


async def test_console_answers_over_a_real_socket_and_stops_when_cancelled(console: str) -> None:
    async with httpx2.AsyncClient(base_url=console, trust_env=False) as http:
        answer = await http.get("/readyz")
        assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
        assert "server" not in answer.headers
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_printed_link_leads_into_the_console(console: str, settings: Settings, database: Database) -> None:
    link = await make_sign_in_link(settings, database)
    async with httpx2.AsyncClient(base_url=console, trust_env=False, follow_redirects=True) as http:
        answer = await http.get(link.removeprefix("http://localhost:8700"))
    assert answer.status_code == 200
    assert "<h1>Welcome to Landbridge</h1>" in answer.text


async def test_first_link_is_told_until_there_is_an_admin_and_never_after(
    console: str, settings: Settings, database: Database
) -> None:
    link = await first_run_link(console, database)
    async with httpx2.AsyncClient(trust_env=False, follow_redirects=True) as http:
        assert "Welcome to Landbridge" in (await http.get(link)).text
    async with database.connection() as connection:
        await connection.execute("UPDATE auth_user SET password = 'argon2$chosen'")
    assert await first_run_link(console, database) == ""


async def test_console_does_not_start_on_a_database_that_is_behind(settings: Settings, database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute("DELETE FROM django_migrations WHERE app = 'store'")
    with pytest.raises(SettingError) as caught:
        await serve(settings)
    assert caught.value.code == "not_migrated"


async def test_console_does_not_start_with_another_key(database: Database) -> None:
    other = settings_for(database.url, LANDBRIDGE_ENCRYPTION_KEY="A" * 43 + "=")
    with pytest.raises(SettingError) as caught:
        await serve(other)
    assert caught.value.code == "encryption_key_wrong"


@pytest.fixture
def data_dir() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="landbridge-console-"))
    yield directory
    shutil.rmtree(directory)


CONSOLE = """
import asyncio
from landbridge.settings import load
from landbridge.store.migrate import migrate
from landbridge.web.server import serve
migrate(load())
asyncio.run(serve(load(), on_ready=lambda address: print(address, flush=True)))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_process_that_is_told_to_stop_takes_its_database_along(data_dir: Path, number: signal.Signals) -> None:
    environment = {**os.environ, "LANDBRIDGE_DATA_DIR": str(data_dir), "LANDBRIDGE_WEB_PORT": "0"}
    process = subprocess.Popen(
        [sys.executable, "-c", CONSOLE], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    killer = threading.Timer(100, process.kill)
    killer.start()
    with process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert httpx2.get(f"{address}/healthz", trust_env=False).status_code == 200
        began = time.monotonic()
        process.send_signal(number)
        process.communicate()
        killer.cancel()
    assert process.returncode == (0 if number == signal.SIGTERM else -signal.SIGINT)
    assert time.monotonic() - began < 60
    assert not Embedded(data_dir).running()
    assert (data_dir / "encryption.key").stat().st_mode & 0o777 == 0o600
