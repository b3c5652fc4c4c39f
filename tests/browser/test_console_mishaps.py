"""What only a browser can show on the way to a contract: a closed window, blocked cookies, the back button, moving."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from landbridge.jobs.onboarding.consent import TEXT, TEXT_VERSION
from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.older import OlderCustomer, make_older_customer
from landbridge.settings import Settings
from landbridge.store.consents import give_consent
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import create_workspace
from landbridge.web.rooms import machine_time
from tests.browser.console import ConsoleThread, look, with_sandboxes

ADMIN_OF_ONE = 2

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def console(settings: Settings, sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[ConsoleThread]:
    """``param`` False: LinkedIn's window is on another site, so that its cookies are blocked."""
    with ConsoleThread(with_sandboxes(settings, sandbox, by_name=getattr(request, "param", True))) as console:
        yield console


@pytest.fixture
def acme(console: ConsoleThread, page: Page) -> str:
    """The address of a workspace that has agreed; ``page`` is signed in."""

    async def make(database: Database, vault: Vault) -> None:
        now = machine_time()
        async with database.transaction() as connection:
            number = await create_workspace(connection, slug="acme", name="Acme", foreign_id="lb-acme", now=now)
            await give_consent(
                connection, number, by="ada", text_version=TEXT_VERSION, text=TEXT, fields=[], choices={}, now=now,
                counts={},
            )  # fmt: skip

    console.ask(make)
    page.goto(console.sign_in_link())
    return f"{console.url}/w/acme"


def sign_in(page: Page, sandbox: Sandbox) -> None:
    with page.expect_popup() as window:
        page.frame_locator("iframe").get_by_role("link", name="Sign in").click()
    with window.value.expect_event("close"):
        window.value.get_by_role("button", name=sandbox.linkedin.state.network.people[ADMIN_OF_ONE].login).click()


def request(page: Page, *levels: str) -> None:
    for level in levels:
        page.frame_locator("iframe").get_by_role("button", name=f"Request {level}-level access").click()
        expect(page.locator("#progress")).to_contain_text(f"{level.capitalize()} level Requested", timeout=30_000)


def switch_on(page: Page, *levels: str) -> None:
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Enable in LinkedIn").click()
    for level in levels:
        switch = opened.value.get_by_role("switch", name=f"{level}-level access")
        switch.click()
        expect(switch).to_be_checked()
    opened.value.close()
    page.get_by_role("button", name="Ask LinkedIn now").click()
    # The next turn: no ATS is connected in these tests.
    expect(page.get_by_text("There is nothing to read from yet.").first).to_be_visible(timeout=30_000)


def test_closed_window_loses_nothing_and_going_back_changes_nothing(
    acme: str, page: Page, sandbox: Sandbox, complaints: list[str]
) -> None:
    page.goto(f"{acme}/contracts")
    page.get_by_role("button", name="+ Add contract").first.click()
    with page.expect_popup() as window:
        page.frame_locator("iframe").get_by_role("link", name="Sign in").click()
    window.value.close()
    expect(page.get_by_text("Nothing requested yet")).to_be_visible()
    page.goto(f"{acme}/contracts")
    expect(page.get_by_text("Being added")).to_be_visible()
    page.goto(f"{acme}/contracts/window")
    sign_in(page, sandbox)
    request(page, "company", "contract")
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.get_by_text("Recruiter admin's turn").first).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Finish", exact=True).click()
    page.goto(f"{acme}/contracts")
    # Where the page is back with what was entered, finishing again is refused, and the browser notes the status.
    complaints[:] = [one for one in complaints if "422" not in one]
    expect(page.get_by_text("To be enabled in Recruiter")).to_have_count(1)


@pytest.mark.parametrize("console", [False], indirect=True)
def test_blocked_cookies_are_named_with_the_way_on(acme: str, page: Page, sandbox: Sandbox) -> None:
    page.goto(f"{acme}/contracts/window")
    sign_in(page, sandbox)
    # LinkedIn's frame asks again and again.
    expect(page.frame_locator("iframe").get_by_role("link", name="Sign in")).to_be_visible()
    page.get_by_text("LinkedIn refuses, or the frame stays empty").click()
    page.get_by_label("Nothing: it stays empty, or asks me to sign in again and again").check()
    page.get_by_role("button", name="Show me what to do").click()
    expect(page.get_by_text("Allow third-party cookies")).to_be_visible()
    expect(page.get_by_role("link", name="Open the window")).to_be_visible()


def test_customer_of_the_older_integration_keeps_keys_and_contract(
    acme: str, page: Page, sandbox: Sandbox, complaints: list[str]
) -> None:
    contract = sandbox.linkedin.state.network.contracts[1].urn
    older = make_older_customer(sandbox.linkedin.state, OlderCustomer(contracts=[contract]))
    page.goto(f"{acme}/contracts")
    page.get_by_role("link", name="Keep its keys and contracts").click()
    look(page, "move-empty")
    page.get_by_label("Client ID").fill(older.client_id)
    page.get_by_label("Client secret").fill("mistyped")
    page.get_by_role("textbox", name="Contracts").fill(contract.rpartition(":")[2])
    page.get_by_label("Foreign ID").fill(older.foreign_id)
    page.get_by_role("button", name="Test and take over").click()
    expect(page.get_by_role("alert")).to_contain_text("LinkedIn refuses the keys of the older integration")
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, "move-refused")
    assert "422" in complaints[0]
    complaints.clear()
    page.get_by_label("Client secret").fill(older.client_secret)
    page.get_by_role("button", name="Test and take over").click()
    expect(page.get_by_text("LinkedIn knows the keys")).to_be_visible()
    look(page, "move-taken-over")
    page.get_by_role("link", name="Open the window").click()
    sign_in(page, sandbox)
    # The contract level is on already, so only the other one is offered.
    expect(page.frame_locator("iframe").get_by_role("button", name="Request contract-level access")).to_have_count(0)
    request(page, "company")
    page.get_by_role("button", name="Finish", exact=True).click()
    switch_on(page, "Company")
    page.goto(f"{acme}/move")
    expect(page.get_by_role("main").get_by_text("Enabled", exact=True)).to_be_visible()
    look(page, "move-done")
    assert sandbox.linkedin.journal.violations() == []
