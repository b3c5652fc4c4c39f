"""The mirror's hot path: merging what one read of the ATS brought, in few statements of many rows.

All functions take a connection inside the caller's transaction, so that a page, its reading list and the sweep's cursor
are saved together or not at all. Merges of one workspace take turns (``take_turn``): what a statement finds is then
still so when it writes, and two merges can never wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field

from landbridge.records import Kind
from landbridge.records.kinship import KIN, SHARED_FIELDS
from landbridge.store.database import Connection
from landbridge.store.finding import by_key, by_pointer, pointer_to
from landbridge.store.scope import scoped

# Names a family of advisory locks, apart from those others may take.
MERGE_LOCK = 0x6C62_6D65


class Rows(Struct):
    """Records in columns, the way ``unnest`` takes them; bodies are JSON text."""

    kinds: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    parents: list[str | None] = field(default_factory=list)
    jobs: list[str | None] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    provisional: list[bool] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.keys)


class Touched(Struct, frozen=True):
    """One record that a merge has made, changed or buried. ``spread``: those hanging on it have to be looked at."""

    id: int
    kind: str
    key: str
    made: bool
    spread: bool


@scoped
async def take_turn(connection: Connection, workspace: int) -> None:
    """Wait until no other merge of this workspace runs; until the end of the transaction it is ours."""
    await connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", [MERGE_LOCK, workspace % 2**31])


@scoped
async def newest_turn(connection: Connection, workspace: int) -> int:  # noqa: ARG001 - one row of numbers for all
    """The number of the newest merge of all: what is read from now on is as new as whatever those have written."""
    row = await (await connection.execute("SELECT last_value FROM mirror_turn")).fetchone()
    return int(row[0]) if row else 0


@scoped
async def next_turn(connection: Connection, workspace: int) -> int:  # noqa: ARG001 - merges are of a workspace
    """The number of a merge that is about to write, in the transaction that has the workspace's turn."""
    row = await (await connection.execute("SELECT nextval('mirror_turn')")).fetchone()
    return int(row[0]) if row else 0


@scoped
async def overtaken(
    connection: Connection, workspace: int, named: Sequence[tuple[str, str]], *, turn: int
) -> set[tuple[str, str]]:
    """Which (kind, key) records were written by a merge newer than ``turn``: what was read before it may be older."""
    cursor = await connection.execute(
        f"""SELECT r.kind, r.key FROM unnest(%(kinds)s::text[], %(keys)s::text[]) AS n(kind, key)
            CROSS JOIN {by_key("n.kind", "n.key")} AS r WHERE r.turn > %(turn)s""",  # noqa: S608 - built from constants
        {
            "workspace": workspace,
            "turn": turn,
            "kinds": [kind for kind, _ in named],
            "keys": [key for _, key in named],
        },
    )
    return {(kind, key) for kind, key in await cursor.fetchall()}


