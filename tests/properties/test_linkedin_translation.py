"""Whatever the mirror holds becomes something LinkedIn's documented rules accept, or is held with a listed reason.

The checker below states the rules anew, from LinkedIn's field tables; it shares nothing with the connector.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from landbridge.connectors.linkedin.applications import ApplicationWriter
from landbridge.connectors.linkedin.candidates import CandidateWriter
from landbridge.connectors.linkedin.children import StageWriter
from landbridge.connectors.linkedin.dialects import GENERATIONS, Generation
from landbridge.connectors.linkedin.jobs import JobWriter
from landbridge.connectors.linkedin.reasons import HELD
from landbridge.ports.destination import Entity, Held, Outgoing, Writer
from landbridge.records import Address, Application, Candidate, Job, Location, Phone, Record, Stage

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
NOW_MILLIS = 1_777_896_000_000
ORGANIZATION = "urn:li:organization:1337"
LISTED_REASONS = {reason.code for reason in HELD}


def mostly(good: st.SearchStrategy[Any], bad: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Bad now and then: if most records failed at their first field, the other fields would go untested."""
    return st.integers(0, 15).flatmap(lambda n: bad if n == 15 else good)


def times(first_year: int, last_year: int) -> st.SearchStrategy[datetime]:
    """Instants from the beginning of one year to the beginning of another."""
    start = datetime(first_year, 1, 1, tzinfo=UTC)
    span = datetime(last_year, 1, 1, tzinfo=UTC) - start
    return st.integers(0, span // timedelta(microseconds=1)).map(lambda n: start + timedelta(microseconds=n))


GOOD_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=30) | st.sampled_from(
    ["Ada", " محمد ", "小林🚋", "a, b", "<b>x</b>"]
)
TEXT = mostly(GOOD_TEXT, st.sampled_from(["", " ", "\n", "Not Available", "not available "]))
ID = mostly(
    st.from_regex(r"\A[A-Za-z0-9_-]{1,75}\Z"), st.sampled_from(["", "a b", "x" * 76, "å", "1&2", ".", "..", "1\n"])
)
TIME = mostly(
    times(2020, 2026),
    st.none() | times(1900, 2999),
)
EMAIL = mostly(
    st.emails() | st.just(" ada@example.org "),
    TEXT
    | st.sampled_from([
        "noemail@example.org", "no-email+7@example.org", "UNKNOWN@example.org", "none@x.y", "na@x.y", "xxx@example.org",
        "a@placeholder.com", "a@b.invalid", "placeholder12@x.y", "noreply@example.org", "a@b", "@b.c", "a@@b.c",
        "a b@c.d", "Ada <ada@example.org>", "ada@example..org",
    ]),
)  # fmt: skip
URL = mostly(
    st.sampled_from(["https://jobs.example.org/1", "http://jobs.example.org", " https://x.y/ü?a=b "]),
    st.none() | st.sampled_from(["ftp://x.y", "https://", "//x.y", "https://a b", "www.x.y", "https://[broken", ""]),
)
MAYBE = st.none() | TEXT

CANDIDATES = st.builds(
    Candidate,
    id=ID,
    first_name=TEXT,
    last_name=TEXT,
    emails=mostly(st.lists(EMAIL, min_size=1, max_size=3), st.just([])).map(tuple),
    profile_url=URL,
    created_at=TIME,
    updated_at=TIME,
    phones=st.just(msgspec.UNSET) | st.lists(st.builds(Phone, number=TEXT, extension=MAYBE), max_size=2).map(tuple),
    addresses=st.just(msgspec.UNSET)
    | st.lists(st.builds(Address, line=MAYBE, city=MAYBE, country=MAYBE), max_size=2).map(tuple),
    linkedin_url=st.just(msgspec.UNSET) | URL,
    company=st.just(msgspec.UNSET) | MAYBE,
    title=st.just(msgspec.UNSET) | MAYBE,
)
HTML = st.lists(
    st.sampled_from([
        "<p>", "</p>", "<ul>", "<li>", "</li>", "</ul>", "<h2>", "</h2>", "<script>", "</script>", "<!--", "-->",
        "<br>", "<b>", "</b>", "<div class='x'>", "</div>", "&nbsp;", "&amp;", "&", "<", ">", '<a href="a>b">', "</a>",
        "<ol>", "A long sentence about driving trams. ", "😀" * 20, "<img src=x onerror=alert(1)>", "\n", "<tr>",
    ]) | TEXT,
    max_size=30,
).map("".join)  # fmt: skip
LONG_AD = "<p>" + "A long sentence about driving trams in the rain, snow and the leaves of autumn. " * 2 + "</p>"
AD = mostly(HTML.map(lambda html: LONG_AD + html) | HTML.map(lambda html: LONG_AD + html * 400), HTML)
JOBS = st.builds(
    Job,
    id=ID,
    title=TEXT | st.text(min_size=150, max_size=260),
    description=AD,
    location=st.builds(
        Location, city=MAYBE, region=MAYBE, postal_code=MAYBE, country=MAYBE, country_code=MAYBE, remote=st.booleans()
    ),
    url=URL,
    status=mostly(st.sampled_from(["open", "closed"]), st.just("draft")),
    visibility=st.sampled_from(["public", "internal", "private", "unpublished"]),
    confidential=st.booleans(),
    published_at=TIME,
    created_at=TIME,
)
APPLICATIONS = st.builds(
    Application,
    id=ID,
    candidate_id=ID,
    job_id=ID,
    status=TEXT,
    source=MAYBE,
    rejection_reason=MAYBE,
    created_at=TIME,
    status_changed_at=st.just(msgspec.UNSET) | TIME.filter(lambda at: at is not None),
)
STAGES = st.builds(
    lambda application_id, number, name, at: Stage(
        id=f"{application_id}.{number}", application_id=application_id, name=name, entered_at=at
    ),
    ID,
    st.integers(1, 999),
    TEXT,
    TIME,
)


