"""One workspace at a glance, from the database."""

from __future__ import annotations

from datetime import timedelta

from msgspec import structs

from landbridge.store.database import Connection, Database
from landbridge.store.overview import PassProgress, load_newest_sweep, load_overview, load_quota_use
from tests.store.conftest import NOW, fill


async def test_overview_shows_what_each_table_holds_of_this_workspace(
    database: Database, acme: int, globex: int
) -> None:
    async with database.transaction() as connection:
        await fill(connection, acme)
        await fill(connection, globex)
        found = await load_overview(connection, acme, NOW)
    assert found.workspace.slug == "acme"
    assert [one.type for one in found.integrations] == ["CSA_API"]
    assert found.sweep is not None
    assert [one.title for one in found.sweep.passes] == ["Jobs"]
    assert sum(kind.due for kind in found.kinds) == 1
    assert [one.resource for one in found.lanes] == ["jobs"]
    assert [(one.system, one.calls) for one in found.quotas] == [("linkedin", 0)]


async def test_empty_workspace_has_an_overview_too(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        found = await load_overview(connection, acme, NOW)
    assert (found.sweep, found.reconciliation, found.systems, found.lanes) == (None, None, [], [])


async def test_yesterdays_calls_do_not_count_today(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        await connection.execute(
            """
            INSERT INTO budget (workspace_id, system, resource, next_at, day, calls, records, learned)
            VALUES (%s, 'linkedin', 'jobs', %s, %s, 7, 70, '{"calls_per_day": 100}')
            """,
            [acme, NOW, NOW.date()],
        )
        [today] = await load_quota_use(connection, acme, NOW)
        [tomorrow] = await load_quota_use(connection, acme, NOW + timedelta(days=1))
    assert (today.calls, today.records, today.learned) == (7, 70, {"calls_per_day": 100})
    assert (tomorrow.calls, tomorrow.records) == (0, 0)


async def test_full_sync_is_shown_even_when_changes_were_read_after_it(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        for mode in ("full", "delta"):
            await save_sweep(connection, acme, mode, "done")
        found = await load_newest_sweep(connection, acme)
    assert found is not None
    assert found.mode == "full"


async def test_reading_of_changes_is_shown_while_it_is_under_way(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        await save_sweep(connection, acme, "full", "done")
        await save_sweep(connection, acme, "delta", "running")
        found = await load_newest_sweep(connection, acme)
    assert found is not None
    assert (found.mode, found.state) == ("delta", "running")


async def save_sweep(connection: Connection, workspace: int, mode: str, state: str) -> None:
    await connection.execute(
        "INSERT INTO sweep (workspace_id, mode, state, started_at) VALUES (%s, %s, %s, %s)",
        [workspace, mode, state, NOW],
    )


def test_time_left_follows_from_the_pace_so_far() -> None:
    one = PassProgress(
        name="jobs", title="", total=30, done=10, calls=10, started_at=NOW - timedelta(minutes=5), finished_at=None
    )
    assert one.left(NOW) == timedelta(minutes=10)
    assert structs.replace(one, done=0).left(NOW) is None
    assert structs.replace(one, total=None).left(NOW) is None
    assert structs.replace(one, finished_at=NOW).left(NOW) is None
