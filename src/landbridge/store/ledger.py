"""The ledger's hot path: picking what is due with all it is rendered from, and saving what became of it.

A save names the lane's epoch and, per row, the revision that was sent. A sender whose epoch has passed changes nothing;
a row that has changed meanwhile keeps what LinkedIn acknowledged but stays due.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from msgspec import Struct, field

from landbridge.records import Kind
from landbridge.records.kinship import KIN
from landbridge.store.database import Connection
from landbridge.store.scope import scoped

BACKFILL = 2
FINGERPRINT_BYTES = 16
# For so long a removal lets what hangs on the record be removed first; then it matters more than the order.
CHILDREN_FIRST = timedelta(hours=1)


class Fence(Struct, frozen=True):
    """The right to send and save for one lane, as long as the lane's epoch is this one."""

    workspace: int
    resource: str
    epoch: int


class FencedError(Exception):
    """Another worker has taken this lane over: whoever sees this stops at once and saves nothing."""


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
_PARENT = """
LEFT JOIN record p ON p.workspace_id = %(workspace)s AND p.kind = %(parent_kind)s AND p.key = r.parent_key
LEFT JOIN delivery pd ON pd.record_id = p.id
"""
_JOB = """
LEFT JOIN record j ON j.workspace_id = %(workspace)s AND j.kind = 'job' AND j.key = r.job_key
LEFT JOIN delivery jd ON jd.record_id = j.id
"""
_DUE = "state = 'due' AND (next_at IS NULL OR next_at <= %(now)s) AND (priority, record_id) > (%(above)s, %(behind)s)"
_URGENT = "state = 'due' AND (next_at IS NULL OR next_at <= %(now)s) AND priority < 2"
_PENDING = "state = 'pending' AND next_at <= %(now)s"
BY_PRIORITY = ("priority", "record_id")


# A merged candidate goes after those applications have been sent again that are another's now: LinkedIn may delete
# with a candidate whatever still hangs on it there.
_WAITS = """
CASE WHEN r.gone AND r.changed_at > %(patient)s THEN EXISTS (
    SELECT FROM record x JOIN delivery xd ON xd.record_id = x.id
    WHERE x.workspace_id = %(workspace)s AND x.kind = ANY(%(child_kinds)s)
      AND ((x.parent_key = r.key AND (xd.state IN ('due', 'pending')
            OR (xd.sent_at IS NOT NULL AND xd.state NOT IN ('gone', 'quarantined'))))
        OR (x.parent_key = r.body->>'merged_into' AND xd.state IN ('due', 'pending'))))
ELSE false END
"""


def _pick(kind: Kind, condition: str, order: tuple[str, str], limit: int, *, revision: str = "revision") -> str:
    kin = KIN[kind]
    return f"""
    WITH chunk AS MATERIALIZED (
        SELECT record_id, {revision} AS revision, priority, attempts, sent_at IS NOT NULL AS there, fingerprint, far,
               next_at
        FROM delivery WHERE workspace_id = %(workspace)s AND kind = %(kind)s AND {condition}
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
        "patient": None if now is None else now - CHILDREN_FIRST,
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
        _pick(kind, _DUE, BY_PRIORITY, limit),
        _about(workspace, kind, now, above=behind.priority, behind=behind.record_id),
    )


@scoped
async def pick_urgent(connection: Connection, workspace: int, kind: Kind, *, limit: int, now: datetime) -> list[Due]:
    """Due removals and live changes, which overtake a backfill."""
    return await _fetch(
        connection,
        _pick(kind, _URGENT, BY_PRIORITY, limit),
        _about(workspace, kind, now),
    )


# Others of the same parents: for calls that serve one parent, so that each parent needs only one.
_SIBLINGS = """state = 'due' AND (next_at IS NULL OR next_at <= %(now)s) AND record_id IN (
            SELECT s.id FROM (
                SELECT DISTINCT x.parent_key FROM record x WHERE x.id = ANY(%(records)s)
            ) AS p JOIN record s ON s.workspace_id = %(workspace)s AND s.kind = %(kind)s AND s.parent_key = p.parent_key
            WHERE s.id <> ALL(%(records)s))"""


@scoped
async def pick_siblings(
    connection: Connection, workspace: int, kind: Kind, records: Sequence[int], *, limit: int, now: datetime
) -> list[Due]:
    """Due rows that share their parents with these records and are not among them."""
    return await _fetch(
        connection,
        _pick(kind, _SIBLINGS, BY_PRIORITY, limit),
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
async def load_jobs(connection: Connection, workspace: int, ids: Sequence[int]) -> dict[int, bytes]:
    """Jobs as applications are rendered from them: without the description, which is most of a job's bytes."""
    async with connection.cursor(binary=True) as cursor:
        await cursor.execute(
            """SELECT id, convert_to((body - 'description')::text, 'UTF8') FROM record
               WHERE workspace_id = %s AND id = ANY(%s)""",
            [workspace, list(ids)],
        )
        return dict(await cursor.fetchall())


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


