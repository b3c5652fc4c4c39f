"""An ATS of one's own pushes: everything acknowledged is in the mirror, once, and whoever is refused learns why."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from landbridge.errors import SettingError
from landbridge.jobs.incoming import take_effect
from landbridge.jobs.queue import JobBell
from landbridge.jobs.wiring import Works
from landbridge.settings import Settings
from landbridge.store.connections import keep_one_ats
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.store.secrets import Vault
from landbridge.store.tokens import Scope
from tests.web.api import Api
from tests.web.conftest import Clock

JOB = {"id": "J1", "title": "Engineer", "status": "open"}
PERSON = {"id": "C1", "first_name": "Mirela", "last_name": "Ionescu", "emails": ["mirela@example.org"]}
APPLICATION = {"id": "A1", "candidate_id": "C1", "job_id": "J1", "status": "Interview"}


@pytest.fixture
async def api(settings: Settings, database: Database, vault: Vault, clock: Clock) -> AsyncIterator[Api]:
    api = await Api(settings, database, vault, clock).open()
    yield api
    await api.client.aclose()


async def mirrored(database: Database) -> list[tuple[str, str, bool, int]]:
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT kind, key, gone, revision FROM record ORDER BY kind, key")
        return await cursor.fetchall()


async def body(database: Database, kind: str, key: str) -> dict[str, Any]:
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT body FROM record WHERE kind = %s AND key = %s", [kind, key])
        row = await cursor.fetchone()
    assert row is not None
    found: dict[str, Any] = row[0]
    return found


async def test_pushed_records_are_mirrored_once_and_their_lanes_called(api: Api, database: Database) -> None:
    headers = await api.token([Scope.INGEST])
    for _ in range(2):
        for name, record in (("jobs", JOB), ("candidates", PERSON), ("applications", APPLICATION)):
            answer = await api.push(name, [record], headers)
            assert (answer.status_code, answer.json()["taken"]) == (200, 1), answer.text
    assert answer.json() == {"taken": 1, "changed": 0, "refused": []}
    assert await mirrored(database) == [
        ("application", "A1", False, 1), ("candidate", "C1", False, 1), ("job", "J1", False, 1),
        ("stage", "A1.1", False, 1),
    ]  # fmt: skip
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT lock FROM procrastinate_jobs WHERE task_name = 'drive_lane'")
        lanes = {lock for (lock,) in await cursor.fetchall()}
    assert lanes >= {f"lane:{api.workspace}:{name}" for name in ("jobs", "candidates", "applications", "stages")}


async def test_refused_record_is_named_with_its_place_and_its_neighbours_are_taken(
    api: Api, database: Database
) -> None:
    headers = await api.token([Scope.INGEST])
    wrong: list[Any] = [
        {**JOB, "id": "J2", "status": "on hold"}, {"id": "J3", "status": "open"}, "no record", {**JOB, "id": "a\nb"},
        {**JOB, "id": "J4", "created_at": "2026-01-01T00:00:00"},
        {**JOB, "id": "J5", "updated_at": "0154-12-10T16:03:59Z"},
    ]  # fmt: skip
    answer = await api.push("jobs", [JOB, *wrong, {**JOB, "id": "J9", "colour": "blue"}], headers)
    told = answer.json()
    assert told["taken"] == 2
    assert [(one["place"], one["id"], one["code"], one["field"]) for one in told["refused"]] == [
        (1, "J2", "field_wrong", "status"), (2, "J3", "field_missing", "title"), (3, "", "field_wrong", ""),
        (4, "", "not_storable", "id"), (5, "J4", "field_wrong", "created_at"), (6, "J5", "field_wrong", "updated_at"),
    ]  # fmt: skip
    assert [key for _, key, _, _ in await mirrored(database)] == ["J1", "J9"]


async def test_text_that_no_database_holds_is_mended(api: Api, database: Database) -> None:
    headers = {**await api.token([Scope.INGEST]), "content-type": "application/json"}
    raw = b'{"records": [{"id": "C1", "first_name": "Mi\\u0000re\\ud800la", "last_name": "\\u202e\xff"}]}'
    answer = await api.client.post("/ingest/candidates", content=raw, headers=headers)
    assert answer.json()["taken"] == 1
    assert (await body(database, "candidate", "C1"))["first_name"].startswith("Mire")


async def test_history_is_replaced_whole_and_may_grow_again(api: Api, database: Database) -> None:
    headers = await api.token([Scope.INGEST])
    for name, record in (("jobs", JOB), ("candidates", PERSON), ("applications", APPLICATION)):
        await api.push(name, [record], headers)
    steps = [{"name": "Applied"}, {"name": "Interview"}, {"name": "Offer"}]
    for count in (3, 2, 3):
        answer = await api.push("stages", [{"application_id": "A1", "steps": steps[:count]}], headers)
        assert answer.json()["taken"] == 1
        alive = [key for kind, key, gone, _ in await mirrored(database) if kind == "stage" and not gone]
        assert alive == [f"A1.{n}" for n in range(1, count + 1)]
    async with database.connection() as connection:
        cursor = await connection.execute(
            "SELECT state FROM delivery d JOIN record r ON r.id = d.record_id WHERE r.key = 'A1.3'"
        )
        assert await cursor.fetchone() == ("due",)


async def test_notes_are_replaced_whole_and_those_of_ours_are_left_out(api: Api, database: Database) -> None:
    headers = await api.token([Scope.INGEST])
    for name, record in (("jobs", JOB), ("candidates", PERSON), ("applications", APPLICATION)):
        await api.push(name, [record], headers)
    ours = {"id": "N3", "text": "LinkedIn InMail\n\nHello.\n\n(LB-23456789ABCDEFGH)"}
    notes = [{"id": "N1", "text": "Knows ropes.", "author_first_name": "Grace"}, {"id": "N2", "text": "Late."}, ours]
    for count, there in ((3, ["A1.N1", "A1.N2"]), (1, ["A1.N1"]), (0, []), (2, ["A1.N1", "A1.N2"])):
        answer = await api.push("notes", [{"application_id": "A1", "notes": notes[:count]}], headers)
        assert answer.json()["taken"] == 1
        assert [key for kind, key, gone, _ in await mirrored(database) if kind == "note" and not gone] == there
    assert (await body(database, "note", "A1.N1"))["text"] == "Knows ropes."
    odd = [{"application_id": "A1", "notes": [{"id": "N.1", "text": "x"}]}]
    refused = (await api.push("notes", odd, headers)).json()["refused"]
    assert [(one["code"], one["field"]) for one in refused] == [("field_wrong", "notes[0].id")]
    await api.push("deletions", [{"kind": "application", "id": "A1"}], headers)
    again = await api.push("notes", [{"application_id": "A1", "notes": notes}], headers)
    assert [one["code"] for one in again.json()["refused"]] == ["deleted_before"]
    assert [key for kind, key, gone, _ in await mirrored(database) if kind == "note" and not gone] == []


async def test_deleted_person_takes_everything_along_and_never_comes_back(api: Api, database: Database) -> None:
    headers = await api.token([Scope.INGEST])
    for name, record in (("jobs", JOB), ("candidates", PERSON), ("applications", APPLICATION)):
        await api.push(name, [record], headers)
    answer = await api.push("deletions", [{"kind": "candidate", "id": "C1"}], headers)
    assert answer.json() == {"taken": 1, "changed": 3, "refused": []}
    answer = await api.push("candidates", [PERSON, {**PERSON, "id": "C2"}], headers)
    assert [one["code"] for one in answer.json()["refused"]] == ["deleted_before"]
    assert {key for _, key, gone, _ in await mirrored(database) if not gone} == {"J1", "C2"}


async def test_older_state_does_not_go_over_a_newer_one(api: Api, database: Database) -> None:
    headers = await api.token([Scope.INGEST])
    await api.push("jobs", [{**JOB, "title": "New", "updated_at": "2026-02-02T00:00:00Z"}], headers)
    answer = await api.push("jobs", [{**JOB, "title": "Old", "updated_at": "2026-02-02T00:00:00+17:27"}], headers)
    assert [one["code"] for one in answer.json()["refused"]] == ["older_state"]
    assert (await body(database, "job", "J1"))["title"] == "New"


async def test_users_are_kept_and_leave_when_deleted(api: Api, database: Database) -> None:
    headers = await api.token([Scope.INGEST, Scope.READ])
    await api.push("users", [{"id": "U1", "first_name": "Ada", "last_name": "Byron"}], headers)
    found = await api.client.get("/users", params={"named": "ada"}, headers=headers)
    assert [one["key"] for one in found.json()["users"]] == ["U1"]
    await api.push("deletions", [{"kind": "user", "id": "U1"}], headers)
    assert (await api.client.get("/users", headers=headers)).json() == {"users": []}


async def test_call_with_too_many_records_is_refused_whole(api: Api, database: Database) -> None:
    answer = await api.push("jobs", [JOB] * 1001, await api.token([Scope.INGEST]))
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_records")
    assert await mirrored(database) == []


async def test_workspace_with_another_ats_takes_no_pushes(
    settings: Settings, database: Database, vault: Vault, clock: Clock
) -> None:
    api = await Api(settings, database, vault, clock).open(pushes=False)
    answer = await api.push("jobs", [JOB], await api.token([Scope.INGEST]))
    assert (answer.status_code, answer.json()["code"]) == (409, "no_pushes")
    assert answer.headers["content-type"] == "application/problem+json"
    await api.client.aclose()


async def test_what_recruiters_did_waits_where_the_ats_cannot_be_written(api: Api, database: Database) -> None:
    async with CallJournal(database) as journal:
        works = Works(api.settings, database, api.vault, journal, JobBell())
        end = await take_effect(works, api.workspace, stopping=lambda: False)
        await works.close()
    assert (end.problem, end.resume_at) == (None, None)


async def test_workspace_has_one_ats(api: Api, database: Database) -> None:
    async with database.transaction() as connection:
        await keep_one_ats(connection, api.workspace, "rest_ats")
        await keep_one_ats(connection, api.workspace, "linkedin")
        with pytest.raises(SettingError, match="connected with rest_ats"):
            await keep_one_ats(connection, api.workspace, "smartrecruiters")
