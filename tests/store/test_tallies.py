"""Counts of where records stand."""

from __future__ import annotations

from landbridge.records import Kind
from landbridge.store.database import Connection, Database
from landbridge.store.tallies import KindTotals, Tally, load_reading_tallies, load_tallies, totals
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