# FOR SHARE: whoever raises the epoch waits until this save is through, or this save sees the new epoch.
_FENCE = """
fence AS MATERIALIZED (
    SELECT 1 FROM lane
    WHERE workspace_id = %(workspace)s AND resource = %(resource)s AND epoch = %(epoch)s FOR SHARE
)
"""

# %b: arrays in binary; as text, escaping a fingerprint costs more than sending its record.
_ACKNOWLEDGE = f"""
WITH {_FENCE}, saved AS (
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
WITH {_FENCE}, saved AS (
    UPDATE delivery d
    SET state = 'delivered', sent_revision = s.revision, attempts = 0, next_at = NULL, reason = '', detail = '',
        changed_at = %(now)s
    FROM unnest(%(records)b::bigint[], %(revisions)b::bigint[]) AS s(record_id, revision)
    WHERE d.record_id = s.record_id AND d.revision = s.revision AND d.state = 'due' AND EXISTS (SELECT FROM fence)
)
SELECT count(*) FROM fence
"""  # noqa: S608 - built from constants

_VERDICTS = f"""
WITH {_FENCE}, saved AS (
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


@scoped
async def doubt(connection: Connection, workspace: int, records: Sequence[int], *, now: datetime) -> None:
    """Forget what LinkedIn acknowledged for these rows, so that their newest state is sent again.

    For a sender that lost its lane with a call in flight: that call may have reached LinkedIn after a newer one.
    """
    await connection.execute(
        """UPDATE delivery SET fingerprint = NULL, revision = revision + 1, changed_at = %(now)s,
               state = CASE state WHEN 'delivered' THEN 'due' ELSE state END
           WHERE workspace_id = %(workspace)s AND record_id = ANY(%(records)s)
             AND state IN ('due', 'delivered', 'pending')""",
        {"workspace": workspace, "records": list(records), "now": now},
    )


_WAKE = """
UPDATE delivery d SET state = 'due', reason = '', detail = '', changed_at = %(now)s
FROM record w, record p, delivery pd
WHERE d.workspace_id = %(workspace)s AND d.kind = %(kind)s AND d.state = 'held' AND d.reason = %(reason)s
  AND w.id = d.record_id
  AND p.workspace_id = %(workspace)s AND p.kind = %(pointed)s AND p.key = w.{column}
  AND pd.record_id = p.id AND pd.sent_at IS NOT NULL
