"""Single sign-on against a real issuer: known people come in, new ones need an invitation."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from html import unescape

import httpx2
import pytest
from django.test import override_settings
from msgspec import structs

from landbridge.errors import SettingError
from landbridge.settings import Secret, Settings, load
from landbridge.store.database import Database
from landbridge.store.memberships import Role
from landbridge.store.project import project
from landbridge.store.secrets import Vault
from tests.web.conftest import Clock
from tests.web.issuer import CLIENT, SECRET, Issuer
from tests.web.people import PASSWORD, Console, acts_of, post, token_in, words


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with Issuer() as issuer:
        yield issuer


@pytest.fixture
async def sso(
    settings: Settings, database: Database, vault: Vault, clock: Clock, issuer: Issuer
) -> AsyncIterator[Console]:
    """A console that knows the issuer."""
    known = structs.replace(
        settings, oidc_issuer=issuer.url, oidc_client_id=CLIENT, oidc_client_secret=Secret(SECRET), oidc_name="Acme ID"
    )
    console = Console(known, database, vault, clock)
    made = project(known, database.url)
    with override_settings(SOCIALACCOUNT_PROVIDERS=made["SOCIALACCOUNT_PROVIDERS"]):
        yield console
    await console.close()
    assert issuer.problems == []


async def through(browser: httpx2.AsyncClient, issuer: Issuer, leaving: httpx2.Response) -> httpx2.Response:
    """Go to the issuer and come back, as the page that leads there says."""
    assert leaving.status_code == 200
    found = re.search(r'class="button" href="([^"]+)"', leaving.text)
    assert found is not None
    back = issuer.follow(unescape(found[1]))
    return await browser.get(back.removeprefix("http://localhost"))


async def invite(sso: Console, database: Database) -> str:
    from landbridge.store.invitations import make_invitation
    from landbridge.store.workspaces import create_workspace

    async with database.transaction() as connection:
        now = sso.clock.now
        workspace = await create_workspace(connection, slug="acme", name="Acme", foreign_id="lb-acme", now=now)
        token = await make_invitation(connection, workspace, label="Grace", role=Role.ADMIN, invited_by="olga", now=now)
    return f"/join/{token}"


async def test_invited_person_joins_by_single_sign_on_and_comes_back_by_it(
    sso: Console, issuer: Issuer, database: Database
) -> None:
    path, browser = await invite(sso, database), sso.browser()
    back = await through(browser, issuer, await post(browser, f"{path}/sso", page=path))
    assert back.status_code == 302
    assert (await browser.get("/w/acme/")).status_code == 200
    assert "came by a one-time link" not in (await browser.get("/w/acme/")).text
    again = sso.browser()
    await through(again, issuer, await post(again, "/sso/start", page="/sign-in", next="/w/acme/"))
    assert (await again.get("/w/acme/")).status_code == 200
    assert ("grace", "invitation.accepted", "Grace") in {line[:3] for line in await acts_of(database)}
    assert (await sso.browser().get(path)).status_code == 404


async def test_stranger_is_told_that_nobody_invited_them(sso: Console, issuer: Issuer, database: Database) -> None:
    browser = sso.browser()
    back = await through(browser, issuer, await post(browser, "/sso/start", page="/sign-in"))
    assert "Not invited yet" in words(back)
    assert (await browser.get("/workspaces")).status_code == 302
    async with database.connection() as connection:
        rows = await (await connection.execute("SELECT count(*) FROM auth_user")).fetchall()
    assert rows == [(0,)]


async def test_account_is_linked_after_confirming_and_opened_by_single_sign_on_from_then_on(
    sso: Console, issuer: Issuer, clock: Clock
) -> None:
    browser = await sso.signed_in(await sso.person("ada", password=PASSWORD))
    refused = await post(browser, "/sso/start", page="/account", process="connect")
    assert refused.status_code == 404
    clock.advance(minutes=16)
    late = await post(browser, "/account/sso/link", page="/account", process="connect")
    assert late.headers["location"] == "/account/confirm?next=/account"
    await post(browser, "/account/confirm/password?next=/account", password=PASSWORD)
    back = await through(browser, issuer, await post(browser, "/account/sso/link", page="/account", process="connect"))
    assert back.status_code == 302
    page = words(await browser.get("/account"))
    assert "Acme ID ✓ Linked" in page or "Acme ID Linked" in page
    assert "Linked single sign-on" in page
    again = sso.browser()
    await through(again, issuer, await post(again, "/sso/start", page="/sign-in"))
    assert "ada" in words(await again.get("/account"))


async def test_answer_that_nobody_asked_for_opens_nothing(sso: Console, issuer: Issuer, database: Database) -> None:
    """Somebody else's code or state, put into this browser."""
    path, victim, attacker = await invite(sso, database), sso.browser(), sso.browser()
    leaving = await post(attacker, f"{path}/sso", page=path)
    found = re.search(r'class="button" href="([^"]+)"', leaving.text)
    assert found is not None
    back = issuer.follow(unescape(found[1])).removeprefix("http://localhost")
    assert (await victim.get(back)).status_code != 302
    assert (await victim.get("/workspaces")).status_code == 302
    issuer.challenges.clear()


async def test_sign_in_page_offers_it_only_where_it_is_set_up(console: Console) -> None:
    browser = console.browser()
    page = await browser.get("/sign-in")
    assert "Continue with" not in page.text
    assert (await browser.post("/sso/start", data={"csrfmiddlewaretoken": token_in(page)})).status_code == 404


async def test_sign_in_page_offers_it_by_its_name(sso: Console) -> None:
    assert "Continue with Acme ID" in (await sso.browser().get("/sign-in")).text


def test_issuer_without_client_is_refused_at_start() -> None:
    with pytest.raises(SettingError, match="LANDBRIDGE_OIDC_ISSUER needs LANDBRIDGE_OIDC_CLIENT_ID"):
        load({"LANDBRIDGE_OIDC_ISSUER": "https://login.example.com"})
