"""The configuration widget on a partner's page: request, answer, enable in Recruiter, push."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from landbridge.sandbox import Sandbox
from tests.browser.partner import ONBOARDING, Partner

COMPANY = {"ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN"}
ADMIN_OF_BOTH, RECRUITER, ADMIN_OF_SECOND = 0, 1, 2
LITE, SEATLESS = -3, -1


@pytest.mark.parametrize("extension", [ONBOARDING, "/recruiter/widget/ATSIntegration"])
def test_request_is_answered_enabled_in_recruiter_and_pushed(
    page: Page, partner: Partner, sandbox: Sandbox, extension: str
) -> None:
    page.goto(partner.settings_page(extension=extension))
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
