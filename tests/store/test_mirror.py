"""What merging does to the tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from landbridge.records import Kind
from landbridge.store import mirror
from landbridge.store.database import Connection, Database
from landbridge.store.mirror import Rows, Touched
from tests.store.conftest import NOW


def rows(*records: tuple[str, str, dict[str, Any]], provisional: bool = False) -> Rows:
    """Records as (kind, key, body); of an application the body names candidate and job, of a stage the application."""
    made = Rows()
    for kind, key, body in records:
        made.kinds.append(kind)
        made.keys.append(key)
        made.parents.append(body.get("candidate_id") or body.get("application_id"))
        made.jobs.append(body.get("job_id"))
        made.bodies.append(msgspec.json.encode(body).decode())
        made.provisional.append(provisional)
    return made


async def upsert(
    connection: Connection, workspace: int, made: Rows, *, sweep: int | None = None, mark_seen: bool = False
) -> list[Touched]:
    return await mirror.upsert(
        connection, workspace, made, sweep=sweep, mark_seen=mark_seen, priority=2, now=NOW + timedelta(hours=1)
    )


async def bodies(connection: Connection, workspace: int) -> dict[str, Any]:
    cursor = await connection.execute("SELECT key, body FROM record WHERE workspace_id = %s", [workspace])
    return dict(await cursor.fetchall())


async def test_absent_fields_leave_what_is_known_and_nulls_replace_it(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        await upsert(connection, acme, rows(("candidate", "c1", {"name": "A", "phone": "1", "town": "Brno"})))
        await upsert(connection, acme, rows(("candidate", "c1", {"name": "B", "town": None})))
        assert await bodies(connection, acme) == {"c1": {"name": "B", "phone": "1", "town": None}}


async def test_same_row_again_touches_nothing(database: Database, acme: int) -> None:
    made = rows(("candidate", "c1", {"name": "A", "tags": ["x", "y"]}))
    async with database.connection() as connection:
        assert [one.made for one in await upsert(connection, acme, made)] == [True]
        assert await upsert(connection, acme, made) == []
        cursor = await connection.execute("SELECT revision, changed_at FROM record")
        assert await cursor.fetchall() == [(1, NOW + timedelta(hours=1))]


async def test_new_rows_are_due_and_changes_raise_the_revision(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        await upsert(connection, acme, rows(("candidate", "c1", {"name": "A"})))
        touched = await upsert(connection, acme, rows(("candidate", "c1", {"name": "B"})))
        assert [one.made for one in touched] == [False]
        cursor = await connection.execute(
            "SELECT r.revision, d.state, d.priority FROM record r JOIN delivery d ON d.record_id = r.id"
        )
        assert await cursor.fetchall() == [(2, "due", 2)]


async def test_only_changes_that_others_are_rendered_from_spread(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        await upsert(connection, acme, rows(("job", "j1", {"title": "A", "description": "x"})))
        touched = await upsert(connection, acme, rows(("job", "j1", {"title": "A", "description": "y"})))
        assert [one.spread for one in touched] == [False]
        touched = await upsert(connection, acme, rows(("job", "j1", {"title": "B"})))
        assert [one.spread for one in touched] == [True]


async def test_provisional_row_is_taken_only_where_there_is_none(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        known = rows(("stage", "a1.1", {"application_id": "a1", "name": "New"}))
        await upsert(connection, acme, known)
        other = rows(
            ("stage", "a1.1", {"application_id": "a1", "name": "Hired"}),
            ("stage", "a2.1", {"application_id": "a2", "name": "Hired"}),
            provisional=True,
        )
        await upsert(connection, acme, other)
        names = {key: body["name"] for key, body in (await bodies(connection, acme)).items()}
        assert names == {"a1.1": "New", "a2.1": "Hired"}


async def test_buried_record_is_revived_by_a_later_sweep_only(database: Database, acme: int) -> None:
    made = rows(("candidate", "c1", {"name": "A"}))
    async with database.connection() as connection:
        await upsert(connection, acme, made, sweep=7, mark_seen=True)
        await mirror.bury(connection, acme, [("candidate", "c1")], [], sweep=7, now=NOW)
        for sweep in (None, 6, 7):
            assert await upsert(connection, acme, made, sweep=sweep, mark_seen=sweep is not None) == []
        assert [one.key for one in await upsert(connection, acme, made, sweep=8, mark_seen=True)] == ["c1"]
        cursor = await connection.execute("SELECT gone, seen_sweep FROM record")
        assert await cursor.fetchall() == [(False, 8)]


async def test_burying_takes_along_what_hangs_on_a_record_and_makes_it_due_first(
    database: Database, acme: int, globex: int
) -> None:
    everything = rows(
        ("job", "j1", {"title": "A"}),
        ("candidate", "c1", {"name": "A"}),
        ("application", "a1", {"candidate_id": "c1", "job_id": "j1"}),
        ("stage", "a1.1", {"application_id": "a1"}),
    )
    async with database.connection() as connection:
        await upsert(connection, acme, everything)
        await upsert(connection, globex, everything)
        buried = await mirror.bury(connection, acme, [("candidate", "c1")], [], sweep=None, now=NOW)
        assert {one.key for one in buried} == {"c1", "a1", "a1.1"}
        assert await mirror.bury(connection, acme, [("candidate", "c1")], [], sweep=None, now=NOW) == []
        cursor = await connection.execute(
            """SELECT r.workspace_id, r.key FROM record r JOIN delivery d ON d.record_id = r.id
               WHERE r.gone AND d.state = 'due' AND d.priority = 0"""
        )
        assert set(await cursor.fetchall()) == {(acme, "c1"), (acme, "a1"), (acme, "a1.1")}


async def test_application_is_buried_by_its_pair(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        await upsert(connection, acme, rows(("application", "a1", {"candidate_id": "c1", "job_id": "j1"})))
        assert await mirror.bury(connection, acme, [], [("c1", "j2")], sweep=None, now=NOW) == []
        buried = await mirror.bury(connection, acme, [], [("c1", "j1")], sweep=None, now=NOW)
        assert [one.key for one in buried] == ["a1"]


async def test_unseen_are_those_a_complete_list_did_not_name(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        people = [("candidate", f"c{number}", {"name": "A"}) for number in range(5)]
        await upsert(connection, acme, rows(*people), sweep=1, mark_seen=True)
        await upsert(connection, acme, rows(people[1], people[3]), sweep=2, mark_seen=True)
        found = await mirror.unseen(connection, acme, Kind.CANDIDATE, 2, after="", limit=2)
        assert found == ["c0", "c2"]
        assert await mirror.unseen(connection, acme, Kind.CANDIDATE, 2, after="c2", limit=2) == ["c4"]


async def test_pending_record_keeps_waiting_when_it_changes(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        [job] = await upsert(connection, acme, rows(("job", "j1", {"title": "A"})))
        await connection.execute("UPDATE delivery SET state = 'pending', next_at = %s", [NOW])
        await mirror.make_due(connection, acme, [job.id], priority=1, now=NOW)
        cursor = await connection.execute("SELECT state, next_at, revision, priority FROM delivery")
        assert await cursor.fetchall() == [("pending", NOW, 2, 1)]
