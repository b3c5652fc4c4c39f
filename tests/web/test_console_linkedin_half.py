"""The LinkedIn half as an admin walks it in the console, without JavaScript, against both sandboxes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from landbridge.store.accounts import ensure_admin, make_sign_in_token
from landbridge.store.contracts import Contract, load_contracts
from landbridge.store.database import Database
from landbridge.store.reconciliations import save_reconciliation
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import create_workspace
from landbridge.web.application import build
from landbridge.web.rooms import Room
from tests.conftest import settings_for

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
ORIGIN = "http://localhost"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(candidates=20) as sandbox:
        yield sandbox


class Console:
    """A browser of somebody who is signed in, in the workspace acme."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client

    async def see(self, path: str, status: int = 200) -> str:
        answer = await self.client.get(f"/w/acme/{path}")
        assert answer.status_code == status, answer.text[:2000]
        return answer.text

    async def send(self, path: str, page: str, status: int = 302, **fields: str) -> httpx2.Response:
        """Post a form of ``page``."""
        return await self.post(f"/w/acme/{path}", f"/w/acme/{page}", status, **fields)

    async def post(self, address: str, page: str, status: int = 302, **fields: str) -> httpx2.Response:
        shown = await self.client.get(page)
        token = TOKEN.search(shown.text)
        assert token, shown.text[:2000]
        answer = await self.client.post(
            address, data={"csrfmiddlewaretoken": token[1], **fields}, headers={"origin": ORIGIN}
        )
        assert answer.status_code == status, (answer.status_code, answer.text[:3000])
        return answer


@pytest.fixture
async def console(database_url: str, sandbox: Sandbox, database: Database, vault: Vault) -> AsyncIterator[Console]:
    parent = sandbox.linkedin.credentials()["parent"]
    settings = settings_for(
        database_url,
        LANDBRIDGE_LINKEDIN_API_URL=sandbox.linkedin_url,
        LANDBRIDGE_LINKEDIN_AUTH_URL=sandbox.linkedin_url,
        LANDBRIDGE_SMARTRECRUITERS_API_URL=sandbox.smartrecruiters_url,
        LANDBRIDGE_LINKEDIN_CLIENT_ID=parent["client_id"],
        LANDBRIDGE_LINKEDIN_CLIENT_SECRET=parent["client_secret"],
    )
    now = datetime.now(UTC)
    async with database.transaction() as connection:
        await create_workspace(connection, slug="acme", name="Acme Foods", foreign_id="lb-acme-1", now=now)
        token = await make_sign_in_token(connection, await ensure_admin(connection, now), now)
    transport = httpx2.ASGITransport(app=build(Room(settings=settings, database=database), vault))
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        await client.get(f"/sign-in/{token}")
        yield Console(client)


async def contracts_of(database: Database) -> list[Contract]:
    async with database.connection() as connection:
        return await load_contracts(connection, 1)


def requested(sandbox: Sandbox) -> tuple[str, str]:
    """Press Request in LinkedIn's window: the numbers of the contract and of the company."""
    told = sandbox.linkedin.credentials()
    contract = told["contracts"][0]["urn"]
    sandbox.linkedin.recruiter.request(organization=told["organization"], contract=contract)
    return contract.rpartition(":")[2], told["organization"].rpartition(":")[2]


async def agree(console: Console) -> None:
    await console.send("consent/give", "consent", availability="PRIVATE", history="0", agreed="on")


async def test_admin_walks_from_the_ats_to_connected_users(
    console: Console, sandbox: Sandbox, database: Database
) -> None:
    key = sandbox.smartrecruiters.credentials()["api_key"]
    wrong = await console.send("ats/save", "ats", 422, way="api_key", api_key="wrong")
    assert "Nothing was saved" in wrong.text
    saved = await console.send("ats/save", "ats", 200, way="api_key", api_key=key)
    assert "All permissions are there" in saved.text
    assert "Candidates" in saved.text
    assert key not in saved.text

    # No contract before somebody has agreed.
    early = await console.send("contracts/add", "contracts")
    assert early.headers["location"] == "/w/acme/consent"
    unticked = await console.send("consent/give", "consent", 422, availability="PRIVATE", history="0")
    assert "Tick the box to agree" in unticked.text
    await agree(console)
    assert "agreed to this for your company" in await console.see("consent")

    added = await console.send("contracts/add", "contracts")
    assert added.headers["location"] == "/w/acme/contracts/window"
    assert "IN/ATSIntegrationWidget" in await console.see("contracts/window")
    number, organization = requested(sandbox)
    finished = await console.send(
        "contracts/window/finish", "contracts/window", contract=number, organization=organization
    )
    [contract] = await contracts_of(database)
    assert (contract.state, finished.headers["location"]) == ("waiting", f"/w/acme/contracts/{contract.id}")
    page = await console.see(f"contracts/{contract.id}")
    assert "Recruiter admin&#x27;s turn" in page
    assert "company level, contract level" in page

    recruiter = sandbox.linkedin.recruiter
    for type_ in ("ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN"):
        recruiter.set_status(f"urn:li:organization:{organization}", type_, "ENABLED")
    recruiter.set_status(f"urn:li:contract:{number}", "CSA_API", "ENABLED")
    await console.send(f"contracts/{contract.id}/reload", f"contracts/{contract.id}")
    assert "Nobody's turn" in await console.see(f"contracts/{contract.id}")
    assert "Reading the ATS and sending" in await console.see("sync")

    await console.send("connect-users/refresh", "connect-users")
    await console.send("connect-users/accept", "connect-users")
    page = await console.see("connect-users?show=linked")
    assert "Connected" in page
    assert "same" in page
    assert sandbox.linkedin.journal.violations() == []


