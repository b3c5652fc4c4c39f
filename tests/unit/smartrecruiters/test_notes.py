"""Notes on applications, as SmartRecruiters lists them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.notes import named, readable
from landbridge.errors import NotPermittedError, RejectedError, SignInRejectedError
from landbridge.records import Kind, User

SHARED = {"share_notes": True}
ABOUT = {"applicationId": "a1", "candidateId": "c1", "jobId": "j1"}
DENIED = (403, {"errors": [{"code": "SOME_DENIAL"}]})


def row(content: str, *, at: int = 1, **further: Any) -> dict[str, Any]:
    made = {"createdOn": f"2026-01-{at:02d}T00:00:00.000Z", "authorId": "u1", "visibility": "PUBLIC"}
    return {"content": content, **made, "context": {"applications": [ABOUT]}, **further}


async def texts(account: Any, rows: list[Any], **settings: Any) -> list[str]:
    account.answers["/messages"] = (200, rows)
    page = await account.source(choices=SHARED, **settings).read_item("notes", "c1.j1.a1")
    return [one.text for one in page.records]


async def test_notes_of_an_application_come_with_author_and_time_and_without_tokens(account: Any) -> None:
    account.answers["/user-api/v201804/users/u1"] = (200, {"id": "u1", "firstName": "Jana", "lastName": "Nováková"})
    account.answers["/messages"] = (200, [row("#[CANDIDATE:c1] Knows ropes, ask @[USER:u1] or @[USER:u2].")])

    page = await account.source(choices=SHARED).read_item("notes", "c1.j1.a1")

    (note,) = page.records
    assert note.text == "Knows ropes, ask @Jana Nováková or @colleague."
    assert (note.author_first_name, note.author_last_name) == ("Jana", "Nováková")
    assert note.created_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert note.id.startswith("a1.")
    assert (page.complete_notes, page.calls) == (("a1",), 1)
    query = next(url.query for url in account.asked if url.path == "/messages")
    assert query == b"candidateId=c1&jobId=j1&limit=100"


async def test_what_we_wrote_ourselves_and_what_is_about_no_application_is_left_out(account: Any) -> None:
    rows = [
        row("#[CANDIDATE:c1] LinkedIn InMail\n\nHello.\n\n(LB-23456789ABCDEFGH)", at=1),
        row("Of the person alone.", at=2, context={"applications": []}),
        row("Of nobody.", at=3, context=None),
        row("Of another application.", at=4, context={"applications": [{**ABOUT, "applicationId": "a2"}]}),
        row("By candidate and job.", at=5, context={"applications": [{"candidateId": "c1", "jobId": "j1"}]}),
        row("Ours is LB-less.", at=6),
    ]
    assert await texts(account, rows) == ["By candidate and job.", "Ours is LB-less."]


@pytest.mark.parametrize(("shown", "expected"), [("public", ["Loud."]), ("all", ["Loud.", "Quiet.", "Odd.", "Bare."])])
async def test_which_visibilities_go_is_a_setting_that_is_careful_by_default(
    account: Any, shown: str, expected: list[str]
) -> None:
    rows = [row("Loud."), row("Quiet.", at=2, visibility="INTERNAL"), row("Odd.", at=3, visibility="TEAM")]
    rows.append(row("Bare.", at=4, visibility=None))
    assert await texts(account, rows) == ["Loud."]
    assert await texts(account, rows, notes_shown=shown) == expected


async def test_list_is_read_to_its_end_and_a_bad_row_hides_nothing(account: Any) -> None:
    account.answers["/messages"] = (200, [row("One."), "odd"])
    page = await account.source(choices=SHARED).read_item("notes", "c1.j1.a1")
    assert [one.text for one in page.records] == ["One."]
    assert [one.reason for one in page.refused] == ["unreadable"]
    # Which one has gone cannot be told.
    assert page.complete_notes == ()


async def test_second_page_is_followed(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        account.asked.append(request.url)
        if "pageId" in request.url.params:
            return httpx2.Response(200, json=[row("Second.", at=2)])
        link = '<https://api.example/messages?candidateId=c1&pageId=p2>; rel="next"'
        return httpx2.Response(200, json=[row("First.")], headers={"Link": link})

    monkeypatch.setattr(type(account), "__call__", lambda _, request: answer(request))
    page = await account.source(choices=SHARED).read_item("notes", "c1.j1.a1")
    assert [one.text for one in page.records] == ["First.", "Second."]
    assert page.calls == 2


@pytest.mark.parametrize("code", ["APPLICATION_NOT_FOUND", "CANDIDATE_NOT_FOUND", "JOB_NOT_FOUND"])
async def test_application_that_is_gone_has_no_notes(account: Any, code: str) -> None:
    account.answers["/messages"] = (400, {"errors": [{"code": code}]})
    page = await account.source(choices=SHARED).read_item("notes", "c1.j1.a1")
    assert (page.records, page.complete_notes) == ((), ("a1",))


@pytest.mark.parametrize("status", [401, 403])
async def test_credential_that_is_no_administrators_loses_the_notes_alone(account: Any, status: int) -> None:
    account.answers["/candidates"] = (200, {"content": []})
    account.answers["/messages"] = (status, DENIED[1])
    source = account.source(choices=SHARED)

    with pytest.raises(RejectedError) as refused:
        await source.read_item("notes", "c1.j1.a1")
    assert refused.value.code == "notes_not_permitted"
    asked = len(account.asked)
    with pytest.raises(RejectedError):
        await source.read_item("notes", "c2.j1.a2")
    assert len(account.asked) == asked, "what is known is not asked again for each application"
    account.clock.passed += 61
    with pytest.raises(RejectedError):
        await source.read_item("notes", "c2.j1.a2")
    assert len(account.asked) > asked


async def test_credential_that_may_do_nothing_is_not_a_matter_of_notes(account: Any) -> None:
    account.answers["/candidates"] = account.answers["/messages"] = DENIED
    with pytest.raises((NotPermittedError, SignInRejectedError)):
        await account.source(choices=SHARED).read_item("notes", "c1.j1.a1")


async def test_notes_are_read_with_each_application_only_where_they_are_shared(account: Any) -> None:
    account.answers["/candidates/c1/jobs/j1"] = (200, {"applicationId": "a1", "status": "NEW", "source": "x"})
    account.answers["/job-applications-api/v202112/job-applications/a1"] = (200, {})
    page = await account.source(choices=SHARED).read_item("applications", "c1.j1")
    assert "notes" in {item.pass_name for item in page.items}
    source = account.source()
    assert "notes" not in {item.pass_name for item in (await source.read_item("applications", "c1.j1")).items}
    assert Kind.NOTE not in {one.of for one in source.passes}


def test_id_stays_with_an_edit_and_tells_notes_of_one_instant_apart() -> None:
    def noted(content: str, at: str = "t1", author: str = "u1") -> wire.Noted:
        return wire.Noted(content=content, created_on=at, author_id=author)

    written = [noted("b"), noted("c"), noted("d", "t2"), noted("e", "t1", "u2")]
    before = {one.content: key for key, one in named(written)}
    assert len(set(before.values())) == 4
    (edited,) = [key for key, one in named([noted("d, edited", "t2")])]
    assert edited == before["d"]
    assert {key for key, _ in named([noted("c"), noted("b")])} == {before["b"], before["c"]}


def test_text_names_people_in_place_of_tokens() -> None:
    jana = User(id="u1", first_name="Jana", last_name="Nováková")
    text = "#[CANDIDATE:c1]: #[CANDIDATE:c2] Compare #[CANDIDATE:c1] with #[CANDIDATE:c2], @[USER:u1]!"
    said = "Compare the candidate with another candidate, @Jana Nováková!"
    assert readable(text, "c1", {"u1": jana}) == said
