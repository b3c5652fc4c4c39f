"""The console's frame, accounts, people and activity in real Chromium: for everybody, by keyboard, by passkey."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.web.rooms import machine_time
from tests.browser.console import ConsoleThread, look
from tests.web.sample import broken_workspace, busy_workspace

PASSWORD = "seven blue herons wade"


@pytest.fixture
def console(settings: Settings) -> Iterator[ConsoleThread]:
    with ConsoleThread(settings) as console:
        yield console


@pytest.fixture
def admin(console: ConsoleThread, page: Page) -> Page:
    """The first admin, who has chosen name and password."""
    page.goto(console.sign_in_link())
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Become the first admin").click()
    expect(page.get_by_role("heading", name="Workspaces")).to_be_visible()
    return page


def with_workspaces(console: ConsoleThread) -> None:
    async def make(database: Database, vault: Vault) -> None:
        await busy_workspace(database, vault, machine_time())
        await broken_workspace(database, vault, machine_time())

    console.ask(make)


def test_pages_for_strangers_and_newcomers(console: ConsoleThread, page: Page, complaints: list[str]) -> None:
    page.goto(f"{console.url}/sign-in")
    look(page, "sign-in")
    page.get_by_label("User name").fill("nobody")
    page.get_by_label("Password").fill("no such password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("do not go together")
    look(page, "sign-in-refused")
    page.goto(console.sign_in_link())
    page.get_by_role("button", name="Become the first admin").click()
    look(page, "welcome")
    page.goto(f"{console.url}/join/void")
    look(page, "invitation-void")
    page.goto(f"{console.url}/nothing/here")
    look(page, "not-found")
    assert [text for text in complaints if "404" not in text and "403" not in text] == []
    complaints.clear()


def test_pages_of_the_workspace(console: ConsoleThread, admin: Page) -> None:
    look(admin, "workspaces-empty")
    with_workspaces(console)
    admin.goto(f"{console.url}/workspaces")
    look(admin, "workspaces")
    for slug, name in (("acme", "overview"), ("globex", "overview-broken")):
        admin.goto(f"{console.url}/w/{slug}/")
        for summary in admin.locator("details > summary").all():
            summary.click()
        look(admin, name)
    admin.goto(f"{console.url}/w/acme/activity")
    look(admin, "activity-empty")
    admin.goto(f"{console.url}/w/acme/people")
    admin.get_by_label("Who is it for?").fill("Grace")
    admin.get_by_role("button", name="Make the link").click()
    expect(admin.get_by_label("Invitation link")).to_have_value(re.compile("/join/"))
    look(admin, "people")
    admin.goto(f"{console.url}/w/acme/activity")
    look(admin, "activity")
    admin.goto(f"{console.url}/accounts")
    look(admin, "accounts")


def test_invited_person_joins_and_sees_what_a_viewer_may(console: ConsoleThread, admin: Page, browser: Browser) -> None:
    with_workspaces(console)
    admin.goto(f"{console.url}/w/acme/people")
    admin.get_by_label("Who is it for?").fill("Grace")
    admin.get_by_role("button", name="Make the link").click()
    link = admin.get_by_label("Invitation link").input_value()
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(link)
        look(page, "join")
        page.get_by_label("User name").fill("grace")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password again").fill(PASSWORD)
        page.get_by_role("button", name="Make the account").click()
        expect(page).to_have_url(re.compile("/w/acme/$"))
        page.get_by_role("link", name="People & access").click()
        expect(page.get_by_text("Owners decide who may do what")).to_be_visible()
        look(page, "people-viewer")


def test_account_and_second_factors(console: ConsoleThread, admin: Page) -> None:
    admin.goto(f"{console.url}/account")
    look(admin, "account")
    admin.get_by_role("link", name="Set up an app").click()
    look(admin, "factor-app")
    admin.goto(f"{console.url}/password")
    look(admin, "password")
    admin.goto(f"{console.url}/account/confirm/password?next=/account")
    look(admin, "confirm")


def with_authenticator(page: Page) -> None:
    """One in this device that says yes to everything, and knows no passkey yet."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_passkey_is_added_and_signs_in_by_itself(console: ConsoleThread, admin: Page) -> None:
    with_authenticator(admin)
    admin.goto(f"{console.url}/account/factors/keys/add")
    look(admin, "factor-key")
    admin.get_by_label("Name").fill("Laptop")
    admin.get_by_label("Passwordless").check()
    admin.get_by_role("button", name="Add the key").click()
    expect(admin.get_by_role("heading", name="Recovery codes")).to_be_visible()
    look(admin, "factor-codes")
    admin.goto(f"{console.url}/account/factors/keys")
    look(admin, "factor-keys")
    admin.get_by_role("button", name="Sign out").click()
    admin.get_by_role("button", name="Sign in with a passkey").click()
    expect(admin.get_by_role("heading", name="Workspaces")).to_be_visible()


def test_passkey_that_nobody_knows_is_told_of(console: ConsoleThread, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        with_authenticator(page)
        page.goto(f"{console.url}/sign-in")
        told = page.get_by_text("No passkey was used")
        expect(told).to_be_hidden()
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(told).to_be_visible()
        expect(told).to_be_focused()
        look(page, "sign-in-no-passkey")


def test_passkey_button_waits_for_what_answers_it(console: ConsoleThread, browser: Browser) -> None:
    """A click before that would send the form without a passkey, which says that a field is missing."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/passkey.*js", lambda route: route.abort())
        page.goto(f"{console.url}/sign-in")
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_disabled()
        page.unroute_all()
        page.goto(f"{console.url}/sign-in")
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


def test_overview_renews_itself_and_keeps_what_is_open(console: ConsoleThread, admin: Page) -> None:
    with_workspaces(console)
    admin.goto(f"{console.url}/w/acme/")
    admin.locator("details > summary").first.click()
    with admin.expect_response(lambda answer: answer.url.endswith("/w/acme/") and answer.request.method == "GET"):
        pass
    admin.wait_for_timeout(200)
    assert admin.locator("details").first.get_attribute("open") is not None


def test_times_are_in_the_browsers_zone(console: ConsoleThread, browser: Browser) -> None:
    with browser.new_context(timezone_id="Asia/Tokyo") as context:
        page = context.new_page()
        page.goto(console.sign_in_link())
        page.goto(f"{console.url}/account")
        expect(page.locator("footer")).to_contain_text("Times are in JST.")


def test_whole_console_works_by_keyboard(console: ConsoleThread, admin: Page) -> None:
    with_workspaces(console)
    admin.goto(f"{console.url}/w/acme/")
    admin.keyboard.press("Tab")
    expect(admin.get_by_role("link", name="Skip to content")).to_be_focused()
    admin.keyboard.press("Enter")
    expect(admin.locator("main")).to_be_focused()
    people = admin.get_by_role("link", name="People & access")
    people.focus()
    admin.keyboard.press("Enter")
    expect(admin.get_by_role("heading", name="People & access")).to_be_visible()
