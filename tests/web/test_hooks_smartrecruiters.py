"""SmartRecruiters' deliveries: greeted, checked, kept once, acknowledged with 202; forged ones cost nothing."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx2
import pytest

from landbridge.jobs.live import mark_of, path_of, prefix_of
from landbridge.store.database import Database
from landbridge.store.inbox import waiting_events
from landbridge.store.secrets import Vault
from landbridge.store.webhooks import save_keys
from landbridge.store.workspaces import create_workspace
from landbridge.web.hooks import keyring
from tests.web.conftest import NOW

KEY = "the living key"
BODY = b'{"id":"c-1"}'


@pytest.fixture
async def acme(database: Database, vault: Vault) -> int:
    async with database.transaction() as connection:
        number = await create_workspace(connection, slug="acme", name="Acme", foreign_id="lb-acme-7f", now=NOW)
        await save_keys(connection, number, "smartrecruiters", [KEY], vault=vault)
        return number


@pytest.fixture
def address(vault: Vault, acme: int) -> str:
    return path_of(vault, "smartrecruiters", acme)


def delivery(
    event_id: str = "e-1", *, key: str = KEY, body: bytes = BODY, name: str = "candidate.updated"
) -> dict[str, str]:
    headers = {
        "smartrecruiters-timestamp": str(int(datetime.now(UTC).timestamp())),
        "event-id": event_id,
        "event-name": name,
        "event-version": "v201910",
        "link": '<https://api.smartrecruiters.com/candidates/c-1>; rel="self"',
    }
    after = ".".join(headers[part] for part in ("event-id", "event-name", "event-version", "link"))
    text = headers["smartrecruiters-timestamp"].encode() + b"." + body + b"." + after.encode()
    return {**headers, "smartrecruiters-signature": "v1=" + hmac.digest(key.encode(), text, "sha256").hex()}


async def deliver(browser: httpx2.AsyncClient, address: str, headers: dict[str, str], body: bytes = BODY) -> int:
    return (await browser.post(address, content=body, headers=headers)).status_code


async def kept(database: Database, workspace: int) -> list[tuple[str, str, bytes]]:
    async with database.connection() as connection:
        found = await waiting_events(connection, workspace, NOW, system="smartrecruiters")
    return [(one.event_id, one.type, bytes(one.body)) for one in found]


@contextmanager
def no_database(database: Database) -> Iterator[None]:
    """Whoever asks the database for anything meanwhile fails the test."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the database was asked")

    pool, database.pool.connection = database.pool.connection, refuse  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        database.pool.connection = pool  # type: ignore[method-assign]


async def test_genuine_delivery_is_kept_once_and_its_work_asked_for(
    browser: httpx2.AsyncClient, database: Database, acme: int, address: str
) -> None:
    for _ in range(3):
        assert await deliver(browser, address, delivery()) == 202
    assert await kept(database, acme) == [("e-1", "candidate.updated", BODY)]
    async with database.connection() as connection:
        cursor = await connection.execute(
            "SELECT task_name FROM procrastinate_jobs WHERE lock = %s", [f"changes:{acme}"]
        )
        assert await cursor.fetchall() == [("follow_changes",)]


async def test_many_at_once_are_all_kept(
    browser: httpx2.AsyncClient, database: Database, acme: int, address: str
) -> None:
    told = await asyncio.gather(*(deliver(browser, address, delivery(f"e-{n % 60}")) for n in range(80)))
    assert set(told) == {202}
    assert sorted(event_id for event_id, _, _ in await kept(database, acme)) == sorted(f"e-{n}" for n in range(60))


async def test_greeting_is_answered_where_the_address_is_ours(browser: httpx2.AsyncClient, address: str) -> None:
    answer = await browser.post(address, headers={"X-Hook-Secret": "s-1"})
    assert (answer.status_code, answer.headers["x-hook-secret"]) == (200, "s-1")
    answer = await browser.post(address[:-1] + "!", headers={"X-Hook-Secret": "s-1"})
    assert (answer.status_code, "x-hook-secret" in answer.headers) == (401, False)


def test_addresses_stay_what_existing_subscriptions_have(address: str, acme: int) -> None:
    assert prefix_of("smartrecruiters") + f"7/{mark_of(b'k', 7)}" == "/smartrecruiters/7/nHN9FjvNExW7aVsAJi47pEh6"
    assert address.startswith(f"/smartrecruiters/{acme}/")


async def test_forged_deliveries_are_refused_before_the_database_is_asked(
    browser: httpx2.AsyncClient, database: Database, acme: int, address: str
) -> None:
    assert await deliver(browser, address, delivery()) == 202
    other = address.replace(f"/{acme}/", f"/{acme + 1}/")
    with no_database(database):
        for forged in (delivery(key="another"), delivery(body=b'{"id":"c-2"}'), {}):
            assert await deliver(browser, address, forged) == 401
        for wrong in (other, "/smartrecruiters/", "/smartrecruiters/0/x", "/smartrecruiters/²/x", address + "x"):
            assert await deliver(browser, wrong, delivery()) == 401
        assert (await browser.get(address)).status_code == 405
        assert await deliver(browser, address, delivery(), b"x" * 20_000) == 413
    assert len(await kept(database, acme)) == 1


async def test_new_key_is_taken_without_a_restart(
    browser: httpx2.AsyncClient,
    database: Database,
    vault: Vault,
    acme: int,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keyring, "AGAIN_SECONDS", 3_600.0)
    assert await deliver(browser, address, delivery("e-1")) == 202
    async with database.transaction() as connection:
        await save_keys(connection, acme, "smartrecruiters", ["the newer key", KEY], vault=vault)
    assert await deliver(browser, address, delivery("e-2", key="the newer key")) == 401
    monkeypatch.setattr(keyring, "AGAIN_SECONDS", 0.0)
    assert await deliver(browser, address, delivery("e-2", key="the newer key")) == 202
    assert await deliver(browser, address, delivery("e-3")) == 202


async def test_nothing_is_acknowledged_that_could_not_be_kept(
    browser: httpx2.AsyncClient, database: Database, acme: int, address: str
) -> None:
    assert await deliver(browser, address, delivery("e-1")) == 202
    async with database.connection() as connection:
        await connection.execute("ALTER TABLE inbox RENAME TO elsewhere")
    assert await deliver(browser, address, delivery("e-2")) == 503
    async with database.connection() as connection:
        await connection.execute("ALTER TABLE elsewhere RENAME TO inbox")
    assert await deliver(browser, address, delivery("e-2")) == 202
    assert len(await kept(database, acme)) == 2
