"""What has served its time goes, the rest stays."""

from __future__ import annotations

from datetime import timedelta

from landbridge.store.accounts import ensure_admin, make_sign_in_token
from landbridge.store.database import Database
from landbridge.store.housekeeping import tidy
from tests.store.conftest import NOW


async def test_old_calls_sessions_and_links_go_and_newer_ones_stay(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        admin = await ensure_admin(connection, NOW)
        for days in (31, 29):
            at = NOW - timedelta(days=days)
            await connection.execute(
                """
                INSERT INTO call (workspace_id, at, system, method, route, duration_ms) VALUES (%s, %s, '', '', '', 1)
                """,
                [acme, at],
            )
        await make_sign_in_token(connection, admin, NOW)
        for name, hours in (("ended", -1), ("open", 1)):
            await connection.execute(
                "INSERT INTO django_session VALUES (%s, '', %s)", [name, NOW + timedelta(hours=hours)]
            )
        await tidy(connection, NOW, keep_calls=timedelta(days=30))
        found = await connection.execute("SELECT (SELECT count(*) FROM call), (SELECT count(*) FROM sign_in_link)")
        assert await found.fetchone() == (1, 1)
        assert await (await connection.execute("SELECT session_key FROM django_session")).fetchall() == [("open",)]
        await tidy(connection, NOW + timedelta(minutes=16), keep_calls=timedelta(days=30))
        assert await (await connection.execute("SELECT count(*) FROM sign_in_link")).fetchone() == (0,)


async def test_old_looks_for_changes_go_but_those_the_next_one_starts_from(
    database: Database, acme: int, globex: int
) -> None:
    async def sweep(workspace: int, mode: str, state: str, days: int) -> None:
        at = NOW - timedelta(days=days)
        cursor = await connection.execute(
            """INSERT INTO sweep (workspace_id, mode, state, pass_name, started_at, finished_at)
               VALUES (%s, %s, %s, '', %s, %s) RETURNING id""",
            [workspace, mode, state, at, at],
        )
        row = await cursor.fetchone()
        assert row is not None
        await connection.execute(
            "INSERT INTO sweep_pass (sweep_id, name, ordinal, title) VALUES (%s, 'p', 0, '')", [row[0]]
        )

    async with database.transaction() as connection:
        for workspace, mode, state, days in (
            (acme, "full", "done", 90),
            (acme, "delta", "done", 20),
            (acme, "delta", "done", 10),
            (acme, "delta", "stopped", 9),
            (acme, "delta", "running", 8),
            (globex, "delta", "done", 30),
        ):
            await sweep(workspace, mode, state, days)
        await tidy(connection, NOW, keep_calls=timedelta(days=30))
        cursor = await connection.execute(
            """SELECT s.workspace_id, s.mode, s.state, (%s::date - s.started_at::date)
               FROM sweep s JOIN sweep_pass p ON p.sweep_id = s.id ORDER BY s.id""",
            [NOW],
        )
        assert await cursor.fetchall() == [
            (acme, "full", "done", 90),
            (acme, "delta", "done", 10),
            (acme, "delta", "running", 8),
            (globex, "delta", "done", 30),
        ]


async def test_events_are_known_for_as_long_as_they_may_come_again(database: Database, acme: int) -> None:
    async with database.transaction() as connection:
        for name, state, days in (("old", "done", 41), ("known", "done", 39), ("kept", "kept", 90)):
            await connection.execute(
                """INSERT INTO inbox (workspace_id, system, event_id, type, body, received_at, state, done_at)
                   VALUES (%s, 'smartrecruiters', %s, '', '', %s, %s, %s)""",
                [acme, name, NOW, state, NOW - timedelta(days=days)],
            )
        await tidy(connection, NOW, keep_calls=timedelta(days=30))
        cursor = await connection.execute("SELECT event_id FROM inbox ORDER BY id")
        assert await cursor.fetchall() == [("known",), ("kept",)]
