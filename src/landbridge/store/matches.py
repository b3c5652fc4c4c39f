"""Which LinkedIn member each delivered candidate was matched with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from landbridge.store.database import Connection
from landbridge.store.scope import scoped


@scoped
async def pick_unread(
    connection: Connection,
    workspace: int,
    *,
    behind: int,
    delivered_before: datetime,
    read_before: datetime,
    limit: int,
) -> list[tuple[int, str]]:
    """(record, key) of delivered candidates, by record, never asked for or last asked without a match before then."""
    cursor = await connection.execute(
        """SELECT d.record_id, r.key FROM delivery d JOIN record r ON r.id = d.record_id
           LEFT JOIN match m ON m.record_id = d.record_id
           WHERE d.workspace_id = %s AND d.kind = 'candidate' AND d.state = 'delivered' AND d.record_id > %s
             AND d.sent_at <= %s AND (m.record_id IS NULL OR (m.person_urn IS NULL AND m.read_at < %s))
           ORDER BY d.record_id LIMIT %s""",
        [workspace, behind, delivered_before, read_before, limit],
    )
    return [(record, key) for record, key in await cursor.fetchall()]


@scoped
async def save(
    connection: Connection, workspace: int, records: Sequence[int], persons: Mapping[int, str], *, now: datetime
) -> None:
    """Note what was asked for, and the person where there is one."""
    await connection.execute(
        """INSERT INTO match (record_id, workspace_id, person_urn, read_at)
           SELECT m.record_id, %(workspace)s, m.person_urn, %(now)s
           FROM unnest(%(records)s::bigint[], %(persons)s::text[]) AS m(record_id, person_urn)
           ON CONFLICT (record_id) DO UPDATE SET person_urn = excluded.person_urn, read_at = excluded.read_at""",
        {
            "workspace": workspace,
            "records": list(records),
            "persons": [persons.get(record) for record in records],
            "now": now,
        },
    )


@scoped
async def count(connection: Connection, workspace: int) -> tuple[int, int]:
    """How many candidates were asked for, and how many of them have a match."""
    cursor = await connection.execute(
        "SELECT count(*), count(person_urn) FROM match WHERE workspace_id = %s", [workspace]
    )
    row = await cursor.fetchone()
    return (row[0], row[1]) if row else (0, 0)
