"""The console as a browser meets it: the whole ASGI application, with a clock that tests set."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx2
import pytest

from landbridge.settings import Settings
from landbridge.store.accounts import ensure_admin, make_sign_in_token
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import create_workspace
from landbridge.web.application import build
from landbridge.web.rooms import Room

if TYPE_CHECKING:
    from tests.web.onboarding import Onboarding
    from tests.web.people import Console

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **length: float) -> None:
        self.now += timedelta(**length)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def browser(
    settings: Settings, database: Database, vault: Vault, clock: Clock
) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody who is not signed in. Keeps cookies, follows nothing by itself."""
    app = build(Room(settings=settings, database=database, clock=clock), vault)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.fixture
async def sign_in_path(database: Database, clock: Clock) -> str:
    """A one-time link for the first admin."""
    async with database.transaction() as connection:
        admin = await ensure_admin(connection, clock.now)
        return f"/sign-in/{await make_sign_in_token(connection, admin, clock.now)}"


@pytest.fixture
async def admin(browser: httpx2.AsyncClient, sign_in_path: str) -> httpx2.AsyncClient:
    """The browser of the first admin, signed in."""
    answer = await browser.get(sign_in_path)
    assert answer.status_code == 302
    return browser


@pytest.fixture
async def console(settings: Settings, database: Database, vault: Vault, clock: Clock) -> AsyncIterator[Console]:
    from tests.web.people import Console

    console = Console(settings, database, vault, clock)
    yield console
    await console.close()


@pytest.fixture
async def onboarding(database_url: str, database: Database, vault: Vault) -> AsyncIterator[Onboarding]:
    """An admin of an empty workspace, with both sandboxes behind it."""
    from landbridge.sandbox import Sandbox
    from tests.web.onboarding import open_onboarding

    with Sandbox(candidates=20) as sandbox:
        onboarding = await open_onboarding(database_url, sandbox, database, vault)
        yield onboarding
        await onboarding.client.aclose()


@pytest.fixture
async def workspace(console: Console, database: Database, clock: Clock) -> int:
    """An empty workspace with the slug ``acme``."""
    async with database.transaction() as connection:
        return await create_workspace(connection, slug="acme", name="Acme", foreign_id="lb-acme", now=clock.now)