async def test_seat_is_given_to_the_user_found_by_name_and_taken_away_again(
    console: Console, sandbox: Sandbox, database: Database
) -> None:
    async with database.transaction() as connection:
        for statement in SOME_PEOPLE.split(";"):
            await connection.execute(statement.encode())
    page = await console.see("connect-users/1?q=moss")
    assert "Rita Moss" in page
    assert "Gone Moss" not in page
    await console.send("connect-users/1/link", "connect-users/1?q=moss", user="1")
    assert "Rita Moss" in await console.see("connect-users?show=linked")
    await console.send("connect-users/1/unlink", "connect-users/1")
    assert "No seat fits" in await console.see("connect-users?show=linked")
    assert "Rita Moss" in await console.see("connect-users/1")  # the history remembers
    await console.send("connect-users/1/link", "connect-users/1?q=moss", 404, user="4711")


SOME_PEOPLE = """
INSERT INTO seat (workspace_id, contract, urn, first_name, last_name, seen_at)
VALUES (1, 'urn:li:contract:1', 'urn:li:seat:1', 'Lena', 'Brandt', now());
INSERT INTO ats_user (workspace_id, key, first_name, last_name, active, seen_at)
VALUES (1, 'u1', 'Rita', 'Moss', true, now()), (1, 'u2', 'Gone', 'Moss', false, now())
"""


async def test_lost_window_wrong_person_and_unknown_contract_leave_a_next_step(
    console: Console, sandbox: Sandbox, database: Database
) -> None:
    await agree(console)
    await console.send("contracts/add", "contracts")
    await console.send("contracts/add", "contracts")  # a double click
    assert [one.state for one in await contracts_of(database)] == ["adding"]
    assert "Open the window" in await console.see("contracts")  # the window was lost

    for code, words in (("linkedin_not_admin", "hand-over link"), ("linkedin_lite", "Recruiter Corporate")):
        await console.send("contracts/window/refused", "contracts/window", code=code)
        page = await console.see("contracts")
        assert "Refused" in page
        assert words in page

    unknown = await console.send("contracts/window/finish", "contracts/window", 422, contract="4711", organization="5")
    assert "LinkedIn knows of no request for this contract" in unknown.text
    nothing = await console.send("contracts/window/finish", "contracts/window", 422, requested="[]")
    assert "closed without a request" in nothing.text
    await console.send("contracts/give-up", "contracts")
    assert await contracts_of(database) == []


async def test_window_may_load_linkedins_script_and_every_other_page_may_not(
    console: Console, sandbox: Sandbox
) -> None:
    await agree(console)
    answer = await console.client.get("/w/acme/contracts/window")
    policy = answer.headers["content-security-policy"]
    linkedin = sandbox.linkedin_url
    assert f"script-src 'self' {linkedin};" in policy
    assert "unsafe" not in policy
    assert answer.headers["cross-origin-opener-policy"] == "same-origin-allow-popups"
    assert "x-landbridge-loosens" not in answer.headers
    elsewhere = (await console.client.get("/w/acme/contracts")).headers
    assert linkedin not in elsewhere["content-security-policy"]
    assert elsewhere["cross-origin-opener-policy"] == "same-origin"


async def test_handover_link_leads_a_stranger_through_the_window_and_nowhere_else(
    console: Console, sandbox: Sandbox, database: Database, vault: Vault
) -> None:
    await agree(console)
    made = await console.send("contracts/hand-over", "contracts", 200)
    link = re.search(rf"{ORIGIN}(/handover/[\w-]+)", made.text)
    assert link
    address = link[1]
    assert address not in await console.see("contracts")  # shown once
    stranger = Console(httpx2.AsyncClient(transport=console.client._transport, base_url=ORIGIN))
    page = await stranger.client.get(address)
    assert "Acme Foods" in page.text
    assert (await stranger.client.get("/w/acme/contracts")).status_code == 302
    number, organization = requested(sandbox)
    done = await stranger.post(f"{address}/finish", address, 200, contract=number, organization=organization)
    assert "Company Level Access" in done.text
    assert [(one.state, one.added_by) for one in await contracts_of(database)] == [("waiting", "hand-over link")]
    await console.send("contracts/hand-over/revoke", "contracts")
    assert (await stranger.client.get(address)).status_code == 404
    await stranger.client.aclose()


async def test_report_of_the_comparison_can_be_taken_away(console: Console, database: Database) -> None:
    assert (await console.client.get("/w/acme/sync/report")).status_code == 404
    part = {"ats": 9, "linkedin": 7, "closed": 2, "missing": 0, "extra": 0, "different": 0, "held": {"x": 2}}
    async with database.transaction() as connection:
        await save_reconciliation(connection, 1, {"jobs": part}, datetime.now(UTC))
    page = await console.see("sync")
    assert "They agree" in page
    answer = await console.client.get("/w/acme/sync/report")
    assert answer.headers["content-disposition"].endswith('.csv"')
    assert "jobs,9,7,2,0,0,0,,2,," in answer.text
    told = await console.client.get("/w/acme/sync/report?form=json")
    assert told.json()["report"]["jobs"]["linkedin"] == 7
