"""What is asked about one person costs as little in a large company as in a small one (decision 0021).

The statistics know another company only, so they take every condition on this one to leave one row. Pages are counted,
not time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from landbridge.records import Kind
from landbridge.store import arrivals, ledger, lookup, matches, mirror, panel, pushed, pushes
from landbridge.store.arrivals import Due
from landbridge.store.database import Connection, Database
from tests.store.conftest import NOW

MANY, FEW_PAGES = 2_000, 60
FILL = """
WITH people AS (
    INSERT INTO record (workspace_id, kind, key, body, first_seen_at, changed_at)
    SELECT %(workspace)s, 'candidate', 'c' || n,
           jsonb_build_object('first_name', 'A' || n, 'last_name', 'B' || n,
                              'emails', jsonb_build_array(n || '@b.example')), %(now)s, %(now)s
    FROM generate_series(1, %(count)s) n RETURNING id, key
), matched AS (
    INSERT INTO match (record_id, workspace_id, person_urn, read_at)
    SELECT id, %(workspace)s, 'urn:li:person:' || key, %(now)s FROM people
), arrived AS (
    INSERT INTO arrival (workspace_id, kind, far_id, subject, person_urn, at, body, raw, state, record_id, ats_id,
                         received_at, changed_at)
    SELECT %(workspace)s, CASE WHEN id %% 2 = 0 THEN 'note' ELSE 'contact' END, 'n' || key, 's',
           'urn:li:person:' || key, %(now)s, jsonb_build_object('emails', jsonb_build_array(key || '@b.example')), '',
           'done', id, key, %(now)s, %(now)s
    FROM people
), delivered AS (
    INSERT INTO delivery (record_id, workspace_id, kind, state, priority, changed_at, sent_at, sent_revision)
    SELECT id, %(workspace)s, 'candidate', 'delivered', 2, %(now)s, %(now)s, 1 FROM people
)
SELECT 1
"""
APPLY = """
WITH made AS (
    INSERT INTO record (workspace_id, kind, key, parent_key, job_key, body, first_seen_at, changed_at)
    SELECT %(workspace)s, 'application', 'a' || n, 'c' || n, 'j1', '{}', %(now)s, %(now)s
    FROM generate_series(1, %(count)s) n RETURNING id
)
INSERT INTO delivery (record_id, workspace_id, kind, state, reason, priority, changed_at)
SELECT id, %(workspace)s, 'application', 'held', 'waits_for_candidate', 2, %(now)s FROM made
"""
TOUCHED = """
SELECT sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0))
FROM pg_statio_user_tables WHERE relname IN ('record', 'delivery', 'match', 'arrival')
"""
ONE = Due(
    id=0, kind="note", far_id="nc700", subject="s", person_urn="urn:li:person:c700", at=NOW, body={}, revision=1,
    attempts=0, choice=None, whose="urn:li:person:c700", received_at=NOW,
)  # fmt: skip
Query = Callable[[Connection, int], Awaitable[object]]
QUERIES: dict[str, Query] = {
    "whose an arrival is": lambda c, w: arrivals.candidates_of(c, w, ONE.person_urn, ONE.whose),
    "what was decided": lambda c, w: arrivals.followed(c, w, ONE),
    "what became of an arrival": lambda c, w: arrivals.settle_arrival(c, w, ONE, "done", now=NOW, candidate="c700"),
    "addresses shared": lambda c, w: arrivals.shared_emails(c, w, "urn:li:person:c700"),
    "who a candidate is": lambda c, w: matches.set_by_hand(c, w, "c700", "urn:li:person:other", now=NOW),
    "who a candidate is not": lambda c, w: matches.unset_by_hand(c, w, "c700", "urn:li:person:other", now=NOW),
    "namesakes": lambda c, w: matches.pick_namesakes(c, w, "A700", "B700", limit=5),
    "the panel's candidate": lambda c, w: panel.load_stand(c, w, "c700"),
    "the panel's applications": lambda c, w: panel.load_applications(c, w, "c700"),
    "a match to forget": lambda c, w: panel.forget_match(c, w, "c701"),
    "candidates by key": lambda c, w: lookup.load_candidates(c, w, ["c700", "c701"]),
    "candidates by name": lambda c, w: lookup.find_candidates(c, w, "B700"),
    "candidates by address": lambda c, w: lookup.find_candidates(c, w, "700@b.example"),
    "a pushed candidate": lambda c, w: pushed.candidates_with_key(c, w, "c700"),
    "a pushed application": lambda c, w: pushed.is_on_job(c, w, "c700", "j1"),
    "deleted keys": lambda c, w: pushes.gone_keys(c, w, "candidate", ["c700"]),
    "newer keys": lambda c, w: pushes.newer_keys(c, w, "candidate", [("c700", NOW)]),
    "whether it is there": lambda c, w: mirror.is_alive(c, w, Kind.CANDIDATE, "c700"),
    "its applications": lambda c, w: mirror.applications_of(c, w, ["c700"]),
    "what is written to LinkedIn": lambda c, w: ledger.load_standings(c, w, Kind.CANDIDATE, ["c700"]),
    "what the mirror knows": lambda c, w: mirror.unknown(c, w, Kind.CANDIDATE, ["c700", "c9999"]),
}


async def fill(connection: Connection, workspace: int, count: int) -> None:
    await (await connection.execute(FILL, {"workspace": workspace, "now": NOW, "count": count})).fetchall()


async def pages(connection: Connection) -> int:
    """Touched so far, by this connection and the others."""
    await connection.execute("SELECT pg_stat_force_next_flush()")
    row = await (await connection.execute(TOUCHED)).fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
async def large(database: Database, acme: int, globex: int) -> int:
    """A company of which the statistics know nothing."""
    async with database.connection() as connection:
        await fill(connection, globex, MANY)
        await connection.execute("ANALYZE")
        await fill(connection, acme, MANY)
        await connection.execute(APPLY, {"workspace": acme, "now": NOW, "count": MANY})
    return acme


async def test_what_is_asked_about_one_person_touches_few_pages(database: Database, large: int) -> None:
    cost = {}
    for name, query in QUERIES.items():
        async with database.connection() as connection:
            before = await pages(connection)
            await query(connection, large)
            cost[name] = await pages(connection) - before
    assert sum(cost.values()) > len(cost), "nothing was counted"
    assert {name: touched for name, touched in cost.items() if touched > FEW_PAGES} == {}


async def test_what_waits_for_one_arrived_candidate_is_found_without_looking_at_all_that_wait(
    database: Database, large: int
) -> None:
    async with database.connection() as connection:
        arrived = await ledger.load_standings(connection, large, Kind.CANDIDATE, ["c700"])
        before = await pages(connection)
        woken = await ledger.wake_waiting(
            connection, large, Kind.APPLICATION, Kind.CANDIDATE, "waits_for_candidate",
            now=NOW, arrived=[arrived["c700"].record],
        )  # fmt: skip
        assert woken == 1
        assert await pages(connection) - before < FEW_PAGES
