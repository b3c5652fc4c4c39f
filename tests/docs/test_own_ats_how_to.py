"""The how-to about an ATS of one's own: its examples are run as they stand, against a console."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from landbridge.connectors.rest_ats.events import TYPES
from landbridge.connectors.rest_ats.signature import headers_of, new_secret
from landbridge.connectors.rest_ats.source import NAME
from landbridge.jobs import incoming
from landbridge.jobs.events import send_to
from landbridge.jobs.queue import JobBell
from landbridge.jobs.wiring import Works
from landbridge.records.incoming import ExportedPerson, InMail
from landbridge.settings import Settings
from landbridge.store import arrivals
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.store.pushes import open_pushes
from landbridge.store.secrets import Vault
from landbridge.store.tokens import Scope, make_token
from landbridge.store.workspaces import create_workspace
from landbridge.sync.streams import arrived
from landbridge.web.rooms import machine_time
from tests.browser.console import ConsoleThread
from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/how-to/connect-your-own-ats.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples/home_grown_ats.py"
RECEIVING = ROOT / "examples/receiving_ats.py"


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


@contextmanager
def running(console: ConsoleThread, token: str, secret: str, port: int) -> Iterator[subprocess.Popen[str]]:
    told = {**os.environ, "LANDBRIDGE_API": f"{console.url}/api/v1", "LANDBRIDGE_TOKEN": token}
    told |= {"LANDBRIDGE_SECRET": secret, "PORT": str(port)}
    told = {name: value for name, value in told.items() if not name.lower().endswith("_proxy")}
    process = subprocess.Popen(
        [sys.executable, str(RECEIVING)], env=told, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


def test_receiving_example_takes_an_export_and_an_inmail_and_each_is_there_once(settings: Settings) -> None:
    settings, port = structs.replace(settings, ats_networks=("127.0.0.0/8",)), free_port()

    async def prepare(database: Database, vault: Vault) -> tuple[int, str, str]:
        now = machine_time()
        async with database.transaction() as connection:
            workspace = await create_workspace(connection, slug="acme", name="Acme", foreign_id="acme", now=now)
            await open_pushes(connection, workspace, NAME, vault=vault, now=now)
            token = await make_token(connection, workspace, label="x", scopes=[Scope.INGEST], by="x", now=now)
        async with working(settings, database, vault) as works:
            secret = await send_to(works, workspace, f"http://127.0.0.1:{port}/landbridge")
        assert secret is not None
        return workspace, token, secret

    async def happen(database: Database, vault: Vault) -> list[tuple[Any, ...]]:
        """A recruiter exports Noor to the job and writes her an InMail; both are worked off, the export twice."""
        person = "urn:li:person:noor"
        export = ExportedPerson(id="e1", integration_context="urn:li:organization:1", job_id="J1", person_urn=person,
                                first_name="Noor", last_name="Haddad")  # fmt: skip
        mail = InMail(id="m1", seat="urn:li:seat:1", person_urn=person, outgoing=True, body="Come aboard.")
        async with database.transaction() as connection:
            rows = [arrived(export, ""), arrived(mail, "")]
            await arrivals.keep(connection, workspace, rows, now=machine_time())
        async with working(settings, database, vault) as works:
            await incoming.take_effect(works, workspace, stopping=lambda: False)
        async with database.connection() as connection:
            cursor = await connection.execute(
                """SELECT a.kind, a.state, r.body ->> 'last_name', m.person_urn FROM arrival a
                   LEFT JOIN record r ON r.id = a.record_id LEFT JOIN match m ON m.record_id = r.id ORDER BY a.kind"""
            )
            return list(await cursor.fetchall())

    with ConsoleThread(settings) as console:
        workspace, token, secret = console.ask(prepare)
        with running(console, token, secret, port) as process:
            wait_for(port)
            found = console.ask(happen)
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(9)]
    noor = "Haddad", "urn:li:person:noor"
    assert found == [("export", "done", *noor), ("inmail", "done", *noor)]
    events = [line.strip() for line in lines if line.startswith(("candidate.", "note."))]
    assert [line.partition(":")[0] for line in events] == ["candidate.exported", "note.posted"]
    assert "Come aboard." in events[1]


def wait_for(port: int) -> None:
    """Until something listens there."""
    for _ in range(1_200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.05)
    raise TimeoutError("the example does not listen")


@asynccontextmanager
async def working(settings: Settings, database: Database, vault: Vault) -> AsyncIterator[Works]:
    async with CallJournal(database) as journal:
        works = Works(settings, database, vault, journal, JobBell())
        try:
            yield works
        finally:
            await works.close()


def test_page_s_signature_is_what_landbridge_sends() -> None:
    (code,) = re.findall(r"```python\n(def is_genuine.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec("import base64, hmac, time\n" + code, names)
    secret, body = new_secret(), b'{"type": "landbridge.test"}'
    headers = headers_of("LB-TEST-1", body, [new_secret(), secret], machine_time())
    assert names["is_genuine"](headers, body, secret)
    assert not names["is_genuine"](headers, body + b" ", secret)
    assert not names["is_genuine"]({**headers, "webhook-id": "LB-TEST-2"}, body, secret)
    assert not names["is_genuine"](headers, body, new_secret())
    old = headers_of("LB-TEST-1", body, [secret], machine_time() - timedelta(minutes=6))
    assert not names["is_genuine"](old, body, secret)


def test_page_names_every_event_and_field() -> None:
    for kind, name in TYPES.items():
        assert f"`{name}`" in PAGE
        for field in kind.__struct_fields__:
            assert f"`{field}`" in PAGE, f"{name} {field}"


@pytest.mark.parametrize("example", [EXAMPLE, RECEIVING], ids=lambda path: path.name)
def test_example_is_as_long_as_the_page_says(example: Path) -> None:
    lines = [line for line in example.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len([line for line in lines if not line.startswith(("import ", "from "))]) <= 31