# What is known is looked up once; every later part works on that. jsonb || jsonb takes each field the new body has and
# keeps the others, which is how a shallow row leaves alone what a deeper read has filled.
_UPSERT = f"""
WITH incoming AS (
    SELECT i.*, k.parent AS parent_kind
    FROM unnest(%(kinds)s::text[], %(keys)s::text[], %(parents)s::text[], %(jobs)s::text[],
                %(bodies)s::jsonb[], %(provisional)s::boolean[])
        WITH ORDINALITY AS i(kind, key, parent_key, job_key, body, provisional, place)
    LEFT JOIN unnest(%(child_kinds)s::text[], %(parent_kinds)s::text[]) AS k(child, parent) ON k.child = i.kind
), known AS MATERIALIZED (
    SELECT r.id, r.kind, r.key, r.gone, r.body AS old, r.body || i.body AS new, i.parent_key, i.job_key,
           -- Buried in this sweep or after it: an older page must not bring it back. A later sweep that lists it does.
           -- So does one who is told to have it since: candidates are merged, and their applications move.
           NOT r.gone OR (%(sweep)s::bigint IS NOT NULL AND coalesce(r.seen_sweep, 0) < %(sweep)s)
               OR (%(sweep)s::bigint IS NULL AND i.kind = 'application' AND i.parent_key IS DISTINCT FROM r.parent_key)
               OR (%(sweep)s::bigint IS NULL AND i.parent_kind = 'application' AND EXISTS (
                   SELECT FROM {by_key("i.parent_kind", "i.parent_key")} AS p
                   WHERE NOT p.gone OR EXISTS (
                       SELECT FROM incoming n WHERE n.kind = p.kind AND n.key = p.key
                           AND n.parent_key IS DISTINCT FROM p.parent_key))) AS alive,
           r.parent_key IS DISTINCT FROM i.parent_key OR r.job_key IS DISTINCT FROM i.job_key AS moved,
           %(mark_seen)s AND r.seen_sweep IS DISTINCT FROM %(sweep)s AS to_mark
    FROM incoming i CROSS JOIN {by_key("i.kind", "i.key")} AS r
    WHERE NOT i.provisional OR r.gone
), judged AS (
    SELECT *, gone OR moved OR new IS DISTINCT FROM old AS changes FROM known WHERE alive
), changed AS (
    UPDATE record r
    SET body = j.new, parent_key = j.parent_key, job_key = j.job_key, gone = false, revision = r.revision + 1,
        changed_at = %(now)s, seen_sweep = CASE WHEN %(mark_seen)s THEN %(sweep)s ELSE r.seen_sweep END,
        turn = %(turn)s
    FROM judged j WHERE r.id = j.id AND j.changes
    RETURNING r.id, r.kind, r.key, j.gone OR EXISTS (
        SELECT FROM unnest(%(shared_kinds)s::text[], %(shared_fields)s::text[]) AS s(kind, field)
        WHERE s.kind = j.kind AND j.old -> s.field IS DISTINCT FROM j.new -> s.field) AS spread
), kept AS (
    -- What is there again is not to be deleted any more, so no receipt waits for it.
    DELETE FROM erasure_item e USING judged j WHERE e.record = j.id AND j.gone AND e.done_at IS NULL
), marked AS (
    UPDATE record r SET seen_sweep = CASE WHEN j.to_mark THEN %(sweep)s ELSE r.seen_sweep END, turn = %(turn)s
    FROM judged j WHERE r.id = j.id AND NOT j.changes AND (j.to_mark OR %(stamps)s)
), barred AS MATERIALIZED (
    -- What hangs on somebody erased was read before the erasure; unless this very sweep brings both back.
    SELECT i.kind, i.key FROM incoming i CROSS JOIN {by_key("i.parent_kind", "i.parent_key")} AS p
    WHERE p.gone AND NOT EXISTS (SELECT FROM judged j WHERE j.id = p.id)
), made AS (
    INSERT INTO record (workspace_id, kind, key, parent_key, job_key, body, seen_sweep, turn, first_seen_at, changed_at)
    SELECT %(workspace)s, i.kind, i.key, i.parent_key, i.job_key, i.body,
           CASE WHEN %(mark_seen)s THEN %(sweep)s::bigint END, %(turn)s, %(now)s, %(now)s
    FROM incoming i LEFT JOIN {by_key("i.kind", "i.key")} AS r ON true
    WHERE r.id IS NULL AND NOT EXISTS (
        SELECT FROM barred b
        WHERE (b.kind = i.kind AND b.key = i.key) OR (b.kind = i.parent_kind AND b.key = i.parent_key))
    ORDER BY i.place
    RETURNING id, kind, key
), opened AS (
    INSERT INTO delivery (record_id, workspace_id, kind, state, priority, changed_at)
    SELECT id, %(workspace)s, kind, 'due', %(priority)s, %(now)s FROM made
)
SELECT id, kind, key, true AS made, true AS spread FROM made
UNION ALL
SELECT id, kind, key, false, spread FROM changed
"""  # noqa: S608 - built from constants


