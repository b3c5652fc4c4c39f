"""How many records stand where: the numbers of the status page and of the reports.

They are not counted when somebody asks: a count of millions takes seconds. Triggers add a line to ``tally`` for each
statement that moves records (see ``models.tally``), so the sum of a workspace's lines is exact at any time.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.records import Kind
from landbridge.store.database import Connection
from landbridge.store.scope import scoped

# Lines of one workspace that are not worth folding: adding them up takes less than a millisecond.
LINES = 500


class Tally(Struct, frozen=True):
    kind: str
    state: str
    reason: str
    count: int


class ReadingTally(Struct, frozen=True):
    """What is left to read in one pass, or was set aside, and why."""

    pass_name: str
    state: str
    reason: str
    count: int


class KindTotals(Struct, frozen=True, kw_only=True):
    """One kind of record: delivered + pending + due + held + quarantined = total. Records that are gone are apart."""

    kind: Kind
    total: int
    delivered: int
    pending: int
    due: int
    held: dict[str, int]
    quarantined: dict[str, int]
    gone: int


@scoped
async def load_tallies(connection: Connection, workspace: int) -> list[Tally]:
    async with connection.cursor(row_factory=class_row(Tally)) as cursor:
        await cursor.execute(
            """
            SELECT kind, state, reason, sum(count)::bigint AS count FROM tally
            WHERE workspace_id = %s AND ledger = 'delivery'
            GROUP BY kind, state, reason HAVING sum(count) <> 0 ORDER BY kind, state, reason
            """,
            [workspace],
        )
        return await cursor.fetchall()


@scoped
async def load_reading_tallies(connection: Connection, workspace: int) -> list[ReadingTally]:
    async with connection.cursor(row_factory=class_row(ReadingTally)) as cursor:
        await cursor.execute(
            """
            SELECT kind AS pass_name, state, reason, sum(count)::bigint AS count FROM tally
            WHERE workspace_id = %s AND ledger = 'reading'
            GROUP BY kind, state, reason HAVING sum(count) <> 0 ORDER BY kind, state, reason
            """,
            [workspace],
        )
        return await cursor.fetchall()


async def fold(connection: Connection) -> None:
    """Replace many lines of a workspace by their sums. Of all workspaces; the sums stay what they are at any time."""
    await connection.execute(
        """
        WITH long AS (
            SELECT workspace_id FROM tally GROUP BY workspace_id HAVING count(*) > %s
        ), taken AS (
            DELETE FROM tally t USING long l WHERE t.workspace_id = l.workspace_id
            RETURNING t.workspace_id, t.ledger, t.kind, t.state, t.reason, t.count
        )
        INSERT INTO tally (workspace_id, ledger, kind, state, reason, count)
        SELECT workspace_id, ledger, kind, state, reason, sum(count) FROM taken
        GROUP BY workspace_id, ledger, kind, state, reason HAVING sum(count) <> 0
        """,
        [LINES],
    )


def totals(tallies: Iterable[Tally]) -> list[KindTotals]:
    """One entry per kind, in the order in which records travel; optional kinds only where there is any of them."""
    known = list(tallies)
    of = {kind: [tally for tally in known if tally.kind == kind.value] for kind in Kind}
    return [_totals_of(kind, found) for kind, found in of.items() if found or not kind.optional]


def _totals_of(kind: Kind, tallies: list[Tally]) -> KindTotals:
    def count(state: str) -> int:
        return sum(tally.count for tally in tallies if tally.state == state)

    def by_reason(state: str) -> dict[str, int]:
        chosen = [tally for tally in tallies if tally.state == state]
        return {tally.reason: tally.count for tally in sorted(chosen, key=lambda tally: -tally.count)}

    gone = count("gone")
    return KindTotals(
        kind=kind,
        total=sum(tally.count for tally in tallies) - gone,
        delivered=count("delivered"),
        pending=count("pending"),
        due=count("due"),
        held=by_reason("held"),
        quarantined=by_reason("quarantined"),
        gone=gone,
    )
