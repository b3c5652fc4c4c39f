"""Rows to look at, each with all that it is rendered from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from msgspec import Struct

from landbridge.records import Kind
from landbridge.records.kinship import KIN
from landbridge.store.database import Connection
from landbridge.store.finding import by_key, by_number, by_pointer
from landbridge.store.scope import scoped

BACKFILL = 2
# For so long a removal lets what hangs on the record be removed first; then it matters more than the order.
_CHILDREN_FIRST = timedelta(hours=1)


class Due(NamedTuple):
    """One row to look at. ``parent_there`` and ``job_there`` tell whether LinkedIn has what this record points at.

    ``there``: LinkedIn has (some revision of) the record itself. ``waits``: it is to be removed, and what hangs on it
    has not been yet. A tuple because there are very many of them.
    """

    record_id: int
    revision: int
    priority: int
    attempts: int
    there: bool
    fingerprint: bytes | None
    far: bytes | None
    key: str
    gone: bool
    body: bytes
    parent: bytes | None
    parent_there: bool
    job_id: int | None
    job_revision: int | None
    job_there: bool
    waits: bool


class Place(Struct, frozen=True):
    """Where in the order of due rows a lane stands: just behind this row."""

    priority: int
    record_id: int


START = Place(-1, 0)
START_OF_BACKFILL = Place(BACKFILL, 0)

# A row counts as there once LinkedIn has acknowledged it, until it acknowledges its removal.
_PARENT = f"""
LEFT JOIN {by_key("%(parent_kind)s", "r.parent_key")} AS p ON true LEFT JOIN delivery pd ON pd.record_id = p.id
"""
_JOB = f"""
LEFT JOIN {by_key("'job'", "r.job_key")} AS j ON true LEFT JOIN delivery jd ON jd.record_id = j.id
"""

_LOOKABLE = "state = 'due' AND (next_at IS NULL OR next_at <= %(now)s)"
_DUE = f"{_LOOKABLE} AND (priority, record_id) > (%(above)s, %(behind)s)"
# Compared as a row, because priority alone would let the index of live changes be walked, delivered ones and all.
URGENT = f"{_LOOKABLE} AND (priority, record_id) < ({BACKFILL}, 0)"
_PENDING = "state = 'pending' AND next_at <= %(now)s"
_BY_PRIORITY = ("priority", "record_id")

# A merged candidate goes after those applications have been sent again that are another's now: LinkedIn may delete
# with a candidate whatever still hangs on it there.
_WAITS = f"""
CASE WHEN r.gone AND r.changed_at > %(patient)s THEN EXISTS (
    SELECT FROM (SELECT r.key UNION SELECT r.body->>'merged_into') AS heads(key)
    CROSS JOIN unnest(%(child_kinds)s::text[]) AS child(kind)
    CROSS JOIN {by_pointer("child.kind", "parent_key", "heads.key")} AS y JOIN delivery xd ON xd.record_id = y.id
    WHERE xd.state IN ('due', 'pending')
       OR (heads.key = r.key AND xd.sent_at IS NOT NULL AND xd.state NOT IN ('gone', 'quarantined')))
