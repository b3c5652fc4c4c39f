"""The imitated SmartRecruiters in Chromium: a job is published, somebody moves through it, and is found on LinkedIn."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from landbridge.sandbox import Sandbox
from tests.browser.partner import Partner


@pytest.fixture
def heard(sandbox: Sandbox) -> list[str]:
    """The names of what happens, as subscribers hear them."""
    heard: list[str] = []
    sandbox.smartrecruiters.state.tell = lambda happening: heard.append(happening.name)
    return heard


def sign_in(page: Page, sandbox: Sandbox) -> None:
    page.goto(f"{sandbox.smartrecruiters_url}/app")
    admin = sandbox.smartrecruiters.state.world.users[0]
    page.get_by_role("button", name=f"Sign in as {admin.first_name} {admin.last_name}").click()
    expect(page.get_by_role("heading", name="Jobs")).to_be_visible()


def test_job_is_published_and_a_candidate_moves_through_it(page: Page, sandbox: Sandbox, heard: list[str]) -> None:
    sign_in(page, sandbox)
    page.get_by_role("link", name="Create a job").click()
    page.get_by_label("Title").fill("Lighthouse Electrician")
    page.get_by_label("Description").fill("Keeps the lamps burning.")
    page.get_by_role("button", name="Create").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published: Public")).to_be_visible()
    page.get_by_role("link", name="Add somebody new").click()
    for label, text in (("First name", "Ilse"), ("Last name", "Quist"), ("E-mail address", "ilse@example.org")):
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Create").click()
    for step in ("In review: Team Screen", "Interview: Panel", "Offered: Sent", "Hired"):
        page.get_by_label("Step").select_option(step)
        page.get_by_role("button", name="Move").click()
        expect(page.get_by_role("status")).to_have_text("The application has moved on.")
    page.get_by_label("New note").fill("Starts in spring")
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_text("Starts in spring")).to_be_visible()
    page.get_by_text("Delete", exact=True).click()
    page.get_by_role("button", name="Delete this candidate").click()
    expect(page.get_by_role("heading", name="Candidates")).to_be_visible()
    assert heard == [
        "job.created", "job.ad.created", "job.ad.postings.updated", "job.status.updated", "candidate.created",
        "application.created", *["application.status.updated"] * 4, "candidate.deleted",
    ]  # fmt: skip


def test_linkedin_widget_tells_the_ats_whom_it_linked(page: Page, sandbox: Sandbox, partner: Partner) -> None:
    linkedin, ats = sandbox.linkedin, sandbox.smartrecruiters
    linkedin.recruiter.set_status(linkedin.state.network.organization, "PROFILE_PLUGIN", "ENABLED")
    stranger = linkedin.state.network.members[-1]
    candidate = next(iter(ats.state.world.candidates))
    partner.put_candidate(candidate, "nobody@mail.example.net")
    sign_in(page, sandbox)
    page.goto(f"{sandbox.smartrecruiters_url}/app/people/candidates/{candidate}")
    frame = page.frame_locator("iframe")
    partner.sign_in(page, frame, 2)
    frame.get_by_role("searchbox").fill(stranger.name)
    frame.get_by_role("button", name="Search").click()
    frame.get_by_role("button", name=f"Link {stranger.name}").first.click()
    expect(page.locator("#linkedin-member")).to_contain_text("urn:li:person:")
    page.reload()
    expect(page.locator("#linkedin-member")).to_contain_text("urn:li:person:")


def test_widget_is_there_without_any_setup_and_speaks_for_the_newest_application(page: Page, sandbox: Sandbox) -> None:
    """Nobody has said on which pages widgets may be: those of the sandbox's own ATS need no such word."""
    state, candidate = sandbox.linkedin.state, next(iter(sandbox.smartrecruiters.state.world.candidates))
    sandbox.linkedin.recruiter.set_status(state.network.organization, "PROFILE_PLUGIN", "ENABLED")
    sign_in(page, sandbox)
    page.goto(f"{sandbox.smartrecruiters_url}/app/people/candidates/{candidate}")
    expect(page.frame_locator("iframe").get_by_text("Sign in").first).to_be_visible()
    newest = state.add_application("a-customer")
    assert newest.sdk_domains == state.child.sdk_domains == []
    sandbox.linkedin.recruiter.request(client_id=newest.client_id)
    page.reload()
    expect(page.frame_locator("iframe").get_by_text("Not switched on")).to_be_visible()
    assert f"api_key={newest.client_id}" in (page.locator("iframe").get_attribute("src") or "")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 375)])
def test_pages_are_accessible_and_fit(
    page: Page, sandbox: Sandbox, scheme: Literal["light", "dark"], width: int
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    world = sandbox.smartrecruiters.state.world
    del sandbox.site.urls["linkedin"]  # the frame is LinkedIn's own to answer for
    page.goto(f"{sandbox.smartrecruiters_url}/app/sign-in")
    check(page)
    sign_in(page, sandbox)
    jobs, people = next(iter(world.jobs)), next(iter(world.candidates))
    for path in ("jobs", "jobs/new", f"jobs/{jobs}", "people/candidates", f"people/candidates/{people}"):
        page.goto(f"{sandbox.smartrecruiters_url}/app/{path}")
        for details in page.locator("details").all():
            details.evaluate("each => { each.open = true }")
        check(page)


def check(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
