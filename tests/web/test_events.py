"""Events for an ATS of one's own: where they go is entered on the page or by the API, and its secret shown once."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from msgspec.structs import replace

from landbridge.connectors.rest_ats.source import NAME
from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.memberships import Role
from landbridge.store.pushes import open_pushes
from landbridge.store.secrets import Vault
from tests.unit.rest_ats.listener import Listener
from tests.web.conftest import Clock
from tests.web.people import Console, post

PAGE = "/w/acme/ats"
LOCAL = ("127.0.0.0/8", "::1/128")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, ats_networks=LOCAL)


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    with Listener() as listener:
        yield listener


@pytest.fixture
async def opened(workspace: int, database: Database, vault: Vault, clock: Clock) -> int:
    async with database.transaction() as connection:
        await open_pushes(connection, workspace, NAME, vault=vault, now=clock.now)
    return workspace


async def save(browser: httpx2.AsyncClient, url: str) -> httpx2.Response:
    return await post(browser, f"{PAGE}/events", page=PAGE, url=url)


def secret_in(page: str) -> str:
    found = re.search(r'id="signing-secret"[^>]*value="(whsec_[^"]+)"', page)
    return found[1] if found else ""


async def test_address_is_saved_and_the_secret_shown_once(
    console: Console, opened: int, listener: Listener, database: Database
) -> None:
    ada = await console.member("ada", opened, Role.ADMIN)
    assert "Switched off" in (await ada.get(PAGE)).text
    secret = secret_in((await save(ada, listener.url)).text)
    page = (await ada.get(PAGE)).text
    assert secret
    assert listener.url in page
    assert secret not in page
    assert secret_in((await save(ada, listener.url + "other")).text) == ""
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT act, subject, facts::text FROM audit_event WHERE act LIKE 'events.%'")
        noted = await cursor.fetchall()
    assert [act for act, *_ in noted] == ["events.address_saved"] * 2
    assert listener.url not in repr(noted)


async def test_test_event_arrives_and_what_the_ats_answers_is_told(
    console: Console, opened: int, listener: Listener
) -> None:
    ada = await console.member("ada", opened, Role.ADMIN)
    await save(ada, listener.url)
    answer = await post(ada, f"{PAGE}/events/test", page=PAGE)
    assert answer.status_code == 302
    assert [json.loads(body)["type"] for _, body in listener.came] == ["landbridge.test"]
    for status, words in ((410, "wants no more events"), (401, "signing secret"), (302, "sent us elsewhere")):
        listener.status = status
        answer = await post(ada, f"{PAGE}/events/test", page=PAGE)
        assert (answer.status_code, words in answer.text) == (422, True), status
    listener.status = 200
    assert "Needs you" in (await ada.get(PAGE)).text
    await post(ada, f"{PAGE}/events/test", page=PAGE)
    assert "Needs you" not in (await ada.get(PAGE)).text


async def test_new_secret_and_the_one_before_both_sign_for_a_day(
    console: Console, opened: int, listener: Listener
) -> None:
    ada = await console.member("ada", opened, Role.ADMIN)
    first = secret_in((await save(ada, listener.url)).text)
    second = secret_in((await post(ada, f"{PAGE}/events/secret", page=PAGE)).text)
    assert second not in {"", first}
    assert "The older secret signs until" in (await ada.get(PAGE)).text
    await post(ada, f"{PAGE}/events/test", page=PAGE)
    console.clock.advance(hours=24)
    ada = await console.signed_in((await people(console))["ada"])
    await post(ada, f"{PAGE}/events/test", page=PAGE)
    assert [len(headers["webhook-signature"].split()) for headers, _ in listener.came] == [2, 1]


async def people(console: Console) -> dict[str, int]:
    async with console.database.connection() as connection:
        cursor = await connection.execute("SELECT username, id FROM auth_user")
        return dict(await cursor.fetchall())


@pytest.mark.parametrize("url", ["http://ats.example.org/", "https://10.0.0.1/", "https://u:p@ats.example.org/", "x"])
async def test_address_to_which_nothing_may_be_sent_is_refused(console: Console, opened: int, url: str) -> None:
    ada = await console.member("ada", opened, Role.ADMIN)
    answer = await save(ada, url)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "Switched off" in (await ada.get(PAGE)).text


async def test_viewer_sees_where_events_go_and_cannot_change_it(
    console: Console, opened: int, listener: Listener
) -> None:
    await save(await console.member("ada", opened, Role.ADMIN), listener.url)
    eve = await console.member("eve", opened, Role.VIEWER)
    page = (await eve.get(PAGE)).text
    assert listener.url in page
    assert "<form" not in page[page.index('id="events-title"') :].partition("</section>")[0]
