"""Erasing what is known of people the ATS no longer has, and the receipt of it: what was deleted, where and when.

A receipt holds ids and times. Of a LinkedIn member whose candidate was erased only a hash of the URN stays, so that
messages of before are not taken in again when LinkedIn's history is read once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct, field
from psycopg.rows import class_row

from landbridge.records import Kind
from landbridge.store.database import Connection
from landbridge.store.finding import by_key
from landbridge.store.mirror import Touched
from landbridge.store.scope import scoped

ToldBy = Literal["event", "sweep", "push"]
ERASED = "erased"
# Kinds whose removal is a receipt's subject, if what they hang on stays. A job holds nothing about people, and stages
# come and go as an application moves on.
SUBJECTS = frozenset({Kind.CANDIDATE, Kind.APPLICATION})

#: The hash by which an erased member is known again; ``{urn}`` stands for the SQL that gives the URN.
DIGEST = "sha256(convert_to(%(workspace)s::bigint || ' ' || {urn}, 'UTF8'))"


class Item(Struct, frozen=True, kw_only=True):
    """One line of a receipt. ``key`` names one record on LinkedIn; of our own things there are ``count``.

    ``state``: "done", "waiting", or "refused" where LinkedIn refused to delete it (``reason`` says why).
    """

    place: Literal["linkedin", "landbridge"]
    kind: str
    key: str
    count: int
    state: Literal["done", "waiting", "refused"]
    reason: str
    done_at: datetime | None


class Receipt(Struct, frozen=True, kw_only=True):
    """One erasure. ``done_at`` None: something is still to be deleted. ``items`` only where it was asked for alone."""

    id: int
    kind: str
    key: str
    told_by: ToldBy
    successor: str
    noticed_at: datetime
    deleted: int
    waiting: int
    done_at: datetime | None
    items: list[Item] = field(default_factory=list)


@scoped
async def erase(
    connection: Connection,
    workspace: int,
    buried: Sequence[Touched],
    *,
    successors: Mapping[str, str],
    told_by: ToldBy,
    now: datetime,
) -> None:
    """Erase what else is known of buried records' people, and open receipts. In the transaction that buries them.

    ``successors``: candidates that were merged into another. What came from LinkedIn for those is the other's now.
    """
    if not any(one.kind in SUBJECTS for one in buried):
        return
    people = {one.key: one.id for one in buried if one.kind == Kind.CANDIDATE}
    erased = [number for key, number in people.items() if key not in successors]
    receipts = await _open(connection, workspace, buried, successors, told_by, now)
    await _follow(connection, workspace, {people[key]: into for key, into in successors.items() if key in people})
    counts = await _forget(connection, workspace, erased, now)
    await _note_own(connection, receipts, counts, now)


# The receipt of a record is that of its candidate, or else its application's, whichever is the highest buried one.
_OPEN = """
WITH buried AS (
    SELECT r.id, r.kind, r.key, r.parent_key FROM record r WHERE r.id = ANY(%(buried)s)
), related AS (
    SELECT b.id, b.kind, b.key, coalesce(g.id, p.id, CASE WHEN b.kind = ANY(%(subjects)s) THEN b.id END) AS top
    FROM buried b
    LEFT JOIN buried p ON p.key = b.parent_key
        AND p.kind = CASE b.kind WHEN 'application' THEN 'candidate' ELSE 'application' END
    LEFT JOIN buried g ON g.key = p.parent_key AND g.kind = 'candidate' AND p.kind = 'application'
), opened AS (
    INSERT INTO erasure (workspace_id, kind, key, told_by, successor, noticed_at)
    SELECT %(workspace)s, kind, key, %(told_by)s,
           coalesce((SELECT s.successor FROM unnest(%(merged)s::text[], %(successors)s::text[]) AS s(key, successor)
                     WHERE s.key = related.key AND related.kind = 'candidate'), ''), %(now)s
    FROM related WHERE id = top ORDER BY id
    RETURNING id, kind, key
), noted AS (
    INSERT INTO erasure_item (erasure_id, place, kind, key, record)
    SELECT o.id, 'linkedin', r.kind, r.key, r.id
    FROM related r JOIN related t ON t.id = r.top JOIN opened o ON o.kind = t.kind AND o.key = t.key
    ORDER BY r.id
)
SELECT o.id, r.id, (SELECT count(*) FROM related x WHERE x.top = r.id)
FROM opened o JOIN related r ON r.kind = o.kind AND r.key = o.key AND r.id = r.top
"""


async def _open(
    connection: Connection,
    workspace: int,
    buried: Sequence[Touched],
    successors: Mapping[str, str],
    told_by: ToldBy,
    now: datetime,
) -> dict[int, tuple[int, int]]:
    """By the number of the record it is about: the receipt's number, and how many records were emptied."""
    cursor = await connection.execute(
        _OPEN,
        {
            "workspace": workspace,
            "buried": [one.id for one in buried if one.kind != Kind.JOB],
            "subjects": [kind.value for kind in SUBJECTS],
            "merged": list(successors),
            "successors": list(successors.values()),
            "told_by": told_by,
            "now": now,
        },
    )
    return {record: (receipt, count) for receipt, record, count in await cursor.fetchall()}


