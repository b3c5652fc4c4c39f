"""Every page of the LinkedIn half in every state: for everybody, light and dark, narrow and wide, and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from landbridge.jobs.bucket import BUCKET, CALLS_PER_DAY
from landbridge.sandbox import Sandbox
from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.web.rooms import machine_time
from tests.browser.console import ConsoleThread, look, with_sandboxes
from tests.web.linkedin_sample import linkedin_half
from tests.web.sample import broken_workspace, busy_workspace

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def console(settings: Settings, sandbox: Sandbox) -> Iterator[ConsoleThread]:
    with ConsoleThread(with_sandboxes(settings, sandbox)) as console:
        yield console


@pytest.fixture
def numbers(console: ConsoleThread, page: Page) -> dict[str, int]:
    """Of the contracts by state; ``page`` is signed in."""

    async def make(database: Database, vault: Vault) -> dict[str, int]:
        now = machine_time()
        number = await busy_workspace(database, vault, now)
        await broken_workspace(database, vault, now)
        async with database.transaction() as connection:
            return await linkedin_half(connection, number, now)

    numbers = console.ask(make)
    page.goto(console.sign_in_link())
    return numbers


def test_pages_of_contracts_in_each_state(console: ConsoleThread, page: Page, numbers: dict[str, int]) -> None:
    acme = f"{console.url}/w/acme"
    page.goto(f"{acme}/contracts")
    page.get_by_role("button", name="Make a link").click()
    open_all(page)
    look(page, "contracts")
    handover = page.locator("#handover-link").inner_text()
    for state, number in numbers.items():
        if state != "adding":
            page.goto(f"{acme}/contracts/{number}")
            open_all(page)
            look(page, f"contract-{state}")
    page.goto(handover)
    expect(page.get_by_text("You were sent this link")).to_be_visible()
    look(page, "welcome-of-a-guest")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("You need no account here")).to_be_visible()
    look(page, "window-of-a-guest")


async def come_to_the_end(database: Database, vault: Vault) -> None:
    """Of the historical sync: all is read and sent, but for what LinkedIn has refused."""
    async with database.transaction() as connection:
        for statement in (
            b"UPDATE delivery SET state = 'delivered', reason = '' WHERE state IN ('due', 'pending', 'held')",
            b"UPDATE sweep SET state = 'done', finished_at = started_at + interval '5 hours'",
            b"UPDATE sweep_pass SET total = coalesce(total, 943), done = coalesce(total, 943), finished_at = now()",
            b"UPDATE lane SET blocked_until = NULL, blocked_reason = ''",
            b"DELETE FROM reading",
        ):
            await connection.execute(statement)


async def use_up_the_calls(database: Database, vault: Vault) -> None:
    """Of the day, for seats, InMails and notes."""
    async with database.transaction() as connection:
        await connection.execute(
            """INSERT INTO budget (workspace_id, system, resource, day, calls, records, next_at, learned)
               SELECT id, 'linkedin', %s, %s, %s, 0, now(), '{}' FROM workspace WHERE slug = 'acme'
               ON CONFLICT (workspace_id, system, resource) DO UPDATE
               SET day = excluded.day, calls = excluded.calls""",
            [BUCKET, machine_time().date(), CALLS_PER_DAY],
        )


def test_pages_of_consent_ats_sync_and_users(
    console: ConsoleThread, page: Page, numbers: dict[str, int], complaints: list[str]
) -> None:
    for slug in ("acme", "globex"):
        for path in ("consent", "ats", "sync", "connect-users", "contracts"):
            page.goto(f"{console.url}/w/{slug}/{path}")
            open_all(page)
            look(page, f"{path}-{slug}")
    acme = f"{console.url}/w/acme"
    page.goto(f"{acme}/sync")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    look(page, "sync-paused")
    console.ask(come_to_the_end)
    page.goto(f"{acme}/sync")
    look(page, "sync-done")
    page.goto(f"{acme}/connect-users?show=trouble")
    look(page, "connect-users-trouble")
    console.ask(use_up_the_calls)
    page.goto(f"{acme}/connect-users")
    expect(page.get_by_text("Seats are read again from")).to_be_visible()
    look(page, "connect-users-waits")
    page.goto(f"{acme}/move")
    look(page, "move")
    page.goto(f"{acme}/connect-users")
    page.get_by_role("link", name="Change R. Moss").click()
    page.get_by_role("searchbox").press_sequentially("moss")
    expect(page.get_by_role("region", name="Users found").get_by_role("button")).to_be_visible()
    open_all(page)
    look(page, "seat")
    page.get_by_role("link", name="It is me: open it here").click()
    look(page, "confirm-seat")
    page.goto(f"{console.url}/confirmed-seat")
    look(page, "confirm-seat-strange")
    assert "401" in complaints.pop()


def test_search_that_was_typed_before_the_scripts_came_is_made(
    console: ConsoleThread, page: Page, numbers: dict[str, int]
) -> None:
    page.goto(f"{console.url}/w/acme/connect-users")
    seat = page.get_by_role("link", name="Change R. Moss").get_attribute("href")
    scripts: list[Route] = []

    def hold(script: Route) -> None:
        scripts.append(script)

    page.route("**/htmx-2*.js", hold)
    page.goto(f"{console.url}{seat}", wait_until="commit")
    page.get_by_role("searchbox").press_sequentially("moss")
    assert len(scripts) == 1, "the script should have been asked for and held back"
    scripts[0].continue_()
    expect(page.get_by_role("region", name="Users found").get_by_role("button")).to_be_visible()


def test_page_with_linkedins_window(console: ConsoleThread, page: Page) -> None:
    async def make(database: Database, vault: Vault) -> None:
        from landbridge.store.workspaces import create_workspace

        async with database.transaction() as connection:
            await create_workspace(connection, slug="new", name="New", foreign_id="lb-new", now=machine_time())

    console.ask(make)
    page.goto(console.sign_in_link())
    new = f"{console.url}/w/new"
    for path in ("", "contracts", "sync", "connect-users", "consent", "ats", "candidate"):
        page.goto(f"{new}/{path}")
        look(page, f"{path or 'overview'}-empty")
    page.goto(f"{new}/contracts/window")
    open_all(page)
    look(page, "window")


def open_all(page: Page) -> None:
    for details in page.locator("main details").all():
        details.evaluate("each => { each.open = true }")
