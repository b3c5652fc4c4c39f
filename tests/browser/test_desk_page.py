"""The desk in a real browser: every page for everybody, the search by keyboard, and all of it without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import create_workspace
from landbridge.web.rooms import machine_time
from tests.browser.console import ConsoleThread, look
from tests.web.desk_sample import fill_desk

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def console(settings: Settings) -> Iterator[ConsoleThread]:
    with ConsoleThread(settings) as console:
        yield console


@pytest.fixture
def numbers(console: ConsoleThread) -> dict[str, int]:
    """Of the cases, by person."""

    async def make(database: Database, _: Vault) -> dict[str, int]:
        now = machine_time()
        async with database.transaction() as connection:
            number = await create_workspace(connection, slug="acme", name="Acme", foreign_id="lb-acme", now=now)
            await create_workspace(connection, slug="globex", name="Globex", foreign_id="lb-globex", now=now)
            return await fill_desk(connection, number, now)

    return console.ask(make)


def test_desk_looks_well_and_is_walked_by_keyboard(
    console: ConsoleThread, page: Page, numbers: dict[str, int], complaints: list[str]
) -> None:
    page.goto(console.sign_in_link())
    page.goto(f"{console.url}/w/globex/desk")
    look(page, "desk-empty")
    page.goto(f"{console.url}/w/globex/desk/settled")
    look(page, "desk-settled-empty")
    desk = f"{console.url}/w/acme/desk"
    page.goto(desk)
    look(page, "desk")
    page.goto(f"{desk}?group=closed")
    open_all(page)
    look(page, "desk-group")
    for person in ("1", "2", "3", "4", "6"):
        page.goto(f"{desk}/{numbers[person]}")
        open_all(page)
        look(page, f"desk-case-{person}")
    # Found while typing, and chosen without a mouse.
    page.goto(f"{desk}/{numbers['3']}")
    page.get_by_role("searchbox").press_sequentially("oka")
    found = page.get_by_role("region", name="Candidates found").get_by_role("button", name="Attach Mira Okafor")
    expect(found).to_be_visible()
    look(page, "desk-case-found")
    found.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Noted for all 2 things that came")).to_be_visible()
    page.get_by_role("button", name="Take LinkedIn's Ada Brandt").press("Enter")
    expect(page.get_by_text("Noted for 1 thing that came")).to_be_visible()
    page.get_by_role("link", name="Settled").press("Enter")
    open_all(page)
    look(page, "desk-settled")
    assert not complaints


def test_desk_needs_no_javascript(console: ConsoleThread, browser: Browser, numbers: dict[str, int]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(console.sign_in_link())
    desk = f"{console.url}/w/acme/desk"
    page.goto(desk)
    page.get_by_role("button", name="Accept the certain one").click()
    expect(page.get_by_text("1 person is attached")).to_be_visible()
    page.get_by_role("textbox", name="E-mail address").fill("mira@example.org")
    page.get_by_role("button", name="Make the candidate").click()
    expect(page.get_by_text("Noted for all 3 things that came")).to_be_visible()
    page.get_by_role("link", name="Find the candidate").click()
    page.get_by_role("searchbox").fill("okafor")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Attach Mira Okafor").click()
    expect(page.get_by_text("Noted for all 2 things that came")).to_be_visible()
    page.get_by_text("Delete what was imported").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("It is being deleted")).to_be_visible()
    page.get_by_label("They get an address of ours").check()
    page.get_by_role("textbox", name="Address", exact=True).fill("exports+{id}@acme.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("link", name="Settled").click()
    first = page.get_by_text("Take back").first
    first.click()
    page.get_by_role("button", name="Take back").first.click()
    expect(page.get_by_text("Taken back. It waits on the desk again")).to_be_visible()
    context.close()


def open_all(page: Page) -> None:
    for details in page.locator("main details").all():
        details.evaluate("each => { each.open = true }")
