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
