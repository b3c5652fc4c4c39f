"""Whoever walks away is signed out; a page that renews itself is no person."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest
from msgspec import structs

from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.memberships import Role
from landbridge.store.secrets import Vault
from tests.web.conftest import Clock
from tests.web.people import Console, words

PAGE = "/w/acme/"
POLL = {"hx-request": "true"}


@pytest.fixture
async def browser(console: Console, workspace: int) -> httpx2.AsyncClient:
    return await console.member("ann", workspace, Role.ADMIN)


async def test_session_ends_after_an_hour_without_a_click_and_the_page_says_why(
    browser: httpx2.AsyncClient, clock: Clock
) -> None:
    assert (await browser.get(PAGE)).status_code == 200
    clock.advance(minutes=61)
    answer = await browser.get(PAGE)
    assert answer.headers["location"] == f"/sign-in?next={PAGE}&rested=1"
    page = await browser.get(answer.headers["location"])
    assert "You were signed out because nothing was done here for 60 minutes" in words(page)
    assert (await browser.get(PAGE)).headers["location"] == f"/sign-in?next={PAGE}"


async def test_somebody_who_works_stays_for_twelve_hours(browser: httpx2.AsyncClient, clock: Clock) -> None:
    for _ in range(14):
        assert (await browser.get(PAGE)).status_code == 200
        clock.advance(minutes=50)
    clock.advance(minutes=20)
    assert (await browser.get(PAGE)).status_code == 302


async def test_page_that_renews_itself_keeps_nobody_signed_in(browser: httpx2.AsyncClient, clock: Clock) -> None:
    assert (await browser.get(PAGE)).status_code == 200
    for _ in range(6):
        clock.advance(minutes=10)
        answer = await browser.get(PAGE, headers=POLL)
    assert answer.headers["hx-redirect"] == f"/sign-in?next={PAGE}&rested=1"


async def test_typing_into_a_search_is_a_sign_of_life(browser: httpx2.AsyncClient, clock: Clock) -> None:
    for _ in range(8):
        clock.advance(minutes=10)
        assert (await browser.get(PAGE, headers={**POLL, "hx-trigger-name": "q"})).status_code == 200


@pytest.fixture
async def lenient(settings: Settings, database: Database, vault: Vault, clock: Clock) -> AsyncIterator[Console]:
    console = Console(structs.replace(settings, session_idle_minutes=0), database, vault, clock)
    yield console
    await console.close()


async def test_time_out_can_be_switched_off_but_for_the_twelve_hours(
    lenient: Console, workspace: int, clock: Clock
) -> None:
    browser = await lenient.member("ann", workspace, Role.ADMIN)
    assert "You stay signed in for 12 hours" in words(await lenient.browser().get("/sign-in"))
    assert (await browser.get(PAGE)).status_code == 200
    clock.advance(hours=11)
    assert (await browser.get(PAGE)).status_code == 200
    clock.advance(hours=1)
    assert (await browser.get(PAGE)).status_code == 302
