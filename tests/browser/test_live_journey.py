"""Both ways, live, in a browser: what recruiters do in LinkedIn stands in the ATS, and the other way round.

Against the processes of the demo, which a user has left open. Everything is done and seen on pages: Recruiter's, those
of SmartRecruiters, and the console's.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console import look
from tests.browser.demo import OpenDemo

SUBJECT, MAIL = "A role by the sea", "Would you like to hear about a role by the sea?"
ANSWER, NOTE = "Gladly, on Friday.", "Asked about the harbour first."
LAST_NAME = "Tidewater"
A_WHILE = 90.0  # seconds; InMails are looked for every few, and the machine of the tests may be busy

pytestmark = pytest.mark.timeout(420)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[OpenDemo]:
    with OpenDemo(60, tmp_path / "data") as demo:
        yield demo


def test_exports_inmails_and_edits_arrive_on_the_other_side(demo: OpenDemo, page: Page) -> None:
    page.set_default_timeout(30_000)
    journey = Journey(page, demo)
    journey.come_in()
    journey.find_somebody()
    journey.write_inmail_and_note()
    journey.answer_as_member()
    title = journey.export()
    journey.read_in_ats(title)
    journey.see_in_console()
    journey.edit_in_ats()
    journey.see_in_recruiter(title)


class Journey:
    """One page for each of the three, as somebody has tabs open."""

    def __init__(self, page: Page, demo: OpenDemo) -> None:
        self.console = page
        self.recruiter = page.context.new_page()
        self.ats = page.context.new_page()
        self.told = demo.told
        self.name = ""

    def come_in(self) -> None:
        """Into the console by the printed link, which leads to the demo's workspace."""
        page = self.console
        page.goto(self.told["console"])
        expect(page).to_have_url(re.compile("/w/demo/$"))

    def find_somebody(self) -> None:
        """Whom no ATS knows and nobody has written to."""
        page = self.recruiter
        page.goto(self.told["recruiter"])
        page.get_by_label("E-mail address").fill(self.told["login"])
        page.get_by_label("Password").fill(self.told["password"])
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("button", name=re.compile("^Choose ")).first.click()
        page.goto(f"{self.told['recruiter']}/people")
        page.get_by_label("Show").select_option("Not in the ATS")
        page.get_by_role("button", name="Search").click()
        while page.get_by_role("link", name="Next").count():
            page.get_by_role("link", name="Next").click()
        names = page.locator(".people h2 a").all_inner_texts()
        addresses = [link.get_attribute("href") for link in page.locator(".people h2 a").all()]
        for name, address in reversed(list(zip(names, addresses, strict=True))):
            page.goto(self.told["recruiter"].removesuffix("/recruiter") + str(address))
            if page.get_by_text("Nobody has written to").count() and not page.get_by_text("read by the ATS").count():
                self.name = name
                return
        raise AssertionError("everybody has been written to")

    def write_inmail_and_note(self) -> None:
        page = self.recruiter
        self.profile = page.url
        page.get_by_label("New note").fill(NOTE)
        page.get_by_role("button", name="Add note").click()
        expect(page.get_by_role("status")).to_have_text("Note added.")
        page.get_by_role("link", name="Send InMail").click()
        page.get_by_label("Subject").fill(SUBJECT)
        page.get_by_label("Message").fill(MAIL)
        page.get_by_role("button", name="Send InMail").click()
        expect(page.get_by_role("status")).to_have_text("InMail sent.")

    def answer_as_member(self) -> None:
        page = self.recruiter
        page.get_by_role("link", name="act as this member").click()
        thread = page.get_by_role("region", name=SUBJECT)
        thread.get_by_label("Answer").fill(ANSWER)
        thread.get_by_label("Share my e-mail address").check()
        thread.get_by_role("button", name="Accept and answer").click()
        expect(page.get_by_role("status")).to_have_text("Answer sent, contact details shared.")

    def export(self) -> str:
        """To the first job there is; its title."""
        page = self.recruiter
        page.goto(self.profile)
        page.get_by_role("link", name="Export to…").click()
        page.get_by_role("combobox", name="Job").press("ArrowDown")
        page.get_by_role("option").first.click()
        title = page.get_by_text("Chosen: ").inner_text().removeprefix("Chosen: ").partition(" · ")[0]
        page.get_by_role("button", name="Export", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text(f"Exported to “{title}”")
        return title

    def read_in_ats(self, title: str) -> None:
        """The candidate with the application, and what was written as notes, on SmartRecruiters' own page."""
        page = self.ats
        page.goto(self.told["ats"])
        page.get_by_role("button", name=re.compile("^Sign in as")).first.click()
        page.goto(f"{self.told['ats']}/people/candidates")
        page.get_by_label("Name or e-mail address").fill(self.name)
        page.get_by_role("button", name="Search").click()
        found = page.get_by_role("row").filter(has_text=self.name).filter(has_text=title)
        reload_until(page, lambda: found.count() > 0, "the exported person is no candidate for the job")
        found.first.get_by_role("link").click()
        reload_until(page, lambda: page.get_by_text(MAIL).count() > 0, "the InMail is no note")
        reload_until(page, lambda: page.get_by_text(NOTE).count() > 0, "the prospect note is no note")
        reload_until(page, lambda: page.get_by_text(ANSWER).count() > 0, "the answer is no note")
        expect(page.get_by_role("region", name="Applications").get_by_role("link", name=title)).to_be_visible()
        expect(page.get_by_text("LinkedIn Recruiter").first).to_be_visible()

    def see_in_console(self) -> None:
        """What came, from whom, where it landed."""
        page = self.console
        page.get_by_role("navigation").get_by_role("link", name="Activity").first.click()
        for what, where in (
            ("Exported in Recruiter", "A candidate in the ATS"),
            ("InMail", "A note in the ATS"),
            ("Prospect note", "A note in the ATS"),
            ("Candidate changed in the ATS", "On LinkedIn"),
        ):
            line = page.get_by_role("row").filter(has_text=what).filter(has_text=self.name)
            reload_until(page, lambda line=line, where=where: line.filter(has_text=where).count() > 0, what)  # type: ignore[misc]
        look(page, "activity-flows")

    def edit_in_ats(self) -> None:
        page = self.ats
        # By keyboard: LinkedIn's widget above it may still be growing.
        page.get_by_text("Edit", exact=True).press("Enter")
        page.get_by_label("Last name").fill(LAST_NAME)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name=re.compile(f"{LAST_NAME}$"))).to_be_visible()

    def see_in_recruiter(self, title: str) -> None:
        """In the panel on the profile, as LinkedIn shows what the ATS has told."""
        page = self.recruiter
        page.goto(self.profile)
        panel = page.locator("#in-ats")
        reload_until(page, lambda: panel.get_by_text(LAST_NAME).count() > 0, "the edit is not In ATS")
        expect(panel.get_by_role("heading", name=title)).to_be_visible()
        line = self.console.get_by_role("row").filter(has_text=LAST_NAME).filter(has_text="On LinkedIn")
        reload_until(self.console, lambda: line.count() > 0, "the edit is not in the activity")


def reload_until(page: Page, there: Callable[[], bool], otherwise: str) -> None:
    """As somebody does who waits for something."""
    ends_at = time.monotonic() + A_WHILE
    while not there():
        assert time.monotonic() < ends_at, f"{otherwise}: {page.locator('main').inner_text()[:2000]}"
        page.wait_for_timeout(500)
        page.reload()
