"""Tokens of the JSON API: whose they are, what they may do, and how often they were used in the running minute."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from landbridge.store.accounts import hashed
from landbridge.store.database import Connection
from landbridge.store.scope import scoped

# So that a token found where it should not be is known for what it is.
PREFIX = "lbt_"
MINUTE = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token may do. None includes another."""

    READ = "read"  # what the console shows, without the records' contents
    SYNC = "sync"  # start, pause, compare
    SEATS = "seats"  # say whose seat is whose
    INGEST = "ingest"  # push records of an ATS of one's own


class Token(Struct, frozen=True, kw_only=True):
    """``start`` is how the token begins: enough to tell it from others, not to use it."""

    id: int
    label: str
    start: str
    scopes: list[str]
    made_by: str
    made_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class Used(Struct, frozen=True, kw_only=True):
    """One call with a token that works. ``calls`` are those since ``minute_at``, this one included."""

    id: int
    workspace_id: int
    label: str
    scopes: list[str]
    minute_at: datetime
    calls: int


@scoped
async def make_token(
    connection: Connection, workspace: int, *, label: str, scopes: Collection[Scope], by: str, now: datetime
) -> str:
    """The new token. Only its hash is kept: it can be shown once."""
    token = PREFIX + secrets.token_urlsafe(32)
    await connection.execute(
        """
        INSERT INTO api_token (workspace_id, label, start, token_hash, scopes, made_by, made_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s)
        """,
        [workspace, label, token[:8], hashed(token), Jsonb(sorted(scope.value for scope in scopes)), by, now],
    )
    return token


@scoped
async def load_tokens(connection: Connection, workspace: int) -> list[Token]:
    """All there ever were, those that still work first, the newest first."""
    async with connection.cursor(row_factory=class_row(Token)) as cursor:
        await cursor.execute(
            """
            SELECT id, label, start, scopes, made_by, made_at, used_at, revoked_at FROM api_token
            WHERE workspace_id = %s ORDER BY revoked_at IS NOT NULL, id DESC LIMIT 200
            """,
            [workspace],
        )
        return await cursor.fetchall()


@scoped
async def revoke_token(connection: Connection, workspace: int, number: int, now: datetime) -> str | None:
    """Its label; None where there is none that works. It counts from the next call on."""
    cursor = await connection.execute(
        """
        UPDATE api_token SET revoked_at = %s WHERE workspace_id = %s AND id = %s AND revoked_at IS NULL RETURNING label
        """,
        [now, workspace, number],
    )
    row = await cursor.fetchone()
    return str(row[0]) if row else None


async def use_token(connection: Connection, token: str, now: datetime) -> Used | None:
    """Whose it is, counting the call; None where it is unknown or revoked."""
    async with connection.cursor(row_factory=class_row(Used)) as cursor:
        await cursor.execute(
            """
            UPDATE api_token SET used_at = %(now)s,
                minute_at = CASE WHEN minute_at > %(since)s THEN minute_at ELSE %(now)s END,
                calls = CASE WHEN minute_at > %(since)s THEN calls + 1 ELSE 1 END
            WHERE token_hash = %(hash)s AND revoked_at IS NULL
            RETURNING id, workspace_id, label, scopes, minute_at, calls
            """,
            {"hash": hashed(token), "now": now, "since": now - MINUTE},
        )
        return await cursor.fetchone()
