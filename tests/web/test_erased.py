"""Receipts of erasures in the console, through the API and on the command line."""

from __future__ import annotations

import asyncio
import json

import pytest
from typer.testing import CliRunner

from landbridge.cli import app
from landbridge.records import Kind
from landbridge.settings import Settings
from landbridge.store import erasures, mirror
from landbridge.store.database import Connection, Database
from landbridge.store.memberships import Role
from landbridge.store.mirror import Rows
from landbridge.store.secrets import Vault
from landbridge.store.tokens import Scope
from landbridge.store.workspaces import create_workspace
from tests.conftest import KEY
from tests.web.api import Api
from tests.web.conftest import Clock
from tests.web.people import Console


async def erase(connection: Connection, workspace: int, key: str, clock: Clock) -> int:
    """Somebody with one application, of which LinkedIn has confirmed the deletion; the receipt's number."""
    rows = Rows(
        kinds=["candidate", "application"],
        keys=[key, f"{key}-a"],
        parents=[None, key],
        jobs=[None, "j"],
        bodies=['{"last_name": "Canary"}', "{}"],
        provisional=[False, False],
    )
    await mirror.upsert(connection, workspace, rows, sweep=None, mark_seen=False, priority=1, now=clock.now)
    buried = await mirror.bury(connection, workspace, [("candidate", key)], [], sweep=None, now=clock.now)
    await erasures.erase(connection, workspace, buried, successors={}, told_by="event", now=clock.now)
    done = [one.id for one in buried if one.kind == Kind.APPLICATION]
    await erasures.note_removed(connection, done, now=clock.now)
    [receipt] = await erasures.load_receipts(connection, workspace, key=key)
    return receipt.id


@pytest.fixture
async def receipt(database: Database, workspace: int, clock: Clock) -> int:
    async with database.transaction() as connection:
        return await erase(connection, workspace, "c-1", clock)


async def test_console_lists_shows_and_hands_out_a_receipt(
    console: Console, database: Database, workspace: int, receipt: int, clock: Clock
) -> None:
    viewer = await console.member("vera", workspace, Role.VIEWER)
    page = (await viewer.get("/w/acme/erased")).text
    assert "c-1" in page
    assert "1 still to go" in page
    page = (await viewer.get(f"/w/acme/erased/{receipt}")).text
    assert "c-1-a" in page
    assert "On its way" in page
    assert "Canary" not in page
    told = await viewer.get(f"/w/acme/erased/{receipt}/file")
    assert f"erasure-acme-{receipt}.json" in told.headers["content-disposition"]
    found = told.json()
    assert (found["key"], found["deleted"], found["waiting"]) == ("c-1", 2, 1)
    assert {(item["place"], item["kind"], item["state"]) for item in found["items"]} == {
        ("linkedin", "candidate", "waiting"),
        ("linkedin", "application", "done"),
        ("landbridge", "record", "done"),
    }
    assert "Nothing was deleted under this id" in (await viewer.get("/w/acme/erased?key=nobody")).text
    async with database.transaction() as connection:
        other = await create_workspace(connection, slug="globex", name="G", foreign_id="lb-g", now=clock.now)
        foreign = await erase(connection, other, "c-2", clock)
    for path in (str(foreign), f"{foreign}/file", "999999"):
        assert (await viewer.get(f"/w/acme/erased/{path}")).status_code == 404


async def test_api_tells_the_same(settings: Settings, database: Database, vault: Vault, clock: Clock) -> None:
    api = await Api(settings, database, vault, clock).open()
    async with database.transaction() as connection:
        first, second = [await erase(connection, api.workspace, key, clock) for key in ("c-1", "c-2")]
        other = await create_workspace(connection, slug="globex", name="G", foreign_id="lb-g", now=clock.now)
        foreign = await erase(connection, other, "c-3", clock)
    headers = await api.token([Scope.READ])
    page = (await api.client.get("/erasures?limit=1", headers=headers)).json()
    assert ([one["id"] for one in page["erasures"]], page["before"]) == ([second], second)
    page = (await api.client.get(f"/erasures?before={second}", headers=headers)).json()
    assert ([one["id"] for one in page["erasures"]], page["before"]) == ([first], None)
    one = (await api.client.get(f"/erasures/{first}", headers=headers)).json()
    assert [item["key"] for item in one["items"] if item["place"] == "linkedin"] == ["c-1", "c-1-a"]
    assert (await api.client.get(f"/erasures/{foreign}", headers=headers)).status_code == 404
    await api.client.aclose()


async def test_command_line_tells_the_same(database_url: str, receipt: int) -> None:
    environment = {"LANDBRIDGE_DATABASE_URL": database_url, "LANDBRIDGE_ENCRYPTION_KEY": KEY}

    async def types(*arguments: str) -> str:
        done = await asyncio.to_thread(CliRunner().invoke, app, ["erased", *arguments], env=environment)
        assert done.exit_code == 0, done.output
        return done.output

    assert "1 of 3 still to be deleted" in await types()
    assert "Nothing was deleted." in await types("--key", "nobody")
    shown = await types(str(receipt))
    assert "c-1-a" in shown
    assert "waiting" in shown
    assert json.loads(await types(str(receipt), "--json"))["items"][0]["key"] == "c-1"
    assert [one["key"] for one in json.loads(await types("--json"))] == ["c-1"]
