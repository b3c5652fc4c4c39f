"""Recruiter's ATS tab: who may switch what, when, and for which contract."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.choices import COMPANY_INTEGRATIONS

TAB = "/recruiter/admin/ats"
CALLBACK = "https://rsc.example.org/push/9f0c"
RECRUITER, ADMIN_OF_SECOND = 1, 2


@pytest.fixture
async def browser(sandbox: Sandbox) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=sandbox.linkedin)
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as browser:
        yield browser


@pytest.fixture
async def admin(browser: httpx2.AsyncClient, sandbox: Sandbox) -> httpx2.AsyncClient:
    return await signed_in(browser, sandbox, ADMIN_OF_SECOND)


async def signed_in(browser: httpx2.AsyncClient, sandbox: Sandbox, person: int) -> httpx2.AsyncClient:
    human = sandbox.linkedin.state.network.people[person]
    await browser.post("/login", data={"login": human.login, "password": human.password})
    return browser


def request_access(sandbox: Sandbox, *, named: bool = True, callback: bool = True) -> None:
    """The widget asked for both levels of the second contract; the ATS did its part or not."""
    network, child = sandbox.linkedin.state.network, sandbox.linkedin.state.child
    sandbox.linkedin.recruiter.request(network.organization, network.contracts[1].urn)
    for (_, type_, _), integration in child.integrations.items():
        integration.name = "Harbour ATS" if named else None
        if callback and type_ == "ONE_CLICK_EXPORT":
            integration.configurations["CALLBACK_URL"] = CALLBACK


async def switch(browser: httpx2.AsyncClient, sandbox: Sandbox, level: str, status: str) -> httpx2.Response:
    client_id = sandbox.linkedin.state.child.client_id
    return await browser.post(TAB, data={"client_id": client_id, "level": level, "status": status})


def statuses(sandbox: Sandbox) -> dict[str, str]:
    return {one.type: one.status for one in sandbox.linkedin.state.child.integrations.values()}


async def test_company_level_switches_three_integrations_and_pushes_each(
    admin: httpx2.AsyncClient, sandbox: Sandbox
) -> None:
    request_access(sandbox)
    assert (await switch(admin, sandbox, "company", "ENABLED")).status_code == 303
    page = await admin.get(TAB)
    assert "Company-level access of Harbour ATS is on." in page.text
    assert "is on." not in (await admin.get(TAB)).text
    assert statuses(sandbox) == {**dict.fromkeys(COMPANY_INTEGRATIONS, "ENABLED"), "CSA_API": "REQUESTED"}
    await switch(admin, sandbox, "company", "DISABLED")
    assert statuses(sandbox)["ONE_CLICK_EXPORT"] == "DISABLED"
    assert [push.url for push in sandbox.linkedin.pushes.log()] == [CALLBACK] * 6


@pytest.mark.parametrize(
    ("named", "callback", "reason"),
    [(False, True, "its integrations have no names"), (True, False, "CALLBACK_URL is not set")],
)
async def test_what_the_ats_has_not_prepared_cannot_be_enabled(
    admin: httpx2.AsyncClient, sandbox: Sandbox, named: bool, callback: bool, reason: str
) -> None:
    request_access(sandbox, named=named, callback=callback)
    assert reason in (await admin.get(TAB)).text
    answer = await switch(admin, sandbox, "company", "ENABLED")
    assert answer.status_code == 409
    assert reason in answer.text
    assert set(statuses(sandbox).values()) == {"REQUESTED"}


async def test_who_is_no_admin_sees_how_it_stands_and_cannot_switch(
    browser: httpx2.AsyncClient, sandbox: Sandbox
) -> None:
    request_access(sandbox)
    recruiter = await signed_in(browser, sandbox, RECRUITER)
    page = await recruiter.get(TAB)
    assert "Only admins of" in page.text
    assert page.text.count('role="switch"') == page.text.count(" disabled>") == 1
    assert (await switch(recruiter, sandbox, "company", "ENABLED")).status_code == 403
    assert set(statuses(sandbox).values()) == {"REQUESTED"}


async def test_contract_level_is_that_of_the_own_contract(admin: httpx2.AsyncClient, sandbox: Sandbox) -> None:
    first, second, _ = sandbox.linkedin.state.network.contracts
    sandbox.linkedin.recruiter.request(contract=first.urn)
    assert "No ATS has asked for access" in (await admin.get(TAB)).text
    assert (await switch(admin, sandbox, "contract", "ENABLED")).status_code == 400
    request_access(sandbox)
    await switch(admin, sandbox, "contract", "ENABLED")
    enabled = [one.context for one in sandbox.linkedin.state.child.integrations.values() if one.status == "ENABLED"]
    assert enabled == [second.urn]


@pytest.mark.parametrize(
    ("client_id", "level", "status"),
    [("77nobody", "company", "ENABLED"), ("", "other", "ENABLED"), ("", "company", "REQUESTED"), ("", "", "")],
)
async def test_form_nobody_was_given_changes_nothing(
    admin: httpx2.AsyncClient, sandbox: Sandbox, client_id: str, level: str, status: str
) -> None:
    request_access(sandbox)
    form = {"client_id": client_id or sandbox.linkedin.state.child.client_id, "level": level, "status": status}
    assert (await admin.post(TAB, data=form)).status_code == 400
    assert set(statuses(sandbox).values()) == {"REQUESTED"}


async def test_each_ats_has_its_own_switches(admin: httpx2.AsyncClient, sandbox: Sandbox) -> None:
    request_access(sandbox)
    other = sandbox.linkedin.state.add_application("tenant-7")
    other.name = "Second <ATS>"
    sandbox.linkedin.recruiter.request(sandbox.linkedin.state.network.organization, client_id=other.client_id)
    page = (await admin.get(TAB)).text
    assert page.count('role="switch"') == 3
    assert "Second &lt;ATS&gt;" in page
    await switch(admin, sandbox, "company", "ENABLED")
    assert {one.status for one in other.integrations.values()} == {"REQUESTED"}


def test_recruiter_lite_cannot_be_connected(sandbox: Sandbox) -> None:
    lite = sandbox.linkedin.state.network.contracts[-1]
    with pytest.raises(ValueError, match="the context of CSA_API is one of"):
        sandbox.linkedin.recruiter.request(contract=lite.urn)
