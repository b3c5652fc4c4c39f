"""Deliveries of SmartRecruiters: genuine or not, and what they mean."""

from __future__ import annotations

import hmac

import msgspec
import pytest

from landbridge.connectors.smartrecruiters.webhooks import (
    EVENTS,
    SIGNATURE,
    TIMESTAMP,
    answer_greeting,
    read_delivery,
    read_event,
)
from landbridge.ports.source import Item
from landbridge.ports.telling import Told

KEY = "demo-secret-0001"
BODY = b'{"id":"job-0001"}'
LINK = '<https://api.smartrecruiters.com/jobs/job-0001>; rel="self"'
HEADERS = {
    TIMESTAMP: "1700000000",
    "event-id": "evt-0001",
    "event-name": "job.updated",
    "event-version": "v201910",
    "link": LINK,
}


def signed(headers: dict[str, str], body: bytes, key: str = KEY) -> dict[str, str]:
    after = [headers.get(name, "") for name in ("event-id", "event-name", "event-version", "link")]
    text = b".".join([headers[TIMESTAMP].encode(), body, *map(str.encode, after)])
    return {**headers, SIGNATURE: "v1=" + hmac.digest(key.encode(), text, "sha256").hex()}


def test_published_way_of_signing_is_understood() -> None:
    # Recomputed by hand from the documented rule, once with a link and once for a deletion, which has none.
    told = "b42bc90dd4b89961caf8b5630960681808e0b4e73903c1db8e0c36a1caebb565"
    assert read_delivery({**HEADERS, SIGNATURE: f"v1={told}"}, BODY, [KEY]) is not None
    gone = {
        TIMESTAMP: "1700000060", "event-id": "evt-0002", "event-name": "candidate.deleted", "event-version": "v201910",
        SIGNATURE: "v1=e5d52df163429386637194e30049a7d4448e4abb5cbeb72cf6fc1338bd92d741",
    }  # fmt: skip
    assert read_delivery(gone, b'{"id":"cand-0001"}', [KEY]) is not None


def test_any_living_key_and_any_segment_will_do() -> None:
    headers = signed(HEADERS, BODY)
    assert read_delivery(headers, BODY, ["another", KEY]) is not None
    several = {**headers, SIGNATURE: f"v1={'0' * 64}; {headers[SIGNATURE]};v2=abc"}
    assert read_delivery(several, BODY, [KEY]) is not None


@pytest.mark.parametrize(
    "signature", ["", "v1=", "v1=" + "0" * 64, "nonsense", "v1", "V1={}", "{};;", "v2={}", "{};" * 40]
)
def test_other_signatures_are_refused(signature: str) -> None:
    good = signed(HEADERS, BODY)[SIGNATURE]
    given = signature.replace("{}", good.removeprefix("v1=") if "=" in signature else good)
    assert read_delivery({**HEADERS, SIGNATURE: given}, BODY, [KEY]) is None
    assert read_delivery(signed(HEADERS, BODY), BODY, []) is None


@pytest.mark.parametrize("name", [TIMESTAMP, "event-id", "event-name", "event-version", "link"])
def test_signature_covers_every_part(name: str) -> None:
    headers = signed(HEADERS, BODY)
    other = {TIMESTAMP: "1700000001", "event-id": "evt-0002", "event-name": "job.created", "event-version": "1.0"}
    assert read_delivery({**headers, name: other.get(name, "")}, BODY, [KEY]) is None
    assert read_delivery(headers, BODY + b" ", [KEY]) is None


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        # The same signed bytes, cut at other dots.
        ({"event-id": "job", "event-name": "updated", "event-version": f"v201910.{LINK}", "link": ""}, BODY),
        ({"event-id": "x"}, b'{"id":"job-0001"}.evt-0001'),
        ({"event-id": "evt.0001"}, BODY),
        ({TIMESTAMP: "17e8"}, BODY),
        ({TIMESTAMP: ""}, BODY),
        ({"event-version": "latest"}, BODY),
        ({"link": "https://evil.example/"}, BODY),
        ({}, b""),
        ({}, b"[]"),
        ({}, b'{"id":"a"} {"id":"b"}'),
        ({}, b"{not json}"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused_though_signed(changes: dict[str, str], body: bytes) -> None:
    assert read_delivery(signed({**HEADERS, **changes}, body), body, [KEY]) is None


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_we_ask_for_means_something(name: str) -> None:
    body = msgspec.json.encode(
        {"id": "i-1", "job_id": "j-1", "job_ad_id": "a-1", "candidate_id": "c-1", "application_id": "p-1", "new": {}}
    )
    told = read_event(name, body)
    assert told is not None
    assert told.items or told.gone or told.children


def test_events_name_what_to_read() -> None:
    application = b'{"job_id":"j","candidate_id":"c","application_id":"a"}'
    assert read_event("application.status.updated", application) == Told(
        items=(Item("applications", "c.j"), Item("candidates", "c")), jobs=(Item("jobs", "j"),)
    )
    ad = b'{"job_id":"j","job_ad_id":"a"}'
    assert read_event("job.ad.postings.updated", ad) == Told(items=(Item("jobs", "j"),))
    assert read_event("candidate.deleted", b'{"id":"c"}') == Told(gone=("c",))
    review = b'{"id":"r","application_id":"a"}'
    assert read_event("review.updated", review) == Told(children=(Item("reviews", "a"),))
    assert read_event("application.attachment.created", b'{"application_id":"a"}') == Told(
        children=(Item("resumes", "a"),)
    )


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("offer.created", b'{"id":"o"}'),
        ("candidate.updated", b'{"id":"../jobs"}'),
        ("candidate.deleted", b'{"id":null}'),
        ("candidate.updated", b'{"id":7}'),
        ("candidate.updated", b"\xff"),
        ("application.created", b'{"application_id":"a"}'),
    ],
)
def test_what_nobody_understands_means_nothing(name: str, body: bytes) -> None:
    assert read_event(name, body) is None


@pytest.mark.parametrize(("value", "answer"), [("abc-123", "abc-123"), ("", None), ("a\r\nx: y", None), ("a b", None)])
def test_greeting_is_answered_with_its_own_value_if_that_is_a_plain_one(value: str, answer: str | None) -> None:
    headers = {"x-hook-secret": value} if value else {}
    assert answer_greeting(headers) == (None if answer is None else {"x-hook-secret": answer})
