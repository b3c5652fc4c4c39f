"""Coming in for the first time: the first admin, once; and people who were invited, each once."""

from __future__ import annotations

import asyncio
import re

import pytest

from landbridge.store.accounts import ensure_admin, make_sign_in_token
from landbridge.store.database import Database
from landbridge.store.memberships import Role
from tests.web.conftest import Clock
from tests.web.people import PASSWORD, Console, acts_of, post, token_in, words

NAMED = {"username": "ada", "email": "", "password": PASSWORD, "again": PASSWORD}


async def first_links(database: Database, clock: Clock, count: int) -> list[str]:
    async with database.transaction() as connection:
        admin = await ensure_admin(connection, clock.now)
        return [f"/sign-in/{await make_sign_in_token(connection, admin, clock.now)}" for _ in range(count)]


async def test_first_admin_chooses_name_and_password_and_comes_back_by_them(
    console: Console, database: Database, clock: Clock
) -> None:
    browser = console.browser()
    [link] = await first_links(database, clock, 1)
    assert (await browser.get(link)).headers["location"] == "/welcome"
    assert (await post(browser, "/welcome", **NAMED)).status_code == 302
    assert (await browser.get("/workspaces")).status_code == 200
    browser.cookies.clear()
    assert (await post(browser, "/sign-in", username="ada", password=PASSWORD)).status_code == 302
    assert ("ada", "account.claimed") in {line[:2] for line in await acts_of(database)}


async def test_of_two_browsers_with_a_link_each_one_becomes_the_admin(
    console: Console, database: Database, clock: Clock
) -> None:
    browsers, tokens = [console.browser(), console.browser()], []
    for browser, link in zip(browsers, await first_links(database, clock, 2), strict=True):
        await browser.get(link)
        tokens.append(token_in(await browser.get("/welcome")))
    await asyncio.gather(*(
        browser.post("/welcome", data={**NAMED, "username": name, "csrfmiddlewaretoken": token})
        for browser, name, token in zip(browsers, ("ada", "eve"), tokens, strict=True)
    ))  # fmt: skip
    inside = [(await browser.get("/workspaces")).status_code for browser in browsers]
    assert sorted(inside) == [200, 302]
    async with database.connection() as connection:
        rows = await (await connection.execute("SELECT username FROM auth_user")).fetchall()
    assert [row[0] for row in rows] == [("ada", "eve")[inside.index(200)]]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"again": "something else entirely"}, "The two passwords differ."),
        ({"password": "short", "again": "short"}, "at least 12 characters"),
        ({"password": "administrator", "again": "administrator"}, "too common"),
        ({"username": "a b"}, "Enter a valid username"),
    ],
)
async def test_first_admin_is_told_what_is_wrong(
    console: Console, database: Database, clock: Clock, changed: dict[str, str], said: str
) -> None:
    browser = console.browser()
    [link] = await first_links(database, clock, 1)
    await browser.get(link)
    answer = await post(browser, "/welcome", **{**NAMED, **changed})
    assert said in words(answer)
    assert "password=" not in str(answer.url)


async def invited(console: Console, workspace: int, role: str = "admin") -> str:
    """The path of a fresh invitation, as the owner reads it off the page."""
    owner = await console.member("olga", workspace, Role.OWNER)
    page = await post(owner, "/w/acme/people/invite", page="/w/acme/people", label="Grace", role=role)
    found = re.search(r'value="http://localhost(/join/[\w-]+)"', page.text)
    assert found is not None
    return found[1]


async def test_invitation_makes_an_account_with_its_role_once(
    console: Console, workspace: int, database: Database
) -> None:
    path = await invited(console, workspace)
    newcomer = console.browser()
    assert "olga invites you to join as admin" in words(await newcomer.get(path))
    answer = await post(newcomer, path, **{**NAMED, "username": "grace"})
    assert answer.headers["location"] == "/w/acme/"
    assert (await newcomer.get("/w/acme/")).status_code == 200
    assert ("grace", "invitation.accepted", "Grace") in {line[:3] for line in await acts_of(database)}
    again = await console.browser().get(path)
    assert again.status_code == 404
    assert "This invitation does not work" in words(again)


async def test_of_two_people_with_one_invitation_one_comes_in(
    console: Console, workspace: int, database: Database
) -> None:
    path = await invited(console, workspace)
    browsers = [console.browser(), console.browser()]
    tokens = [token_in(await browser.get(path)) for browser in browsers]
    await asyncio.gather(*(
        browser.post(path, data={**NAMED, "username": name, "csrfmiddlewaretoken": token})
        for browser, name, token in zip(browsers, ("grace", "mallory"), tokens, strict=True)
    ))  # fmt: skip
    assert sorted([(await browser.get("/w/acme/")).status_code for browser in browsers]) == [200, 302]
    async with database.connection() as connection:
        rows = await (await connection.execute("SELECT count(*) FROM auth_user")).fetchall()
    assert rows == [(2,)]  # the owner and the one who came first


async def test_somebody_signed_in_joins_with_that_account_and_keeps_a_higher_role(
    console: Console, workspace: int
) -> None:
    path = await invited(console, workspace, role="viewer")
    owner = await console.member("otto", workspace, Role.OWNER)
    assert (await post(owner, path)).headers["location"] == "/w/acme/"
    assert "Invite somebody" in words(await owner.get("/w/acme/people"))


async def test_invitation_is_void_when_withdrawn_or_a_week_old(
    console: Console, workspace: int, clock: Clock, database: Database
) -> None:
    owner_path = await invited(console, workspace)
    clock.advance(days=7)
    assert (await console.browser().get(owner_path)).status_code == 404
    clock.advance(days=-7)
    async with database.connection() as connection:
        row = await (await connection.execute("SELECT id FROM invitation WHERE used_at IS NULL")).fetchone()
    assert row is not None
    owner = await console.member("otto", workspace, Role.OWNER)
    await post(owner, f"/w/acme/people/invitations/{row[0]}/withdraw", page="/w/acme/people")
    assert (await console.browser().get(owner_path)).status_code == 404


async def test_user_name_that_is_taken_is_told_and_the_invitation_stays(console: Console, workspace: int) -> None:
    path = await invited(console, workspace)
    newcomer = console.browser()
    answer = await post(newcomer, path, **{**NAMED, "username": "OLGA"})
    assert "Somebody has that user name already" in words(answer)
    assert (await newcomer.get(path)).status_code == 200


async def test_log_of_a_refused_invitation_does_not_tell_the_token(
    console: Console, caplog: pytest.LogCaptureFixture
) -> None:
    await console.browser().get("/join/hunter2")
    assert "/join/[token]" in caplog.text
    assert "hunter2" not in caplog.text
