"""The page on which admins make tokens, in real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import create_workspace
from landbridge.web.rooms import machine_time
from tests.browser.console import ConsoleThread, look


@pytest.fixture
def console(settings: Settings) -> Iterator[ConsoleThread]:
    with ConsoleThread(settings) as console:
        yield console


def test_admin_makes_and_revokes_a_token(console: ConsoleThread, page: Page) -> None:
    async def make(database: Database, _: Vault) -> None:
        async with database.transaction() as connection:
            await create_workspace(connection, slug="acme", name="Acme", foreign_id="acme", now=machine_time())

    console.ask(make)
    page.goto(console.sign_in_link())
    page.goto(f"{console.url}/w/acme/api-access")
    look(page, "api-access-empty")
    page.get_by_label("What is it for?").fill("Nightly export")
    page.get_by_label("Push: records").check()
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_label("Token", exact=True)).to_have_value(re.compile("^lbt_"))
    look(page, "api-access-made")
    page.get_by_role("button", name="Let it push").click()
    expect(page.get_by_text("May push", exact=True)).to_be_visible()
    page.get_by_text("Revoke Nightly export").click()
    page.get_by_role("button", name="Revoke it").click()
    expect(page.get_by_role("cell", name="Revoked")).to_be_visible()
    look(page, "api-access-revoked")
