"""Whatever SmartRecruiters answers, reading it gives well-formed records or a named refusal."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.connectors import CONNECTORS, Wiring
from landbridge.connectors.smartrecruiters.moment import read_moment, write_moment
from landbridge.errors import RecordError
from landbridge.http import JournalEntry, OpenGate, SystemClock
from landbridge.ports.source import Page, Source
from landbridge.records import RECORD_OF

TEXTS = st.text(st.characters(), max_size=30)
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
MOMENTS = st.one_of(
    st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
    st.sampled_from(
        ["0000-00-00", "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00.000Z", "soon",
         "2024-02-30T00:00:00Z", "2024-02-29T23:59:59", "20240229T235959Z", ""]
    ),
)  # fmt: skip
IDS = st.uuids().map(str)
LABELLED = st.fixed_dictionaries({}, optional={"id": TEXTS | ODD, "label": TEXTS | ODD})


def odd(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly what is documented, now and then anything."""
    return st.one_of(usual, usual, usual, ODD)


def document(required: dict[str, st.SearchStrategy[Any]], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional={name: odd(each) for name, each in optional.items()})


SECTION = document({}, title=TEXTS, text=TEXTS)
AD_TEXT = document(
    {},
    sections=document({}, companyDescription=SECTION, jobDescription=SECTION, qualifications=SECTION, videos=ODD),
    language=document({}, code=TEXTS),
)
JOB = document(
    {"id": IDS},
    title=TEXTS,
    status=st.sampled_from(["SOURCING", "FILLED", "CREATED", "NEVER_HEARD_OF"]),
    postingStatus=st.sampled_from(["PUBLIC", "PRIVATE", "INTERNAL", "NOT_PUBLISHED", "NEVER_HEARD_OF"]),
    template=st.booleans(),
    location=document({}, countryCode=TEXTS, country=TEXTS, city=TEXTS, region=TEXTS, remote=st.booleans()),
    language=document({}, code=TEXTS),
    createdOn=MOMENTS,
    updatedOn=MOMENTS,
    jobAd=AD_TEXT,
    actions=document({}, applyOnWeb=document({}, url=TEXTS | st.just("https://jobs.example/1"))),
)
ADS = st.lists(
    document({}, title=TEXTS, jobAd=AD_TEXT, applyUrl=TEXTS, default=st.booleans(), visibility=TEXTS), max_size=3
)
PUBLICATIONS = document({}, content=st.lists(document({}, publishedOn=MOMENTS), max_size=3))
ASSIGNMENT = document({}, job=document({"id": IDS | ODD}), status=TEXTS)
CANDIDATE = document(
    {"id": IDS},
    firstName=TEXTS,
    lastName=TEXTS,
    email=TEXTS,
    createdOn=MOMENTS,
    updatedOn=MOMENTS,
    primaryAssignment=ASSIGNMENT,
    secondaryAssignments=st.lists(odd(ASSIGNMENT), max_size=3),
    phoneNumber=TEXTS,
    location=document({}, city=TEXTS, region=TEXTS, country=TEXTS),
    web=document({}, linkedin=TEXTS),
    experience=st.lists(odd(document({}, title=TEXTS, company=TEXTS, current=st.booleans())), max_size=3),
)
APPLICATION = document(
    {"applicationId": IDS},
    status=st.sampled_from(["NEW", "INTERVIEW", "NEVER_HEARD_OF"]) | TEXTS,
    subStatus=TEXTS,
    source=TEXTS,
    reasonOfRejection=LABELLED,
    reasonOfWithdrawal=LABELLED,
)
FILED = document({}, createDate=MOMENTS)
HISTORY = document(
    {}, content=st.lists(odd(document({}, changedOn=MOMENTS, status=TEXTS, subStatus=TEXTS)), max_size=6)
)


class Unheard:
    def note(self, entry: JournalEntry) -> None:
        return None


