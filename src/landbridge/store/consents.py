"""Consent receipts: who has agreed to what, and when they took it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from landbridge.store.database import Connection
from landbridge.store.scope import scoped

COLUMNS = "id, given_at, given_by, text_version, text, fields, choices, counts, withdrawn_at, withdrawn_by"


class Receipt(Struct, frozen=True, kw_only=True):
    """``fields`` name what is shared, kind by kind; ``choices`` and ``counts`` are those shown when it was given."""

    id: int
    given_at: datetime
    given_by: str
    text_version: str
    text: str
    fields: list[str]
    choices: dict[str, Any]
    counts: dict[str, Any]
    withdrawn_at: datetime | None
    withdrawn_by: str

    @property
    def living(self) -> bool:
        return self.withdrawn_at is None


@scoped
async def give_consent(
    connection: Connection,
    workspace: int,
    *,
    by: str,
    text_version: str,
    text: str,
    fields: Sequence[str],
    choices: Mapping[str, Any],
    counts: Mapping[str, Any],
    now: datetime,
) -> Receipt:
    """The living receipt: a new one, or the one there is where the same was agreed to before.

    Agreeing to something else ends the older receipt. Call it inside a transaction.
    """
    await connection.execute("SELECT FROM workspace WHERE id = %s FOR UPDATE", [workspace])
    living = await load_consent(connection, workspace)
    if living is not None:
        if (living.text, living.fields, living.choices) == (text, list(fields), dict(choices)):
            return living
        await withdraw_consent(connection, workspace, by=by, now=now)
    await connection.execute(
        """
        INSERT INTO consent (workspace_id, given_at, given_by, text_version, text, fields, choices, counts)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [workspace, now, by, text_version, text, Jsonb(list(fields)), Jsonb(dict(choices)), Jsonb(dict(counts))],
    )
    made = await load_consent(connection, workspace)
    assert made is not None
    return made


@scoped
async def withdraw_consent(connection: Connection, workspace: int, *, by: str, now: datetime) -> bool:
    """Whether there was one to withdraw."""
    cursor = await connection.execute(
        """
        UPDATE consent SET withdrawn_at = %s, withdrawn_by = %s WHERE workspace_id = %s AND withdrawn_at IS NULL
        """,
        [now, by, workspace],
    )
    return cursor.rowcount > 0


@scoped
async def load_consent(connection: Connection, workspace: int) -> Receipt | None:
    """The consent that counts now."""
    async with connection.cursor(row_factory=class_row(Receipt)) as cursor:
        await cursor.execute(
            f"SELECT {COLUMNS} FROM consent WHERE workspace_id = %s AND withdrawn_at IS NULL",  # noqa: S608 - a constant
            [workspace],
        )
        return await cursor.fetchone()


@scoped
async def load_receipts(connection: Connection, workspace: int, *, limit: int = 50) -> list[Receipt]:
    """All that was ever agreed to, the newest first."""
    async with connection.cursor(row_factory=class_row(Receipt)) as cursor:
        await cursor.execute(
            f"SELECT {COLUMNS} FROM consent WHERE workspace_id = %s ORDER BY id DESC LIMIT %s",  # noqa: S608 - a constant
            [workspace, limit],
        )
        return await cursor.fetchall()


@scoped
async def was_withdrawn(connection: Connection, workspace: int) -> bool:
    """Whether somebody had agreed and nobody does any more; not for a workspace that was never asked."""
    cursor = await connection.execute(
        "SELECT count(*) > 0 AND bool_and(withdrawn_at IS NOT NULL) FROM consent WHERE workspace_id = %s", [workspace]
    )
    row = await cursor.fetchone()
    return bool(row and row[0])
