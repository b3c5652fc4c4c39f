"""Records that go once more: those the far side has asked for, and all of them where it is another company's now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from landbridge.records import Kind
from landbridge.store.database import Connection
from landbridge.store.scope import scoped

Noted = tuple[int, dict[str, Any] | None]


@scoped
async def load_notes(connection: Connection, workspace: int, kind: Kind, keys: Sequence[str] | None) -> list[Noted]:
    """What the writer has noted on these records, or on all of the kind; none that the ATS no longer has."""
    cursor = await connection.execute(
        """SELECT d.record_id, d.far FROM delivery d JOIN record r ON r.id = d.record_id
           WHERE d.workspace_id = %(workspace)s AND d.kind = %(kind)s AND NOT r.gone
             AND (%(keys)s::text[] IS NULL OR r.key = ANY(%(keys)s))
           ORDER BY d.record_id""",
        {"workspace": workspace, "kind": kind.value, "keys": None if keys is None else list(keys)},
    )
    return [(record, far) for record, far in await cursor.fetchall()]


@scoped
async def note_again(
    connection: Connection,
    workspace: int,
    rows: Sequence[tuple[int, dict[str, Any] | None, dict[str, Any]]],
    *,
    priority: int,
    now: datetime,
) -> int:
    """Note (record, before, after) and have the records looked at; how many still stood as ``before``."""
    cursor = await connection.execute(
        """UPDATE delivery d
           SET far = x.after, revision = d.revision + 1, priority = least(d.priority, %(priority)s),
               state = CASE d.state WHEN 'pending' THEN d.state ELSE 'due' END, attempts = 0,
               next_at = CASE d.state WHEN 'pending' THEN d.next_at END, reason = '', detail = '', changed_at = %(now)s
           FROM unnest(%(records)s::bigint[], %(befores)s::jsonb[], %(afters)s::jsonb[]) AS x(record, before, after)
           WHERE d.workspace_id = %(workspace)s AND d.record_id = x.record AND d.far IS NOT DISTINCT FROM x.before""",
        {
            "workspace": workspace,
            "records": [record for record, _, _ in rows],
            "befores": [None if before is None else Jsonb(before) for _, before, _ in rows],
            "afters": [Jsonb(after) for _, _, after in rows],
            "priority": priority,
            "now": now,
        },
    )
    return cursor.rowcount


@scoped
async def begin_anew(connection: Connection, workspace: int, *, priority: int, now: datetime) -> int:
    """Forget what the far side has acknowledged, and have everything sent that may be; how many records."""
    cursor = await connection.execute(
        """UPDATE delivery SET state = 'due', fingerprint = NULL, far = NULL, sent_revision = NULL, sent_at = NULL,
               revision = revision + 1, priority = %s, attempts = 0, next_at = NULL, reason = '', detail = '',
               changed_at = %s
           WHERE workspace_id = %s AND state <> 'gone'""",
        [priority, now, workspace],
    )
    return cursor.rowcount
