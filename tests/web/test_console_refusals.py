"""Refusals and mishaps on the way to an enabled contract: each leaves a true state and says what comes next.

What only a browser can show, a window that was closed and cookies that are blocked, is in
``tests/browser/test_console_mishaps.py`` too.
"""

from __future__ import annotations

import asyncio
from unittest.mock import patch

import pytest
from django.utils.html import escape

from tests.web.onboarding import COMPANY, Onboarding
from tests.web.people import acts_of


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("linkedin_not_admin", "make a link and send it to them"),
        ("linkedin_lite", "Recruiter Corporate"),
        ("linkedin_window_blocked", "Allow third-party cookies"),
    ],
)
async def test_what_linkedins_window_says_is_kept_with_a_way_on(onboarding: Onboarding, code: str, words: str) -> None:
    """The wrong person, no admin, Recruiter Lite, blocked cookies: only the person before the window sees it."""
    await onboarding.stand_before_the_window()
    await onboarding.send("contracts/window/refused", "contracts/window", code=code)
    assert await onboarding.states() == ["refused"]
    page = await onboarding.see("contracts")
    assert words in page
    assert "Open the window" in page
    assert (await onboarding.request_and_finish()).state == "waiting"


async def test_wrong_company_is_refused_and_the_first_one_stays(onboarding: Onboarding) -> None:
    await onboarding.stand_before_the_window()
    number, organization = onboarding.request()
    await onboarding.finish(number, organization)
    told = f'[{{"integrationContext": "urn:li:organization:77"}}, {{"integrationContext": "urn:li:contract:{number}"}}]'
    refused = await onboarding.send("contracts/window/finish", "contracts/window", 422, requested=told)
    assert "another company on LinkedIn" in refused.text
    assert "waiting" in await onboarding.states()


async def test_lost_window_is_opened_again_or_given_up(onboarding: Onboarding) -> None:
    await onboarding.stand_before_the_window()
    assert "Open the window" in await onboarding.see("contracts")
    nothing = await onboarding.send("contracts/window/finish", "contracts/window", 422, requested="[]")
    assert "closed without a request" in nothing.text
    unknown = await onboarding.send(
        "contracts/window/finish", "contracts/window", 422, contract="4711", organization="5"
    )
    assert "LinkedIn knows of no request for this contract" in unknown.text
    await onboarding.send("contracts/give-up", "contracts")
    assert await onboarding.states() == []


async def test_request_told_by_a_window_that_was_closed_at_once_is_not_lost(onboarding: Onboarding) -> None:
    """The page passes on what LinkedIn's frame tells, level by level, without waiting for Finish."""
    await onboarding.stand_before_the_window()
    number, organization = onboarding.request()
    told = (
        f'[{{"integrationContext": "urn:li:organization:{organization}"}},'
        f' {{"integrationContext": "urn:li:contract:{number}"}}]'
    )
    await onboarding.send("contracts/window/told", "contracts/window", 200, requested=told)
    assert await onboarding.states() == ["waiting"]


async def test_double_click_on_add_goes_on_with_one_contract(onboarding: Onboarding) -> None:
    await onboarding.stand_before_the_window()
    await onboarding.send("contracts/add", "contracts")
    assert await onboarding.states() == ["adding"]


async def test_going_back_and_finishing_again_changes_nothing(onboarding: Onboarding) -> None:
    await onboarding.stand_before_the_window()
    number, organization = onboarding.request()
    for _ in range(2):
        await onboarding.finish(number, organization)
    # Looking at the window again begins a further contract, which can be given up; the first one stays as it is.
    await onboarding.send("contracts/give-up", "contracts")
    assert await onboarding.states() == ["waiting"]
    assert "company level, contract level" in await onboarding.see("contracts")


async def test_two_admins_who_finish_at_once_leave_one_contract(onboarding: Onboarding) -> None:
    await onboarding.stand_before_the_window()
    number, organization = onboarding.request()
    await asyncio.gather(
        *(onboarding.finish(number, organization) for _ in range(2)),
        *(onboarding.send("contracts/add", "contracts") for _ in range(2)),
    )
    found = await onboarding.contracts()
    assert [one.state for one in found if one.urn] == ["waiting"]
    assert len([one for one in found if not one.urn]) <= 1


async def test_lost_push_is_made_good_by_asking(onboarding: Onboarding) -> None:
    """Nothing listens at the callback here, so that every push of these tests is lost."""
    await onboarding.stand_before_the_window()
    contract = await onboarding.request_and_finish()
    onboarding.switch_on(*COMPANY)
    await onboarding.ask_linkedin(contract)
    assert "Still off: contract level" in await onboarding.see(f"contracts/{contract.id}")
    onboarding.switch_on("CSA_API")
    await onboarding.ask_linkedin(contract)
    assert await onboarding.states() == ["enabled"]


