"""What has come from LinkedIn, each element once and in its newest state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct
from psycopg.types.json import Jsonb

from landbridge.store.database import Connection
from landbridge.store.scope import scoped

ArrivalKind = Literal["inmail", "note", "contact", "closed", "export"]


class Arrived(Struct, frozen=True, kw_only=True):
    """One element to keep. ``version_at`` tells an older state from a newer one, where the far side says so."""

    kind: ArrivalKind
    far_id: str
    subject: str
    body: dict[str, Any]
    raw: bytes
    person_urn: str | None = None
    at: datetime | None = None
    version_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Arrived({self.kind})"


_KEEP = """
INSERT INTO arrival AS a (workspace_id, kind, far_id, subject, person_urn, at, version_at, body, raw, received_at,
                          changed_at)
SELECT DISTINCT ON (x.kind, x.far_id) %(workspace)s, x.kind, x.far_id, x.subject, x.person_urn, x.at, x.version_at,
       x.body, x.raw, %(now)s, %(now)s
FROM unnest(%(kinds)s::text[], %(far_ids)s::text[], %(subjects)s::text[], %(persons)s::text[],
            %(ats)s::timestamptz[], %(versions)s::timestamptz[], %(bodies)s::jsonb[], %(raws)s::bytea[])
    WITH ORDINALITY AS x(kind, far_id, subject, person_urn, at, version_at, body, raw, place)
ORDER BY x.kind, x.far_id, x.version_at DESC NULLS LAST, x.place DESC
ON CONFLICT (workspace_id, kind, far_id) DO UPDATE
SET body = excluded.body, raw = excluded.raw, version_at = excluded.version_at, at = coalesce(excluded.at, a.at),
    person_urn = coalesce(excluded.person_urn, a.person_urn), revision = a.revision + 1, state = 'due', reason = '',
    attempts = 0, next_at = NULL, changed_at = excluded.changed_at
WHERE a.body IS DISTINCT FROM excluded.body
  AND (a.version_at IS NULL OR excluded.version_at IS NULL OR excluded.version_at >= a.version_at)
"""


@scoped
async def keep(connection: Connection, workspace: int, rows: Sequence[Arrived], *, now: datetime) -> int:
    """Keep elements; how many are new or have changed. The same again changes nothing, and so does an older state."""
    if not rows:
        return 0
    cursor = await connection.execute(
        _KEEP,
        {
            "workspace": workspace,
            "now": now,
            "kinds": [row.kind for row in rows],
            "far_ids": [row.far_id for row in rows],
            "subjects": [row.subject for row in rows],
            "persons": [row.person_urn for row in rows],
            "ats": [row.at for row in rows],
            "versions": [row.version_at for row in rows],
            "bodies": [Jsonb(row.body) for row in rows],
            "raws": [row.raw for row in rows],
        },
    )
    return cursor.rowcount


@scoped
async def count_arrivals(connection: Connection, workspace: int) -> dict[tuple[str, str, str], int]:
    """How many elements stand where, by (kind, state, reason)."""
    cursor = await connection.execute(
        "SELECT kind, state, reason, count(*) FROM arrival WHERE workspace_id = %s GROUP BY kind, state, reason",
        [workspace],
    )
    return {(kind, state, reason): count for kind, state, reason, count in await cursor.fetchall()}
