"""Where single records stand, a page at a time: by kind, by state, by reason. Their contents are not shown."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.database import Connection
from landbridge.store.scope import scoped


class Standing(Struct, frozen=True, kw_only=True):
    """``number`` is for paging; ``key`` the record's id in the ATS."""

    number: int
    kind: str
    key: str
    state: str
    reason: str
    detail: str
    changed_at: datetime


@scoped
async def load_standing(
    connection: Connection, workspace: int, *, kind: str, state: str, reason: str | None, after: int, limit: int
) -> list[Standing]:
    """Records of one kind in one state, in the order in which they came; ``after``: the number of the last one seen."""
    async with connection.cursor(row_factory=class_row(Standing)) as cursor:
        await cursor.execute(
            """
            SELECT d.record_id AS number, d.kind, r.key, d.state, d.reason, d.detail, d.changed_at
            FROM delivery d JOIN record r ON r.id = d.record_id
            WHERE d.workspace_id = %(workspace)s AND d.kind = %(kind)s AND d.state = %(state)s
              AND (%(reason)s::text IS NULL OR d.reason = %(reason)s) AND d.record_id > %(after)s
            ORDER BY d.record_id LIMIT %(limit)s
            """,
            {"workspace": workspace, "kind": kind, "state": state, "reason": reason, "after": after, "limit": limit},
        )
        return await cursor.fetchall()
