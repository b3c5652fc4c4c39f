"""Coming in: by password, by a link that works once, and not at all."""

from __future__ import annotations

import re

import httpx2
import pytest
from django.contrib.auth.hashers import make_password

from landbridge.store.accounts import TRIES_PER_ADDRESS
from landbridge.store.database import Database
from tests.web.conftest import Clock

PASSWORD = "seven blue herons wade"


async def post(browser: httpx2.AsyncClient, path: str, **fields: str) -> httpx2.Response:
    """Fetch the form as a browser would, then send it."""
    page = await browser.get(path)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token is not None
    return await browser.post(path, data={"csrfmiddlewaretoken": token[1], **fields})


@pytest.fixture
async def user(database: Database, clock: Clock, browser: httpx2.AsyncClient) -> str:
    """A user with a password; the browser fixture has configured Django."""
    async with database.connection() as connection:
        await connection.execute(
            """INSERT INTO auth_user (username, password, first_name, last_name, email, is_superuser, is_staff,
                                      is_active, date_joined)
               VALUES ('ada', %s, '', '', '', true, true, true, %s)""",
            [make_password(PASSWORD), clock.now],
        )
    return "ada"


async def test_console_sends_strangers_to_the_sign_in_page(browser: httpx2.AsyncClient) -> None:
    answer = await browser.get("/")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/sign-in?next=/"


async def test_right_password_opens_the_console(browser: httpx2.AsyncClient, user: str) -> None:
    answer = await post(browser, "/sign-in", username=user, password=PASSWORD, next="/")
    assert (answer.status_code, answer.headers["location"]) == (302, "/")
    assert (await browser.get("/workspaces")).status_code == 200


async def test_passwords_are_kept_as_argon2(database: Database, user: str) -> None:
    async with database.connection() as connection:
        row = await (await connection.execute("SELECT password FROM auth_user")).fetchone()
    assert row is not None
    assert row[0].startswith("argon2$argon2id$")


async def test_wrong_password_says_no_more_than_that(browser: httpx2.AsyncClient, user: str) -> None:
    wrong = await post(browser, "/sign-in", username=user, password="not it")
    unknown = await post(browser, "/sign-in", username="nobody", password="not it")
    assert wrong.status_code == unknown.status_code == 403
    assert "do not go together" in wrong.text
    assert "do not go together" in unknown.text
    assert (await browser.get("/")).status_code == 302


async def test_sign_in_is_refused_after_too_many_tries_and_open_again_later(
    browser: httpx2.AsyncClient, user: str, clock: Clock
) -> None:
    for _ in range(TRIES_PER_ADDRESS):
        assert (await post(browser, "/sign-in", username=user, password="guess")).status_code == 403
    assert (await post(browser, "/sign-in", username=user, password=PASSWORD)).status_code == 429
    clock.advance(minutes=16)
    assert (await post(browser, "/sign-in", username=user, password=PASSWORD)).status_code == 302


async def test_sign_in_without_the_forms_token_is_refused(browser: httpx2.AsyncClient, user: str) -> None:
    answer = await browser.post("/sign-in", data={"username": user, "password": PASSWORD})
    assert answer.status_code == 403
    assert "Please try again" in answer.text


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.com"])
async def test_sign_in_never_leads_to_another_site(browser: httpx2.AsyncClient, user: str, wanted: str) -> None:
    answer = await post(browser, "/sign-in", username=user, password=PASSWORD, next=wanted)
    assert answer.headers["location"] == "/"


async def test_link_signs_in_once(browser: httpx2.AsyncClient, sign_in_path: str) -> None:
    assert (await browser.get(sign_in_path)).status_code == 302
    assert (await browser.get("/workspaces")).status_code == 200
    browser.cookies.clear()
    assert (await browser.get(sign_in_path)).status_code == 403
    assert (await browser.get("/")).status_code == 302


@pytest.mark.parametrize(
    ("wanted", "given"),
    [("", "/welcome"), ("?next=/w/demo/", "/w/demo/"), ("?next=https://evil.example/", "/welcome")],
)
async def test_link_leads_to_the_page_it_names_or_to_choosing_a_password(
    browser: httpx2.AsyncClient, sign_in_path: str, wanted: str, given: str
) -> None:
    assert (await browser.get(sign_in_path + wanted)).headers["location"] == given


async def test_link_is_void_after_fifteen_minutes(browser: httpx2.AsyncClient, sign_in_path: str, clock: Clock) -> None:
    clock.advance(minutes=15)
    assert (await browser.get(sign_in_path)).status_code == 403


async def test_looking_at_a_link_without_following_it_keeps_it(browser: httpx2.AsyncClient, sign_in_path: str) -> None:
    assert (await browser.head(sign_in_path)).status_code == 405
    assert (await browser.get(sign_in_path)).status_code == 302


async def test_link_of_a_closed_account_opens_nothing(
    browser: httpx2.AsyncClient, sign_in_path: str, database: Database
) -> None:
    async with database.connection() as connection:
        await connection.execute("UPDATE auth_user SET is_active = false")
    assert (await browser.get(sign_in_path)).status_code == 403


async def test_database_does_not_know_the_link_itself(database: Database, sign_in_path: str) -> None:
    async with database.connection() as connection:
        row = await (await connection.execute("SELECT token_hash, sign_in_link::text FROM sign_in_link")).fetchone()
    assert row is not None
    assert sign_in_path.rpartition("/")[2] not in row[1]


async def test_signing_out_ends_the_session_on_the_server(admin: httpx2.AsyncClient) -> None:
    session = dict(admin.cookies)
    page = await admin.get("/workspaces")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token is not None
    assert (await admin.post("/sign-out", data={"csrfmiddlewaretoken": token[1]})).status_code == 302
    admin.cookies.update(session)
    assert (await admin.get("/")).status_code == 302


async def test_signing_out_needs_a_post(admin: httpx2.AsyncClient) -> None:
    assert (await admin.get("/sign-out")).status_code == 405
    assert (await admin.get("/workspaces")).status_code == 200


async def test_password_can_be_changed_and_counts_at_once(admin: httpx2.AsyncClient) -> None:
    answer = await post(admin, "/password", new_password1=PASSWORD, new_password2=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (302, "/account")
    assert "Your new password counts" in (await admin.get("/account")).text
    admin.cookies.clear()
    assert (await post(admin, "/sign-in", username="admin", password=PASSWORD)).status_code == 302


@pytest.mark.parametrize("weak", ["short", "administrator"])
async def test_weak_passwords_are_refused_with_the_reason(admin: httpx2.AsyncClient, weak: str) -> None:
    answer = await post(admin, "/password", new_password1=weak, new_password2=weak)
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text


async def test_strangers_cannot_choose_a_password(browser: httpx2.AsyncClient) -> None:
    answer = await browser.get("/password")
    assert (answer.status_code, answer.headers["location"]) == (302, "/sign-in?next=/password")
