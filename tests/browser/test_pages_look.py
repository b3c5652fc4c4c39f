"""Pages and widgets for everybody: names and labels, contrast in light and dark, narrow screens, the keyboard."""

from __future__ import annotations

import json

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from landbridge.sandbox import Sandbox
from tests.browser.partner import Partner

ADMIN_OF_BOTH, ADMIN = 0, 2
WIDTHS = (375, 1440)


def sign_in(page: Page, sandbox: Sandbox, person: int) -> None:
    login = sandbox.linkedin.state.network.people[person].login
    page.goto(f"{sandbox.linkedin_url}/login")
    page.get_by_role("button", name=login).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def check(page: Page) -> None:
    """Nothing that axe finds, in light and in dark, and nothing to scroll to the side."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        found = Axe().run(page).response["violations"]
        assert not found, json.dumps([(one["id"], one["nodes"][0]["html"]) for one in found], indent=1)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def request_access(sandbox: Sandbox) -> None:
    network, child = sandbox.linkedin.state.network, sandbox.linkedin.state.child
    sandbox.linkedin.recruiter.request(network.organization, network.contracts[1].urn)
    child.integrations[network.contracts[1].urn, "CSA_API", "RECRUITER"].name = "Harbour ATS"


def test_sign_in_and_choice_of_the_contract(page: Page, sandbox: Sandbox) -> None:
    page.goto(f"{sandbox.linkedin_url}/login")
    check(page)
    sign_in(page, sandbox, ADMIN_OF_BOTH)
    expect(page.get_by_role("heading", name="Choose a contract")).to_be_visible()
    check(page)


def test_home_and_the_ats_tab(page: Page, sandbox: Sandbox) -> None:
    request_access(sandbox)
    sign_in(page, sandbox, ADMIN)
    check(page)
    page.goto(f"{sandbox.linkedin_url}/recruiter/admin/ats")
    expect(page.get_by_role("switch")).to_have_count(2)
    check(page)


def test_refusal_says_what_to_do(page: Page, sandbox: Sandbox, complaints: list[str]) -> None:
    page.goto(f"{sandbox.linkedin_url}/recruiter/nothing/here")
    expect(page.get_by_role("alert")).to_contain_text("no page at this address")
    check(page)
    assert "404" in complaints.pop()


def test_widgets(page: Page, partner: Partner, sandbox: Sandbox) -> None:
    page.goto(partner.settings_page())
    source = page.locator("iframe").get_attribute("src")
    check(page)
    # What is in a frame is looked at without the frame.
    page.goto(source or "")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    check(page)
    sign_in(page, sandbox, ADMIN_OF_BOTH)
    page.goto(source or "")
    check(page)
    page.get_by_role("button", name="Choose").first.click()
    page.get_by_role("button", name="Request company-level access").click()
    expect(page.get_by_role("button", name="Notify partner")).to_be_visible()
    check(page)


def test_profile_widget(page: Page, partner: Partner, sandbox: Sandbox) -> None:
    network = sandbox.linkedin.state.network
    sandbox.linkedin.recruiter.set_status(network.organization, "PROFILE_PLUGIN", "ENABLED")
    partner.put_candidate("C1", network.members[-1].emails[0])
    partner.put_candidate("C2")
    sign_in(page, sandbox, ADMIN)
    for candidate, heading in (("C1", network.members[-1].name), ("C2", "Find this candidate on LinkedIn")):
        page.goto(partner.candidate_page(candidate))
        page.goto(page.locator("iframe").get_attribute("src") or "")
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        check(page)


def test_ats_tab_is_switched_with_the_keyboard(page: Page, sandbox: Sandbox) -> None:
    request_access(sandbox)
    sign_in(page, sandbox, ADMIN)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.goto(f"{sandbox.linkedin_url}/recruiter/admin/ats")
    switch = page.get_by_role("switch", name="Contract-level access")
    switch.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("switch", name="Contract-level access")).to_be_checked()


def test_imitated_ats_shows_widgets_without_being_provisioned(
    page: Page, sandbox: Sandbox, complaints: list[str]
) -> None:
    child = sandbox.linkedin.state.child
    assert not child.sdk_domains
    settings = (
        f"api_key: {child.client_id}\n extensions: HcmWidget@{sandbox.linkedin_url}/rsc/extensions/profile-widget"
    )
    page.goto(f"{sandbox.smartrecruiters_url}/no/such/page")
    page.evaluate(
        """([source, settings, context]) => {
          const place = Object.assign(document.createElement("script"), { type: "IN/HcmWidget" });
          Object.assign(place.dataset, { widgetType: "ATS", atsCandidateId: "C1", integrationContext: context });
          const loader = Object.assign(document.createElement("script"), { textContent: settings });
          loader.src = source;
          document.body.append(place, loader);
        }""",
        [f"{sandbox.linkedin_url}/xdoor/scripts/in.js", settings, sandbox.linkedin.state.network.organization],
    )
    expect(page.frame_locator("iframe").get_by_text("PROFILE_PLUGIN is not enabled")).to_be_visible()
    assert all("404" in one for one in complaints)
    complaints.clear()