@scoped
async def upsert(
    connection: Connection,
    workspace: int,
    rows: Rows,
    *,
    sweep: int | None,
    mark_seen: bool,
    priority: int,
    now: datetime,
    turn: int = 0,
    stamps: bool = False,
) -> list[Touched]:
    """Merge records into what is known; what was made or really changed. New ones are due at once.

    ``rows`` must not name a record twice. ``mark_seen``: note the sweep on each row, so that what a complete list did
    not name can be told afterwards. ``turn`` is this merge's number; ``stamps``: note it also where nothing changes.
    """
    if not rows:
        return []
    cursor = await connection.execute(
        _UPSERT,
        {
            "workspace": workspace,
            "kinds": rows.kinds,
            "keys": rows.keys,
            "parents": rows.parents,
            "jobs": rows.jobs,
            "bodies": rows.bodies,
            "provisional": rows.provisional,
            "sweep": sweep,
            "mark_seen": mark_seen,
            "priority": priority,
            "turn": turn,
            "stamps": stamps,
            "now": now,
            **_SHARED,
        },
    )
    return [Touched(*row) for row in await cursor.fetchall()]


_KIN = {
    "child_kinds": [kind.value for kind, kin in KIN.items() if kin.parent],
    "parent_kinds": [kin.parent.value for kin in KIN.values() if kin.parent],
}
_SHARED = {
    **_KIN,
    "shared_kinds": [kind.value for kind, fields in SHARED_FIELDS.items() for _ in fields],
    "shared_fields": [name for fields in SHARED_FIELDS.values() for name in fields],
}

# A row that waits for LinkedIn's verdict keeps waiting: the verdict finds the revision changed and makes the row due.
_MAKE_DUE = """
UPDATE delivery d
SET state = CASE WHEN d.state = 'pending' THEN d.state ELSE 'due' END,
    next_at = CASE WHEN d.state = 'pending' THEN d.next_at END,
    priority = CASE WHEN d.state IN ('due', 'pending') THEN least(d.priority, %(priority)s) ELSE %(priority)s END,
    revision = d.revision + 1, attempts = 0, reason = '', detail = '', changed_at = %(now)s
"""


@scoped
async def make_due(
    connection: Connection, workspace: int, records: Sequence[int], *, priority: int, now: datetime
) -> None:
    """Ask for a look at these records: the lane renders them and sends what is not on the far side like that."""
    if records:
        await connection.execute(
            f"{_MAKE_DUE} WHERE d.workspace_id = %(workspace)s AND d.record_id = ANY(%(records)s)",
            {"workspace": workspace, "records": list(records), "priority": priority, "now": now},
        )


@scoped
async def make_dependents_due(
    connection: Connection, workspace: int, touched: Sequence[Touched], *, priority: int, now: datetime
) -> set[Kind]:
    """Make due what is rendered from these records, except what is gone; the kinds it found."""
    found: set[Kind] = set()
    for kind, kin in KIN.items():
        for pointed in kin.pointed:
            keys = [one.key for one in touched if one.spread and one.kind == pointed.value]
            if pointed not in SHARED_FIELDS or not keys:
                continue
            cursor = await connection.execute(
                f"""{_MAKE_DUE} WHERE d.state <> 'gone' AND d.record_id = ANY(ARRAY(
                    SELECT r.id FROM unnest(%(keys)s::text[]) AS pointed(key)
                    CROSS JOIN {by_pointer("%(kind)s", pointer_to(pointed), "pointed.key")} AS r))""",  # noqa: S608 - built from constants
                {"workspace": workspace, "kind": kind.value, "keys": keys, "priority": priority, "now": now},
            )
            if cursor.rowcount:
                found.add(kind)
    return found


