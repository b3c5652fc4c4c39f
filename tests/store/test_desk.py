"""Cases of the desk, page by page; candidates found while somebody types; exports counted by month."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from landbridge.records.incoming import InMail, ProspectNote
from landbridge.store import arrivals, decisions, desk
from landbridge.store.database import Connection, Database
from landbridge.store.decisions import Answer
from landbridge.store.export_counts import count_exports, month_of
from landbridge.store.lookup import find_candidates, load_candidates, load_open_jobs, suggest_candidates
from landbridge.sync.streams import arrived
from tests.store.conftest import NOW
from tests.web.desk_sample import fill_desk


async def wait(connection: Connection, workspace: int, number: int, reason: str, person: str = "") -> None:
    note = ProspectNote(
        id=f"n{number}", contract="c", text=f"Words {number}", person_urn=person or f"urn:li:person:p{number}"
    )
    await arrivals.keep(connection, workspace, [arrived(note, "c")], now=NOW)
    (due,) = await arrivals.due_arrivals(connection, workspace, now=NOW, limit=1)
    await arrivals.settle_arrival(connection, workspace, due, "desk", now=NOW, reason=reason)


async def test_cases_come_page_by_page_each_once_and_only_ones_own(database: Database, acme: int, globex: int) -> None:
    async with database.transaction() as connection:
        for number in range(7):
            await wait(connection, acme, number, "unmatched")
        await wait(connection, acme, 7, "unmatched", "urn:li:person:p0")
        await wait(connection, globex, 8, "unmatched")
        seen: list[str] = []
        before = None
        while page := await desk.load_cases(connection, acme, before=before, limit=3):
            seen += [case.whose for case in page]
            before = page[-1].number
        assert len(seen) == len(set(seen)) == 7
        assert seen[0] == "urn:li:person:p0"
        assert await desk.count_cases(connection, acme) == {"unmatched": 7}
        (first, *_) = await desk.load_cases(connection, acme, limit=1)
        assert first.kinds == {"note": 2}
        assert await desk.load_case(connection, globex, first.number) is None
        (only,) = await desk.load_cases(connection, acme, named="words 3")
        assert only.whose == "urn:li:person:p3"
        assert await desk.load_cases(connection, acme, named="100%") == []


async def test_strongest_question_stands_for_all_of_a_person(database: Database, acme: int) -> None:
    async with database.transaction() as connection:
        await wait(connection, acme, 1, "unmatched", "urn:li:person:x")
        await wait(connection, acme, 2, "needs_email", "urn:li:person:x")
        await wait(connection, acme, 3, "refused", "urn:li:person:x")
        cases = await desk.load_cases(connection, acme)
        assert [(case.reason, case.elements) for case in cases] == [("refused", 1), ("needs_email", 2)]
        assert await desk.count_cases(connection, acme) == {"refused": 1, "needs_email": 1}


async def test_later_message_of_a_conversation_follows_where_the_person_is_not_told(
    database: Database, acme: int
) -> None:
    async with database.transaction() as connection:
        await fill_desk(connection, acme, NOW)
        for number in (1, 2):
            mail = InMail(id=f"m{number}", seat="urn:li:seat:1", at=NOW, thread="T7", body="Hello")
            await arrivals.keep(connection, acme, [arrived(mail, "s")], now=NOW)
            (due,) = await arrivals.due_arrivals(connection, acme, now=NOW, limit=1)
            if number == 1:
                await arrivals.settle_arrival(connection, acme, due, "desk", now=NOW, reason="unmatched")
                (case, *_) = await desk.load_cases(connection, acme)
                assert case.whose == "thread:T7"
                said = Answer(did="attach", candidate="c1")
                await decisions.decide(connection, acme, case.number, said, by="ann", now=NOW)
                (answered,) = await arrivals.due_arrivals(connection, acme, now=NOW, limit=1)
                await arrivals.settle_arrival(connection, acme, answered, "done", now=NOW, candidate="c1")
                continue
            found = await arrivals.followed(connection, acme, due)
            assert found is not None
            assert (found.does, found.candidate) == ("attach", "c1")
            await connection.execute("UPDATE record SET gone = true WHERE key = 'c1'")
            assert await arrivals.followed(connection, acme, due) is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("oka", ["c1"]),
        ("MIRA", ["c1"]),
        ("mira oka", ["c1"]),
        ("okafor mi", ["c1"]),
        ("sato", ["c2", "c3"]),
        ("jun@", ["c2"]),
        ("c4", ["c4"]),
        ("kafor", []),
        ("%", []),
        ("_ira", []),
        ("  ", []),
    ],
)
async def test_candidates_are_found_while_somebody_types(
    database: Database, acme: int, globex: int, typed: str, found: list[str]
) -> None:
    async with database.transaction() as connection:
        await fill_desk(connection, acme, NOW)
        keys = [one.key for one in await find_candidates(connection, acme, typed)]
        assert sorted(keys) == found
        assert await find_candidates(connection, globex, typed) == []


async def test_suggestions_say_why_and_whether_they_are_certain(database: Database, acme: int) -> None:
    async with database.transaction() as connection:
        await fill_desk(connection, acme, NOW)
        cases = await desk.load_cases(connection, acme, reasons=desk.WHO)
        numbers = {case.whose.rpartition(":")[2]: case.number for case in cases}
        found = await suggest_candidates(connection, acme, cases)
        told = {(one.number, one.candidate.key): (one.reason, one.certain) for one in found}
        assert told == {
            (numbers["1"], "c1"): ("same_name", False),
            (numbers["2"], "c2"): ("same_name_on_job", True),
            (numbers["2"], "c3"): ("same_name", False),
        }
        # LinkedIn knows the candidate as somebody else: then nothing is certain.
        await connection.execute(
            "INSERT INTO match (record_id, workspace_id, person_urn, read_at) "
            "SELECT id, workspace_id, 'urn:li:person:other', %s FROM record WHERE key = 'c2'",
            [NOW],
        )
        found = await suggest_candidates(connection, acme, cases)
        assert not any(one.certain for one in found)
        assert [job.key for job in await load_open_jobs(connection, acme)] == ["J1"]
        assert [one.name for one in await load_candidates(connection, acme, ["c4", "nobody"])] == ["Ada Brandt"]


async def test_exports_are_counted_by_calendar_month_and_seat(database: Database, acme: int, globex: int) -> None:
    assert month_of(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == (
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    )
    async with database.transaction() as connection:
        await fill_desk(connection, acme, NOW)
        since, until = month_of(NOW)
        moments = [since, until - timedelta(seconds=1), until, since - timedelta(seconds=1)]
        for place, at in enumerate(moments):
            await connection.execute(
                "INSERT INTO arrival (workspace_id, kind, far_id, subject, body, raw, received_at, changed_at) "
                "VALUES (%s, 'export', %s, 'urn:li:seat:9', '{}', '', %s, %s)",
                [acme, f"e{place}", at, at],
            )
        counted = await count_exports(connection, acme, now=NOW)
        assert [(one.seat, one.name, one.count) for one in counted] == [
            ("urn:li:seat:1", "Lena Moss", 3),
            ("urn:li:seat:9", "", 2),
        ]
        assert await count_exports(connection, globex, now=NOW) == []
