"""What holds for every page of the imitated LinkedIn: who gets in, what forms may come from, what headers go out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.pages.page import ANYONE
from landbridge.sandbox.linkedin.pages.registry import PAGES, ROOTS
from landbridge.sandbox.linkedin.pages.session import COOKIE, EMBEDDED_COOKIE, Session, Sessions
from landbridge.sandbox.linkedin.pages.visit import own_path
from landbridge.sandbox.linkedin.routing import ROUTES

ADMIN_OF_BOTH, RECRUITER, ADMIN_OF_SECOND = 0, 1, 2
LITE, SEATLESS = -3, -1
HOME = "/recruiter"
ATS_TAB = "/recruiter/admin/ats"


@pytest.fixture
async def browser(sandbox: Sandbox) -> AsyncIterator[httpx2.AsyncClient]:
    """Follows no redirects, keeps cookies."""
    transport = httpx2.ASGITransport(app=sandbox.linkedin)
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as browser:
        yield browser


async def sign_in(browser: httpx2.AsyncClient, sandbox: Sandbox, person: int, next_page: str = "") -> httpx2.Response:
    human = sandbox.linkedin.state.network.people[person]
    form = {"login": human.login, "password": human.password, "next": next_page}
    return await browser.post("/login", data=form)


async def test_nobody_gets_in_unsigned_and_comes_back_to_where_they_wanted(
    browser: httpx2.AsyncClient, sandbox: Sandbox
) -> None:
    sent = await browser.get(f"{ATS_TAB}?x=1&y=%20")
    assert (sent.status_code, sent.headers["location"]) == (303, f"/login?next={quote(f'{ATS_TAB}?x=1&y=%20')}")
    assert f'value="{ATS_TAB}?x=1&amp;y=%20"' in (await browser.get(sent.headers["location"])).text
    back = await sign_in(browser, sandbox, ADMIN_OF_SECOND, f"{ATS_TAB}?x=1")
    assert back.headers["location"] == f"{ATS_TAB}?x=1"
    assert (await browser.get(ATS_TAB)).status_code == 200


async def test_every_page_that_is_not_for_everybody_sends_to_sign_in(browser: httpx2.AsyncClient) -> None:
    for page in PAGES:
        if page.who == ANYONE:
            continue
        path = page.path.replace("{member:int}", "1").replace("{note:int}", "1").replace("{thread}", "x")
        answer = await browser.request(page.method, path)
        assert (answer.status_code, answer.headers["location"][:7]) == (303, "/login?"), path


async def test_wrong_password_signs_nobody_in(browser: httpx2.AsyncClient, sandbox: Sandbox) -> None:
    login = sandbox.linkedin.state.network.people[0].login
    for form in ({"login": login, "password": "guess"}, {"login": "", "password": ""}, {"login": '"><b>x'}):
        answer = await browser.post("/login", data=form)
        assert answer.status_code == 401
        assert "<b>x" not in answer.text
    assert (await browser.get(HOME)).status_code == 303


@pytest.mark.parametrize(
    ("person", "reason"),
    [(LITE, "not with Recruiter Lite"), (SEATLESS, "has no Recruiter seat"), (-5, "not active"), (-4, "not active")],
)
async def test_who_has_no_seat_to_work_with_is_told_why(
    browser: httpx2.AsyncClient, sandbox: Sandbox, person: int, reason: str
) -> None:
    await sign_in(browser, sandbox, person)
    for path in (HOME, ATS_TAB, "/recruiter/contract"):
        answer = await browser.get(path)
        assert answer.status_code == 403
        assert reason in answer.text


async def test_contract_is_chosen_once_and_stays_until_sign_out(browser: httpx2.AsyncClient, sandbox: Sandbox) -> None:
    europe, overseas, _ = sandbox.linkedin.state.network.contracts
    await sign_in(browser, sandbox, ADMIN_OF_BOTH)
    asked = await browser.get(HOME)
    assert (asked.status_code, asked.headers["location"]) == (303, "/recruiter/contract?next=/recruiter")
    for contract in (overseas, europe):
        await browser.post("/recruiter/contract", data={"contract": contract.urn, "next": HOME})
        assert overseas.urn in (await browser.get(HOME)).text
    await browser.post("/logout")
    assert (await browser.get(HOME)).headers["location"].startswith("/login")
    await sign_in(browser, sandbox, ADMIN_OF_BOTH)
    await browser.post("/recruiter/contract", data={"contract": europe.urn})
    assert europe.urn in (await browser.get(HOME)).text


async def test_contract_without_a_seat_cannot_be_chosen(browser: httpx2.AsyncClient, sandbox: Sandbox) -> None:
    await sign_in(browser, sandbox, ADMIN_OF_BOTH)
    lite = sandbox.linkedin.state.network.contracts[-1].urn
    for urn in (lite, "urn:li:contract:1", ""):
        assert (await browser.post("/recruiter/contract", data={"contract": urn})).status_code == 400
    assert (await browser.get(HOME)).status_code == 303


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"origin": "http://sandbox"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": "http://sandbox:81"}, False),
        ({"origin": "https://elsewhere.example.org"}, False),
        ({"origin": "null"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://sandbox"}, False),
    ],
)
async def test_forms_of_other_sites_do_nothing(
    browser: httpx2.AsyncClient, sandbox: Sandbox, headers: dict[str, str], taken: bool
) -> None:
    await sign_in(browser, sandbox, ADMIN_OF_SECOND)
    answer = await browser.post("/logout", headers=headers)
    assert answer.status_code == (303 if taken else 403)
    assert ((await browser.get(HOME)).status_code == 303) is taken


async def test_pages_may_load_their_own_files_only_and_be_framed_by_nobody(browser: httpx2.AsyncClient) -> None:
    answer = await browser.get("/login")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    for file in ("style.css", "icon.svg", "frame.js"):
        assert (await browser.get(f"/recruiter/static/{file}")).status_code == 200


@pytest.mark.parametrize("path", ["/recruiter/static/../desk.py", "/recruiter/static/desk.py", "/recruiter/no/page"])
async def test_unknown_page_is_a_page_too(browser: httpx2.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


async def test_form_that_is_too_long_is_not_read(browser: httpx2.AsyncClient) -> None:
    assert (await browser.post("/login", content=b"login=" + b"x" * 300_000)).status_code == 413


async def test_bytes_that_are_no_form_are_one_without_fields(browser: httpx2.AsyncClient) -> None:
    for body in (b"\x00\xff\xfe", b"login=%ff%00&password=\x80", b"&&&===", b"login=%ud800"):
        assert (await browser.post("/login", content=body)).status_code == 401
    for cookie in ("sandbox_session=%ff", 'a="; sandbox_session=x', "sandbox_session=" + "A" * 4000):
        assert (await browser.get(HOME, headers={"cookie": cookie})).status_code == 303


def test_pages_and_api_share_no_path() -> None:
    assert not {name.partition("/")[0] for name in ROUTES} & ROOTS
    assert {page.path.split("/")[1] for page in PAGES} == ROOTS


@pytest.mark.parametrize(
    "path",
    ["https://e.example.org", "//e.example.org", "/\\e.example.org", "javascript:x", "", "login", "/a\r\nb", "/é"],
)
def test_nobody_is_sent_elsewhere(path: str) -> None:
    assert own_path(path, HOME) == HOME


def test_session_of_another_world_or_a_changed_one_is_none() -> None:
    sessions, session = Sessions("plain/1"), Session(login="a@example.org", contract="urn:li:contract:1")
    text = sessions.write(session)[0].partition(";")[0].partition("=")[2]
    assert sessions.read(f"{COOKIE}={text}") == session
    assert sessions.read(f"other=1; {EMBEDDED_COOKIE}={text}") == session
    assert Sessions("plain/2").read(f"{COOKIE}={text}") == Session()
    for place in (0, len(text) // 2, -1):
        changed = "A" if text[place] != "A" else "B"
        other = text[:place] + changed + text[place + 1 or len(text) :]
        assert sessions.read(f"{COOKIE}={other}").contract in ("", session.contract)
        if place != -1:
            assert sessions.read(f"{COOKIE}={other}") == Session()


async def test_hostile_names_are_shown_and_never_run(sandbox: Sandbox) -> None:
    with_odd_people = Sandbox(world="hostile", candidates=60)
    transport = httpx2.ASGITransport(app=with_odd_people.linkedin)
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as browser:
        await sign_in(browser, with_odd_people, ADMIN_OF_SECOND)
        for member in with_odd_people.linkedin.state.network.members:
            answer = await browser.get(f"/recruiter/people/{member.number}")
            assert answer.status_code == 200, member
            assert "<script>" not in answer.text
