"""The reading list: what the passes over the ATS still have to read one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct

from landbridge.store.database import Connection
from landbridge.store.scope import scoped

# A workspace behind a SELECT, and OFFSET 0, keep statistics from choosing the way in: see store.finding.

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


class Reading(Struct, frozen=True):
    id: int
    key: str
    priority: int
    attempts: int


class SetAside(Struct, frozen=True):
    """A row that cannot be read, and why. ``key`` is its id, or any text that tells it apart from others."""

    pass_name: str
    key: str
    reason: str
    detail: str = ""


@scoped
async def add(
    connection: Connection,
    workspace: int,
    items: Sequence[tuple[str, str]],
    *,
    sweep: int | None,
    priority: int,
) -> int:
    """Put (pass, key) items on the list, or make them due again; how many are new to the list."""
    if not items:
        return 0
    distinct = list(dict.fromkeys(items))
    cursor = await connection.execute(
        """INSERT INTO reading AS r (workspace_id, pass_name, key, sweep_id, priority)
           SELECT %(workspace)s, i.pass_name, i.key, %(sweep)s, %(priority)s
           FROM unnest(%(passes)s::text[], %(keys)s::text[]) WITH ORDINALITY AS i(pass_name, key, place) ORDER BY place
           ON CONFLICT (workspace_id, pass_name, key) DO UPDATE
           SET state = 'due', reason = '', detail = '', attempts = 0, next_at = NULL, sweep_id = excluded.sweep_id,
               priority = least(r.priority, excluded.priority)
           WHERE r.state <> 'due' OR r.priority > excluded.priority
           RETURNING (xmax = 0)""",
        {
            "workspace": workspace,
            "sweep": sweep,
            "priority": priority,
            "passes": [name for name, _ in distinct],
            "keys": [key for _, key in distinct],
        },
    )
    return sum(1 for (new,) in await cursor.fetchall() if new)


@scoped
async def ask_anew(connection: Connection, workspace: int, items: Sequence[tuple[str, str]], *, priority: int) -> int:
    """Have (pass, key) items read for a change that was just told; how many.

    Each gets a new number: a read that is under way began before the change, and finishing it finishes the old number.
    """
    if not items:
        return 0
    distinct = sorted(set(items))
    await connection.execute(
        """INSERT INTO reading AS r (workspace_id, pass_name, key, priority)
           SELECT %(workspace)s, i.pass_name, i.key, %(priority)s
           FROM unnest(%(passes)s::text[], %(keys)s::text[]) AS i(pass_name, key) ORDER BY pass_name, key
           ON CONFLICT (workspace_id, pass_name, key) DO UPDATE
           SET id = DEFAULT, state = 'due', reason = '', detail = '', attempts = 0, next_at = NULL, sweep_id = NULL,
               priority = least(r.priority, excluded.priority)""",
        {
            "workspace": workspace,
            "priority": priority,
            "passes": [name for name, _ in distinct],
            "keys": [key for _, key in distinct],
        },
    )
    return len(distinct)


@scoped
async def pick_told(
    connection: Connection, workspace: int, pass_name: str, *, now: datetime, limit: int
) -> list[Reading]:
    """The next items of a pass that changes have asked for; those of sweeps are left to them."""
    cursor = await connection.execute(
        """SELECT id, key, priority, attempts FROM reading
           WHERE workspace_id = %s AND pass_name = %s AND state = 'due' AND priority < 2 AND sweep_id IS NULL
             AND (next_at IS NULL OR next_at <= %s)
           ORDER BY priority, id LIMIT %s""",
        [workspace, pass_name, now, limit],
    )
    return [Reading(*row) for row in await cursor.fetchall()]


@scoped
async def next_told_at(connection: Connection, workspace: int) -> datetime | None:
    """When the next item that a change has asked for may be read; the beginning of time: at once. None: no such one."""
    cursor = await connection.execute(
        """SELECT min(coalesce(next_at, '-infinity')) = '-infinity', min(next_at) FROM reading
           WHERE workspace_id = %s AND state = 'due' AND priority < 2 AND sweep_id IS NULL""",
        [workspace],
    )
    row = await cursor.fetchone()
    if row is None or row[0] is None:
        return None
    return AT_ONCE if row[0] else row[1]


@scoped
async def pick(
    connection: Connection,
    workspace: int,
    pass_name: str,
    *,
    now: datetime,
    limit: int,
    leave_out: Sequence[int] = (),
) -> list[Reading]:
    """The next items of a pass, urgent ones first. The sweep's lock makes it the only reader; nothing is marked."""
    cursor = await connection.execute(
        """SELECT id, key, priority, attempts FROM reading
           WHERE workspace_id = %s AND pass_name = %s AND state = 'due' AND (next_at IS NULL OR next_at <= %s)
             AND id <> ALL(%s)
           ORDER BY priority, id LIMIT %s""",
        [workspace, pass_name, now, list(leave_out), limit],
    )
    return [Reading(*row) for row in await cursor.fetchall()]


