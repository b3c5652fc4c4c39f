"""Where single records stand, a page at a time: by kind, by state, by reason. Their contents are not shown.

A page costs the same among millions of records. What is due or set apart is found by the indexes that lanes use; there
is none for what is delivered, since each save would pay for it: of those a page looks at so many and goes on behind.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.database import Connection
from landbridge.store.scope import scoped

LOOKED_AT = 20_000


class Standing(Struct, frozen=True, kw_only=True):
    """``number`` is for paging; ``key`` the record's id in the ATS."""

    number: int
    kind: str
    key: str
    state: str
    reason: str
    detail: str
    changed_at: datetime


class Page(Struct, frozen=True, kw_only=True):
    """``after`` begins the next page, None at the end. A page with less than was asked for need not be the last."""

    records: list[Standing]
    after: int | None


_COLUMNS = "d.record_id AS number, d.kind, r.key, d.state, d.reason, d.detail, d.changed_at"
_HERE = "d.workspace_id = %(workspace)s AND d.kind = %(kind)s"
_REASON = "(%(reason)s::text IS NULL OR d.reason = %(reason)s)"
# Each part is read in the order of its index; only the fronts of the parts are put in order.
_BY_NUMBER = f"""
SELECT {_COLUMNS} FROM ({{parts}}) AS part CROSS JOIN LATERAL (
    SELECT * FROM delivery d WHERE {_HERE} AND {{condition}} AND d.record_id > %(after)s AND {_REASON}
    ORDER BY d.record_id LIMIT %(limit)s
) AS d JOIN record r ON r.id = d.record_id ORDER BY d.record_id LIMIT %(limit)s
"""  # noqa: S608 - constants
_REASONS = """
SELECT reason FROM tally WHERE workspace_id = %(workspace)s AND ledger = 'delivery' AND kind = %(kind)s
    AND state = %(state)s GROUP BY reason
"""
_KEYS = """
SELECT id, key FROM record WHERE workspace_id = %(workspace)s AND kind = %(kind)s
    AND key > coalesce((SELECT key FROM record WHERE workspace_id = %(workspace)s AND id = %(after)s), '')
ORDER BY key LIMIT %(looked_at)s
"""
_DELIVERED = f"""
SELECT {_COLUMNS} FROM ({_KEYS}) AS r JOIN delivery d ON d.record_id = r.id
WHERE d.state = 'delivered' AND {_REASON} ORDER BY r.key LIMIT %(limit)s
"""  # noqa: S608 - constants
# The name of the state stands in the statement: so the planner sees that an index of some states only has it.
_STATEMENTS = {
    "due": _BY_NUMBER.format(parts="VALUES (0), (1), (2)", condition="d.state = 'due' AND d.priority = part.column1"),
    "delivered": _DELIVERED,
    **{
        state: _BY_NUMBER.format(parts=_REASONS, condition=f"d.state = '{state}' AND d.reason = part.reason")
        for state in ("held", "quarantined", "pending", "gone")
    },
}


@scoped
async def load_standing(
    connection: Connection, workspace: int, *, kind: str, state: str, reason: str | None, after: int, limit: int
) -> Page:
    """Records of one kind in one state; ``after``: what the page before has told, 0 for the first.

    They come in the order in which they were first seen; delivered ones in that of their keys.
    """
    about = {"workspace": workspace, "kind": kind, "state": state, "reason": reason, "after": after, "limit": limit}
    about["looked_at"] = LOOKED_AT
    async with connection.cursor(row_factory=class_row(Standing)) as cursor:
        await cursor.execute(_STATEMENTS[state].encode(), about)
        records = await cursor.fetchall()
    if len(records) == limit:
        return Page(records=records, after=records[-1].number)
    rest = await _looked_at_last(connection, about) if state == "delivered" else None
    return Page(records=records, after=rest)


async def _looked_at_last(connection: Connection, about: dict[str, object]) -> int | None:
    """The record behind which the next page has to look; None where all of the kind have been looked at."""
    cursor = await connection.execute(
        f"SELECT id FROM ({_KEYS}) AS looked OFFSET %(looked_at)s - 1".encode(),  # noqa: S608 - constants
        about,
    )
    row = await cursor.fetchone()
    return int(row[0]) if row else None
