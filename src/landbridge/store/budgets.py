"""The budgets that all workers share: one row per workspace, system and resource, one statement per permit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from landbridge.store.database import Connection
from landbridge.store.ledger import Fence


class BudgetKey(Struct, frozen=True):
    workspace: int
    system: str
    resource: str


class Spent(Struct, frozen=True):
    """Where a budget stands: the next start, and what has been used of the UTC day ``day``."""

    next_at: datetime
    day: date
    calls: int
    records: int
    learned: dict[str, Any]


# The bucket algorithm of ATM cells (GCRA): one instant per budget, moved on by the cost of each start. ``credit`` is
# how much of a late start may be made up for. A worker that has lost its lane finds no row and so gets no permit.
_TAKE = """
UPDATE budget b
SET next_at = greatest(b.next_at, %(now)s - %(credit)s) + %(cost)s,
    day = %(today)s,
    calls = CASE WHEN b.day = %(today)s THEN b.calls ELSE 0 END + %(calls)s,
    records = CASE WHEN b.day = %(today)s THEN b.records ELSE 0 END + %(records)s
WHERE b.workspace_id = %(workspace)s AND b.system = %(system)s AND b.resource = %(resource)s
  AND b.next_at <= %(latest)s
  AND (%(allowed)s::int IS NULL
       OR CASE WHEN b.day = %(today)s THEN b.calls ELSE 0 END + %(calls)s <= %(allowed)s)
  AND (%(epoch)s::bigint IS NULL OR EXISTS (
       SELECT FROM lane l
       WHERE l.workspace_id = %(workspace)s AND l.resource = %(lane)s AND l.epoch = %(epoch)s))
RETURNING b.next_at
"""


async def take(
    connection: Connection,
    key: BudgetKey,
    *,
    now: datetime,
    cost: timedelta,
    credit: timedelta,
    calls: int,
    records: int,
    allowed_calls: int | None,
    ahead: timedelta = timedelta(0),
    fence: Fence | None = None,
) -> datetime | None:
    """Take a permit; the instant of the next start after it, None where there is none to be had now.

    ``allowed_calls``: the most calls of this UTC day after which this one still may go. ``ahead``: how long before its
    start a permit may be taken.
    """
    cursor = await connection.execute(
        _TAKE,
        {
            "workspace": key.workspace,
            "system": key.system,
            "resource": key.resource,
            "now": now,
            "latest": now + ahead,
            "cost": cost,
            "credit": credit,
            "today": now.date(),
            "calls": calls,
            "records": records,
            "allowed": allowed_calls,
            "lane": fence.resource if fence else None,
            "epoch": fence.epoch if fence else None,
        },
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def look(connection: Connection, key: BudgetKey, *, now: datetime) -> Spent:
    """Where the budget stands; made full where there is none yet."""
    statement = """SELECT next_at, day, calls, records, learned FROM budget
                   WHERE workspace_id = %s AND system = %s AND resource = %s"""
    parameters = [key.workspace, key.system, key.resource]
    row = await (await connection.execute(statement, parameters)).fetchone()
    if row is None:
        await connection.execute(
            """INSERT INTO budget (workspace_id, system, resource, next_at, day) VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT DO NOTHING""",
            [*parameters, now, now.date()],
        )
        row = await (await connection.execute(statement, parameters)).fetchone()
    assert row is not None
    next_at, day, calls, records, learned = row
    return Spent(next_at, day, calls if day == now.date() else 0, records if day == now.date() else 0, learned)


async def pause(connection: Connection, key: BudgetKey, *, until: datetime) -> None:
    """Give out no permit before this instant: the far side has asked for a pause."""
    await connection.execute(
        """UPDATE budget SET next_at = greatest(next_at, %s)
           WHERE workspace_id = %s AND system = %s AND resource = %s""",
        [until, key.workspace, key.system, key.resource],
    )


async def lock(connection: Connection, key: BudgetKey, name: str) -> None:
    """Be the only one with this name of the budget until the transaction ends; wait for whoever is."""
    words = msgspec.json.encode([key.workspace, key.system, key.resource, name]).decode()
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [words])


async def learn(connection: Connection, key: BudgetKey, learned: dict[str, Any]) -> None:
    """Keep what the far side has told about its limits, for all processes."""
    await connection.execute(
        """UPDATE budget SET learned = learned || %s::jsonb
           WHERE workspace_id = %s AND system = %s AND resource = %s""",
        [msgspec.json.encode(learned).decode(), key.workspace, key.system, key.resource],
    )
