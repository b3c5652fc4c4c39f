"""An admin in the workspace acme, both sandboxes behind it, by plain forms as browsers without scripts send them."""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime, timedelta

import httpx2

from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.state import DeveloperApplication
from landbridge.store.accounts import ensure_admin, make_sign_in_token
from landbridge.store.contracts import Contract, load_contracts
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import create_workspace
from landbridge.web.application import build
from landbridge.web.rooms import Room
from tests.conftest import settings_for

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
ORIGIN = "http://localhost"
FOREIGN_ID = "lb-acme-1"
COMPANY = ("ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN")


class Onboarding:
    """``client`` is the admin's browser, ``clock`` the console's; paths are below ``/w/acme/``."""

    def __init__(self, client: httpx2.AsyncClient, sandbox: Sandbox, database: Database, clock: GoingClock) -> None:
        self.client = client
        self.sandbox = sandbox
        self.database = database
        self.clock = clock

    def as_stranger(self) -> Onboarding:
        """Somebody else's browser, signed in nowhere."""
        client = httpx2.AsyncClient(transport=self.client._transport, base_url=ORIGIN)
        return Onboarding(client, self.sandbox, self.database, self.clock)

    async def see(self, path: str, status: int = 200) -> str:
        answer = await self.client.get(f"/w/acme/{path}")
        assert answer.status_code == status, answer.text[:2000]
        return answer.text

    async def send(self, path: str, page: str, status: int = 302, /, **fields: str) -> httpx2.Response:
        """Post a form of ``page``."""
        return await self.post(f"/w/acme/{path}", f"/w/acme/{page}", status, **fields)

    async def post(self, address: str, page: str, status: int = 302, /, **fields: str) -> httpx2.Response:
        token = TOKEN.search((await self.client.get(page)).text)
        assert token, page
        answer = await self.client.post(
            address, data={"csrfmiddlewaretoken": token[1], **fields}, headers={"origin": ORIGIN}
        )
        assert answer.status_code == status, (answer.status_code, answer.text[:3000])
        return answer

    async def contracts(self) -> list[Contract]:
        async with self.database.connection() as connection:
            return await load_contracts(connection, 1)

    async def states(self) -> list[str]:
        return [one.state for one in await self.contracts()]

    async def the_contract(self) -> Contract:
        [contract] = await self.contracts()
        return contract

    async def agree(self) -> None:
        await self.send("consent/give", "consent", availability="PRIVATE", history="0", agreed="on")

    async def stand_before_the_window(self) -> None:
        await self.agree()
        await self.send("contracts/add", "contracts")

    def request(self) -> tuple[str, str]:
        """Press Request in LinkedIn's window: the numbers of the contract and of the company."""
        told = self.sandbox.linkedin.credentials()
        contract = told["contracts"][0]["urn"]
        self.sandbox.linkedin.recruiter.request(organization=told["organization"], contract=contract)
        return contract.rpartition(":")[2], told["organization"].rpartition(":")[2]

    async def finish(self, number: str, organization: str) -> httpx2.Response:
        return await self.send(
            "contracts/window/finish", "contracts/window", contract=number, organization=organization
        )

    async def request_and_finish(self) -> Contract:
        """From the window to a contract that waits for the Recruiter admin, unless something is in the way."""
        await self.finish(*self.request())
        return await self.the_contract()

    def switch_on(self, *types: str, contract: str = "") -> None:
        """In Recruiter's ATS tab: both levels, or what ``types`` name."""
        told = self.sandbox.linkedin.credentials()
        for type_ in types or (*COMPANY, "CSA_API"):
            context = (contract or told["contracts"][0]["urn"]) if type_ == "CSA_API" else told["organization"]
            self.sandbox.linkedin.recruiter.set_status(context, type_, "ENABLED")

    async def ask_linkedin(self, contract: Contract, status: int = 302) -> httpx2.Response:
        return await self.send(f"contracts/{contract.id}/reload", f"contracts/{contract.id}", status)

    def sign(self, body: str) -> str:
        """As LinkedIn signs a push with the secret of this workspace's application."""
        return hmac.new(self.child().client_secret.encode(), b"hmacsha256=" + body.encode(), "sha256").hexdigest()

    def child(self) -> DeveloperApplication:
        """The application that was made for this workspace."""
        found = self.sandbox.linkedin.state.by_foreign_id(FOREIGN_ID)
        assert found is not None
        return found


class GoingClock:
    """From today on, as the far sides' clocks are. What is paced by a clock that stands waits for nothing."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        return self.now

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, **length: float) -> None:
        self._ahead += timedelta(**length)


async def open_onboarding(database_url: str, sandbox: Sandbox, database: Database, vault: Vault) -> Onboarding:
    """An empty workspace; its admin is signed in."""
    parent = sandbox.linkedin.credentials()["parent"]
    settings = settings_for(
        database_url,
        LANDBRIDGE_LINKEDIN_API_URL=sandbox.linkedin_url,
        LANDBRIDGE_LINKEDIN_AUTH_URL=sandbox.linkedin_url,
        LANDBRIDGE_SMARTRECRUITERS_API_URL=sandbox.smartrecruiters_url,
        LANDBRIDGE_LINKEDIN_CLIENT_ID=parent["client_id"],
        LANDBRIDGE_LINKEDIN_CLIENT_SECRET=parent["client_secret"],
    )
    clock = GoingClock()
    async with database.transaction() as connection:
        await create_workspace(connection, slug="acme", name="Acme Foods", foreign_id=FOREIGN_ID, now=clock.now)
        token = await make_sign_in_token(connection, await ensure_admin(connection, clock.now), clock.now)
    app = build(Room(settings=settings, database=database, clock=clock), vault)
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=ORIGIN)
    await client.get(f"/sign-in/{token}")
    return Onboarding(client, sandbox, database, clock)
