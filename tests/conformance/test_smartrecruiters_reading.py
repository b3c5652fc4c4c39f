"""Reading whole worlds of the sandbox over sockets, as the engine would, and comparing with the truth it keeps."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx2
import msgspec
import pytest

from landbridge.connectors import CONNECTORS, Wiring
from landbridge.errors import RecordError
from landbridge.http import JournalEntry, LocalGate, SystemClock
from landbridge.ports.source import Access, Page, Refused, Source
from landbridge.records import Application, Candidate, Job, Kind, Record, Stage, User
from landbridge.sandbox import Sandbox

SMARTRECRUITERS = CONNECTORS["smartrecruiters"]


class Notes(list[JournalEntry]):
    def note(self, entry: JournalEntry) -> None:
        self.append(entry)


class Mirror:
    """What a whole read has brought, merged the way the ports describe it."""

    def __init__(self) -> None:
        self.bodies: dict[tuple[type[Record], str], dict[str, Any]] = {}
        self.listed: set[tuple[str, str]] = set()
        self.refused: list[Refused] = []
        self.set_aside: dict[tuple[str, str], str] = {}
        self.gone: set[tuple[Kind, str, tuple[str, str] | None]] = set()
        self.items: dict[str, list[str]] = {}

    def merge(self, page: Page) -> None:
        named = [(type(record), record.id) for record in page.records]
        assert len(set(named)) == len(named), "the engine keeps one record of a name per page"
        for record in page.records:
            self._body(record).update(msgspec.to_builtins(record))
        for record in page.provisional:
            if not self._body(record):
                self._body(record).update(msgspec.to_builtins(record))
        for item in page.items:
            keys = self.items.setdefault(item.pass_name, [])
            if item.key not in keys:
                keys.append(item.key)
        self.listed.update(page.listed)
        self.refused.extend(page.refused)
        self.gone.update((gone.kind, gone.key, gone.pair) for gone in page.gone)

    def _body(self, record: Record) -> dict[str, Any]:
        return self.bodies.setdefault((type(record), record.id), {})

    def of(self, kind: type[Record]) -> dict[str, Any]:
        return {key: msgspec.convert(body, kind) for (each, key), body in self.bodies.items() if each is kind and body}


async def read_everything(source: Source) -> Mirror:
    mirror = Mirror()
    for each in source.passes:
        if each.reads == "list":
            cursor: str | None = None
            while True:
                page = await source.read_list(each.name, cursor, None)
                mirror.merge(page)
                cursor = page.cursor
                if cursor is None:
                    break
        else:
            await read_items(source, each.name, each.concurrency, mirror)
    return mirror


async def read_items(source: Source, name: str, concurrency: int, mirror: Mirror) -> None:
    keys = iter(list(mirror.items.get(name, ())))

    async def work() -> None:
        for key in keys:
            try:
                mirror.merge(await source.read_item(name, key))
            except RecordError as error:
                mirror.set_aside[name, key] = error.code

    await asyncio.gather(*(work() for _ in range(concurrency)))


class Reading:
    """One whole read of one world, and the truth that the sandbox keeps of it."""

    def __init__(self, world: str, **settings: Any) -> None:
        self.notes = Notes()
        with Sandbox(world=world, candidates=150 if world == "hostile" else 60) as sandbox:
            if "report_id" in settings:
                settings["report_id"] = newest_report(sandbox)
            self.mirror, self.access, self.users = asyncio.run(self._read(sandbox, settings))
            self.violations = sandbox.smartrecruiters.journal.violations()
            self.truth = {name: dump(sandbox, name) for name in ("jobs", "candidates", "applications", "histories")}
            self.user_rows = dump(sandbox, "users")

    async def _read(self, sandbox: Sandbox, settings: dict[str, Any]) -> tuple[Mirror, Access, Sequence[User]]:
        source = open_source(sandbox, self.notes, **settings)
        try:
            users, cursor = await source.read_users(None)
            assert cursor is None
            return await read_everything(source), await source.check(), users
        finally:
            await source.close()

    def rows(self, entity: str, *, readable: int = 200) -> list[dict[str, Any]]:
        return [row for row in self.truth[entity] if row.get("readable", 200) == readable]


def open_source(sandbox: Sandbox, notes: Notes, **settings: Any) -> Source:
    assert SMARTRECRUITERS.source is not None
    return SMARTRECRUITERS.source(
        Wiring(
            settings={"base_url": sandbox.smartrecruiters_url, **settings},
            secrets={"api_key": sandbox.smartrecruiters.keys.api_key},
            gate=LocalGate(SMARTRECRUITERS.allowances),
            journal=notes,
            clock=SystemClock(),
        )
    )


def dump(sandbox: Sandbox, entity: str) -> list[dict[str, Any]]:
    answer = httpx2.get(f"{sandbox.smartrecruiters_url}/_sandbox/dump/{entity}", trust_env=False, timeout=60)
    return [json.loads(line) for line in answer.text.split("\n") if line]


def newest_report(sandbox: Sandbox) -> str:
    key = {"X-SmartToken": sandbox.smartrecruiters.keys.api_key}
    url = f"{sandbox.smartrecruiters_url}/reporting-api/v201804/reports"
    found = httpx2.get(url, headers=key, trust_env=False).json()["content"]
    return str(found[0]["id"])


def instant(text: str | None) -> datetime | None:
    """Only for instants the API spells as documented; a hostile world has others."""
    if text is None or not text.endswith("Z"):
        return None
    return datetime.fromisoformat(text).astimezone(UTC)


def pair(row: dict[str, Any]) -> str:
    return f"{row['candidateId']}.{row['jobId']}"


@cache
def read_world(world: str, **settings: str) -> Reading:
    """Reading takes seconds, so the tests of this module share what was read."""
    return Reading(world, **settings)


@pytest.fixture(params=["plain", "hostile"])
def reading(request: pytest.FixtureRequest, plain: Reading) -> Reading:
    return plain if request.param == "plain" else read_world("hostile")


@pytest.fixture
def plain() -> Reading:
    return read_world("plain", extra_fields="yes")


def test_every_listed_candidate_arrives_from_the_list(reading: Reading) -> None:
    wanted = {row["id"] for row in reading.truth["candidates"] if row["listed"]}

    assert wanted <= set(reading.mirror.of(Candidate))


def test_every_readable_job_arrives(reading: Reading) -> None:
    assert {row["id"] for row in reading.rows("jobs")} == set(reading.mirror.of(Job))


def test_every_readable_application_arrives_and_closed_ones_are_set_aside(reading: Reading) -> None:
    mirror = reading.mirror

    assert {row["applicationId"] for row in reading.rows("applications")} <= set(mirror.of(Application))
    closed = {pair(row) for row in reading.rows("applications", readable=401)}
    assert closed <= {key for (name, key), code in mirror.set_aside.items() if code == "not_readable"}
    absent = {tuple(pair(row).split(".")) for row in reading.rows("applications", readable=404)}
    assert absent <= {gone_pair for _, _, gone_pair in mirror.gone}


def test_stages_are_the_history_in_order_of_time(reading: Reading) -> None:
    stages = reading.mirror.of(Stage)
    applications = reading.mirror.of(Application)
    for row in reading.rows("histories"):
        if row["applicationId"] not in applications or not row["content"]:
            continue
        found = [stages.pop(f"{row['applicationId']}.{number + 1}") for number in range(len(row["content"]))]
        moments = [stage.entered_at for stage in found if stage.entered_at]
        assert moments == sorted(moments)
        expected = {instant(change.get("changedOn")) for change in row["content"]}
        assert expected - {None} <= set(moments)

    # What is left are applications whose history says nothing or is closed: each shows its present status.
    assert all(stage_id.endswith(".1") for stage_id in stages)


def test_nothing_is_read_by_breaking_a_documented_rule(reading: Reading) -> None:
    assert reading.violations == []


def test_check_counts_and_finds_no_permission_missing(reading: Reading) -> None:
    listed = [row for row in reading.truth["candidates"] if row["listed"]]

    assert reading.access.missing == ()
    assert reading.access.counts["jobs"] == len(reading.truth["jobs"])
    assert reading.access.counts["candidates"] == len(listed)
    assert reading.access.company


def test_every_user_arrives(reading: Reading) -> None:
    assert {user.id for user in reading.users} == {row["id"] for row in reading.user_rows}


def test_journal_holds_no_id_no_name_and_no_address(reading: Reading) -> None:
    written = repr(list(reading.notes))
    people = reading.truth["candidates"]

    assert reading.notes
    assert not [row["id"] for row in people if row["id"] in written]
    assert not [row["email"] for row in people if (row.get("email") or "").strip() and row["email"] in written]


def test_plain_world_is_read_without_a_loss(plain: Reading) -> None:
    assert not plain.mirror.set_aside
    assert not plain.mirror.refused
    assert not plain.mirror.gone


def test_candidates_say_what_the_api_says(plain: Reading) -> None:
    found = plain.mirror.of(Candidate)
    for row in plain.truth["candidates"]:
        candidate = found[row["id"]]
        assert (candidate.first_name, candidate.last_name) == (row["firstName"], row["lastName"])
        assert candidate.emails == ((row["email"],) if row.get("email") else ())
        assert candidate.created_at == instant(row["createdOn"])
        assert candidate.updated_at == instant(row["updatedOn"])
        assert row["id"] in candidate.profile_url


def test_details_bring_what_the_admin_asked_for_beyond_the_consent(plain: Reading) -> None:
    found = plain.mirror.of(Candidate)
    for row in plain.truth["candidates"]:
        candidate = found[row["id"]]
        assert [phone.number for phone in candidate.phones] == [row["phoneNumber"]]
        assert candidate.title == row["experience"][0]["title"]
        assert candidate.company == row["experience"][0]["company"]
        assert candidate.linkedin_url == row["web"].get("linkedin")


def test_jobs_say_what_details_and_publications_say(plain: Reading) -> None:
    found = plain.mirror.of(Job)
    for row in plain.truth["jobs"]:
        job = found[row["id"]]
        published = [each["publishedOn"] for ad in row["jobAds"] for each in ad["publications"]]
        assert job.title == row["title"]
        assert job.template == row["template"]
        assert job.published_at == instant(min(published, default=None))
        assert job.location.city == (row.get("location") or {}).get("city")
        for section in (row.get("jobAd") or {"sections": {}})["sections"].values():
            assert section.get("text", "") in job.description


def test_applications_say_when_and_from_where_they_came(plain: Reading) -> None:
    found = plain.mirror.of(Application)
    newest = {
        row["applicationId"]: max(each["changedOn"] for each in row["content"]) for row in plain.rows("histories")
    }
    for row in plain.truth["applications"]:
        application = found[row["applicationId"]]
        assert (application.candidate_id, application.job_id) == (row["candidateId"], row["jobId"])
        assert application.created_at == instant(row["createDate"])
        assert application.source == row.get("source")
        assert application.status_changed_at == instant(newest[row["applicationId"]])


def test_naive_reading_brings_the_same_and_asks_more_often_before_it_is_through(plain: Reading) -> None:
    naive = read_world("plain", strategy="naive")

    assert naive.mirror.of(Stage) == plain.mirror.of(Stage)
    assert naive.mirror.of(Application) == plain.mirror.of(Application)
    assert set(naive.mirror.of(Candidate)) == set(plain.mirror.of(Candidate))


def test_report_brings_the_applications_without_a_call_for_each(plain: Reading) -> None:
    columns = {
        "sub_status": "Application Sub-status",
        "source": "Application Source",
        "created_at": "Application Creation Date",
        "status_changed_at": "Application Last Updated Date",
    }
    report = read_world("plain", strategy="report", report_id="newest", report_columns=json.dumps(columns))

    told, read = report.mirror.of(Application), plain.mirror.of(Application)
    assert set(told) == set(read)
    assert {key: (each.status, each.created_at) for key, each in told.items()} == {
        key: (each.status, each.created_at) for key, each in read.items()
    }
    assert report.mirror.of(Stage) == plain.mirror.of(Stage)
    assert not [entry for entry in report.notes if entry.route == "/candidates/{id}/jobs/{jobId}"]