# A candidate takes its applications along, an application its children: the ATS reports only the one that was removed.
_BURY = f"""
WITH RECURSIVE named AS (
    SELECT r.id, r.kind, r.key FROM unnest(%(kinds)s::text[], %(keys)s::text[]) AS g(kind, key)
    CROSS JOIN {by_key("g.kind", "g.key")} AS r
    UNION
    SELECT r.id, r.kind, r.key FROM unnest(%(candidates)s::text[], %(jobs)s::text[]) AS p(candidate, job)
    CROSS JOIN {by_pointer("'application'", "parent_key", "p.candidate")} AS r WHERE r.job_key = p.job
), dying AS (
    SELECT id, kind, key FROM named
    UNION
    SELECT r.id, r.kind, r.key FROM dying d
    JOIN unnest(%(child_kinds)s::text[], %(parent_kinds)s::text[]) AS kin(kind, parent) ON kin.parent = d.kind
    CROSS JOIN {by_pointer("kin.kind", "parent_key", "d.key")} AS r
), buried AS (
    UPDATE record r
    SET gone = true, revision = r.revision + 1, changed_at = %(now)s, turn = %(turn)s,
        body = CASE WHEN r.kind = 'job' THEN r.body ELSE coalesce(
            (SELECT jsonb_build_object('merged_into', s.successor)
             FROM unnest(%(merged)s::text[], %(successors)s::text[]) AS s(key, successor)
             WHERE r.kind = 'candidate' AND r.key = s.key LIMIT 1), '{{}}') END,
        seen_sweep = coalesce(%(sweep)s, (SELECT max(id) FROM sweep WHERE workspace_id = %(workspace)s), r.seen_sweep)
    FROM dying x WHERE r.id = x.id AND NOT r.gone
    RETURNING r.id, r.kind, r.key
)
SELECT id, kind, key, false, false FROM buried
"""  # noqa: S608 - built from constants


@scoped
async def bury(
    connection: Connection,
    workspace: int,
    named: Sequence[tuple[str, str]],
    pairs: Sequence[tuple[str, str]],
    *,
    sweep: int | None,
    now: datetime,
    turn: int = 0,
    successors: Mapping[str, str] | None = None,
) -> list[Touched]:
    """Mark records gone, with all that hangs on them, and let the lanes remove them first of all.

    ``named`` are (kind, key), ``pairs`` applications by (candidate, job). The rows stay as tombstones, with nothing in
    them but their keys: what is deleted on LinkedIn is deleted by key. Only a job keeps its body: closing it takes one.
    ``successors``: candidates that were merged into another, which the tombstone names.
    """
    if not named and not pairs:
        return []
    cursor = await connection.execute(
        _BURY,
        {
            "workspace": workspace,
            "kinds": [kind for kind, _ in named],
            "keys": [key for _, key in named],
            "candidates": [candidate for candidate, _ in pairs],
            "jobs": [job for _, job in pairs],
            "merged": list(successors or ()),
            "successors": list((successors or {}).values()),
            **_KIN,
            "sweep": sweep,
            "turn": turn,
            "now": now,
        },
    )
    buried = [Touched(*row) for row in await cursor.fetchall()]
    await make_due(connection, workspace, [one.id for one in buried], priority=0, now=now)
    return buried


@scoped
async def entomb(connection: Connection, workspace: int, kind: Kind, keys: Sequence[str], *, now: datetime) -> int:
    """Leave tombstones for removed records that were never known: a read from before must not make them; how many."""
    cursor = await connection.execute(
        """WITH made AS (
               INSERT INTO record (workspace_id, kind, key, body, gone, seen_sweep, turn, first_seen_at, changed_at)
               SELECT %(workspace)s, %(kind)s, k.key, '{}', true,
                      (SELECT max(id) FROM sweep WHERE workspace_id = %(workspace)s), nextval('mirror_turn'),
                      %(now)s, %(now)s
               FROM unnest(%(keys)s::text[]) AS k(key) ORDER BY k.key
               ON CONFLICT (workspace_id, kind, key) DO NOTHING
               RETURNING id
           )
           INSERT INTO delivery (record_id, workspace_id, kind, state, priority, changed_at)
           SELECT id, %(workspace)s, %(kind)s, 'gone', 0, %(now)s FROM made""",
        {"workspace": workspace, "kind": kind.value, "keys": sorted(set(keys)), "now": now},
    )
    return cursor.rowcount


