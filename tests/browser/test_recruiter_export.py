"""Export to…: with the keyboard, with the mouse, without a script; pushed to the ATS and read by it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from landbridge.sandbox import Sandbox
from tests.browser.partner import Partner
from tests.browser.recruiter import Recruiter


@pytest.fixture
def recruiter(page: Page, sandbox: Sandbox, partner: Partner) -> Recruiter:
    recruiter = Recruiter(page, sandbox, partner)
    recruiter.connect()
    return recruiter


def exports_pushed(recruiter: Recruiter) -> list[str]:
    """Ids of the exports the callback was told of; connecting itself pushed one change per enabled integration."""
    pushes = recruiter.partner.wait_for_pushes(4)
    return [str(push["id"]) for push in pushes if push["type"] == "EXPORT_CANDIDATE_PROFILE"]


def test_export_by_keyboard_is_pushed_and_read(recruiter: Recruiter) -> None:
    page, member = recruiter.page, recruiter.member
    recruiter.open_profile()
    page.get_by_role("link", name="Export to…").press("Enter")
    field = page.get_by_role("combobox", name="Job")
    expect(field).to_be_focused()
    expect(page.get_by_role("button", name="Export", exact=True)).to_be_disabled()
    page.keyboard.type("tram")
    expect(page.get_by_role("option")).to_have_text(
        ["Tram DriverREQ-1 · Brno, Czechia", "Tram MechanicREQ-4 · Brno, Czechia"]
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Chosen: Tram Mechanic")).to_be_visible()
    page.keyboard.press("Enter")  # the focus is on the button now
    expect(page.get_by_role("status")).to_have_text(
        "Exported to “Tram Mechanic”. Harbour ATS has been told and will read the profile."
    )
    expect(page.get_by_text("the ATS has not read it yet")).to_be_visible()

    [request] = exports_pushed(recruiter)
    [exported] = recruiter.find("exportedCandidates", "request", requestId=request)
    assert exported["externalJobPostingId"] == "REQ-4"
    assert exported["integrationContext"] == recruiter.organization
    assert exported["candidate"]["member"] == recruiter.urn
    assert exported["candidate"]["firstName"] == member.first_name
    page.reload()
    expect(page.get_by_text("read by the ATS")).to_be_visible()


def test_type_ahead_tells_assistive_technology_what_it_does(recruiter: Recruiter) -> None:
    page = recruiter.page
    recruiter.open(f"/recruiter/people/{recruiter.member.number}/export")
    field = page.get_by_role("combobox", name="Job")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press("ArrowDown")  # opens the list of everything
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("listbox", name="Jobs").get_by_role("option")).to_have_count(4)
    expect(page.get_by_text("4 jobs fit.")).to_be_visible()
    field.press("ArrowUp")  # from the field to the last
    last = page.get_by_role("option").last
    expect(last).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", last.get_attribute("id") or "")
    field.press("ArrowDown")  # round to the first
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.fill("REQ-3")
    expect(page.get_by_role("option")).to_have_count(1)
    expect(page.get_by_role("option")).to_have_attribute("aria-selected", "true")  # the only one needs no arrow
    field.fill("airship")
    expect(page.get_by_text("No job fits.")).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "false")


def test_choice_is_forgotten_when_something_else_is_typed(recruiter: Recruiter) -> None:
    page = recruiter.page
    recruiter.open(f"/recruiter/people/{recruiter.member.number}/export")
    field, button = page.get_by_role("combobox", name="Job"), page.get_by_role("button", name="Export", exact=True)
    field.fill("ferry")
    page.get_by_role("option", name="Ferry Captain").click()
    expect(button).to_be_enabled()
    expect(field).to_have_value("Ferry Captain")
    field.fill("ferr")
    expect(button).to_be_disabled()
    page.get_by_role("option", name="Ferry Captain").click()
    button.click()
    expect(page.get_by_role("status")).to_contain_text("Ferry Captain")
    assert len(recruiter.sandbox.linkedin.state.talent.exports) == 1


def test_export_works_without_a_script(recruiter: Recruiter, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        recruiter.open(f"/recruiter/people/{recruiter.member.number}/export", page)
        page.get_by_label("Job", exact=True).fill("track")
        page.get_by_role("button", name="Find").click()
        page.get_by_role("radio").check()
        page.get_by_role("button", name="Export", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("Track Engineer")
    [export] = recruiter.sandbox.linkedin.state.talent.exports.values()
    assert (export.job, export.member) == ("REQ-2", recruiter.member.number)


def test_jobs_on_no_list_are_hidden_from_everybody_without_the_viewer_setting(recruiter: Recruiter) -> None:
    for integration in recruiter.sandbox.linkedin.state.child.integrations.values():
        integration.configurations.pop("JOB_POSTING_VIEWERS", None)
    recruiter.open(f"/recruiter/people/{recruiter.member.number}/export")
    recruiter.page.get_by_role("combobox", name="Job").press("ArrowDown")
    expect(recruiter.page.get_by_text("No job fits.")).to_be_visible()
