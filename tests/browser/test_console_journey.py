"""The whole way of an admin who has never seen Landbridge, in a browser, against processes as a user runs them.

From the printed link to "History complete", the job found in Recruiter, users connected and a second contract: nothing
is done for the admin behind the pages.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from landbridge.sandbox import Sandbox
from tests.browser.running import Running, by_name

PASSWORD = "seven blue herons wade"
A_WHILE = 90_000  # the machine of the tests may be busy with others
ADMIN_OF_BOTH, ADMIN_OF_ONE = 0, 2

pytestmark = pytest.mark.timeout(420)


@pytest.fixture
def running(database_url: str, sandbox: Sandbox, tmp_path: Path) -> Iterator[Running]:
    with Running(database_url, sandbox, tmp_path) as running:
        yield running


def test_admin_gets_from_the_printed_link_to_recruiters_working_with_the_ats(
    page: Page, sandbox: Sandbox, running: Running
) -> None:
    page.set_default_timeout(30_000)
    walk = Walk(page, sandbox, running)
    walk.come_in()
    walk.connect_ats()
    walk.agree()
    walk.add_first_contract()
    walk.enable("Company", "Contract")
    walk.wait_for_history()
    walk.find_job_in_recruiter()
    walk.connect_users()
    walk.add_second_contract()
    assert sandbox.linkedin.journal.violations() == []


def test_same_way_without_javascript_but_for_linkedins_own_window(
    page: Page, browser: Browser, sandbox: Sandbox, running: Running
) -> None:
    """``page`` is that of the Recruiter admin, who was sent a link; the admin's own browser runs no scripts."""
    with browser.new_context(java_script_enabled=False) as context:
        walk = ScriptlessWalk(context.new_page(), sandbox, running, colleague=page)
        walk.page.set_default_timeout(30_000)
        walk.come_in()
        walk.connect_ats()
        walk.agree()
        walk.hand_over()
        walk.enable("Company", "Contract")
        walk.wait_for_history()
        walk.find_job_in_recruiter()
        walk.connect_users()
    assert sandbox.linkedin.journal.violations() == []


