"""Counts of where records stand."""

from __future__ import annotations

from contextlib import suppress

import pytest

from landbridge.records import Kind
from landbridge.store import tallies
from landbridge.store.database import Connection, Database
from landbridge.store.tallies import KindTotals, Tally, fold, load_reading_tallies, load_tallies, totals
from tests.store.conftest import NOW


async def put(connection: Connection, workspace: int, kind: str, state: str, reason: str, count: int) -> None:
    await connection.execute(
        """
        WITH made AS (
            INSERT INTO record (workspace_id, kind, key, body, first_seen_at, changed_at)
            SELECT %(w)s, %(k)s, concat_ws('-', %(s)s::text, %(r)s::text, n), '{}', %(now)s, %(now)s
            FROM generate_series(1, %(n)s) AS n RETURNING id
        )
        INSERT INTO delivery (record_id, workspace_id, kind, state, reason, priority, changed_at)
        SELECT id, %(w)s, %(k)s, %(s)s, %(r)s, 2, %(now)s FROM made
        """,
        {"w": workspace, "k": kind, "s": state, "r": reason, "n": count, "now": NOW},
    )


async def test_records_are_counted_by_kind_state_and_reason_of_one_workspace(
    database: Database, acme: int, globex: int
) -> None:
    async with database.connection() as connection:
        await put(connection, acme, "candidate", "delivered", "", 40)
        await put(connection, acme, "candidate", "held", "email_missing", 3)
        await put(connection, acme, "candidate", "held", "email_invalid", 5)
        await put(connection, acme, "candidate", "quarantined", "linkedin_invalid", 2)
        await put(connection, acme, "candidate", "gone", "", 7)
        await put(connection, acme, "job", "pending", "", 1)
        await put(connection, acme, "job", "due", "", 4)
        await put(connection, globex, "candidate", "due", "", 99)
        jobs, candidates, applications, stages = totals(await load_tallies(connection, acme))
    assert candidates == KindTotals(
        kind=Kind.CANDIDATE, total=50, delivered=40, pending=0, due=0,
        held={"email_invalid": 5, "email_missing": 3}, quarantined={"linkedin_invalid": 2}, gone=7,
    )  # fmt: skip
    assert list(candidates.held) == ["email_invalid", "email_missing"]  # the most frequent first
    assert (jobs.total, jobs.pending, jobs.due) == (5, 1, 4)
    assert applications.total == stages.total == 0


def test_kinds_come_in_the_order_in_which_they_travel() -> None:
    always = [Kind.JOB, Kind.CANDIDATE, Kind.APPLICATION, Kind.STAGE]
    assert [kind.kind for kind in totals([Tally("stage", "due", "", 1)])] == always
    assert [kind.kind for kind in totals([Tally("feedback", "held", "", 1)])] == [*always, Kind.FEEDBACK]


async def test_reading_list_is_counted_by_pass(database: Database, acme: int, globex: int) -> None:
    async with database.connection() as connection:
        await connection.execute(
            """
            INSERT INTO reading (workspace_id, pass_name, key, state, reason)
            VALUES (%(a)s, 'jobs', '1', 'due', ''), (%(a)s, 'jobs', '2', 'due', ''),
                   (%(a)s, 'history', '1', 'set_aside', 'rejected'), (%(b)s, 'jobs', '1', 'due', '')
            """,
            {"a": acme, "b": globex},
        )
        found = await load_reading_tallies(connection, acme)
    assert {(one.pass_name, one.state, one.reason): one.count for one in found} == {
        ("jobs", "due", ""): 2,
        ("history", "set_aside", "rejected"): 1,
    }


async def recounted(connection: Connection) -> dict[tuple[int, str, str, str], int]:
    cursor = await connection.execute(
        "SELECT workspace_id, kind, state, reason, count(*) FROM delivery GROUP BY 1, 2, 3, 4"
    )
    return {(workspace, kind, state, reason): count async for workspace, kind, state, reason, count in cursor}


async def kept(connection: Connection, *workspaces: int) -> dict[tuple[int, str, str, str], int]:
    return {
        (workspace, one.kind, one.state, one.reason): one.count
        for workspace in workspaces
        for one in await load_tallies(connection, workspace)
    }


# Each of the ways in which records move: whoever writes a new statement need not know that they are counted.
MOVES = {
    "some change their state": "UPDATE delivery SET state = 'held', reason = 'x' WHERE record_id % 3 = 0",
    "nothing that is counted changes": "UPDATE delivery SET attempts = attempts + 1",
    "no row is met": "UPDATE delivery SET state = 'held' WHERE record_id < 0",
    "they change and change back": """
        WITH back AS (UPDATE delivery SET state = 'due' WHERE record_id % 2 = 0 RETURNING record_id)
        UPDATE delivery SET state = 'pending' FROM back WHERE delivery.record_id = back.record_id + 1""",
    "some go": "DELETE FROM delivery WHERE record_id % 5 = 0",
    "some are new and some are not": """
        INSERT INTO delivery (record_id, workspace_id, kind, state, priority, changed_at)
        SELECT id, workspace_id, kind, 'due', 1, changed_at FROM record
        ON CONFLICT (record_id) DO UPDATE SET state = 'due', reason = ''""",
    "some go with their record": "DELETE FROM record WHERE id % 7 = 0",
}


async def test_counts_follow_every_statement(database: Database, acme: int, globex: int) -> None:
    async with database.connection() as connection:
        for workspace in (acme, globex):
            await put(connection, workspace, "candidate", "delivered", "", 40)
            await put(connection, workspace, "job", "held", "no_title", 20)
        for what, move in MOVES.items():
            await connection.execute(move.encode())
            assert await kept(connection, acme, globex) == await recounted(connection), what


async def test_statement_that_is_taken_back_leaves_no_trace_in_the_counts(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        await put(connection, acme, "job", "due", "", 3)
        with suppress(KeyError):
            async with connection.transaction():
                await connection.execute("UPDATE delivery SET state = 'gone'")
                raise KeyError
        assert await kept(connection, acme) == {(acme, "job", "due", ""): 3}


async def test_folding_neither_waits_for_writers_nor_loses_what_they_do(
    database: Database, acme: int, globex: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "LINES", 5)
    async with database.connection() as connection:
        await put(connection, globex, "job", "due", "", 2)
        for number in range(8):
            await put(connection, acme, "job", "due", f"r{number}", 1)
        async with database.transaction() as writer:
            await writer.execute("UPDATE delivery SET state = 'held', reason = 'one'")
            await connection.execute("SET lock_timeout = '2s'")
            await fold(connection)
            assert sum((await kept(connection, acme)).values()) == 8
        assert await kept(connection, acme, globex) == await recounted(connection)
        await fold(connection)
        assert await kept(connection, acme, globex) == await recounted(connection)
        lines = await (await connection.execute("SELECT workspace_id, count(*) FROM tally GROUP BY 1")).fetchall()
    # Those of Globex are so few that they are left as they are: two due, two due no more, two held.
    assert dict(lines) == {acme: 1, globex: 3}
