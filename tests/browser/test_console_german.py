"""The console in German, whose words are longer: nothing runs out of a narrow screen."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.web.rooms import machine_time
from tests.browser.console import SHOTS, ConsoleThread, look
from tests.web.desk_sample import fill_desk
from tests.web.linkedin_sample import linkedin_half
from tests.web.sample import busy_workspace

NARROW = 375
PAGES = (
    "", "ats", "consent", "contracts", "move", "sync", "connect-users", "desk", "people", "api-access", "activity",
)  # fmt: skip


def test_pages_in_german_fit_every_screen(settings: Settings, browser: Browser) -> None:
    async def fill(database: Database, vault: Vault) -> int:
        now = machine_time()
        workspace = await busy_workspace(database, vault, now)
        async with database.transaction() as connection:
            contracts = await linkedin_half(connection, workspace, now)
            await fill_desk(connection, workspace, now)
        return contracts["disabled"]

    with ConsoleThread(settings) as console:
        contract = console.ask(fill)
        context = browser.new_context(locale="de-DE")
        page = context.new_page()
        page.goto(f"{console.url}/sign-in")
        expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()
        look(page, "de-sign-in")
        page.goto(console.sign_in_link())
        page.set_viewport_size({"width": NARROW, "height": 900})
        wide = []
        for path in ("/account", *(f"/w/acme/{one}" for one in PAGES), f"/w/acme/contracts/{contract}"):
            page.goto(console.url + path)
            expect(page.locator("html")).to_have_attribute("lang", "de")
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"de{path.replace('/', '-')}.png", full_page=True)
            if (width := page.evaluate("document.documentElement.scrollWidth")) > NARROW:
                wide.append(f"{path} is {width} wide")
        context.close()
        assert wide == []
