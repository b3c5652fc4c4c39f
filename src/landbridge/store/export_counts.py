"""How many people each seat has exported in a calendar month, against what LinkedIn allows.

LinkedIn: 300 exports per Recruiter seat and month, since October 2023. Whether it counts what recruiters export or what
is read of it is not documented; here it is what has arrived, which is the same unless a push is lost.
"""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.database import Connection
from landbridge.store.scope import scoped

PER_SEAT = 300
# From here on somebody is told.
NEAR = 240


class SeatExports(Struct, frozen=True, kw_only=True):
    """``seat`` is the URN, "" for exports of which LinkedIn did not say whose they are; ``name`` "" where unknown."""

    seat: str
    name: str
    count: int

    @property
    def left(self) -> int:
        return max(PER_SEAT - self.count, 0)

    @property
    def near(self) -> bool:
        return bool(self.seat) and self.count >= NEAR

    @property
    def reached(self) -> bool:
        return bool(self.seat) and self.count >= PER_SEAT


def month_of(now: datetime) -> tuple[datetime, datetime]:
    """The calendar month of an instant in UTC, from its first instant to the next month's."""
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first, first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


@scoped
async def count_exports(connection: Connection, workspace: int, *, now: datetime) -> list[SeatExports]:
    """Of the month that ``now`` lies in, the busiest seat first."""
    since, until = month_of(now)
    async with connection.cursor(row_factory=class_row(SeatExports)) as cursor:
        await cursor.execute(
            """
            WITH counted AS (
                SELECT CASE WHEN subject LIKE 'urn:li:seat:%%' THEN subject ELSE '' END AS seat, count(*) AS count
                FROM arrival
                WHERE workspace_id = %(workspace)s AND kind = 'export'
                  AND received_at >= %(since)s AND received_at < %(until)s
                GROUP BY 1
            )
            SELECT c.seat, coalesce(max(concat_ws(' ', s.first_name, s.last_name)), '') AS name, c.count
            FROM counted c LEFT JOIN seat s ON s.workspace_id = %(workspace)s AND s.urn = c.seat
            GROUP BY c.seat, c.count ORDER BY c.count DESC, c.seat
            """,
            {"workspace": workspace, "since": since, "until": until},
        )
        return await cursor.fetchall()
