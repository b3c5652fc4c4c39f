"""Links that let somebody without an account do the LinkedIn half of the setup. Only a token's hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.database import Connection
from landbridge.store.scope import scoped

LIFE = timedelta(days=7)


class Handover(Struct, frozen=True, kw_only=True):
    id: int
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None

    def living(self, now: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > now


@scoped
async def make_handover(
    connection: Connection, workspace: int, *, by: str, now: datetime, life: timedelta = LIFE
) -> str:
    """The token of a new link. It is told once: the database keeps its hash only."""
    token = secrets.token_urlsafe(32)
    await connection.execute(
        "INSERT INTO handover (workspace_id, token_hash, made_by, made_at, expires_at) VALUES (%s, %s, %s, %s, %s)",
        [workspace, _hashed(token), by, now, now + life],
    )
    return token


class Led(Struct, frozen=True, kw_only=True):
    """Where a living link leads, and whether somebody has begun with it."""

    workspace_id: int
    begun: bool


async def find_handover(connection: Connection, token: str, now: datetime) -> Led | None:
    """A living link, only looked at; None for one that is unknown, taken back or too old."""
    async with connection.cursor(row_factory=class_row(Led)) as cursor:
        await cursor.execute(
            """
            SELECT workspace_id, used_at IS NOT NULL AS begun FROM handover
            WHERE token_hash = %(hash)s AND revoked_at IS NULL AND expires_at > %(now)s
            """,
            {"now": now, "hash": _hashed(token)},
        )
        return await cursor.fetchone()


async def use_handover(connection: Connection, token: str, now: datetime) -> int | None:
    """Somebody begins, or goes on, with a living link: the workspace it leads to; None for one that is unknown, taken
    back or too old."""
    cursor = await connection.execute(
        """
        UPDATE handover SET used_at = %(now)s
        WHERE token_hash = %(hash)s AND revoked_at IS NULL AND expires_at > %(now)s RETURNING workspace_id
        """,
        {"now": now, "hash": _hashed(token)},
    )
    row = await cursor.fetchone()
    return int(row[0]) if row else None


@scoped
async def revoke_handovers(connection: Connection, workspace: int, now: datetime) -> int:
    """Take back every link that still lives; how many."""
    cursor = await connection.execute(
        "UPDATE handover SET revoked_at = %s WHERE workspace_id = %s AND revoked_at IS NULL AND expires_at > %s",
        [now, workspace, now],
    )
    return cursor.rowcount


@scoped
async def load_handovers(connection: Connection, workspace: int, *, limit: int = 20) -> list[Handover]:
    """The newest first."""
    async with connection.cursor(row_factory=class_row(Handover)) as cursor:
        await cursor.execute(
            """
            SELECT id, made_by, made_at, expires_at, revoked_at, used_at FROM handover
            WHERE workspace_id = %s ORDER BY id DESC LIMIT %s
            """,
            [workspace, limit],
        )
        return await cursor.fetchall()


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
