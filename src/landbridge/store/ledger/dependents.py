"""Records that hang on others: what arrives, or goes, on LinkedIn changes what may be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from landbridge.records import Kind
from landbridge.store.database import Connection
from landbridge.store.finding import by_key, by_pointer, pointer_to
from landbridge.store.scope import scoped


def _waits_for_arrived(column: str) -> str:
    return f"""SELECT w.id FROM record p JOIN delivery pd ON pd.record_id = p.id AND pd.sent_at IS NOT NULL
        CROSS JOIN {by_pointer("%(kind)s", column, "p.key")} AS w WHERE p.id = ANY(%(arrived)s)"""  # noqa: S608 - built from constants


def _waits_in_vain(column: str, waiting: str) -> str:
    return f"""SELECT w.id FROM record w CROSS JOIN {by_key("%(pointed)s", f"w.{column}")} AS p
        JOIN delivery pd ON pd.record_id = p.id AND pd.sent_at IS NOT NULL WHERE w.id = ANY({waiting})"""  # noqa: S608 - built from constants


_ALL_WAITING = """ARRAY(
    SELECT record_id FROM delivery
    WHERE workspace_id = %(workspace)s AND kind = %(kind)s AND state = 'held' AND reason = %(reason)s)"""
# state || '': a condition, and no way in through the index of all that is held.
_WAKE = """
UPDATE delivery SET state = 'due', reason = '', detail = '', changed_at = %(now)s
WHERE record_id = ANY(ARRAY({found})) AND workspace_id = %(workspace)s AND kind = %(kind)s
  AND state || '' = 'held' AND reason = %(reason)s
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
async def anybody_may_go_on(connection: Connection, workspace: int, kind: Kind, pointed: Kind, reason: str) -> bool:
    """Whether a record waits for one that LinkedIn has by now: it is woken a moment after that one was saved."""
    found = _waits_in_vain(pointer_to(pointed), _ALL_WAITING)
    cursor = await connection.execute(
        f"SELECT EXISTS ({found})".encode(),
        {"workspace": workspace, "kind": kind.value, "pointed": pointed.value, "reason": reason},
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
    if arrived is not None:
        found = _waits_for_arrived(pointer_to(pointed))
    else:
        found = _waits_in_vain(pointer_to(pointed), _ALL_WAITING if waiting is None else "%(waiting)s")
    cursor = await connection.execute(
        _WAKE.format(found=found).encode(),
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
        f"""UPDATE delivery SET next_at = NULL, changed_at = %(now)s
           WHERE record_id = ANY(ARRAY(
               SELECT p.id FROM record c CROSS JOIN {by_key("%(parent)s", "c.parent_key")} AS p
               WHERE c.id = ANY(%(removed)s) AND p.gone))
             AND state || '' = 'due' AND next_at IS NOT NULL""",  # noqa: S608 - built from constants
        {"workspace": workspace, "parent": parent.value, "removed": list(removed), "now": now},
    )
    return cursor.rowcount


@scoped
async def doubt_children(
    connection: Connection, workspace: int, kind: Kind, parents: Sequence[int], *, now: datetime
) -> int:
    """Have the children of withdrawn records looked at: what the far side had of them went along. How many."""
    cursor = await connection.execute(
        f"""UPDATE delivery SET state = 'due', changed_at = %(now)s
           WHERE record_id = ANY(ARRAY(
               SELECT c.id FROM record p CROSS JOIN {by_pointer("%(kind)s", "parent_key", "p.key")} AS c
               WHERE p.id = ANY(%(parents)s)))
             AND state = 'delivered'""",  # noqa: S608 - built from constants
        {"workspace": workspace, "kind": kind.value, "parents": list(parents), "now": now},
    )
    return cursor.rowcount