async def test_callback_that_does_not_answer_is_told_once_a_push_should_have_come(onboarding: Onboarding) -> None:
    """LinkedIn really finds nobody at the address; the state is true all the same, and the page says what to repair."""
    await onboarding.stand_before_the_window()
    contract = await onboarding.request_and_finish()
    onboarding.switch_on()
    await onboarding.ask_linkedin(contract)
    address = f"contracts/{contract.id}"
    assert await onboarding.states() == ["enabled"]
    assert "do not arrive" not in await onboarding.see(address)  # it may still be on its way
    onboarding.clock.advance(minutes=3)
    page = await onboarding.see(address)
    assert "do not arrive" in page
    assert "http://localhost/linkedin/lb-acme-1" in page
    assert all(push.state != "delivered" for push in onboarding.sandbox.linkedin.pushes.log())

    # Somebody has repaired it: the next push comes through.
    push = onboarding.sandbox.linkedin.pushes.log()[-1]
    signature = onboarding.sign(push.body)
    answer = await onboarding.client.post(
        "/linkedin/lb-acme-1", content=push.body, headers={"x-li-signature": signature}
    )
    assert answer.status_code == 200, answer.text
    assert "do not arrive" not in await onboarding.see(address)


async def test_refused_configuration_shows_on_the_contract_and_is_tried_again(onboarding: Onboarding) -> None:
    await onboarding.stand_before_the_window()
    faults = onboarding.sandbox.linkedin.faults
    faults.add({"operation": "*onfigurations*", "kind": "status", "status": 400, "times": None})
    contract = await onboarding.request_and_finish()
    assert contract.state == "configuring"
    # In words, not by the code alone.
    from landbridge.web.words import EXPLAINED  # needs Django's settings

    assert escape(EXPLAINED[contract.problem_code].meaning) in await onboarding.see(f"contracts/{contract.id}")
    faults.clear()
    await onboarding.ask_linkedin(contract)
    assert await onboarding.states() == ["waiting"]


async def test_linkedin_away_leaves_the_state_and_says_to_try_again(onboarding: Onboarding) -> None:
    await onboarding.stand_before_the_window()
    contract = await onboarding.request_and_finish()
    onboarding.sandbox.linkedin.faults.add(
        {"operation": "*ntegrations*", "kind": "status", "status": 503, "times": None}
    )
    answer = await onboarding.ask_linkedin(contract, 409)
    assert "Try again in a minute" in answer.text
    assert await onboarding.states() == ["waiting"]


async def test_address_that_linkedin_would_not_take_is_told_before_anything_is_configured(
    onboarding: Onboarding,
) -> None:
    """LinkedIn itself takes https addresses only; here it seems to be elsewhere than on this machine."""
    await onboarding.stand_before_the_window()
    with patch("landbridge.jobs.onboarding.contracts.is_loopback", return_value=False):
        contract = await onboarding.request_and_finish()
    assert (contract.state, contract.problem_code) == ("configuring", "public_address_missing")
    assert "LANDBRIDGE_PUBLIC_URL" in await onboarding.see(f"contracts/{contract.id}")
    await onboarding.ask_linkedin(contract)
    assert await onboarding.states() == ["waiting"]


async def test_contract_switched_off_while_it_works_is_told_and_comes_back(onboarding: Onboarding) -> None:
    await onboarding.stand_before_the_window()
    contract = await onboarding.request_and_finish()
    onboarding.switch_on()
    await onboarding.ask_linkedin(contract)
    recruiter, told = onboarding.sandbox.linkedin.recruiter, onboarding.sandbox.linkedin.credentials()
    recruiter.set_status(told["organization"], "ONE_CLICK_EXPORT", "DISABLED")
    await onboarding.ask_linkedin(contract)
    page = await onboarding.see(f"contracts/{contract.id}")
    assert "Still off: company level" in page
    assert await onboarding.states() == ["disabled"]
    recruiter.set_status(told["organization"], "ONE_CLICK_EXPORT", "ENABLED")
    await onboarding.ask_linkedin(contract)
    assert await onboarding.states() == ["enabled"]


async def test_keys_that_linkedin_refuses_are_not_saved(onboarding: Onboarding) -> None:
    for kind in ("child", "parent"):
        refused = await onboarding.send(
            "contracts/keys", "contracts", 422, kind=kind, client_id="nobody", client_secret="wrong"
        )
        assert "LinkedIn refuses these keys" in refused.text
    assert "nobody" not in await onboarding.see("contracts")
    ready = onboarding.sandbox.linkedin.credentials()["child"]
    keys = {name: ready[name] for name in ("client_id", "client_secret")}
    await onboarding.send("contracts/keys", "contracts", kind="child", **keys)
    assert keys["client_id"] in await onboarding.see("contracts")
    assert [act for _, act, _, _ in await acts_of(onboarding.database)][-1] == "linkedin.keys_saved"