# Whoever else in the mirror is the same member keeps what came from LinkedIn.
_FORGET = f"""
WITH forgotten AS (
    DELETE FROM match WHERE record_id = ANY(%(records)s) RETURNING record_id, person_urn
), named AS (
    SELECT record_id, person_urn FROM forgotten WHERE person_urn IS NOT NULL
    UNION
    SELECT record_id, person_urn FROM arrival WHERE record_id = ANY(%(records)s) AND person_urn IS NOT NULL
), alone AS (
    SELECT n.* FROM named n
    WHERE NOT EXISTS (
        SELECT FROM match m JOIN record r ON r.id = m.record_id AND NOT r.gone
        WHERE m.workspace_id = %(workspace)s AND m.person_urn = n.person_urn)
      AND NOT EXISTS (
        SELECT FROM arrival a JOIN record r ON r.id = a.record_id AND NOT r.gone
        WHERE a.workspace_id = %(workspace)s AND a.person_urn = n.person_urn)
), banned AS (
    INSERT INTO erased_person (workspace_id, digest, erased_at)
    SELECT DISTINCT %(workspace)s, {DIGEST.format(urn="person_urn")}, %(now)s::timestamptz FROM alone
    ON CONFLICT (workspace_id, digest) DO UPDATE SET erased_at = excluded.erased_at
), theirs AS (
    SELECT a.id, a.kind, a.whose, a.record_id AS record FROM arrival a WHERE a.record_id = ANY(%(records)s)
    UNION
    SELECT a.id, a.kind, a.whose, r.id FROM record r
    JOIN arrival a ON a.workspace_id = %(workspace)s AND a.ats_id = r.key
    WHERE r.id = ANY(%(records)s) AND a.record_id IS NULL
    UNION
    SELECT a.id, a.kind, a.whose, n.record_id FROM alone n
    JOIN arrival a ON a.workspace_id = %(workspace)s AND a.person_urn = n.person_urn AND a.record_id IS NULL
), undone AS (
    DELETE FROM effect e USING theirs t WHERE e.workspace_id = %(workspace)s AND e.arrival_id = t.id
), said AS (
    SELECT d.id FROM decision d WHERE d.workspace_id = %(workspace)s AND (
        d.whose IN (SELECT whose FROM theirs) OR d.candidate IN (SELECT key FROM record WHERE id = ANY(%(records)s)))
), unfollowed AS (
    DELETE FROM follow f USING said s WHERE f.decision_id = s.id
), unsaid AS (
    UPDATE decision d SET whose = '{ERASED}', candidate = NULL, facts = '{{}}' FROM said s WHERE d.id = s.id
), emptied AS (
    UPDATE arrival a
    SET body = '{{}}', raw = '', facts = '{{}}', person_urn = NULL, ats_id = NULL, record_id = NULL, choice = NULL,
        at = NULL, state = 'set_aside', reason = '{ERASED}', revision = a.revision + 1, attempts = 0, next_at = NULL,
        forgotten_at = %(now)s, changed_at = %(now)s
    FROM theirs t WHERE a.id = t.id
)
SELECT record, kind, count(DISTINCT id) FROM theirs GROUP BY record, kind
UNION ALL
SELECT record_id, 'match', count(*) FROM forgotten GROUP BY record_id
"""  # noqa: S608 - built from constants


async def _forget(
    connection: Connection, workspace: int, records: Sequence[int], now: datetime
) -> dict[int, dict[str, int]]:
    """Empty what came from LinkedIn about these candidates; how many of what, by record."""
    counts: dict[int, dict[str, int]] = {}
    if not records:
        return counts
    cursor = await connection.execute(_FORGET, {"workspace": workspace, "records": list(records), "now": now})
    for record, kind, count in await cursor.fetchall():
        counts.setdefault(record, {})[kind] = count
    return counts


async def _note_own(
    connection: Connection,
    receipts: Mapping[int, tuple[int, int]],
    counts: Mapping[int, Mapping[str, int]],
    now: datetime,
) -> None:
    """What Landbridge itself held: gone with this very transaction."""
    rows = [
        (receipt, kind, count)
        for record, (receipt, emptied) in receipts.items()
        for kind, count in {"record": emptied, **counts.get(record, {})}.items()
    ]
    await connection.execute(
        """INSERT INTO erasure_item (erasure_id, place, kind, count, done_at)
           SELECT x.receipt, 'landbridge', x.kind, x.count, %(now)s
           FROM unnest(%(receipts)s::bigint[], %(kinds)s::text[], %(counts)s::int[]) AS x(receipt, kind, count)""",
        {
            "receipts": [receipt for receipt, _, _ in rows],
            "kinds": [kind for _, kind, _ in rows],
            "counts": [count for _, _, count in rows],
            "now": now,
        },
    )


