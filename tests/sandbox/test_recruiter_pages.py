"""Recruiter's pages with people and texts nobody would invite."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from tests.sandbox.linkedin_caller import Caller, application, candidate, stage

LAST_MILLISECOND = 2**63 - 1
NASTY = ("<script>alert(1)</script>", "\u202eoffice\x00", "%00'\"--", "👩🏽‍🚀" * 60, "\ud800")


async def sign_in(http: httpx2.AsyncClient, sandbox: Sandbox, person: int = 1) -> None:
    """Person 1 has one seat, so no contract is asked for."""
    who = sandbox.linkedin.state.network.people[person]
    answer = await http.post("/login", data={"login": who.login, "password": who.password})
    assert answer.status_code == 303


@pytest.fixture(params=["plain", "hostile"])
async def visitor(request: pytest.FixtureRequest) -> AsyncIterator[tuple[httpx2.AsyncClient, Sandbox]]:
    sandbox = Sandbox(candidates=60, world=request.param)
    sandbox.clock.freeze()
    transport = httpx2.ASGITransport(app=sandbox.linkedin)
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        await sign_in(http, sandbox)
        yield http, sandbox


async def test_every_member_has_a_profile(visitor: tuple[httpx2.AsyncClient, Sandbox]) -> None:
    http, sandbox = visitor
    for number, member in sandbox.linkedin.state.directory.members.items():
        for path in ("", "/export", "/inmail"):
            answer = await http.get(f"/recruiter/people/{number}{path}")
            assert answer.status_code == 200, (path, member)
        assert (await http.get(f"/recruiter/as-member/{number}")).status_code == 200


@pytest.mark.parametrize("page", ["1", "2", "0", "-1", "99999999", "9" * 400, "two", "٣"])
async def test_search_takes_any_words_and_any_page(visitor: tuple[httpx2.AsyncClient, Sandbox], page: str) -> None:
    http, _ = visitor
    for words in ("", "a", *NASTY[:4]):
        for chosen in ("", "in", "out", "unheard of"):
            query = f"words={quote(words)}&ats={quote(chosen)}&page={quote(page)}"
            answer = await http.get(f"/recruiter/people?{query}")
            assert answer.status_code == 200
            assert "<script>alert" not in answer.text


@pytest.mark.parametrize("text", NASTY)
async def test_texts_come_back_as_texts(visitor: tuple[httpx2.AsyncClient, Sandbox], text: str) -> None:
    http, sandbox = visitor
    number = next(reversed(sandbox.linkedin.state.directory.members))
    form = {name: text.encode("utf-8", "surrogatepass").decode("latin-1") for name in ("text", "subject", "body")}
    await http.post(f"/recruiter/people/{number}/notes", data=form)
    await http.post(f"/recruiter/people/{number}/inmail", data=form)
    for path in (f"/recruiter/people/{number}", "/recruiter/inmails", f"/recruiter/as-member/{number}"):
        answer = await http.get(path)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/recruiter/people/1",
        f"/recruiter/people/{9**40}",
        "/recruiter/people/nobody",
        "/recruiter/inmails/2-unknown",
        "/recruiter/notes/1",
        "/recruiter/as-member/1",
        "/recruiter/people/1/export",
    ],
)
async def test_what_is_not_there_is_a_page_that_says_so(visitor: tuple[httpx2.AsyncClient, Sandbox], path: str) -> None:
    http, _ = visitor
    answer = await http.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/recruiter/people/{member}/notes", {"text": "  "}, 422),
        ("/recruiter/people/{member}/notes", {"text": "x" * 200_000}, 422),
        ("/recruiter/people/{member}/inmail", {"subject": "Hello", "body": ""}, 422),
        ("/recruiter/people/{member}/export", {}, 422),
        ("/recruiter/people/{member}/export", {"target": "nobody J1"}, 403),
        ("/recruiter/as-member/{member}/close", {}, 422),
        ("/recruiter/as-member/{member}/inmails/2-unknown", {"body": "Hello"}, 404),
        ("/recruiter/notes/1/delete", {}, 404),
        ("/recruiter/resync", {"which": "some", "jobs": " , "}, 422),
        ("/recruiter/resync", {"which": "all", "system": "nobody"}, 404),
    ],
)
async def test_form_that_cannot_be_is_refused_with_a_page(
    visitor: tuple[httpx2.AsyncClient, Sandbox], path: str, form: dict[str, str], status: int
) -> None:
    http, sandbox = visitor
    member = next(reversed(sandbox.linkedin.state.directory.members))
    answer = await http.post(path.format(member=member), data=form)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text


async def test_panel_shows_whatever_an_ats_may_send(linkedin: Caller) -> None:
    await sign_in(linkedin.http, linkedin.sandbox)
    for integration in linkedin.sandbox.linkedin.state.child.integrations.values():
        integration.configurations["APPLICATION_VIEWERS"] = "ALL_PRODUCT_USERS"
    people = linkedin.sandbox.linkedin.state.directory.members.values()
    who = next(one for one in people if 200_000_000 < one.number < 300_000_000)
    times = {"atsCreatedAt": LAST_MILLISECOND, "atsLastModifiedAt": LAST_MILLISECOND}
    sent = candidate(emailAddresses=[who.emails[0]], currentJobTitle=NASTY[0], addresses=[{}], **times)
    await linkedin.put_candidates({NASTY[0]: sent})
    await linkedin.put_applications({"A1": application(atsCandidateId=NASTY[0], atsJobPostingName=NASTY[1], **times)})
    await linkedin.put_stages("A1", {"S1": stage(stage=NASTY[3], atsCreatedAt=LAST_MILLISECOND)})
    for path in ("/recruiter/people?ats=in", f"/recruiter/people/{who.number}"):
        answer = await linkedin.http.get(path)
        assert answer.status_code == 200
        assert "after the year 9999" in answer.text
        assert "<script>alert" not in answer.text
        assert "office" in answer.text