class Rules:
    """LinkedIn's field tables, as far as they bind what we send."""

    def __init__(self, generation: Generation) -> None:
        renamed = generation == "rest"
        self.candidate_created = "externalCreatedAt" if renamed else "atsCreatedAt"
        self.candidate_modified = "externalLastModifiedAt" if renamed else "atsLastModifiedAt"

    def candidate(self, sent: dict[str, Any]) -> None:
        self._names(sent)
        self._times(sent, self.candidate_created, self.candidate_modified)
        assert sent["emailAddresses"]
        for email in sent["emailAddresses"]:
            self._email(email)
        self._url(sent["externalProfileUrl"])
        assert all(phone["number"].strip() for phone in sent["phoneNumbers"])
        assert isinstance(sent["addresses"], list)
        if "linkedInProfileUrl" in sent:
            self._url(sent["linkedInProfileUrl"])

    def application(self, sent: dict[str, Any]) -> None:
        self._names(sent)
        self._times(sent, "atsCreatedAt", "atsLastModifiedAt")
        assert sent["atsCandidateId"]
        assert sent["atsJobPostingId"]
        assert sent["atsJobPostingName"].strip()
        if "candidateEmail" in sent:
            self._email(sent["candidateEmail"])

    def stage(self, sent: dict[str, Any]) -> None:
        assert 0 < sent["atsCreatedAt"] <= NOW_MILLIS + 86_400_000
        assert sent["stage"].strip()
        assert sent["stage"] != "Not Available"

    def job(self, sent: dict[str, Any]) -> None:
        assert 0 < len(sent["externalJobPostingId"]) <= 75
        assert sent["integrationContext"] == ORGANIZATION
        assert sent["jobPostingOperationType"] == "CREATE"
        assert sent["availability"] in {"PUBLIC", "PRIVATE_TO_ATS_INTEGRATION"}
        assert 0 < utf16(sent["title"]) <= 200
        assert sent["title"].strip()
        assert len(sent["description"]) >= 100
        assert utf16(sent["description"]) <= 25_000
        Markup().check(sent["description"])
        parts = [part.strip() for part in sent["location"].split(",")]
        assert all(parts)
        assert 2 <= len(parts) <= 3 or sent["workplaceTypes"] == ["Remote"]
        assert sent["workplaceTypes"] in (["On-site"], ["Remote"])
        self._url(sent["companyApplyUrl"])
        assert 0 < sent["listedAt"] <= NOW_MILLIS

    def _names(self, sent: dict[str, Any]) -> None:
        assert sent["firstName"].strip()
        assert sent["lastName"].strip()

    def _times(self, sent: dict[str, Any], created: str, modified: str) -> None:
        assert 0 < sent[created] <= sent[modified]
        assert sent[modified] <= NOW_MILLIS + 86_400_000

    def _email(self, email: str) -> None:
        assert re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email)
        local, _, domain = email.lower().partition("@")
        assert local not in {"noemail", "no-email", "unknown", "none", "na", "placeholder", "noreply"}
        assert not domain.startswith("placeholder.")
        assert not domain.endswith(".invalid")

    def _url(self, url: str) -> None:
        parts = urlsplit(url)
        assert url.isascii()
        assert parts.scheme in {"http", "https"}
        assert parts.hostname


class Markup(HTMLParser):
    """Allowed tags only, without attributes, each closed by its own end."""

    def check(self, markup: str) -> None:
        self.open: list[str] = []
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"b", "strong", "u", "i", "br", "p", "ul", "li"}
        assert attrs == []
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "br":
            assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def encoded(record: Record) -> bytes:
    return msgspec.json.encode(record)


def row_of(record: Record, **further: Any) -> Outgoing:
    return Outgoing(record_id=1, key=record.id, revision=1, body=encoded(record), **further)