"""


@scoped
async def anybody_waits(connection: Connection, workspace: int, kind: Kind, reason: str) -> bool:
    """Whether any record is held for this reason: asked first, because mostly nobody waits."""
    cursor = await connection.execute(
        """SELECT EXISTS (SELECT FROM delivery
           WHERE workspace_id = %s AND kind = %s AND state = 'held' AND reason = %s)""",
        [workspace, kind.value, reason],
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


@scoped
async def wake_waiting(
    connection: Connection,
    workspace: int,
    kind: Kind,
    pointed: Kind,
    reason: str,
    *,
    now: datetime,
    arrived: Sequence[int] | None = None,
    waiting: Sequence[int] | None = None,
) -> int:
    """Make due the records of ``kind`` that wait for a ``pointed`` one which LinkedIn now has; how many.

    ``arrived`` narrows it to those that wait for these records, ``waiting`` to these themselves. To be called *after*
    the save of what arrived is committed, and after each save of records as waiting: whichever of the two comes last
    then sees the other.
    """
    column = "job_key" if pointed is Kind.JOB else "parent_key"
    statement = _WAKE.format(column=column)
    if arrived is not None:
        statement += " AND p.id = ANY(%(arrived)s)"
    if waiting is not None:
        statement += " AND d.record_id = ANY(%(waiting)s)"
    cursor = await connection.execute(
        statement.encode(),
        {
            "workspace": workspace,
            "kind": kind.value,
            "pointed": pointed.value,
            "reason": reason,
            "arrived": list(arrived or ()),
            "waiting": list(waiting or ()),
            "now": now,
        },
    )
    return cursor.rowcount


@scoped
async def hasten_parents(
    connection: Connection, workspace: int, parent: Kind, removed: Sequence[int], *, now: datetime
) -> int:
    """Look again at removals that waited for these records to be removed; how many."""
    cursor = await connection.execute(
        """UPDATE delivery d SET next_at = NULL, changed_at = %(now)s
           FROM record c, record p
           WHERE c.id = ANY(%(removed)s) AND p.workspace_id = %(workspace)s AND p.kind = %(parent)s
             AND p.key = c.parent_key AND p.gone
             AND d.record_id = p.id AND d.state = 'due' AND d.next_at IS NOT NULL""",
        {"workspace": workspace, "parent": parent.value, "removed": list(removed), "now": now},
    )
    return cursor.rowcount


@scoped
async def doubt_children(
    connection: Connection, workspace: int, kind: Kind, parents: Sequence[int], *, now: datetime
) -> int:
    """Have the children of withdrawn records looked at: what the far side had of them went along. How many."""
    cursor = await connection.execute(
        """UPDATE delivery d SET state = 'due', changed_at = %(now)s
           FROM record p, record c
           WHERE p.workspace_id = %(workspace)s AND p.id = ANY(%(parents)s)
             AND c.workspace_id = %(workspace)s AND c.kind = %(kind)s AND c.parent_key = p.key
             AND d.record_id = c.id AND d.state = 'delivered'""",
        {"workspace": workspace, "kind": kind.value, "parents": list(parents), "now": now},
    )
    return cursor.rowcount


@scoped
async def make_kind_due(
    connection: Connection,
    workspace: int,
    kind: Kind,
    *,
    states: Sequence[str] = ("delivered", "held", "quarantined"),
    reason: str | None = None,
    priority: int = BACKFILL,
    now: datetime,
) -> int:
    """Ask for a new look at all records of a kind in these states: after a change of mapping, choices or a repair."""
    cursor = await connection.execute(
        """UPDATE delivery SET state = 'due', priority = %(priority)s, revision = revision + 1, attempts = 0,
               next_at = NULL, reason = '', detail = '', changed_at = %(now)s
           WHERE workspace_id = %(workspace)s AND kind = %(kind)s AND state = ANY(%(states)s)
             AND (%(reason)s::text IS NULL OR reason = %(reason)s)
             AND record_id IN (SELECT id FROM record WHERE workspace_id = %(workspace)s AND kind = %(kind)s)""",
        {
            "workspace": workspace,
            "kind": kind.value,
            "states": list(states),
            "reason": reason,
            "priority": priority,
            "now": now,
        },
    )
    return cursor.rowcount


@scoped
async def count_states(connection: Connection, workspace: int) -> dict[tuple[str, str, str], int]:
    """How many records stand where, by (kind, state, reason)."""
    cursor = await connection.execute(
        """SELECT kind, state, reason, count(*) FROM delivery WHERE workspace_id = %s
           GROUP BY kind, state, reason""",
        [workspace],
    )
    return {(kind, state, reason): count for kind, state, reason, count in await cursor.fetchall()}


@scoped
async def has_due(connection: Connection, workspace: int, kind: Kind, *, now: datetime) -> bool:
    """Whether a lane has anything to look at right now."""
    cursor = await connection.execute(
        """SELECT EXISTS (SELECT FROM delivery WHERE workspace_id = %s AND kind = %s AND state = 'due'
           AND (next_at IS NULL OR next_at <= %s))""",
        [workspace, kind.value, now],
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


@scoped
async def has_urgent(connection: Connection, workspace: int, kind: Kind, *, now: datetime) -> bool:
    """Whether any of it must not wait behind a backfill."""
    cursor = await connection.execute(
        f"SELECT EXISTS (SELECT FROM delivery WHERE workspace_id = %(workspace)s AND kind = %(kind)s AND {_URGENT})",  # noqa: S608
        {"workspace": workspace, "kind": kind.value, "now": now},
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


@scoped
async def next_look_at(connection: Connection, workspace: int, kind: Kind, state: str) -> datetime | None:
    """The earliest instant at which a postponed (due) or pending row may be looked at; None: there is none."""
    cursor = await connection.execute(
        "SELECT min(next_at) FROM delivery WHERE workspace_id = %s AND kind = %s AND state = %s",
        [workspace, kind.value, state],
    )
    row = await cursor.fetchone()
    return row[0] if row else None


class Standing(Struct, frozen=True):
    """Where one record stands; ``gone``: the ATS does not have it any more."""

    record: int
    state: str
    gone: bool


class There(Struct, frozen=True):
    """What LinkedIn has, as far as the ledger knows: in its newest revision, or in an older one."""

    current: int
    stale: int


class Missing(Struct, frozen=True):
    count: int
    keys: list[str]


@scoped
async def load_standings(
    connection: Connection, workspace: int, kind: Kind, keys: Sequence[str]
) -> dict[str, Standing]:
    """By key, for the keys that are known."""
    cursor = await connection.execute(
        """SELECT r.key, d.record_id, d.state, r.gone FROM record r JOIN delivery d ON d.record_id = r.id
           WHERE r.workspace_id = %s AND r.kind = %s AND r.key = ANY(%s)""",
        [workspace, kind.value, list(keys)],
    )
    return {key: Standing(record, state, gone) for key, record, state, gone in await cursor.fetchall()}


@scoped
async def load_rows(connection: Connection, workspace: int, kind: Kind, records: Sequence[int]) -> list[Due]:
    """These records with all they are rendered from, in whatever state they are."""
    if not records:
        return []
    return await _fetch(
        connection,
        _pick(kind, "record_id = ANY(%(records)s)", BY_PRIORITY, len(records)),
        _about(workspace, kind, None, records=list(records)),
    )


@scoped
async def count_present(connection: Connection, workspace: int, kind: Kind) -> dict[tuple[str, str], int]:
    """How many records of the kind the ATS has, by (state, reason)."""
    cursor = await connection.execute(
        """SELECT d.state, d.reason, count(*)
           FROM delivery d JOIN record r ON r.id = d.record_id AND r.workspace_id = d.workspace_id AND r.kind = d.kind
           WHERE d.workspace_id = %s AND d.kind = %s AND NOT r.gone GROUP BY d.state, d.reason""",
        [workspace, kind.value],
    )
    return {(state, reason): count for state, reason, count in await cursor.fetchall()}


@scoped
async def count_there(connection: Connection, workspace: int, kind: Kind) -> There:
    """Eligible records that LinkedIn has."""
    cursor = await connection.execute(
        """SELECT count(*) FILTER (WHERE d.state = 'delivered'), count(*) FILTER (WHERE d.state <> 'delivered')
           FROM delivery d JOIN record r ON r.id = d.record_id AND r.workspace_id = d.workspace_id AND r.kind = d.kind
           WHERE d.workspace_id = %s AND d.kind = %s AND d.sent_at IS NOT NULL
             AND d.state IN ('delivered', 'due', 'pending')""",
        [workspace, kind.value],
    )
    row = await cursor.fetchone()
    return There(*row) if row else There(0, 0)


@asynccontextmanager
async def seen_records(connection: Connection) -> AsyncIterator[Callable[[Sequence[int]], Awaitable[None]]]:
    """A list of records inside the caller's transaction, to ask ``unseen_eligible`` about; yields what adds to it."""
    await connection.execute("CREATE TEMPORARY TABLE seen_record (record_id bigint PRIMARY KEY) ON COMMIT DROP")

    async def add(records: Sequence[int]) -> None:
        await connection.execute(
            "INSERT INTO seen_record SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING", [list(records)]
        )

    yield add
    await connection.execute("DROP TABLE seen_record")


@scoped
async def unseen_eligible(connection: Connection, workspace: int, kind: Kind, *, most: int) -> Missing:
    """Records that should be on LinkedIn and were not seen there: how many, and the keys of the first ones."""
    condition = """FROM delivery d
        JOIN record r ON r.id = d.record_id AND r.workspace_id = d.workspace_id AND r.kind = d.kind
        LEFT JOIN seen_record s ON s.record_id = d.record_id
        WHERE d.workspace_id = %s AND d.kind = %s AND d.state IN ('delivered', 'due', 'pending') AND NOT r.gone
          AND s.record_id IS NULL"""
    counted = await (await connection.execute(f"SELECT count(*) {condition}", [workspace, kind.value])).fetchone()
    cursor = await connection.execute(
        f"SELECT r.key {condition} ORDER BY r.key LIMIT %s",
        [workspace, kind.value, most],
    )
    return Missing(counted[0] if counted else 0, [key for (key,) in await cursor.fetchall()])
