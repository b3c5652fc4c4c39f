"""One's own account: second factors, sign-ins in other browsers, the time zone."""

from __future__ import annotations

import re
import time

import httpx2
import pytest

from landbridge.store.database import Database
from landbridge.store.memberships import Role
from tests.web.conftest import Clock
from tests.web.people import PASSWORD, Console, acts_of, number_of, post, token_in, words

APP = "/account/factors/app"


def code_of(secret: str, steps: int = 0) -> str:
    """What an authenticator app shows, ``steps`` half minutes from now."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value  # needs Django's settings

    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


@pytest.fixture
async def grace(console: Console, workspace: int) -> httpx2.AsyncClient:
    return await console.member("grace", workspace, Role.ADMIN, password=PASSWORD)


async def with_app(browser: httpx2.AsyncClient) -> str:
    """Turn the app on; its secret."""
    page = await browser.get(APP)
    found = re.search(r'id="secret"[^>]* value="(\w+)"', page.text)
    assert found is not None
    answer = await browser.post(APP, data={"csrfmiddlewaretoken": token_in(page), "code": code_of(found[1])})
    assert (answer.status_code, answer.headers["location"]) == (302, "/account/factors/codes")
    return found[1]


async def sign_in(console: Console) -> httpx2.AsyncClient:
    browser = console.browser()
    answer = await post(browser, "/sign-in", username="grace", password=PASSWORD)
    assert answer.headers["location"] == "/second-factor"
    assert (await browser.get("/workspaces")).status_code == 302  # not in yet
    return browser


async def test_password_alone_no_longer_opens_and_a_code_works_once(
    console: Console, grace: httpx2.AsyncClient
) -> None:
    secret = await with_app(grace)
    code = code_of(secret, 1)
    first, second = await sign_in(console), await sign_in(console)
    assert "Incorrect code" in words(await post(first, "/second-factor", code="000000"))
    assert (await post(first, "/second-factor", code=code)).status_code == 302
    assert (await first.get("/workspaces")).status_code == 200
    assert "Incorrect code" in words(await post(second, "/second-factor", code=code))
    assert (await second.get("/workspaces")).status_code == 302


async def test_recovery_code_opens_once(console: Console, grace: httpx2.AsyncClient) -> None:
    await with_app(grace)
    codes = re.findall(r"<li><code>(\w+)</code></li>", (await grace.get("/account/factors/codes")).text)
    assert len(codes) == 10
    first, second = await sign_in(console), await sign_in(console)
    assert (await post(first, "/second-factor", code=codes[0])).status_code == 302
    assert "Incorrect code" in words(await post(second, "/second-factor", code=codes[0]))


async def test_secrets_of_second_factors_are_sealed_in_the_database(
    grace: httpx2.AsyncClient, database: Database
) -> None:
    secret = await with_app(grace)
    async with database.connection() as connection:
        rows = await (await connection.execute("SELECT data::text FROM mfa_authenticator")).fetchall()
    assert len(rows) == 2
    assert secret not in str(rows)


async def test_second_factors_are_noted_and_shown(grace: httpx2.AsyncClient, database: Database) -> None:
    await with_app(grace)
    assert "Added a second factor" in words(await grace.get("/account"))
    assert "factor.added" in {line[1] for line in await acts_of(database)}
    assert (await post(grace, f"{APP}/remove")).status_code == 302
    assert "Removed a second factor" in words(await grace.get("/account"))


@pytest.mark.parametrize("path", [APP, "/account/factors/codes/renew", "/account/factors/keys/add", "/password"])
async def test_changing_how_one_signs_in_asks_again_after_a_while(
    grace: httpx2.AsyncClient, clock: Clock, path: str
) -> None:
    assert (await grace.get(path)).status_code == 200
    clock.advance(minutes=16)
    assert (await grace.get(path)).headers["location"] == f"/account/confirm?next={path}"


async def test_code_of_the_app_confirms_as_well(grace: httpx2.AsyncClient, clock: Clock) -> None:
    secret = await with_app(grace)
    clock.advance(minutes=16)
    path = f"/account/confirm/code?next={APP}/remove"
    assert (await post(grace, path, code=code_of(secret, 1))).headers["location"] == f"{APP}/remove"
    assert (await grace.get(f"{APP}/remove")).status_code == 200


async def test_other_browsers_can_be_signed_out_one_by_one_and_all(
    console: Console, grace: httpx2.AsyncClient, database: Database
) -> None:
    number = await number_of(database, "grace")
    phone, office, home = [await console.signed_in(number) for _ in range(3)]
    page = await grace.get("/account")
    assert page.text.count('/end"') == 3
    path = re.search(r'"(/account/sign-ins/\d+/end)"', page.text)
    assert path is not None
    await post(grace, path[1], page="/account")
    assert sorted([(await one.get("/account")).status_code for one in (phone, office, home)]) == [200, 200, 302]
    await post(grace, "/account/sign-ins/end-others", page="/account")
    assert [(await one.get("/account")).status_code for one in (phone, office, home)] == [302, 302, 302]
    assert (await grace.get("/account")).status_code == 200


async def test_sign_ins_of_somebody_else_cannot_be_ended(
    console: Console, workspace: int, grace: httpx2.AsyncClient, database: Database
) -> None:
    mallory = await console.member("mallory", workspace, Role.OWNER)
    async with database.connection() as connection:
        row = await (await connection.execute(
            "SELECT id FROM usersessions_usersession WHERE user_id = %s", [await number_of(database, "grace")]
        )).fetchone()  # fmt: skip
    assert row is not None
    assert (await post(mallory, f"/account/sign-ins/{row[0]}/end", page="/account")).status_code == 404
    assert (await grace.get("/account")).status_code == 200


async def test_chosen_zone_beats_the_browsers_and_lasts(console: Console, grace: httpx2.AsyncClient) -> None:
    await post(grace, "/account", email="", zone="America/New_York")
    assert "Times are in EST." in words(await grace.get("/account"))
    again = await console.signed_in(await number_of(console.database, "grace"))
    again.cookies.set("landbridge-zone", "Asia/Tokyo", domain="localhost.local")
    assert "Times are in EST." in words(await again.get("/account"))


@pytest.mark.parametrize("zone", ["Mars/Base", "../etc/passwd", ""])
async def test_zone_that_does_not_exist_is_utc(grace: httpx2.AsyncClient, zone: str) -> None:
    grace.cookies.set("landbridge-zone", zone, domain="localhost.local")
    assert "Times are in UTC." in words(await grace.get("/account"))