_FOLLOW = f"""
WITH heir AS (
    SELECT x.lost, r.id, r.key, l.key AS lost_key
    FROM unnest(%(lost)s::bigint[], %(heirs)s::text[]) AS x(lost, heir)
    CROSS JOIN {by_key("'candidate'", "x.heir")} AS r JOIN record l ON l.id = x.lost
    WHERE NOT r.gone
), moved AS (
    DELETE FROM match m USING heir h WHERE m.record_id = h.lost RETURNING h.id, m.person_urn, m.read_at
), known AS (
    INSERT INTO match (record_id, workspace_id, person_urn, read_at)
    SELECT DISTINCT ON (id) id, %(workspace)s, person_urn, read_at FROM moved WHERE person_urn IS NOT NULL ORDER BY id
    ON CONFLICT (record_id) DO UPDATE SET person_urn = coalesce(match.person_urn, excluded.person_urn)
), given AS (
    UPDATE arrival a SET record_id = h.id, ats_id = h.key
    FROM heir h WHERE a.workspace_id = %(workspace)s AND (a.record_id = h.lost OR a.ats_id = h.lost_key)
    RETURNING a.id, h.key, h.lost_key
), decided AS (
    UPDATE decision d SET candidate = h.key FROM heir h
    WHERE d.workspace_id = %(workspace)s AND d.candidate = h.lost_key
), attached AS (
    UPDATE follow f SET candidate = h.key FROM heir h
    WHERE f.workspace_id = %(workspace)s AND f.candidate = h.lost_key
)
UPDATE effect e SET candidate = g.key
FROM given g WHERE e.arrival_id = g.id AND e.candidate = g.lost_key AND NOT EXISTS (
    SELECT FROM effect o WHERE o.arrival_id = e.arrival_id AND o.name = e.name AND o.marker = e.marker
        AND o.candidate = g.key)
"""  # noqa: S608 - built from constants


async def _follow(connection: Connection, workspace: int, heirs: Mapping[int, str]) -> None:
    """Give what came from LinkedIn for merged candidates to those they became part of."""
    if heirs:
        await connection.execute(_FOLLOW, {"workspace": workspace, "lost": list(heirs), "heirs": list(heirs.values())})


async def note_removed(connection: Connection, records: Sequence[int], *, now: datetime) -> None:
    """LinkedIn has confirmed that it does not have these records (any more)."""
    await connection.execute(
        "UPDATE erasure_item SET done_at = %s WHERE record = ANY(%s) AND done_at IS NULL", [now, list(records)]
    )


_RECEIPTS = """
SELECT e.id, e.kind, e.key, e.told_by, e.successor, e.noticed_at,
       count(*) FILTER (WHERE i.done_at IS NOT NULL) AS deleted, count(*) FILTER (WHERE i.done_at IS NULL) AS waiting,
       CASE WHEN count(*) = count(i.done_at) THEN max(i.done_at) END AS done_at
FROM erasure e JOIN erasure_item i ON i.erasure_id = e.id
WHERE e.workspace_id = %(workspace)s AND {condition}
GROUP BY e.id ORDER BY e.id DESC
"""


@scoped
async def load_receipts(
    connection: Connection, workspace: int, *, key: str = "", before: int | None = None, limit: int = 100
) -> list[Receipt]:
    """The newest receipts first, without their items. ``key``: of this candidate or application alone."""
    condition = "(%(key)s = '' OR e.key = %(key)s) AND (%(before)s::bigint IS NULL OR e.id < %(before)s)"
    async with connection.cursor(row_factory=class_row(Receipt)) as cursor:
        await cursor.execute(
            (_RECEIPTS.format(condition=condition) + " LIMIT %(limit)s").encode(),
            {"workspace": workspace, "key": key, "before": before, "limit": limit},
        )
        return await cursor.fetchall()


@scoped
async def load_receipt(connection: Connection, workspace: int, receipt: int) -> Receipt | None:
    """One receipt with all of its items."""
    async with connection.cursor(row_factory=class_row(Receipt)) as cursor:
        await cursor.execute(
            _RECEIPTS.format(condition="e.id = %(receipt)s").encode(), {"workspace": workspace, "receipt": receipt}
        )
        found = await cursor.fetchone()
    if found is None:
        return None
    async with connection.cursor(row_factory=class_row(Item)) as items:
        await items.execute(
            """SELECT i.place, i.kind, i.key, i.count, i.done_at,
                      CASE WHEN i.done_at IS NOT NULL THEN 'done' WHEN d.state = 'quarantined' THEN 'refused'
                           ELSE 'waiting' END AS state,
                      CASE WHEN i.done_at IS NULL AND d.state = 'quarantined' THEN d.reason ELSE '' END AS reason
               FROM erasure_item i LEFT JOIN delivery d ON d.record_id = i.record AND d.workspace_id = %s
               WHERE i.erasure_id = %s ORDER BY i.id""",
            [workspace, receipt],
        )
        found.items.extend(await items.fetchall())
    return found
