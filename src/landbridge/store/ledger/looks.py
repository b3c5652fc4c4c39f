"""When a lane has something to look at, and having it look anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from landbridge.records import Kind
from landbridge.store.database import Connection
from landbridge.store.ledger.due import BACKFILL, URGENT
from landbridge.store.scope import scoped


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
        f"SELECT EXISTS (SELECT FROM delivery WHERE workspace_id = %(workspace)s AND kind = %(kind)s AND {URGENT})",  # noqa: S608
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