def sent_by(writer: Writer, row: Outgoing) -> dict[str, Any] | None:
    """What would be sent, or None for a record held with a listed reason that tells no values."""
    rendered = writer.render(row, NOW)
    assert rendered == writer.render(row, NOW)
    if isinstance(rendered, Held):
        assert rendered.reason in LISTED_REASONS
        assert re.fullmatch(r"[A-Za-z0-9_ ,.():;/]*", rendered.detail), rendered.detail
        return None
    assert isinstance(rendered, Entity)
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,75}", rendered.key)
    assert rendered.key not in {".", ".."}
    assert len(rendered.fingerprint) == 16
    sent: dict[str, Any] = json.loads(rendered.body)
    assert None not in sent.values()
    return sent


def writer(
    kind: type[CandidateWriter | ApplicationWriter | StageWriter], resource: str, generation: Generation
) -> Writer:
    dialects = GENERATIONS[generation]
    if issubclass(kind, StageWriter):
        return kind(None, dialects[resource], ORGANIZATION, dialects["applications"])  # type: ignore[arg-type]
    return kind(None, dialects[resource], ORGANIZATION)  # type: ignore[arg-type]  # render never sends


BOTH = pytest.mark.parametrize("generation", ["v2", "rest"])


@BOTH
@given(candidate=CANDIDATES)
def test_candidate_is_acceptable_or_held(generation: Generation, candidate: Candidate) -> None:
    sent = sent_by(writer(CandidateWriter, "candidates", generation), row_of(candidate))
    if sent is not None:
        Rules(generation).candidate(sent)
        assert sent["firstName"] == candidate.first_name.strip()


@BOTH
@given(application=APPLICATIONS, candidate=CANDIDATES, job=JOBS)
def test_application_is_acceptable_or_held(
    generation: Generation, application: Application, candidate: Candidate, job: Job
) -> None:
    row = row_of(application, parent=encoded(candidate), job=encoded(job))
    sent = sent_by(writer(ApplicationWriter, "applications", generation), row)
    if sent is not None:
        Rules(generation).application(sent)


@BOTH
@given(stage=STAGES)
def test_stage_is_acceptable_or_held(generation: Generation, stage: Stage) -> None:
    sent = sent_by(writer(StageWriter, "stages", generation), row_of(stage))
    if sent is not None:
        Rules(generation).stage(sent)


def job_writer() -> JobWriter:
    dialects = GENERATIONS["v2"]
    return JobWriter(None, dialects["jobs"], dialects["tasks"], ORGANIZATION, availability="PUBLIC")  # type: ignore[arg-type]


@given(job=JOBS)
def test_job_is_acceptable_or_held(job: Job) -> None:
    sent = sent_by(job_writer(), row_of(job))
    if sent is not None:
        Rules("v2").job(sent)
        assert sent["availability"] != "PUBLIC" or (job.visibility == "public" and not job.confidential)


@given(candidate=CANDIDATES)
def test_both_generations_hold_and_send_the_same(candidate: Candidate) -> None:
    old = sent_by(writer(CandidateWriter, "candidates", "v2"), row_of(candidate))
    new = sent_by(writer(CandidateWriter, "candidates", "rest"), row_of(candidate))
    if old is None or new is None:
        assert old == new
        return
    renamed = {"atsCreatedAt": "externalCreatedAt", "atsLastModifiedAt": "externalLastModifiedAt"}
    assert {renamed.get(name, name): value for name, value in old.items()} == new


USABLE = Candidate(
    id="c-1",
    first_name="Ada",
    last_name="Novak",
    emails=("ada@example.org",),
    profile_url="https://ats.example.org/1",
    created_at=NOW - timedelta(days=3),
)


@given(times(1971, 2026))
@example(datetime(2025, 1, 1, 0, 0, 0, 123_000, tzinfo=UTC))
def test_times_keep_their_milliseconds(at: datetime) -> None:
    sent = sent_by(writer(CandidateWriter, "candidates", "v2"), row_of(msgspec.structs.replace(USABLE, created_at=at)))
    assert sent is not None
    assert datetime.fromtimestamp(sent["atsCreatedAt"] // 1000, UTC) == at.replace(microsecond=0)
    assert sent["atsCreatedAt"] % 1000 == at.microsecond // 1000
    assert sent["atsLastModifiedAt"] == sent["atsCreatedAt"]


@given(st.lists(st.sampled_from(["ada@example.org", "ADA@example.org", "noemail@x.org", "bad", "b@c.org"]), max_size=6))
def test_addresses_keep_their_order_once_each(emails: list[str]) -> None:
    candidate = msgspec.structs.replace(USABLE, emails=tuple(emails))
    sent = sent_by(writer(CandidateWriter, "candidates", "v2"), row_of(candidate))
    real = [email for email in emails if email not in {"noemail@x.org", "bad"}]
    if not real:
        assert sent is None
        return
    assert sent is not None
    assert [email.lower() for email in sent["emailAddresses"]] == list(dict.fromkeys(e.lower() for e in real))
