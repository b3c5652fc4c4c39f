"""The configuration widget on a partner's page: request, answer, enable in Recruiter, push."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from landbridge.sandbox import Sandbox
from tests.browser.chromium import allow_third_party_cookies, chromium
from tests.browser.partner import BOTH_LEVELS, Partner

COMPANY = {"ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN"}
ADMIN_OF_BOTH, RECRUITER, ADMIN_OF_SECOND = 0, 1, 2
LITE, SEATLESS = -3, -1


def test_request_is_answered_enabled_in_recruiter_and_pushed(page: Page, partner: Partner, sandbox: Sandbox) -> None:
    page.goto(partner.settings_page())
    frame = page.frame_locator("iframe")
    partner.sign_in(page, frame, ADMIN_OF_BOTH)
    frame.get_by_role("button", name="Choose Harbourline Instruments Europe").click()

    frame.get_by_role("button", name="Request company-level access").click()
    expect(frame.get_by_role("button", name="Notify partner of company-level access")).to_be_visible()
    page.wait_for_function("told.length === 1")
    asked = page.evaluate("told[0]")
    assert {one["integrationType"] for one in asked} == COMPANY
    assert asked[0] == {
        "integrationContext": sandbox.linkedin.state.network.organization,
        "integrationType": "ONE_CLICK_EXPORT",
        "tenantType": "RECRUITER",
        "onboardingStatus": "REQUESTED",
    }
    frame.get_by_role("button", name="Notify partner of company-level access").click()
    page.wait_for_function("told.length === 2")
    assert page.evaluate("told[1]") == asked
    frame.get_by_role("button", name="Request contract-level access").click()
    page.wait_for_function("told.length === 3")
    [contract_level] = page.evaluate("told[2]")
    assert contract_level["integrationContext"] == sandbox.linkedin.state.network.contracts[0].urn

    partner.name_integrations([*asked, contract_level])
    expect(frame.get_by_text("Partner ready")).to_have_count(2)

    recruiter = page.context.new_page()
    recruiter.goto(f"{sandbox.linkedin_url}/recruiter")
    recruiter.get_by_text("More", exact=True).click()
    recruiter.get_by_role("link", name="Admin Settings").first.click()
    switch = recruiter.get_by_role("switch", name="Company-level access of Harbour ATS")
    expect(switch).to_be_disabled()
    expect(recruiter.get_by_text("CALLBACK_URL is not set")).to_be_visible()
    partner.set_callback()
    recruiter.reload()
    switch.click()
    expect(switch).to_be_checked()
    recruiter.get_by_role("switch", name="Contract-level access of Harbour ATS").click()
    expect(recruiter.get_by_role("status")).to_contain_text("Contract-level access of Harbour ATS is on")

    expect(frame.get_by_text("Enabled", exact=True)).to_have_count(2)
    pushed = partner.wait_for_pushes(4)
    assert {push["type"] for push in pushed} == {"INTEGRATION_STATUS_CHANGE"}
    enabled = [partner.read_request(push["id"])[0] for push in pushed]
    assert {(one["integrationType"], one["status"]) for one in enabled} == {
        (type_, "ENABLED") for type_ in (*COMPANY, "CSA_API")
    }


def test_contract_is_not_asked_for_where_there_is_one(page: Page, partner: Partner) -> None:
    page.goto(partner.settings_page())
    frame = page.frame_locator("iframe")
    partner.sign_in(page, frame, ADMIN_OF_SECOND)
    expect(frame.get_by_role("button", name="Request contract-level access")).to_be_visible()
    expect(frame.get_by_text("Harbourline Instruments Overseas")).to_be_visible()
    expect(frame.get_by_text("sign out of Recruiter")).to_have_count(0)


def test_chosen_contract_stays_until_sign_out(page: Page, partner: Partner, sandbox: Sandbox) -> None:
    page.goto(partner.settings_page())
    frame = page.frame_locator("iframe")
    partner.sign_in(page, frame, ADMIN_OF_BOTH)
    frame.get_by_role("button", name="Choose Harbourline Instruments Europe").click()
    expect(frame.get_by_role("button", name="Request contract-level access")).to_be_visible()
    page.reload()
    expect(frame.get_by_text("Harbourline Instruments Europe")).to_be_visible()
    expect(frame.get_by_role("button", name="Request contract-level access")).to_be_visible()
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="sign out of Recruiter").click()
    opened.value.get_by_role("button", name="Sign out").click()
    expect(opened.value.get_by_role("heading", name="Sign in")).to_be_visible()
    # A page behind another is slow: its timers and frames are.
    opened.value.close()
    page.reload()
    partner.sign_in(page, frame, ADMIN_OF_BOTH)
    frame.get_by_role("button", name="Choose Harbourline Instruments Overseas").click()
    frame.get_by_role("button", name="Request contract-level access").click()
    page.wait_for_function("told.length === 1")
    assert page.evaluate("told[0][0].integrationContext") == sandbox.linkedin.state.network.contracts[1].urn


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (RECRUITER, "is not an admin of Harbourline Instruments Europe"),
        (LITE, "not with Recruiter Lite"),
        (SEATLESS, "has no Recruiter seat"),
    ],
)
def test_who_may_not_request_is_told_why(page: Page, partner: Partner, person: int, reason: str) -> None:
    page.goto(partner.settings_page())
    frame = page.frame_locator("iframe")
    partner.sign_in(page, frame, person)
    expect(frame.get_by_text(reason)).to_be_visible()
    expect(frame.get_by_role("button", name="Request")).to_have_count(0)


def test_page_offers_what_its_ats_supports(page: Page, partner: Partner) -> None:
    """Also with the extension's address of LinkedIn's samples."""
    types = "RECRUITER_SYSTEM_CONNECT_CONTRACT,APPLY_WITH_LINKEDIN"
    page.goto(partner.settings_page(extension="/recruiter/widget/ATSIntegration", types=types))
    frame = page.frame_locator("iframe")
    partner.sign_in(page, frame, ADMIN_OF_SECOND)
    expect(frame.get_by_role("button", name="Request")).to_have_count(1)


@pytest.fixture
def elsewhere(partner: Partner, sandbox: Sandbox) -> str:
    """The page on another site than LinkedIn's: localhost and 127.0.0.1 are two."""
    sandbox.linkedin.state.child.sdk_domains = [partner.origin.replace("127.0.0.1", "localhost")]
    return partner.settings_page().replace("127.0.0.1", "localhost")


