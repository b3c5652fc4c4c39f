"""The how-to about an ATS of one's own: its example is run as it stands, twice, against a console."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.store.tokens import Scope, make_token
from landbridge.store.workspaces import create_workspace
from landbridge.web.rooms import machine_time
from tests.browser.console import ConsoleThread

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/how-to/connect-your-own-ats.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples/home_grown_ats.py"


def run(console: ConsoleThread, token: str) -> list[str]:
    told = {**os.environ, "LANDBRIDGE_API": f"{console.url}/api/v1", "LANDBRIDGE_TOKEN": token}
    told = {name: value for name, value in told.items() if not name.lower().endswith("_proxy")}
    ended = subprocess.run(
        [sys.executable, str(EXAMPLE)], env=told, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def test_example_pushes_everything_and_the_second_time_nothing_changes(settings: Settings) -> None:
    async def prepare(database: Database, vault: Vault) -> str:
        from landbridge.connectors.rest_ats.source import NAME
        from landbridge.store.pushes import open_pushes

        now = machine_time()
        async with database.transaction() as connection:
            workspace = await create_workspace(connection, slug="acme", name="Acme", foreign_id="acme", now=now)
            await open_pushes(connection, workspace, NAME, vault=vault, now=now)
            return await make_token(connection, workspace, label="x", scopes=[Scope.INGEST], by="x", now=now)

    with ConsoleThread(settings) as console:
        token = console.ask(prepare)
        first, second = run(console, token), run(console, token)
    assert first == [
        "jobs: 1 taken, 1 changed", "candidates: 1 taken, 1 changed", "applications: 1 taken, 2 changed",
        "stages: 1 taken, 2 changed", "users: 1 taken, 1 changed",
    ]  # fmt: skip
    assert second[:4] == [re.sub(r"\d+ changed", "0 changed", line) for line in first[:4]]
    assert {first[0], second[0]} == set(re.findall(r"`(jobs: [^`]+)`", PAGE))


def test_example_is_as_long_as_the_page_says() -> None:
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(lines) <= 31
