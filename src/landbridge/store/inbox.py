"""What far systems told us unasked: one insert to take it, and the queue of those who work it off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.database import Connection
from landbridge.store.scope import scoped

# A workspace behind a SELECT, and OFFSET 0, keep statistics from choosing the way in: see store.finding.

EventState = Literal["waiting", "done", "kept", "failed"]
COLUMNS = "id, system, event_id, type, body, received_at, expires_at, state, attempts, problem"


class Event(Struct, frozen=True, kw_only=True):
    """``body`` as it was received; the id is the sender's."""

    id: int
    system: str
    event_id: str
    type: str
    body: bytes
    received_at: datetime
    expires_at: datetime | None
    state: EventState
    attempts: int
    problem: str


@scoped
async def take_event(
    connection: Connection,
    workspace: int,
    system: str,
    *,
    event_id: str,
    type: str,  # noqa: A002 - the senders' own word
    body: bytes,
    expires_at: datetime | None,
    now: datetime,
) -> bool:
    """Keep an event; False where it was kept before."""
    cursor = await connection.execute(
        """
        INSERT INTO inbox (workspace_id, system, event_id, type, body, received_at, expires_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (workspace_id, system, event_id) DO NOTHING
        """,
        [workspace, system, event_id, type, body, now, expires_at],
    )
    return cursor.rowcount > 0


@scoped
async def heard_since(connection: Connection, workspace: int, system: str, since: datetime) -> bool:
    """Whether ``system`` has told us anything since then."""
    cursor = await connection.execute(
        "SELECT EXISTS (SELECT FROM inbox WHERE workspace_id = %s AND system = %s AND received_at >= %s)",
        [workspace, system, since],
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


class Taken(Struct, frozen=True, kw_only=True):
    """An event on its way into the inbox."""

    workspace: int
    event_id: str
    type: str
    body: bytes


async def take_events(connection: Connection, system: str, events: Sequence[Taken], now: datetime) -> set[int]:
    """Keep events of several workspaces at once, each named by itself; the workspaces that have new ones."""
    cursor = await connection.execute(
        """
        INSERT INTO inbox (workspace_id, system, event_id, type, body, received_at)
        SELECT e.workspace, %(system)s, e.event_id, e.type, e.body, %(now)s
        FROM unnest(%(workspaces)s::bigint[], %(ids)s::text[], %(types)s::text[], %(bodies)s::bytea[])
            AS e(workspace, event_id, type, body)
        ORDER BY e.workspace, e.event_id
        ON CONFLICT (workspace_id, system, event_id) DO NOTHING RETURNING workspace_id
        """,
        {
            "system": system,
            "now": now,
            "workspaces": [event.workspace for event in events],
            "ids": [event.event_id for event in events],
            "types": [event.type for event in events],
            "bodies": [event.body for event in events],
        },
    )
    return {workspace for (workspace,) in await cursor.fetchall()}


@scoped
async def waiting_events(
    connection: Connection, workspace: int, now: datetime, *, system: str = "linkedin", limit: int = 100
) -> list[Event]:
    """What is to be worked off now, the oldest first."""
    async with connection.cursor(row_factory=class_row(Event)) as cursor:
        await cursor.execute(
            f"""
            SELECT {COLUMNS} FROM inbox
            WHERE workspace_id = (SELECT %s) AND state = 'waiting' AND system = %s
              AND (next_at IS NULL OR next_at <= %s)
            ORDER BY id LIMIT %s
            """,  # noqa: S608 - a constant
            [workspace, system, now, limit],
        )
        return await cursor.fetchall()


@scoped
async def next_event_at(connection: Connection, workspace: int, *, system: str = "linkedin") -> datetime | None:
    """When the next waiting event is due; the beginning of time for one that is due at once."""
    cursor = await connection.execute(
        """
        SELECT min(coalesce(next_at, received_at)) FROM inbox
        WHERE workspace_id = (SELECT %s) AND state = 'waiting' AND system = %s
        """,
        [workspace, system],
    )
    row = await cursor.fetchone()
    return row[0] if row else None


@scoped
async def settle_event(
    connection: Connection, workspace: int, event: int, state: EventState, *, now: datetime, problem: str = ""
) -> None:
    await connection.execute(
        """
        UPDATE inbox SET state = %(state)s, problem = %(problem)s, done_at = %(now)s, attempts = attempts + 1,
            next_at = NULL, body = CASE %(state)s WHEN 'done' THEN '' ELSE body END
        WHERE workspace_id = (SELECT %(workspace)s) AND id = %(event)s
        """,
        {"state": state, "problem": problem, "now": now, "workspace": workspace, "event": event},
    )


@scoped
async def settle_events(connection: Connection, workspace: int, events: Sequence[int], *, now: datetime) -> None:
    """All of them are done; what they named is on its way, and nobody needs their bodies any more."""
    await connection.execute(
        """
        UPDATE inbox SET state = 'done', done_at = %s, attempts = attempts + 1, body = ''
        WHERE workspace_id = (SELECT %s) AND id = ANY(%s)
        """,
        [now, workspace, list(events)],
    )


@scoped
async def put_off_event(
    connection: Connection, workspace: int, event: int, *, again_at: datetime, problem: str
) -> None:
    await connection.execute(
        """UPDATE inbox SET attempts = attempts + 1, next_at = %s, problem = %s
           WHERE workspace_id = (SELECT %s) AND id = %s""",
        [again_at, problem, workspace, event],
    )


@scoped
async def newest_event_at(connection: Connection, workspace: int, system: str) -> datetime | None:
    """When the far system last told us anything: whether its pushes reach us at all."""
    cursor = await connection.execute(
        "SELECT max(received_at) FROM inbox WHERE workspace_id = %s AND system = %s", [workspace, system]
    )
    row = await cursor.fetchone()
    return row[0] if row else None
