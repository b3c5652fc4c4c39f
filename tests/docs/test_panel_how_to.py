"""The how-to about the candidate panel: its example is run as it stands, and what the page quotes is what is said."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import httpx2

from landbridge.connectors.rest_ats.source import NAME
from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.panel import CHOICE
from landbridge.store.pushes import open_pushes
from landbridge.store.secrets import Vault
from landbridge.store.tokens import Scope, make_token
from landbridge.store.workspaces import create_workspace, save_choices
from landbridge.web.rooms import machine_time
from tests.browser.console import ConsoleThread
from tests.docs.test_own_ats_how_to import wait_for
from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/how-to/show-the-panel-in-your-ats.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples/candidate_panel.py"
ATS = "https://ats.example.com"


async def prepare(database: Database, vault: Vault) -> str:
    now = machine_time()
    async with database.transaction() as connection:
        workspace = await create_workspace(connection, slug="acme", name="Acme", foreign_id="acme", now=now)
        await open_pushes(connection, workspace, NAME, vault=vault, now=now)
        await save_choices(connection, workspace, {CHOICE: [ATS]})
        return await make_token(connection, workspace, label="x", scopes=[Scope.PANEL], by="x", now=now)


def test_example_frames_the_panel_of_the_candidate(settings: Settings) -> None:
    port = free_port()
    with ConsoleThread(settings) as console, httpx2.Client(trust_env=False, timeout=30) as http:
        told = {**os.environ, "LANDBRIDGE_API": f"{console.url}/api/v1", "LANDBRIDGE_TOKEN": console.ask(prepare)}
        told = {name: value for name, value in told.items() if not name.lower().endswith("_proxy")}
        process = subprocess.Popen(
            [sys.executable, str(EXAMPLE)], env={**told, "PORT": str(port)}, stderr=subprocess.DEVNULL
        )
        try:
            wait_for(port)
            page = http.get(f"http://127.0.0.1:{port}/candidates/C1").text
            (address,) = re.findall(r'<iframe[^>]* src="([^"]+)"', page)
            panel = http.get(unescape(address))
        finally:
            process.terminate()
            process.wait(30)
    assert panel.status_code == 200
    assert f"frame-ancestors {ATS}" in panel.headers["content-security-policy"]
    assert "Not known" in panel.text


def test_what_the_page_quotes_is_what_the_panel_says() -> None:
    folder = ROOT / "src/landbridge/web/panel"
    said = "".join(file.read_text(encoding="utf-8") for file in (*folder.glob("*.html"), *folder.glob("*.py")))
    quoted = re.findall(r"^\| \*([^*]+)\*", PAGE, re.MULTILINE)
    assert len(quoted) >= 4
    assert [words for words in quoted if words.split(" … ")[0] not in said] == []