class Walk:
    """The steps of the way. ``page`` is the console's, Recruiter opens in pages of its own."""

    def __init__(self, page: Page, sandbox: Sandbox, running: Running) -> None:
        self.page = page
        self.sandbox = sandbox
        self.running = running
        self.network = sandbox.linkedin.state.network
        self.linkedin = by_name(sandbox.linkedin_url)

    def come_in(self) -> None:
        page = self.page
        page.goto(self.running.link)
        page.get_by_label("User name").fill("ada")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password again").fill(PASSWORD)
        page.get_by_role("button", name="Become the first admin").click()
        page.get_by_label("Name of the company").fill("Harbourline Instruments")
        page.get_by_role("button", name="Make the workspace").click()
        expect(page).to_have_url(re.compile("/w/harbourline-instruments/$"))

    def connect_ats(self) -> None:
        page = self.page
        page.get_by_role("main").get_by_role("link", name="Connect", exact=True).click()
        page.get_by_label("API key", exact=True).last.fill(self.sandbox.smartrecruiters.credentials()["api_key"])
        page.get_by_role("button", name="Test and save").first.click()
        expect(page.get_by_text("All permissions for reading are there")).to_be_visible()

    def agree(self) -> None:
        page = self.page
        self.open("Data shared")
        page.get_by_label("I recognize").check()
        page.get_by_role("button", name="Agree and save").click()
        expect(page.get_by_text("agreed to this for your company")).to_be_visible()

    def open(self, name: str) -> None:
        self.page.get_by_role("navigation").get_by_role("link", name=name).first.click()

    def add_first_contract(self) -> None:
        self.open("Contracts")
        self.page.get_by_role("button", name="+ Add contract").first.click()
        self.request()
        expect(self.page.get_by_text("Recruiter admin's turn").first).to_be_visible()

    def request_at(self, address: str) -> None:
        """As somebody who has the link and no account."""
        self.page.goto(address)
        self.page.get_by_role("button", name="Start").click()
        self.request()

    def request(self) -> None:
        """Both levels, in LinkedIn's frame."""
        page, frame = self.page, self.page.frame_locator("iframe")
        self.sign_in()
        # Several contracts: LinkedIn asks which.
        frame.get_by_role("button", name="Choose Harbourline Instruments Europe").click()
        frame.get_by_role("button", name="Request company-level access").click()
        expect(page.locator("#progress")).to_contain_text("Company level Requested")
        frame.get_by_role("button", name="Request contract-level access").click()
        expect(page.locator("#progress")).to_contain_text("press Finish", timeout=A_WHILE)
        page.get_by_role("button", name="Finish", exact=True).click()

    def sign_in(self, person: int = ADMIN_OF_BOTH) -> None:
        """Through the window that LinkedIn's frame opens."""
        login = self.network.people[person].login
        with self.page.expect_popup() as window:
            self.page.frame_locator("iframe").get_by_role("link", name="Sign in").click()
        with window.value.expect_event("close"):
            window.value.get_by_role("button", name=login).click()

    def enable(self, *levels: str) -> None:
        page = self.page
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Enable in LinkedIn").click()
        recruiter = opened.value
        for level in levels:
            switch = recruiter.get_by_role("switch", name=f"{level}-level access")
            switch.click()
            expect(switch).to_be_checked()
        recruiter.close()
        page.get_by_role("button", name="Ask LinkedIn now").click()
        expect(page.get_by_text("Nobody's turn").first).to_be_visible(timeout=A_WHILE)

    def wait_for_history(self) -> None:
        page = self.page
        self.open("Historical sync")
        expect(page.get_by_text("History complete")).to_be_visible(timeout=A_WHILE)
        expect(page.get_by_text("They agree")).to_be_visible(timeout=2 * A_WHILE)

    def find_job_in_recruiter(self) -> None:
        """By type-ahead, under Export to… of somebody's profile."""
        titles = [str(job["title"]) for job in self.dump("jobs") if job["state"] == "OPEN"]
        member = next(one for one in self.sandbox.linkedin.state.directory.members.values() if one.emails)
        recruiter = self.page.context.new_page()
        recruiter.goto(f"{self.linkedin}/recruiter/people/{member.number}")
        recruiter.get_by_role("link", name="Export to…").click()
        recruiter.get_by_role("combobox", name="Job").press_sequentially(titles[0][:12])
        expect(recruiter.get_by_role("option").filter(has_text=titles[0]).first).to_be_visible()
        recruiter.close()

    def dump(self, entity: str) -> list[dict[str, Any]]:
        """What LinkedIn has, by the control room."""
        answer = httpx2.get(f"{self.sandbox.linkedin_url}/_sandbox/dump/{entity}", trust_env=False, timeout=60)
        return [json.loads(line) for line in answer.text.splitlines()]

    def connect_users(self) -> None:
        page = self.page
        self.open("Connect users")
        page.get_by_role("button", name="Read seats and users now").click()
        page.get_by_role("button", name=re.compile("^Accept")).click()
        expect(page.get_by_text(re.compile("seats? (is|are) connected"))).to_be_visible()
        page.get_by_role("link", name="All", exact=True).click()
        page.get_by_role("link", name=re.compile("^(Choose|Change)")).first.click()
        # The search has the focus; the rest goes by keyboard.
        user = next(one for one in self.sandbox.smartrecruiters.state.world.users if one.active)
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type(user.last_name)
        found = page.get_by_role("region", name="Users found").get_by_role("button").first
        expect(found).to_be_visible()
        for _ in range(2):
            page.keyboard.press("Tab")
        expect(found).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Connected. InMails and notes of this seat")).to_be_visible()

    def add_second_contract(self) -> None:
        page, frame = self.page, self.page.frame_locator("iframe")
        self.open("Contracts")
        page.get_by_role("button", name="+ Add contract").first.click()
        # The trap: LinkedIn remembers the first contract until somebody signs out, and the page says so.
        expect(page.get_by_text("To be offered another contract, first sign out of LinkedIn")).to_be_visible()
        expect(frame.get_by_text("Harbourline Instruments Europe")).to_be_visible()
        with page.context.expect_page() as opened:
            frame.get_by_role("link", name="sign out of Recruiter").click()
        opened.value.get_by_role("button", name="Sign out").click()
        expect(opened.value.get_by_role("heading", name="Sign in")).to_be_visible()
        opened.value.close()
        page.reload()
        # Somebody with one contract: LinkedIn does not ask which.
        self.sign_in(ADMIN_OF_ONE)
        frame.get_by_role("button", name="Request contract-level access").click()
        expect(frame.get_by_role("button", name=re.compile("^Choose"))).to_have_count(0)
        expect(page.locator("#progress")).to_contain_text("press Finish", timeout=A_WHILE)
        page.get_by_role("button", name="Finish", exact=True).click()
        self.enable("Contract")
        self.open("Contracts")
        expect(page.get_by_role("main").get_by_text("Enabled", exact=True)).to_have_count(2)


