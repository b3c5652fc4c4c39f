"""LinkedIn's integrations of a workspace: which are requested, enabled, expired."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.database import Connection
from landbridge.store.scope import scoped

ENABLED = "ENABLED"
ABSENT = "ABSENT"  # ours: nobody has requested this integration yet


class Integration(Struct, frozen=True, kw_only=True):
    """``context`` is the organization's URN (company level) or a contract's (contract level). ``status`` is LinkedIn's
    own word, kept as it came."""

    context: str
    type: str
    name: str
    status: str
    checked_at: datetime


@scoped
async def save_integrations(connection: Connection, workspace: int, found: Sequence[Integration]) -> None:
    """Save what LinkedIn said; integrations it did not mention stay as they were."""
    async with connection.cursor() as cursor:
        await cursor.executemany(
            """
            INSERT INTO integration (workspace_id, context, type, name, status, checked_at)
            VALUES (%s, %s, %s, %s, %s, %s)
            ON CONFLICT (workspace_id, context, type) DO UPDATE
            SET name = excluded.name, status = excluded.status, checked_at = excluded.checked_at
            WHERE integration.checked_at <= excluded.checked_at
            """,
            [(workspace, one.context, one.type, one.name, one.status, one.checked_at) for one in found],
        )


@scoped
async def load_integrations(connection: Connection, workspace: int) -> list[Integration]:
    """Company level first, then the contracts."""
    async with connection.cursor(row_factory=class_row(Integration)) as cursor:
        await cursor.execute(
            """
            SELECT context, type, name, status, checked_at FROM integration
            WHERE workspace_id = %s ORDER BY type = 'CSA_API', context, type
            """,
            [workspace],
        )
        return await cursor.fetchall()


@scoped
async def delete_integrations(connection: Connection, workspace: int, context: str) -> None:
    """Forget a contract that was disconnected."""
    await connection.execute("DELETE FROM integration WHERE workspace_id = %s AND context = %s", [workspace, context])
