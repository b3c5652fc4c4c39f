"""Sweeps over the ATS: where the running one stands, and how far each of its passes is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from landbridge.store.database import Connection
from landbridge.store.scope import scoped

Mode = Literal["full", "delta"]
State = Literal["running", "paused", "done", "stopped"]

_SWEEP = "id, mode, since, reread, state, pass_name, cursor, started_at, finished_at"


class Sweep(Struct, frozen=True):
    """``pass_name`` is the pass in work ("" before the first), ``cursor`` the next page of its list.

    ``since`` None: it reads everything. ``reread``: also applications whose candidates have not changed.
    """

    id: int
    mode: str
    since: datetime | None
    reread: bool
    state: str
    pass_name: str
    cursor: str | None
    started_at: datetime
    finished_at: datetime | None


class PassProgress(Struct, frozen=True):
    name: str
    title: str
    total: int | None
    done: int
    calls: int
    started_at: datetime | None
    finished_at: datetime | None


@scoped
async def start(
    connection: Connection,
    workspace: int,
    mode: Mode,
    *,
    since: datetime | None,
    reread: bool,
    passes: Sequence[tuple[str, str]],
    now: datetime,
) -> Sweep:
    """Begin a sweep with its passes (name, title) in order. The caller has made sure that none is unfinished."""
    cursor = await connection.execute(
        f"""INSERT INTO sweep (workspace_id, mode, since, reread, started_at) VALUES (%s, %s, %s, %s, %s)
            RETURNING {_SWEEP}""",  # noqa: S608
        [workspace, mode, since, reread, now],
    )
    row = await cursor.fetchone()
    assert row is not None
    sweep = Sweep(*row)
    for ordinal, (name, title) in enumerate(passes):
        await connection.execute(
            "INSERT INTO sweep_pass (sweep_id, name, ordinal, title) VALUES (%s, %s, %s, %s)",
            [sweep.id, name, ordinal, title],
        )
    return sweep


@scoped
async def newest(connection: Connection, workspace: int) -> Sweep | None:
    cursor = await connection.execute(
        f"SELECT {_SWEEP} FROM sweep WHERE workspace_id = %s ORDER BY id DESC LIMIT 1",  # noqa: S608
        [workspace],
    )
    row = await cursor.fetchone()
    return Sweep(*row) if row else None


@scoped
async def watermark(connection: Connection, workspace: int) -> datetime | None:
    """When the newest sweep that came to its end began: what changed before that has been read."""
    cursor = await connection.execute(
        "SELECT max(started_at) FROM sweep WHERE workspace_id = %s AND state = 'done'", [workspace]
    )
    row = await cursor.fetchone()
    return row[0] if row else None


@scoped
async def newest_full_at(connection: Connection, workspace: int) -> datetime | None:
    """When the newest complete look at all lists began."""
    cursor = await connection.execute(
        "SELECT max(started_at) FROM sweep WHERE workspace_id = %s AND mode = 'full' AND state = 'done'", [workspace]
    )
    row = await cursor.fetchone()
    return row[0] if row else None


@scoped
async def found_untold(connection: Connection, workspace: int, *, heard_at: datetime, after: datetime) -> bool:
    """Whether a look for changes that ended ``after`` has found some from a time since which nobody told of any."""
    cursor = await connection.execute(
        """SELECT EXISTS (
             SELECT FROM sweep s JOIN sweep_pass p ON p.sweep_id = s.id
             WHERE s.workspace_id = %s AND s.mode = 'delta' AND s.state = 'done' AND s.finished_at > %s
               AND s.since > %s AND p.done > 0)""",
        [workspace, after, heard_at],
    )
    row = await cursor.fetchone()
    return row is not None and row[0]


@scoped
async def move(
    connection: Connection, workspace: int, sweep: int, *, expected: tuple[str, str | None], cursor: str | None
) -> bool:
    """Set where the sweep goes on within its pass; False: another worker has moved it since ``expected`` was read."""
    moved = await connection.execute(
        """UPDATE sweep SET cursor = %s
           WHERE workspace_id = %s AND id = %s AND pass_name = %s AND cursor IS NOT DISTINCT FROM %s""",
        [cursor, workspace, sweep, *expected],
    )
    return moved.rowcount == 1


@scoped
async def enter_pass(
    connection: Connection, workspace: int, sweep: int, *, leaving: str, entering: str, now: datetime
) -> None:
    """Finish one pass and begin the next ("" for none); again after a crash it changes nothing."""
    await connection.execute(
        """UPDATE sweep_pass SET finished_at = coalesce(finished_at, %s), total = coalesce(total, done)
           WHERE sweep_id = %s AND name = %s""",
        [now, sweep, leaving],
    )
    await connection.execute(
        "UPDATE sweep_pass SET started_at = coalesce(started_at, %s) WHERE sweep_id = %s AND name = %s",
        [now, sweep, entering],
    )
    await connection.execute(
        """UPDATE sweep SET pass_name = %s, cursor = NULL
           WHERE workspace_id = %s AND id = %s AND pass_name = %s""",
        [entering, workspace, sweep, leaving],
    )


@scoped
async def finish(connection: Connection, workspace: int, sweep: int, *, state: State, now: datetime) -> None:
    await connection.execute(
        "UPDATE sweep SET state = %s, finished_at = %s WHERE workspace_id = %s AND id = %s",
        [state, now, workspace, sweep],
    )


@scoped
async def set_state(connection: Connection, workspace: int, sweep: int, state: State) -> None:
    """Pause or resume; a finished sweep stays as it is."""
    await connection.execute(
        """UPDATE sweep SET state = %s WHERE workspace_id = %s AND id = %s AND state IN ('running', 'paused')""",
        [state, workspace, sweep],
    )


@scoped
async def count(
    connection: Connection,
    workspace: int,
    sweep: int,
    pass_name: str,
    *,
    done: int = 0,
    calls: int = 0,
    total: int | None = None,
    more: int = 0,
) -> None:
    """Add to a pass's numbers. ``total`` sets its size, ``more`` adds items that were put on its list."""
    await connection.execute(
        """UPDATE sweep_pass p
           SET done = p.done + %(done)s, calls = p.calls + %(calls)s,
               total = CASE WHEN %(total)s::int IS NOT NULL THEN %(total)s
                            WHEN %(more)s > 0 THEN coalesce(p.total, 0) + %(more)s ELSE p.total END
           FROM sweep s
           WHERE s.id = p.sweep_id AND s.workspace_id = %(workspace)s AND p.sweep_id = %(sweep)s
             AND p.name = %(name)s""",
        {
            "workspace": workspace,
            "sweep": sweep,
            "name": pass_name,
            "done": done,
            "calls": calls,
            "total": total,
            "more": more,
        },
    )


@scoped
async def progress(connection: Connection, workspace: int, sweep: int) -> list[PassProgress]:
    """The passes of a sweep in order."""
    cursor = await connection.execute(
        """SELECT p.name, p.title, p.total, p.done, p.calls, p.started_at, p.finished_at
           FROM sweep_pass p JOIN sweep s ON s.id = p.sweep_id
           WHERE s.workspace_id = %s AND p.sweep_id = %s ORDER BY p.ordinal""",
        [workspace, sweep],
    )
    return [PassProgress(*row) for row in await cursor.fetchall()]