class ScriptlessWalk(Walk):
    """Each step by plain links and forms, and by reloading."""

    def __init__(self, page: Page, sandbox: Sandbox, running: Running, *, colleague: Page) -> None:
        super().__init__(page, sandbox, running)
        self.colleague = colleague

    def hand_over(self) -> None:
        page = self.page
        self.open("Contracts")
        page.get_by_role("button", name="Make a link").click()
        Walk(self.colleague, self.sandbox, self.running).request_at(page.locator("#handover-link").inner_text())
        expect(self.colleague.get_by_text("One step is left, in Recruiter itself")).to_be_visible()
        self.open("Contracts")
        page.get_by_role("link", name="Steps and settings").click()
        # Recruiter, in this browser too.
        person = self.network.people[ADMIN_OF_BOTH]
        page.get_by_role("main").get_by_role("link", name="Enable in LinkedIn").click()
        with page.context.new_page() as recruiter:
            recruiter.goto(f"{self.linkedin}/recruiter")
            recruiter.get_by_label("E-mail address").fill(person.login)
            recruiter.get_by_label("Password").fill(person.password)
            recruiter.get_by_role("button", name="Sign in", exact=True).click()
            recruiter.get_by_role("button", name="Choose Harbourline Instruments Europe").click()

    def wait_for_history(self) -> None:
        for words in ("History complete", "They agree"):
            self.reload_until("Historical sync", words)

    def reload_until(self, name: str, words: str) -> None:
        ends_at = time.monotonic() + 2 * A_WHILE / 1000
        self.open(name)
        while not self.page.get_by_text(words).count():
            assert time.monotonic() < ends_at, f"{words} did not come"
            self.page.wait_for_timeout(500)
            self.open(name)

    def find_job_in_recruiter(self) -> None:
        title = next(str(job["title"]) for job in self.dump("jobs") if job["state"] == "OPEN")
        member = next(one for one in self.sandbox.linkedin.state.directory.members.values() if one.emails)
        with self.page.context.new_page() as recruiter:
            recruiter.goto(f"{self.linkedin}/recruiter/people/{member.number}/export")
            recruiter.get_by_label("Job", exact=True).fill(title[:12])
            recruiter.get_by_role("button", name="Find").click()
            expect(recruiter.get_by_text(title).first).to_be_visible()

    def connect_users(self) -> None:
        page = self.page
        self.open("Connect users")
        page.get_by_role("button", name="Read seats and users now").click()
        page.get_by_role("link", name=re.compile("^(Choose|Change)")).first.click()
        user = next(one for one in self.sandbox.smartrecruiters.state.world.users if one.active)
        page.get_by_role("searchbox").fill(user.last_name)
        page.get_by_role("button", name="Search").click()
        page.get_by_role("region", name="Users found").get_by_role("button").first.click()
        expect(page.get_by_text("Connected. InMails and notes of this seat")).to_be_visible()
