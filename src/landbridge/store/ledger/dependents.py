"""Records that hang on others: what arrives, or goes, on LinkedIn changes what may be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from landbridge.records import Kind
from landbridge.store.database import Connection
from landbridge.store.scope import scoped

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
