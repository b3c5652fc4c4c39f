"""Single records by where they stand, page by page."""

from __future__ import annotations

from itertools import product

import pytest

from landbridge.store import standing
from landbridge.store.database import Connection, Database
from landbridge.store.standing import load_standing
from tests.store.conftest import NOW

STATES = ("due", "pending", "held", "delivered", "quarantined", "gone")


async def put(connection: Connection, workspace: int, count: int) -> None:
    """Candidates and jobs in turns, in every state; keys in another order than numbers."""
    await connection.execute(
        """
        WITH made AS (
            INSERT INTO record (workspace_id, kind, key, body, first_seen_at, changed_at)
            SELECT %(w)s, CASE n %% 2 WHEN 0 THEN 'job' ELSE 'candidate' END, md5(n::text), '{}', %(now)s, %(now)s
            FROM generate_series(1, %(n)s) AS n RETURNING id, kind
        )
        INSERT INTO delivery (record_id, workspace_id, kind, state, reason, priority, changed_at)
        SELECT id, %(w)s, kind, (%(states)s::text[])[1 + id / 2 %% 6],
               (ARRAY['', 'one', 'two'])[1 + id / 12 %% 3], id %% 3,
               %(now)s FROM made
        """,
        {"w": workspace, "n": count, "states": list(STATES), "now": NOW},
    )


async def turned(connection: Connection, workspace: int, kind: str, state: str, reason: str | None) -> list[int]:
    """The numbers on all pages."""
    numbers: list[int] = []
    after = 0
    for _ in range(200):
        page = await load_standing(connection, workspace, kind=kind, state=state, reason=reason, after=after, limit=3)
        numbers += [one.number for one in page.records]
        if page.after is None:
            return numbers
        after = page.after
    raise AssertionError("the pages have no end")


async def test_pages_show_every_record_once_and_nobody_elses(
    database: Database, acme: int, globex: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "LOOKED_AT", 4)
    async with database.connection() as connection:
        await put(connection, acme, 80)
        await put(connection, globex, 80)
        for state, reason in product(STATES, (None, "one")):
            cursor = await connection.execute(
                """SELECT record_id FROM delivery WHERE workspace_id = %s AND kind = 'job' AND state = %s
                   AND (%s::text IS NULL OR reason = %s) ORDER BY record_id""",
                [acme, state, reason, reason],
            )
            expected = [number for (number,) in await cursor.fetchall()]
            found = await turned(connection, acme, "job", state, reason)
            assert expected
            assert sorted(found) == expected
            assert found == expected or state == "delivered"


async def test_page_of_delivered_records_ends_after_so_many_that_are_not(
    database: Database, acme: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the first page would read a million records when LinkedIn has only the last of them."""
    monkeypatch.setattr(standing, "LOOKED_AT", 5)
    async with database.connection() as connection:
        await put(connection, acme, 60)
        await connection.execute("UPDATE delivery SET state = 'due'")
        page = await load_standing(connection, acme, kind="job", state="delivered", reason=None, after=0, limit=3)
        assert not page.records
        assert page.after is not None
        assert await turned(connection, acme, "job", "delivered", None) == []
