"""How many records each choice would affect: counted in one pass over the mirror, kept for whoever looks.

Counting a million records takes seconds, so it is done in the background; a page only reads the row.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from landbridge.store.database import Connection
from landbridge.store.scope import scoped

# A mirror this small is counted while somebody waits.
SMALL = 50_000


class Census(Struct, frozen=True, kw_only=True):
    """``candidates`` and ``applications`` by the month (YYYY-MM, "" where no time is known) of their newest sign of
    life; ``jobs`` by what matters for choosing; ``of_confidential``: applications for confidential jobs."""

    candidates: dict[str, int] = {}
    applications: dict[str, int] = {}
    jobs: int = 0
    jobs_open: int = 0
    jobs_public: int = 0
    jobs_confidential: int = 0
    jobs_template: int = 0
    applications_of_confidential: int = 0
    taken_at: datetime | None = None

    def older_than(self, kind: str, oldest: datetime) -> int:
        """Records whose newest sign of life lies before the month of ``oldest``: those a history window leaves out."""
        months: Mapping[str, int] = getattr(self, kind)
        edge = f"{oldest:%Y-%m}"
        return sum(count for month, count in months.items() if month and month < edge)

    def total(self, kind: str) -> int:
        return sum(getattr(self, kind).values())


# Times are ISO text in UTC, so the first seven characters are the month, and text sorts as time does.
_BY_MONTH = """
SELECT kind, left(greatest(body->>'created_at', body->>'updated_at', body->>'status_changed_at') COLLATE "C", 7),
       count(*)
FROM record WHERE workspace_id = %s AND kind IN ('candidate', 'application') AND NOT gone GROUP BY 1, 2
"""

_JOBS = """
SELECT count(*) AS jobs,
       count(*) FILTER (WHERE body->>'status' = 'open') AS jobs_open,
       count(*) FILTER (WHERE body->>'status' = 'open' AND body->>'visibility' = 'public') AS jobs_public,
       count(*) FILTER (WHERE (body->>'confidential')::boolean) AS jobs_confidential,
       count(*) FILTER (WHERE (body->>'template')::boolean) AS jobs_template
FROM record WHERE workspace_id = %s AND kind = 'job' AND NOT gone
"""

_OF_CONFIDENTIAL = """
SELECT count(*) FROM record job JOIN record application ON application.workspace_id = job.workspace_id
    AND application.kind = 'application' AND application.job_key = job.key AND NOT application.gone
WHERE job.workspace_id = %s AND job.kind = 'job' AND NOT job.gone AND (job.body->>'confidential')::boolean
"""


@scoped
async def take_census(connection: Connection, workspace: int, now: datetime) -> Census:
    """Count and keep it."""
    months: dict[str, dict[str, int]] = {"candidate": {}, "application": {}}
    cursor = await connection.execute(_BY_MONTH, [workspace])
    for kind, month, count in await cursor.fetchall():
        months[kind][month or ""] = count
    cursor = await connection.execute(_JOBS, [workspace])
    jobs = await cursor.fetchone() or (0,) * 5
    cursor = await connection.execute(_OF_CONFIDENTIAL, [workspace])
    of_confidential = await cursor.fetchone() or (0,)
    names = ("jobs", "jobs_open", "jobs_public", "jobs_confidential", "jobs_template")
    report: dict[str, Any] = {
        "candidates": months["candidate"],
        "applications": months["application"],
        **dict(zip(names, jobs, strict=True)),
        "applications_of_confidential": of_confidential[0],
    }
    await connection.execute(
        """
        INSERT INTO census (workspace_id, taken_at, report) VALUES (%s, %s, %s)
        ON CONFLICT (workspace_id) DO UPDATE SET taken_at = excluded.taken_at, report = excluded.report
        """,
        [workspace, now, Jsonb(report)],
    )
    return msgspec.convert({**report, "taken_at": now}, Census)


@scoped
async def load_census(connection: Connection, workspace: int) -> Census | None:
    """What was counted last."""
    cursor = await connection.execute("SELECT taken_at, report FROM census WHERE workspace_id = %s", [workspace])
    row = await cursor.fetchone()
    return msgspec.convert({**row[1], "taken_at": row[0]}, Census) if row else None


@scoped
async def is_small(connection: Connection, workspace: int) -> bool:
    """Whether counting is quick enough for somebody to wait for it."""
    cursor = await connection.execute(
        "SELECT count(*) FROM (SELECT FROM record WHERE workspace_id = %s LIMIT %s) few", [workspace, SMALL]
    )
    row = await cursor.fetchone()
    return row is not None and int(row[0]) < SMALL


@scoped
async def count_closed_jobs(connection: Connection, workspace: int) -> int:
    """Jobs that LinkedIn has, and has as closed."""
    cursor = await connection.execute(
        """
        SELECT count(*) FROM record r JOIN delivery d ON d.record_id = r.id
        WHERE r.workspace_id = %s AND r.kind = 'job' AND d.state = 'delivered' AND r.body->>'status' = 'closed'
        """,
        [workspace],
    )
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


def is_stale(census: Census | None, now: datetime, after: timedelta = timedelta(minutes=2)) -> bool:
    return census is None or census.taken_at is None or now - census.taken_at > after


@scoped
async def load_samples(connection: Connection, workspace: int, kind: str, *, limit: int = 3) -> list[Sample]:
    """A few records with what they are rendered with; the newest, which people are likely to recognise."""
    cursor = await connection.execute(
        """
        SELECT r.key, r.body::text, parent.body::text, job.body::text
        FROM record r
        LEFT JOIN record parent ON parent.workspace_id = r.workspace_id AND parent.key = r.parent_key
            AND parent.kind = CASE r.kind WHEN 'application' THEN 'candidate' ELSE 'application' END
        LEFT JOIN record job ON job.workspace_id = r.workspace_id AND job.key = r.job_key AND job.kind = 'job'
        WHERE r.workspace_id = %s AND r.kind = %s AND NOT r.gone ORDER BY r.key DESC LIMIT %s
        """,
        [workspace, kind, limit],
    )
    return [Sample(key, body, parent, job) for key, body, parent, job in await cursor.fetchall()]


class Sample(Struct, frozen=True):
    """JSON of a record, of its parent and of its job."""

    key: str
    body: str
    parent: str | None
    job: str | None