def test_signing_in_does_not_help_where_third_party_cookies_are_blocked(
    page: Page, partner: Partner, elsewhere: str
) -> None:
    """As they are in private windows, and in every profile of these tests."""
    page.goto(elsewhere)
    frame = page.frame_locator("iframe")
    partner.sign_in(page, frame, ADMIN_OF_SECOND)
    page.reload()
    expect(frame.get_by_text("allow third-party cookies")).to_be_visible()


def test_widget_works_on_another_site_where_third_party_cookies_are_allowed(
    browser: Browser, partner: Partner, elsewhere: str, tmp_path: Path
) -> None:
    allow_third_party_cookies(tmp_path)
    with browser.browser_type.launch_persistent_context(tmp_path, **chromium()) as context:
        page = context.new_page()
        page.goto(elsewhere)
        frame = page.frame_locator("iframe")
        partner.sign_in(page, frame, ADMIN_OF_SECOND)
        frame.get_by_role("button", name="Request company-level access").click()
        page.wait_for_function("told.length === 1")


@pytest.mark.parametrize(
    ("allowed", "types", "complaint"),
    [
        ([], BOTH_LEVELS, "is not one of the validJsSdkDomains"),
        (["https://ats.example.org"], BOTH_LEVELS, "(allowed: https://ats.example.org), so the widget does not load"),
        (None, "", "needs data-supported-bundled-integration-types"),
    ],
)
def test_widget_that_does_not_load_says_why_in_the_console_only(
    page: Page,
    partner: Partner,
    sandbox: Sandbox,
    complaints: list[str],
    allowed: list[str] | None,
    types: str,
    complaint: str,
) -> None:
    if allowed is not None:
        sandbox.linkedin.state.child.sdk_domains = allowed
    with page.expect_console_message(lambda message: complaint in message.text):
        page.goto(partner.settings_page(types=types))
    expect(page.locator("iframe")).to_have_count(0)
    assert complaint in complaints.pop()


def test_frame_is_not_shown_in_a_page_that_is_not_allowed(
    page: Page, partner: Partner, sandbox: Sandbox, complaints: list[str]
) -> None:
    """Somebody who leaves the loader out and frames the widget with another's origin."""
    other = "http://127.0.0.1:9"
    sandbox.linkedin.state.child.sdk_domains = [other]
    client_id = sandbox.linkedin.state.child.client_id
    source = f"{sandbox.linkedin_url}/rsc/widget/onboarding?api_key={client_id}&origin={other}&types={BOTH_LEVELS}"
    page.goto(partner.settings_page(types=""))
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.evaluate(
            "source => document.body.append(Object.assign(document.createElement('iframe'), { src: source }))",
            source,
        )
    expect(page.frame_locator("iframe").get_by_role("link", name="Sign in")).to_have_count(0)
    complaints.clear()
