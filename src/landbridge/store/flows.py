"""What came and what went, newest first: each with where it comes from, where it landed, and when.

Only what people have just done: the history is no news. Nothing of a message is in here but that it came, and of a
private one not even to whom.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.database import Connection
from landbridge.store.finding import by_key
from landbridge.store.scope import scoped

Way = Literal["in", "out"]


class Flow(Struct, frozen=True, kw_only=True):
    """``way`` "in": from LinkedIn to the ATS. ``kind``: of arrival or of record. ``key``: in the ATS, "" for none yet.

    ``whom``: the person or job it is about; ``by``: the holder of the seat who did it, where LinkedIn says so.
    ``state`` and ``reason`` are those of the arrival, or of the record on its way.
    """

    way: Way
    kind: str
    came_at: datetime
    at: datetime
    state: str
    reason: str
    whom: str
    by: str
    key: str


_IN = """
SELECT 'in' AS way, a.kind, a.received_at AS came_at, a.changed_at AS at, a.state, a.reason,
       CASE WHEN (a.body->>'private')::boolean THEN '' ELSE coalesce(
           nullif(concat_ws(' ', r.body->>'first_name', r.body->>'last_name'), ''),
           concat_ws(' ', nullif(a.body->>'first_name', ''), nullif(a.body->>'last_name', ''))) END AS whom,
       coalesce(concat_ws(' ', s.first_name, s.last_name), '') AS by,
       CASE WHEN (a.body->>'private')::boolean THEN '' ELSE coalesce(a.ats_id, '') END AS key
FROM (SELECT * FROM arrival WHERE workspace_id = %(workspace)s ORDER BY changed_at DESC LIMIT %(most)s) a
LEFT JOIN record r ON r.id = a.record_id
LEFT JOIN seat s ON s.workspace_id = a.workspace_id AND s.urn = coalesce(a.body->>'seat', a.body->>'exporter')
"""
# Stages and reviews go with their application; whoever looks wants to know of people and jobs.
_OUT = f"""
SELECT 'out' AS way, d.kind, r.changed_at AS came_at, d.changed_at AS at, d.state, d.reason,
       coalesce(nullif(concat_ws(' ', p.body->>'first_name', p.body->>'last_name'), ''),
                nullif(concat_ws(' ', r.body->>'first_name', r.body->>'last_name'), ''), r.body->>'title', '') AS whom,
       '' AS by, r.key
FROM (SELECT * FROM delivery WHERE workspace_id = %(workspace)s AND priority < 2
      AND kind IN ('job', 'candidate', 'application') ORDER BY changed_at DESC LIMIT %(most)s) d
JOIN record r ON r.id = d.record_id
LEFT JOIN {by_key("'candidate'", "r.parent_key")} AS p ON d.kind = 'application'
"""  # noqa: S608 - built from constants


@scoped
async def load_flows(connection: Connection, workspace: int, *, most: int = 20) -> list[Flow]:
    """The newest of both ways together."""
    async with connection.cursor(row_factory=class_row(Flow)) as cursor:
        await cursor.execute(
            f"SELECT * FROM ({_IN} UNION ALL {_OUT}) f ORDER BY at DESC, key LIMIT %(most)s",  # noqa: S608 - constants
            {"workspace": workspace, "most": most},
        )
        return await cursor.fetchall()
