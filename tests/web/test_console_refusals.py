"""Refusals and mishaps on the way to an enabled contract: each leaves a true state and says what comes next.

The wrong person, Recruiter Lite, a lost window and a double click are in ``test_console_linkedin_half``.
"""

from __future__ import annotations

import asyncio
from unittest.mock import patch

from django.utils.html import escape

from landbridge.sandbox import Sandbox
from landbridge.store.database import Database
from tests.web.test_console_linkedin_half import (  # noqa: F401 - fixtures
    Console,
    agree,
    console,
    contracts_of,
    requested,
    sandbox,
)


async def ready(console: Console) -> None:  # noqa: F811
    await agree(console)
    await console.send("contracts/add", "contracts")


async def test_blocked_cookies_are_explained_and_the_way_goes_on(
    console: Console,  # noqa: F811
    sandbox: Sandbox,  # noqa: F811
    database: Database,
) -> None:
    await ready(console)
    await console.send("contracts/window/refused", "contracts/window", code="linkedin_window_blocked")
    page = await console.see("contracts")
    assert "Allow third-party cookies" in page
    assert "Open the window" in page
    number, organization = requested(sandbox)
    await console.send("contracts/window/finish", "contracts/window", contract=number, organization=organization)
    assert [one.state for one in await contracts_of(database)] == ["waiting"]


async def test_wrong_company_is_refused_and_the_first_one_stays(
    console: Console,  # noqa: F811
    sandbox: Sandbox,  # noqa: F811
    database: Database,
) -> None:
    await ready(console)
    number, organization = requested(sandbox)
    await console.send("contracts/window/finish", "contracts/window", contract=number, organization=organization)
    told = f'[{{"integrationContext": "urn:li:organization:77"}}, {{"integrationContext": "urn:li:contract:{number}"}}]'
    refused = await console.send("contracts/window/finish", "contracts/window", 422, requested=told)
    assert "another company on LinkedIn" in refused.text
    assert "waiting" in [one.state for one in await contracts_of(database)]


async def test_going_back_and_finishing_again_changes_nothing(
    console: Console,  # noqa: F811
    sandbox: Sandbox,  # noqa: F811
    database: Database,
) -> None:
    await ready(console)
    number, organization = requested(sandbox)
    for _ in range(2):
        await console.send("contracts/window/finish", "contracts/window", contract=number, organization=organization)
    # Looking at the window again begins a further contract, which can be given up; the first one stays as it is.
    await console.send("contracts/give-up", "contracts")
    assert [one.state for one in await contracts_of(database)] == ["waiting"]
    assert "company level, contract level" in await console.see("contracts")


async def test_two_admins_who_finish_at_once_leave_one_contract(
    console: Console,  # noqa: F811
    sandbox: Sandbox,  # noqa: F811
    database: Database,
) -> None:
    await ready(console)
    number, organization = requested(sandbox)
    finish = "contracts/window/finish"
    await asyncio.gather(
        *(console.send(finish, "contracts/window", contract=number, organization=organization) for _ in range(2)),
        *(console.send("contracts/add", "contracts") for _ in range(2)),
    )
    assert [one.state for one in await contracts_of(database) if one.urn] == ["waiting"]
    assert len([one for one in await contracts_of(database) if not one.urn]) <= 1


async def test_lost_push_is_made_good_by_asking(
    console: Console,  # noqa: F811
    sandbox: Sandbox,  # noqa: F811
    database: Database,
) -> None:
    """Nothing listens at the callback here, so that every push of these tests is lost."""
    await ready(console)
    number, organization = requested(sandbox)
    await console.send("contracts/window/finish", "contracts/window", contract=number, organization=organization)
    [contract] = await contracts_of(database)
    for type_ in ("ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN"):
        sandbox.linkedin.recruiter.set_status(f"urn:li:organization:{organization}", type_, "ENABLED")
    await console.send(f"contracts/{contract.id}/reload", f"contracts/{contract.id}")
    assert "Still off: contract level" in await console.see(f"contracts/{contract.id}")
    sandbox.linkedin.recruiter.set_status(f"urn:li:contract:{number}", "CSA_API", "ENABLED")
    await console.send(f"contracts/{contract.id}/reload", f"contracts/{contract.id}")
    assert [one.state for one in await contracts_of(database)] == ["enabled"]


async def test_refused_configuration_shows_on_the_contract_and_is_tried_again(
    console: Console,  # noqa: F811
    sandbox: Sandbox,  # noqa: F811
    database: Database,
) -> None:
    await ready(console)
    number, organization = requested(sandbox)
    from landbridge.web.console.working import CODE_WORDS

    sandbox.linkedin.faults.add({"operation": "*onfigurations*", "kind": "status", "status": 400, "times": None})
    await console.send("contracts/window/finish", "contracts/window", contract=number, organization=organization)
    [contract] = await contracts_of(database)
    assert contract.state == "configuring"
    page = await console.see(f"contracts/{contract.id}")
    # In words, not by the code alone.
    assert contract.problem_code in CODE_WORDS
    assert escape(CODE_WORDS[contract.problem_code].meaning) in page
    sandbox.linkedin.faults.clear()
    await console.send(f"contracts/{contract.id}/reload", f"contracts/{contract.id}")
    assert [one.state for one in await contracts_of(database)] == ["waiting"]


async def test_linkedin_away_leaves_the_state_and_says_to_try_again(
    console: Console,  # noqa: F811
    sandbox: Sandbox,  # noqa: F811
    database: Database,
) -> None:
    await ready(console)
    number, organization = requested(sandbox)
    await console.send("contracts/window/finish", "contracts/window", contract=number, organization=organization)
    [contract] = await contracts_of(database)
    sandbox.linkedin.faults.add({"operation": "*ntegrations*", "kind": "status", "status": 503, "times": None})
    answer = await console.send(f"contracts/{contract.id}/reload", f"contracts/{contract.id}", 409)
    assert "Try again in a minute" in answer.text
    assert [one.state for one in await contracts_of(database)] == ["waiting"]


async def test_callback_that_cannot_be_reached_is_told_before_anything_is_configured(
    console: Console,  # noqa: F811
    sandbox: Sandbox,  # noqa: F811
    database: Database,
) -> None:
    """LinkedIn itself takes https addresses only; here it seems to be elsewhere than on this machine."""
    await ready(console)
    number, organization = requested(sandbox)
    with patch("landbridge.jobs.onboarding.contracts.is_loopback", return_value=False):
        await console.send("contracts/window/finish", "contracts/window", contract=number, organization=organization)
    [contract] = await contracts_of(database)
    assert (contract.state, contract.problem_code) == ("configuring", "public_address_missing")
    assert "LANDBRIDGE_PUBLIC_URL" in await console.see(f"contracts/{contract.id}")
    await console.send(f"contracts/{contract.id}/reload", f"contracts/{contract.id}")
    assert [one.state for one in await contracts_of(database)] == ["waiting"]