def source_of(answers: dict[str, Any]) -> Source:
    """A source whose paths that end like a key answer with its value, spelled with escapes so that anything fits."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        body: Any = next((body for end, body in answers.items() if request.url.path.endswith(end)), {})
        return httpx2.Response(200, content=json.dumps(body).encode())

    opener = CONNECTORS["smartrecruiters"].source
    assert opener is not None
    return opener(
        Wiring(
            settings={"extra_fields": "yes"},
            secrets={"api_key": "key"},
            gate=OpenGate(),
            journal=Unheard(),
            clock=SystemClock(),
            transport=httpx2.MockTransport(answer),
        )
    )


async def read(answers: dict[str, Any], pass_name: str, key: str) -> Page:
    source = source_of(answers)
    try:
        return await source.read_item(pass_name, key)
    except RecordError as refused:
        reason = refused.code
    finally:
        await source.close()
    assert reason in {"unreadable", "unusable_id", "status_missing"}
    return Page()


def check_well_formed(page: Page) -> None:
    """Every record survives the way into the database and back, with ids and with zones to its times."""
    for record in (*page.records, *page.provisional):
        back = msgspec.json.decode(msgspec.json.encode(record), type=type(record))
        # What is unset is not in the body, and reads as the field's default.
        assert msgspec.to_builtins(record).items() <= msgspec.to_builtins(back).items()
        assert type(record) in RECORD_OF.values()
        assert record.id
        check_values(msgspec.to_builtins(record, builtin_types=(datetime,)))


def check_values(value: Any) -> None:
    if isinstance(value, str):
        value.encode("utf-8")
        assert "\x00" not in value
    elif isinstance(value, datetime):
        assert value.utcoffset() == timedelta()
    elif isinstance(value, dict):
        for each in value.values():
            check_values(each)
    elif isinstance(value, list | tuple):
        for each in value:
            check_values(each)


@given(job=JOB, ads=ADS, publications=PUBLICATIONS)
@settings(max_examples=150, deadline=None)
async def test_any_job_is_well_formed(job: Any, ads: Any, publications: Any) -> None:
    page = await read({"/jobads": ads, "/publication": publications, "/jobs/j1": job}, "jobs", "j1")

    check_well_formed(page)


@given(candidate=CANDIDATE)
@settings(max_examples=150, deadline=None)
async def test_any_candidate_is_well_formed(candidate: Any) -> None:
    page = await read({"/candidates/c1": candidate}, "details", "c1")

    check_well_formed(page)
    for record in page.records:
        assert record.phones is not msgspec.UNSET  # type: ignore[union-attr]


@given(rows=st.lists(odd(CANDIDATE), max_size=6))
@settings(max_examples=150, deadline=None)
async def test_every_row_of_a_list_becomes_a_record_or_is_refused(rows: list[Any]) -> None:
    source = source_of({"/candidates": {"content": rows}})
    page = await source.read_list("candidates", None, None)
    await source.close()

    check_well_formed(page)
    people = [each for each in page.refused if each.kind == "candidate"]
    assert len(page.records) + len(people) == len(rows)
    assert all(candidate_id and job_id for candidate_id, job_id in page.listed)


@given(application=APPLICATION, filed=FILED)
@settings(max_examples=150, deadline=None)
async def test_any_application_is_well_formed(application: Any, filed: Any) -> None:
    answers = {"/candidates/c1/jobs/j1": application, application["applicationId"]: filed}
    page = await read(answers, "applications", "c1.j1")

    check_well_formed(page)


@given(history=HISTORY)
@settings(max_examples=150, deadline=None)
async def test_any_history_is_well_formed_and_in_order(history: Any) -> None:
    page = await read({"/status/history": history}, "history", "c1.j1.a1")

    check_well_formed(page)
    stages = page.records[1:]
    assert [stage.id for stage in stages] == [f"a1.{number + 1}" for number in range(len(stages))]
    moments = [stage.entered_at for stage in stages if stage.entered_at]  # type: ignore[union-attr]
    assert moments == sorted(moments)
    assert all(stage.name for stage in stages)  # type: ignore[union-attr]


@given(TEXTS | MOMENTS)
def test_any_text_is_an_aware_moment_or_none(text: str) -> None:
    moment = read_moment(text)

    assert moment is None or moment.utcoffset() == timedelta()


@given(st.datetimes(timezones=st.just(UTC)))
def test_moment_that_is_written_reads_back_to_the_millisecond(moment: datetime) -> None:
    back = read_moment(write_moment(moment))

    assert back is not None
    assert timedelta() <= moment - back < timedelta(milliseconds=1)