@scoped
async def unknown(connection: Connection, workspace: int, kind: Kind, keys: Sequence[str]) -> list[str]:
    """Which of these keys the mirror has never heard of."""
    if not keys:
        return []
    cursor = await connection.execute(
        f"""SELECT k.key FROM unnest(%(keys)s::text[]) AS k(key)
            LEFT JOIN {by_key("%(kind)s", "k.key")} AS r ON true WHERE r.id IS NULL""",  # noqa: S608 - built from constants
        {"workspace": workspace, "kind": kind.value, "keys": sorted(set(keys))},
    )
    return [key for (key,) in await cursor.fetchall()]


@scoped
async def is_alive(connection: Connection, workspace: int, kind: Kind, key: str) -> bool:
    """Whether the mirror has this record, and not as gone."""
    cursor = await connection.execute(
        f"SELECT EXISTS (SELECT FROM {by_key('%(kind)s', '%(key)s')} AS r WHERE NOT r.gone)",  # noqa: S608 - built from constants
        {"workspace": workspace, "kind": kind.value, "key": key},
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


@scoped
async def other_children(
    connection: Connection, workspace: int, kind: Kind, applications: Sequence[str], kept: Sequence[str]
) -> list[str]:
    """What of a kind hangs on these applications and is not among ``kept``: all of it has been read, and lacks them."""
    if not applications:
        return []
    cursor = await connection.execute(
        f"""SELECT r.key FROM unnest(%(applications)s::text[]) AS a(key)
            CROSS JOIN {by_pointer("%(kind)s", "parent_key", "a.key")} AS r
            WHERE NOT r.gone AND r.key <> ALL(%(kept)s)""",  # noqa: S608 - built from constants
        {
            "workspace": workspace,
            "kind": kind.value,
            "applications": sorted(set(applications)),
            "kept": list(kept),
        },
    )
    return [key for (key,) in await cursor.fetchall()]


@scoped
async def applications_of(connection: Connection, workspace: int, candidates: Sequence[str]) -> set[tuple[str, str]]:
    """The (candidate, job) pairs the mirror knows for these candidates and that are not gone."""
    if not candidates:
        return set()
    cursor = await connection.execute(
        f"""SELECT r.parent_key, r.job_key FROM unnest(%(candidates)s::text[]) AS c(key)
            CROSS JOIN {by_pointer("'application'", "parent_key", "c.key")} AS r WHERE NOT r.gone""",  # noqa: S608 - built from constants
        {"workspace": workspace, "candidates": sorted(set(candidates))},
    )
    return {(candidate, job) for candidate, job in await cursor.fetchall()}


@scoped
async def pairs_of(connection: Connection, workspace: int, applications: Sequence[str]) -> list[tuple[str, str, str]]:
    """(candidate, job, application) of those of these applications that the mirror knows and that are not gone."""
    if not applications:
        return []
    cursor = await connection.execute(
        f"""SELECT r.parent_key, r.job_key, r.key FROM unnest(%(applications)s::text[]) AS a(key)
            CROSS JOIN {by_key("'application'", "a.key")} AS r WHERE NOT r.gone ORDER BY r.key""",  # noqa: S608 - built from constants
        {"workspace": workspace, "applications": sorted(set(applications))},
    )
    return [(candidate, job, key) for candidate, job, key in await cursor.fetchall()]


@scoped
async def unseen(
    connection: Connection, workspace: int, kind: Kind, sweep: int, *, after: str, limit: int
) -> list[str]:
    """Keys, after ``after`` and in order, of records which the complete list read by ``sweep`` did not name."""
    cursor = await connection.execute(
        """SELECT key FROM record
           WHERE workspace_id = %s AND kind = %s AND key > %s AND NOT gone AND coalesce(seen_sweep, 0) < %s
           ORDER BY key LIMIT %s""",
        [workspace, kind.value, after, sweep, limit],
    )
    return [key for (key,) in await cursor.fetchall()]
