"""Receipts of erasures in real Chromium: for everybody, light and dark, narrow and wide."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from landbridge.settings import Settings
from landbridge.store import erasures, mirror
from landbridge.store.database import Database
from landbridge.store.mirror import Rows
from landbridge.store.secrets import Vault
from landbridge.web.rooms import machine_time
from tests.browser.console import ConsoleThread, look
from tests.web.sample import busy_workspace

PASSWORD = "seven blue herons wade"
KEYS = ("0b8e8a52-6d1f-4a6e-9a56-6c0b9b6f2a11", "7f1c9e0d-2a3b-4c5d-8e6f-001122334455")


async def make(database: Database, vault: Vault) -> None:
    """Somebody deleted everywhere, and somebody of whom LinkedIn still has something."""
    now = machine_time()
    workspace = await busy_workspace(database, vault, now)
    async with database.transaction() as connection:
        for place, key in enumerate(KEYS):
            stages = [f"{key}-a.{number}" for number in (1, 2)]
            rows = Rows(
                kinds=["candidate", "application", "stage", "stage"],
                keys=[key, f"{key}-a", *stages],
                parents=[None, key, f"{key}-a", f"{key}-a"],
                jobs=[None, "j", None, None],
                bodies=["{}"] * 4,
                provisional=[False] * 4,
            )
            await mirror.upsert(connection, workspace, rows, sweep=None, mark_seen=False, priority=1, now=now)
            buried = await mirror.bury(connection, workspace, [("candidate", key)], [], sweep=None, now=now)
            await erasures.erase(connection, workspace, buried, successors={}, told_by="event", now=now)
            done = [one.id for one in buried if place == 0 or one.kind == "stage"]
            await erasures.note_removed(connection, done, now=now + timedelta(seconds=3))


def test_receipts_of_erasures(settings: Settings, page: Page) -> None:
    with ConsoleThread(settings) as console:
        page.goto(console.sign_in_link())
        page.get_by_label("User name").fill("ada")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password again").fill(PASSWORD)
        page.get_by_role("button", name="Become the first admin").click()
        expect(page.get_by_role("heading", name="Workspaces")).to_be_visible()
        console.ask(make)
        page.goto(f"{console.url}/w/acme/erased?key=nobody")
        look(page, "erased-none-of-these")
        page.goto(f"{console.url}/w/acme/")
        page.get_by_role("link", name="Erased", exact=True).first.click()
        expect(page.get_by_text("Deleted everywhere")).to_be_visible()
        look(page, "erased")
        page.get_by_role("link", name="Receipt 2").click()
        expect(page.get_by_text("On its way").first).to_be_visible()
        look(page, "erased-receipt")
        with page.expect_download() as download:
            page.get_by_role("link", name="Download").click()
        assert download.value.suggested_filename == "erasure-acme-2.json"
