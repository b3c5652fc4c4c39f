"""The how-to about automating Landbridge: its commands are run as they stand, in their order, against a console."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.store.tokens import Scope, make_token
from landbridge.store.workspaces import create_workspace
from landbridge.web.rooms import machine_time
from tests.browser.console import ConsoleThread

PAGE = Path(__file__).parent.parent.parent / "docs/how-to/automate-landbridge.md"


@pytest.mark.skipif(shutil.which("curl") is None, reason="the commands of the page are curl's")
def test_every_command_of_the_page_works(settings: Settings) -> None:
    async def prepare(database: Database, _: Vault) -> str:
        now = machine_time()
        async with database.transaction() as connection:
            workspace = await create_workspace(connection, slug="acme", name="Acme", foreign_id="acme", now=now)
            return await make_token(connection, workspace, label="x", scopes=tuple(Scope), by="x", now=now)

    commands = "\n".join(re.findall(r"```bash\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
    commands = re.sub(r"^export .*$", "", commands, flags=re.MULTILINE)
    assert commands.count("\napi ") > 12
    with ConsoleThread(settings) as console:
        told = {**os.environ, "LANDBRIDGE": console.url, "TOKEN": console.ask(prepare), "NO_PROXY": "*"}
        ended = subprocess.run(
            ["bash", "-eu"], input=commands, env=told, capture_output=True, text=True, timeout=60, check=False
        )
    assert ended.returncode == 0, ended.stdout[-500:] + ended.stderr
    assert '"link"' in ended.stdout
    assert '"given_by": "API: x (x)"' in ended.stdout
