"""What became of rows that were looked at, saved by whoever has the lane.

A save names the lane's epoch and, per row, the revision that was sent. A sender whose epoch has passed changes nothing;
a row that has changed meanwhile keeps what LinkedIn acknowledged but stays due.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from landbridge.store.database import Connection
from landbridge.store.ledger.fence import FENCE, Fence, FencedError


class Acknowledged(Struct):
    """Rows LinkedIn has taken as they are, in columns; the frequent case, so it is the lean one."""

    records: list[int] = field(default_factory=list)
    revisions: list[int] = field(default_factory=list)
    fingerprints: list[bytes] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.records)

    def add(self, record: int, revision: int, fingerprint: bytes) -> None:
        self.records.append(record)
        self.revisions.append(revision)
        self.fingerprints.append(fingerprint)


class Verdict(Struct, frozen=True, kw_only=True):
    """What became of one row where it is not plainly acknowledged.

    ``fingerprint`` None leaves the stored one, b"" clears it. ``acknowledged``: LinkedIn has the record now; False: it
    has it no longer; None: as before. ``far`` None leaves the writer's notes as they are.
    """

    record: int
    revision: int
    state: str
    reason: str = ""
    detail: str = ""
    fingerprint: bytes | None = None
    acknowledged: bool | None = None
    far: str | None = None
    next_at: datetime | None = None
    attempts: int = 0


# %b: arrays in binary; as text, escaping a fingerprint costs more than sending its record.
_ACKNOWLEDGE = f"""
WITH {FENCE}, saved AS (
    UPDATE delivery d
    SET state = CASE WHEN d.revision = s.revision THEN 'delivered' ELSE 'due' END, fingerprint = s.fingerprint,
        sent_revision = s.revision, sent_at = %(now)s, attempts = 0, next_at = NULL, reason = '', detail = '',
        changed_at = %(now)s
    FROM unnest(%(records)b::bigint[], %(revisions)b::bigint[], %(fingerprints)b::bytea[])
        AS s(record_id, revision, fingerprint)
    WHERE d.record_id = s.record_id AND d.state = 'due' AND EXISTS (SELECT FROM fence)
)
SELECT count(*) FROM fence
"""  # noqa: S608 - built from constants

_UNCHANGED = f"""
WITH {FENCE}, saved AS (
    UPDATE delivery d
    SET state = 'delivered', sent_revision = s.revision, attempts = 0, next_at = NULL, reason = '', detail = '',
        changed_at = %(now)s
    FROM unnest(%(records)b::bigint[], %(revisions)b::bigint[]) AS s(record_id, revision)
    WHERE d.record_id = s.record_id AND d.revision = s.revision AND d.state = 'due' AND EXISTS (SELECT FROM fence)
)
SELECT count(*) FROM fence
"""  # noqa: S608 - built from constants

_VERDICTS = f"""
WITH {FENCE}, saved AS (
    UPDATE delivery d
    SET state = CASE WHEN d.revision = s.revision OR s.state = 'pending' THEN s.state ELSE 'due' END,
        reason = CASE WHEN d.revision = s.revision THEN s.reason ELSE '' END,
        detail = CASE WHEN d.revision = s.revision THEN s.detail ELSE '' END,
        next_at = CASE WHEN d.revision = s.revision OR s.state = 'pending' THEN s.next_at END,
        attempts = s.attempts,
        fingerprint = CASE WHEN s.fingerprint IS NULL THEN d.fingerprint ELSE nullif(s.fingerprint, '\\x') END,
        far = coalesce(s.far::jsonb, d.far),
        sent_revision = CASE WHEN s.acknowledged OR s.state = 'pending' THEN s.revision ELSE d.sent_revision END,
        sent_at = CASE WHEN s.acknowledged THEN %(now)s WHEN NOT s.acknowledged THEN NULL ELSE d.sent_at END,
        changed_at = %(now)s
    FROM unnest(%(records)b::bigint[], %(revisions)b::bigint[], %(states)s::text[], %(reasons)s::text[],
                %(details)s::text[], %(next_ats)s::timestamptz[], %(attempts)s::smallint[],
                %(fingerprints)b::bytea[], %(fars)s::text[], %(acknowledged)s::boolean[])
        AS s(record_id, revision, state, reason, detail, next_at, attempts, fingerprint, far, acknowledged)
    WHERE d.record_id = s.record_id AND d.state = ANY(%(origins)s) AND EXISTS (SELECT FROM fence)
)
SELECT count(*) FROM fence
"""  # noqa: S608 - built from constants


def _named(fence: Fence, now: datetime) -> dict[str, Any]:
    return {"workspace": fence.workspace, "resource": fence.resource, "epoch": fence.epoch, "now": now}


async def _save(connection: Connection, statement: str, parameters: dict[str, Any]) -> None:
    async with connection.cursor(binary=True) as cursor:
        await cursor.execute(statement.encode(), parameters)
        row = await cursor.fetchone()
    if not row or not row[0]:
        raise FencedError


async def save_acknowledged(connection: Connection, fence: Fence, rows: Acknowledged, *, now: datetime) -> None:
    """LinkedIn has taken these rows. Raises FencedError."""
    await _save(
        connection,
        _ACKNOWLEDGE,
        {
            **_named(fence, now),
            "records": _numbers(rows.records),
            "revisions": _numbers(rows.revisions),
            "fingerprints": _blobs(rows.fingerprints),
        },
    )


# Arrays as PostgreSQL spells them: psycopg packs them element by element, which takes ten times as long.
def _numbers(values: Sequence[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def _blobs(values: Sequence[bytes]) -> str:
    return "{" + ",".join([rf'"\\x{value.hex()}"' for value in values]) + "}"


async def save_unchanged(
    connection: Connection, fence: Fence, rows: Sequence[tuple[int, int]], *, now: datetime
) -> None:
    """These (record, revision) rows are on LinkedIn like that already. Raises FencedError."""
    await _save(
        connection,
        _UNCHANGED,
        {
            **_named(fence, now),
            "records": [record for record, _ in rows],
            "revisions": [revision for _, revision in rows],
        },
    )


async def save_verdicts(
    connection: Connection,
    fence: Fence,
    rows: Sequence[Verdict],
    *,
    now: datetime,
    origins: Sequence[str] = ("due",),
) -> None:
    """Save all that is not plain. ``origins``: the states these rows were picked in. Raises FencedError."""
    await _save(
        connection,
        _VERDICTS,
        {
            **_named(fence, now),
            "origins": list(origins),
            "records": [row.record for row in rows],
            "revisions": [row.revision for row in rows],
            "states": [row.state for row in rows],
            "reasons": [row.reason for row in rows],
            "details": [row.detail for row in rows],
            "next_ats": [row.next_at for row in rows],
            "attempts": [row.attempts for row in rows],
            "fingerprints": [row.fingerprint for row in rows],
            "fars": [row.far for row in rows],
            "acknowledged": [row.acknowledged for row in rows],
        },
    )