@scoped
async def finish(connection: Connection, workspace: int, ids: Sequence[int]) -> None:
    """Take items off the list: what they brought is being saved in this same transaction."""
    if ids:
        await connection.execute(
            "DELETE FROM reading WHERE workspace_id = (SELECT %s) AND id = ANY(%s)", [workspace, list(ids)]
        )


@scoped
async def set_aside(
    connection: Connection, workspace: int, rows: Sequence[SetAside], *, sweep: int | None, now: datetime
) -> None:
    """Keep what cannot be read, with its reason, until a later read of it succeeds."""
    for row in rows:
        await connection.execute(
            """INSERT INTO reading (workspace_id, pass_name, key, sweep_id, priority, state, reason, detail, next_at)
               VALUES (%s, %s, %s, %s, 2, 'set_aside', %s, %s, %s)
               ON CONFLICT (workspace_id, pass_name, key) DO UPDATE
               SET state = 'set_aside', reason = excluded.reason, detail = excluded.detail,
                   sweep_id = excluded.sweep_id, next_at = excluded.next_at""",
            [workspace, row.pass_name, row.key, sweep, row.reason, row.detail, now],
        )


@scoped
async def clear_set_aside(connection: Connection, workspace: int, pass_name: str, keys: Sequence[str]) -> None:
    """Forget what was set aside and has now been read after all."""
    if keys:
        await connection.execute(
            """DELETE FROM reading WHERE state = 'set_aside' AND id = ANY(ARRAY(
                   SELECT r.id FROM unnest(%s::text[]) AS n(key) CROSS JOIN LATERAL (
                       SELECT x.id FROM reading x
                       WHERE x.workspace_id = (SELECT %s) AND x.pass_name = %s AND x.key = n.key OFFSET 0
                   ) r))""",
            [list(keys), workspace, pass_name],
        )


@scoped
async def postpone(connection: Connection, workspace: int, item: int, *, until: datetime) -> None:
    """Try an item again later; it keeps count of the tries."""
    await connection.execute(
        "UPDATE reading SET attempts = attempts + 1, next_at = %s WHERE workspace_id = (SELECT %s) AND id = %s",
        [until, workspace, item],
    )


@scoped
async def count_due(connection: Connection, workspace: int) -> dict[str, int]:
    """How many items each pass still has to read."""
    cursor = await connection.execute(
        "SELECT pass_name, count(*) FROM reading WHERE workspace_id = %s AND state = 'due' GROUP BY pass_name",
        [workspace],
    )
    return dict(await cursor.fetchall())


@scoped
async def next_due_at(connection: Connection, workspace: int, pass_name: str) -> datetime | None:
    """When the earliest postponed item of a pass may be read; None: there is none."""
    cursor = await connection.execute(
        "SELECT min(next_at) FROM reading WHERE workspace_id = %s AND pass_name = %s AND state = 'due'",
        [workspace, pass_name],
    )
    row = await cursor.fetchone()
    return row[0] if row else None


@scoped
async def count_set_aside(connection: Connection, workspace: int) -> dict[tuple[str, str], int]:
    """How many rows could not be read, by (pass, reason)."""
    cursor = await connection.execute(
        """SELECT pass_name, reason, count(*) FROM reading WHERE workspace_id = %s AND state = 'set_aside'
           GROUP BY pass_name, reason""",
        [workspace],
    )
    return {(name, reason): count for name, reason, count in await cursor.fetchall()}