ELSE false END
"""


def _pick(
    kind: Kind,
    condition: str,
    order: tuple[str, str],
    limit: int,
    *,
    numbers: str | None = None,
    revision: str = "revision",
) -> str:
    """``numbers``: SQL for those of the records to choose from; None: from all."""
    kin = KIN[kind]
    rows = f"{by_number('delivery', numbers, number='record_id')} AS d" if numbers else "delivery"
    return f"""
    WITH chunk AS MATERIALIZED (
        SELECT record_id, {revision} AS revision, priority, attempts, sent_at IS NOT NULL AS there, fingerprint, far,
               next_at
        FROM {rows} WHERE workspace_id = %(workspace)s AND kind = %(kind)s AND {condition}
        ORDER BY {", ".join(order)} LIMIT {limit:d}
    )
    SELECT c.record_id, c.revision, c.priority, c.attempts, c.there, c.fingerprint,
           convert_to(c.far::text, 'UTF8'), r.key, r.gone, convert_to(r.body::text, 'UTF8'),
           {"convert_to(p.body::text, 'UTF8'), pd.sent_at IS NOT NULL" if kin.parent else "NULL::bytea, true"},
           {"j.id, j.revision, jd.sent_at IS NOT NULL" if kin.job else "NULL::bigint, NULL::bigint, true"},
           {_WAITS if _kids(kind) else "false"}
    FROM chunk c JOIN record r ON r.id = c.record_id
    {_PARENT if kin.parent else ""}
    {_JOB if kin.job else ""}
    ORDER BY {", ".join(f"c.{column}" for column in order)}
    """  # noqa: S608 - built from constants; values travel as parameters


def _kids(kind: Kind) -> list[str]:
    return [other.value for other, kin in KIN.items() if kin.parent is kind]


def _about(workspace: int, kind: Kind, now: datetime | None, **more: Any) -> dict[str, Any]:
    """What the statements of ``_pick`` ask for. ``now`` None: nothing waits for what hangs on it."""
    parent = KIN[kind].parent
    return {
        "workspace": workspace,
        "kind": kind.value,
        "parent_kind": parent.value if parent else None,
        "child_kinds": _kids(kind),
        "patient": None if now is None else now - _CHILDREN_FIRST,
        "now": now,
        **more,
    }


async def _fetch(connection: Connection, statement: str, parameters: dict[str, Any]) -> list[Due]:
    async with connection.cursor(binary=True) as cursor:
        # A plan kept for any chunk size prefers reading whole tables; made for this one it walks the index.
        await cursor.execute(statement.encode(), parameters, prepare=False)
        return [Due(*row) for row in await cursor.fetchall()]


@scoped
async def pick_due(
    connection: Connection, workspace: int, kind: Kind, *, behind: Place, limit: int, now: datetime
) -> list[Due]:
    """The next due rows in order of priority and age, behind a place."""
    return await _fetch(
        connection,
        _pick(kind, _DUE, _BY_PRIORITY, limit),
        _about(workspace, kind, now, above=behind.priority, behind=behind.record_id),
    )


@scoped
async def pick_urgent(connection: Connection, workspace: int, kind: Kind, *, limit: int, now: datetime) -> list[Due]:
    """Due removals and live changes, which overtake a backfill."""
    return await _fetch(
        connection,
        _pick(kind, URGENT, _BY_PRIORITY, limit),
        _about(workspace, kind, now),
    )


# Others of the same parents: for calls that serve one parent, so that each parent needs only one.
_SIBLINGS = f"""ARRAY(
    SELECT s.id FROM (
        SELECT DISTINCT x.parent_key FROM record x WHERE x.id = ANY(%(records)s) AND x.parent_key IS NOT NULL
    ) AS p CROSS JOIN {by_pointer("%(kind)s", "parent_key", "p.parent_key")} AS s WHERE s.id <> ALL(%(records)s))"""  # noqa: S608 - built from constants


@scoped
async def pick_siblings(
    connection: Connection, workspace: int, kind: Kind, records: Sequence[int], *, limit: int, now: datetime
) -> list[Due]:
    """Due rows that share their parents with these records and are not among them."""
    return await _fetch(
        connection,
        _pick(kind, _LOOKABLE, _BY_PRIORITY, limit, numbers=_SIBLINGS),
        _about(workspace, kind, now, records=list(records)),
    )


@scoped
async def pick_pending(connection: Connection, workspace: int, kind: Kind, *, limit: int, now: datetime) -> list[Due]:
    """Rows whose verdict may be asked for, the longest waiting first; ``revision`` is the one that was sent."""
    return await _fetch(
        connection,
        _pick(kind, _PENDING, ("next_at", "record_id"), limit, revision="coalesce(sent_revision, revision)"),
        _about(workspace, kind, now),
    )


@scoped
async def load_rows(connection: Connection, workspace: int, kind: Kind, records: Sequence[int]) -> list[Due]:
    """These records with all they are rendered from, in whatever state they are."""
    if not records:
        return []
    return await _fetch(
        connection,
        _pick(kind, "true", _BY_PRIORITY, len(records), numbers="%(records)s"),
        _about(workspace, kind, None, records=list(records)),
    )


@scoped
async def load_jobs(connection: Connection, workspace: int, ids: Sequence[int]) -> dict[int, bytes]:
    """Jobs as applications are rendered from them: without the description, which is most of a job's bytes."""
    async with connection.cursor(binary=True) as cursor:
        await cursor.execute(
            f"""SELECT r.id, convert_to((r.body - 'description')::text, 'UTF8')
                FROM {by_number("record", "%(ids)s")} AS r""",  # noqa: S608 - built from constants
            {"workspace": workspace, "ids": list(ids)},
        )
        return dict(await cursor.fetchall())
