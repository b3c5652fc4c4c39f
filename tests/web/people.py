"""Browsers of people, and the forms they send."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

import httpx2

from landbridge.settings import Settings
from landbridge.store.accounts import make_sign_in_token
from landbridge.store.database import Connection, Database
from landbridge.store.invitations import accept_invitation, make_invitation
from landbridge.store.memberships import Role
from landbridge.store.secrets import Vault
from landbridge.web.application import build
from landbridge.web.rooms import Room
from tests.web.conftest import Clock

PASSWORD = "seven blue herons wade"


async def join(connection: Connection, workspace: int, person: int, role: Role, now: datetime) -> None:
    """Invite somebody, who comes."""
    token = await make_invitation(connection, workspace, label="", role=role, invited_by="somebody", now=now)
    assert await accept_invitation(connection, token, person, now)


class Console:
    """The application, and as many browsers as a test wants."""

    def __init__(self, settings: Settings, database: Database, vault: Vault, clock: Clock) -> None:
        self.database, self.clock = database, clock
        self._app = build(Room(settings=settings, database=database, clock=clock), vault)
        self._open: list[httpx2.AsyncClient] = []

    def browser(self, agent: str = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0") -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=self._app, raise_app_exceptions=False)
        headers = {"user-agent": agent}
        self._open.append(httpx2.AsyncClient(transport=transport, base_url="http://localhost", headers=headers))
        return self._open[-1]

    async def person(self, name: str, *, password: str = "", runs: bool = False) -> int:
        """Make an account."""
        from django.contrib.auth.hashers import make_password

        async with self.database.connection() as connection:
            cursor = await connection.execute(
                """INSERT INTO auth_user (username, password, first_name, last_name, email, is_superuser, is_staff,
                                          is_active, date_joined)
                   VALUES (%s, %s, '', '', '', %s, false, true, %s) RETURNING id""",
                [name, make_password(password) if password else "!none", runs, self.clock.now],
            )
            row = await cursor.fetchone()
        assert row is not None
        return int(row[0])

    async def member(self, name: str, workspace: int, role: Role, *, password: str = "") -> httpx2.AsyncClient:
        """Somebody in a workspace, signed in."""
        number = await self.person(name, password=password)
        async with self.database.transaction() as connection:
            await join(connection, workspace, number, role, self.clock.now)
        return await self.signed_in(number)

    async def signed_in(self, number: int) -> httpx2.AsyncClient:
        """A browser that came by a one-time link."""
        async with self.database.connection() as connection:
            token = await make_sign_in_token(connection, number, self.clock.now)
        browser = self.browser()
        assert (await browser.get(f"/sign-in/{token}")).status_code == 302
        return browser

    async def close(self) -> None:
        for browser in self._open:
            await browser.aclose()


def token_in(page: httpx2.Response) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert found is not None, page.text[:300]
    return found[1]


async def post(browser: httpx2.AsyncClient, path: str, *, page: str = "", **fields: str) -> httpx2.Response:
    """Fetch the form as a browser would (from ``page`` where it stands on another), then send it."""
    answer = await browser.get(page or path)
    return await browser.post(path, data={"csrfmiddlewaretoken": token_in(answer), **fields})


def words(answer: httpx2.Response) -> str:
    """What a reader sees, without markup."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


async def number_of(database: Database, name: str) -> int:
    async with database.connection() as connection:
        row = await (await connection.execute("SELECT id FROM auth_user WHERE username = %s", [name])).fetchone()
    assert row is not None
    return int(row[0])


async def acts_of(database: Database) -> list[tuple[str, str, str, datetime]]:
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT who, act, subject, at FROM audit_event ORDER BY id")
        return [(row[0], row[1], row[2], row[3]) for row in await cursor.fetchall()]
