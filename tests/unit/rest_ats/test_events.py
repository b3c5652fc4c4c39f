"""Events on their way: signed anew at each try under one id, and what the ATS's answers mean."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from landbridge.connectors.description import Wiring
from landbridge.connectors.rest_ats import REST_ATS
from landbridge.connectors.rest_ats.endpoint import ROTATION
from landbridge.connectors.rest_ats.signature import headers_of, new_secret
from landbridge.connectors.rest_ats.writing import open_writing
from landbridge.errors import (
    ExistsError,
    LandbridgeError,
    MissingError,
    NeedsPersonError,
    RateLimitedError,
    RejectedError,
    SignInRejectedError,
    SurpriseError,
    UnavailableError,
)
from landbridge.http import JournalEntry, LocalGate, SystemClock
from landbridge.ports.ats import AtsWriting, Exporter, Known, NewNote, NewPerson

NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)
SECRET, OLDER = new_secret(), new_secret()
NOTE = NewNote(candidate="C1", text="All of it.", words="It.", kind="inmail", author="Ada", at=NOW, outgoing=True)


class Time(SystemClock):
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Empty:
    async def read_candidate(self, key: str) -> Known | None:
        return Known(key=key) if key == "C1" else None

    async def find_by_email(self, email: str) -> list[Known]:
        return []

    async def is_on_job(self, candidate: str, job: str) -> bool:
        return (candidate, job) == ("C1", "J1")


class Notes:
    def __init__(self) -> None:
        self.entries: list[JournalEntry] = []

    def note(self, entry: JournalEntry) -> None:
        self.entries.append(entry)


class World:
    """An ATS whose next answers a test decides."""

    def __init__(self, **settings: str) -> None:
        self.clock, self.journal = Time(), Notes()
        self.requests: list[httpx2.Request] = []
        self.answers: list[httpx2.Response] = []
        self.wiring = Wiring(
            settings={"url": "https://ats.example.org/in/", **settings},
            secrets={"secret": SECRET, "older_secret": OLDER},
            gate=LocalGate({}),
            journal=self.journal,
            clock=self.clock,
            transport=httpx2.MockTransport(self._take),
            mirror=Empty(),
        )
        self.writing: AtsWriting = open_writing(self.wiring)

    def _take(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return self.answers.pop(0) if self.answers else httpx2.Response(200, json={"id": "made"})

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(one.content) for one in self.requests]


@pytest.fixture
def world() -> World:
    return World()


async def test_each_try_is_signed_anew_under_the_same_id(world: World) -> None:
    world.answers = [httpx2.Response(503), httpx2.Response(200, json={"id": 17})]
    assert await world.writing.post_note(NOTE, key="LB-ONE-1") == "17"
    first, second = world.requests
    assert str(first.url) == "https://ats.example.org/in/"
    for request in (first, second):
        at = datetime.fromtimestamp(int(request.headers["webhook-timestamp"]), UTC)
        wanted = headers_of("LB-ONE-1", request.content, [SECRET], at)
        assert {name: request.headers[name] for name in wanted} == wanted
    assert world.events[0]["type"] == "note.posted"
    assert world.events[0]["data"] == {
        "candidate_id": "C1", "kind": "inmail", "text": "All of it.", "words": "It.", "author": "Ada",
        "written_at": "2026-05-06T12:00:00Z", "outgoing": True, "users": None,
    }  # fmt: skip


async def test_older_secret_signs_as_well_until_its_day_is_over() -> None:
    world = World(older_secret_until=(NOW + ROTATION).isoformat())
    await world.writing.post_note(NOTE, key="LB-ONE-1")
    world.clock.at += ROTATION
    await world.writing.post_note(NOTE, key="LB-ONE-1")
    assert [len(one.headers["webhook-signature"].split(" ")) for one in world.requests] == [2, 1]


@pytest.mark.parametrize(
    ("answer", "means", "code"),
    [
        (httpx2.Response(400), RejectedError, "rejected"),
        (httpx2.Response(401), SignInRejectedError, "signature_refused"),
        (httpx2.Response(403), SignInRejectedError, "signature_refused"),
        (httpx2.Response(404), MissingError, "missing"),
        (httpx2.Response(409), ExistsError, "exists"),
        (httpx2.Response(410), NeedsPersonError, "endpoint_gone"),
        (httpx2.Response(422), RejectedError, "rejected"),
        (httpx2.Response(429, headers={"retry-after": "90"}), RateLimitedError, "rate_limited"),
        (httpx2.Response(500), UnavailableError, "unavailable"),
        (httpx2.Response(302, headers={"location": "http://169.254.169.254/"}), SurpriseError, "redirected"),
        (httpx2.Response(200), SurpriseError, "answer_without_id"),
        (httpx2.Response(200, json={"id": ""}), SurpriseError, "answer_without_id"),
        (httpx2.Response(200, json={"id": "x" * 201}), SurpriseError, "answer_without_id"),
        (httpx2.Response(200, text="<html>"), SurpriseError, "unexpected_answer"),
        (httpx2.Response(200, content=b"[" * 100_000), SurpriseError, "answer_too_large"),
    ],
)
async def test_answer_means(world: World, answer: httpx2.Response, means: type[LandbridgeError], code: str) -> None:
    world.answers = [answer]
    with pytest.raises(LandbridgeError) as met:
        await world.writing.post_note(NOTE, key="LB-ONE-1")
    assert (type(met.value), met.value.code) == (means, code)
    assert len(world.requests) == 1


async def test_rate_limit_says_when_to_come_again(world: World) -> None:
    world.answers = [httpx2.Response(429, headers={"retry-after": "90"})]
    with pytest.raises(RateLimitedError) as met:
        await world.writing.post_note(NOTE, key="LB-ONE-1")
    assert met.value.retry_after == timedelta(seconds=90)


async def test_what_is_gone_already_may_be_removed_again(world: World) -> None:
    world.answers = [httpx2.Response(404), httpx2.Response(200)]
    await world.writing.delete_note("N1", posted_as="LB-ONE-1")
    await world.writing.delete_note("", posted_as="LB-TWO-1")
    assert [one["data"] for one in world.events] == [
        {"id": "N1", "posted_as": "LB-ONE-1"},
        {"id": None, "posted_as": "LB-TWO-1"},
    ]
    assert len({one.headers["webhook-id"] for one in world.requests}) == 2


async def test_export_waits_until_candidate_and_application_are_pushed(world: World) -> None:
    with pytest.raises(SurpriseError) as met:
        await world.writing.read_back("C2", "J1")
    assert met.value.code == "not_pushed"
    assert await world.writing.read_back("C1", "J1") == ()


async def test_export_names_the_recruiter_and_the_connected_user(world: World) -> None:
    person = NewPerson(first_name="Mira", last_name="Okafor")
    by = Exporter(name="Lena Brandt", user="U7")
    await world.writing.create_candidate(person, "J1", "LinkedIn Recruiter", by=by, key="LB-1")
    await world.writing.attach_to_job(Known(key="C1"), "J1", "LinkedIn Recruiter", key="LB-2")
    told = [one["data"]["exported_by"] for one in world.events]
    assert told == [{"name": "Lena Brandt", "user_id": "U7"}, None]


async def test_journal_holds_types_and_nothing_personal(world: World) -> None:
    person = NewPerson(
        first_name="Mira", last_name="Okafor", email="mira@example.org", profile_url="https://x.example/m"
    )
    await world.writing.create_candidate(person, "J1", "LinkedIn Recruiter", key="LB-1")
    await world.writing.add_contact("C1", email=person.email, key="LB-2")
    told = repr(world.journal.entries)
    assert [one.route for one in world.journal.entries] == ["candidate.exported", "candidate.contact_shared"]
    assert not any(word in told for word in ("Mira", "Okafor", "mira@", "x.example", "whsec_"))


async def test_test_event_is_sent_where_there_is_an_address_and_nothing_elsewhere(world: World) -> None:
    assert REST_ATS.source is not None
    await REST_ATS.source(world.wiring).check()
    assert [one["type"] for one in world.events] == ["landbridge.test"]
    from msgspec.structs import replace

    await REST_ATS.source(replace(world.wiring, settings={})).check()
    assert len(world.requests) == 1
