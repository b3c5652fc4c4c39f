"""Which LinkedIn member each delivered candidate was matched with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.database import Connection
from landbridge.store.finding import by_key
from landbridge.store.scope import scoped

# As the index has it (see the model of the record). The workspace stands behind a SELECT: see store.finding.
_OF_NAME = """
    SELECT id FROM record
    WHERE workspace_id = (SELECT %(workspace)s) AND kind = 'candidate' AND NOT gone AND %({name})s <> ''
        AND lower(body->>'{name}_name') COLLATE "C" = lower(%({name})s)"""


@scoped
async def pick_unread(
    connection: Connection,
    workspace: int,
    *,
    behind: int,
    delivered_before: datetime,
    read_before: datetime,
    limit: int,
) -> list[tuple[int, str]]:
    """(record, key) of delivered candidates, by record, never asked for, or without a match when last asked: before
    then, or before they were sent again, since an address that was corrected may be a member's.
    """
    cursor = await connection.execute(
        """SELECT d.record_id, r.key FROM delivery d JOIN record r ON r.id = d.record_id
           LEFT JOIN match m ON m.record_id = d.record_id
           WHERE d.workspace_id = %s AND d.kind = 'candidate' AND d.state = 'delivered' AND d.record_id > %s
             AND d.sent_at <= %s
             AND (m.record_id IS NULL OR (m.person_urn IS NULL AND (m.read_at < %s OR m.read_at < d.sent_at)))
           ORDER BY d.record_id LIMIT %s""",
        [workspace, behind, delivered_before, read_before, limit],
    )
    return [(record, key) for record, key in await cursor.fetchall()]


@scoped
async def pick_namesakes(
    connection: Connection, workspace: int, first_name: str, last_name: str, *, limit: int
) -> list[tuple[int, str]]:
    """(record, key) of delivered candidates without a match who bear one of the names: those of both names before the
    others, and whom LinkedIn was told of last before those it has known for long.

    Whom a person has said to be nobody is left out.
    """
    cursor = await connection.execute(
        f"""WITH alike AS ({_OF_NAME.format(name="first")} UNION {_OF_NAME.format(name="last")})
            SELECT r.id, r.key FROM alike JOIN record r USING (id) JOIN delivery d ON d.record_id = r.id
            LEFT JOIN match m ON m.record_id = r.id
            WHERE d.state = 'delivered' AND m.person_urn IS NULL AND NOT coalesce(m.by_hand, false)
            ORDER BY lower(r.body->>'first_name') = lower(%(first)s) AND lower(r.body->>'last_name') = lower(%(last)s)
                DESC, d.sent_at DESC, r.id
            LIMIT %(limit)s""",  # noqa: S608 - constants
        {"workspace": workspace, "first": first_name, "last": last_name, "limit": limit},
    )
    return [(record, key) for record, key in await cursor.fetchall()]


@scoped
async def save(
    connection: Connection, workspace: int, records: Sequence[int], persons: Mapping[int, str], *, now: datetime
) -> None:
    """Note what was asked for, and the person where there is one. What a person has said meanwhile counts more."""
    await connection.execute(
        """INSERT INTO match (record_id, workspace_id, person_urn, read_at)
           SELECT m.record_id, %(workspace)s, m.person_urn, %(now)s
           FROM unnest(%(records)s::bigint[], %(persons)s::text[]) AS m(record_id, person_urn)
           ON CONFLICT (record_id) DO UPDATE SET person_urn = excluded.person_urn, read_at = excluded.read_at,
               by_hand = false
           WHERE match.person_urn IS NULL OR NOT match.by_hand""",
        {
            "workspace": workspace,
            "records": list(records),
            "persons": [persons.get(record) for record in records],
            "now": now,
        },
    )


@scoped
async def count(connection: Connection, workspace: int) -> tuple[int, int]:
    """How many candidates were asked for, and how many of them have a match."""
    cursor = await connection.execute(
        "SELECT count(*), count(person_urn) FROM match WHERE workspace_id = %s", [workspace]
    )
    row = await cursor.fetchone()
    return (row[0], row[1]) if row else (0, 0)


class Before(Struct, frozen=True, kw_only=True):
    """What was known of a candidate before somebody said who it is."""

    person_urn: str | None
    by_hand: bool


class Untold(Struct, frozen=True, kw_only=True):
    """A match that LinkedIn is to be told of; ``person_urn`` None: that there is none. ``body`` is the candidate's."""

    record_id: int
    key: str
    revision: int
    body: bytes
    person_urn: str | None


@scoped
async def set_by_hand(
    connection: Connection, workspace: int, candidate: str, person_urn: str | None, *, now: datetime
) -> Before | None:
    """Say who a candidate is, and have LinkedIn told; what was known before. None: the mirror has no such candidate."""
    cursor = await connection.execute(
        f"""
        WITH named AS (
            SELECT r.id, m.person_urn, coalesce(m.by_hand, false) AS by_hand
            FROM {by_key("'candidate'", "%(candidate)s")} AS r LEFT JOIN match m ON m.record_id = r.id
        ), said AS (
            INSERT INTO match (record_id, workspace_id, person_urn, read_at, by_hand)
            SELECT id, %(workspace)s, %(person)s, %(now)s, true FROM named
            ON CONFLICT (record_id) DO UPDATE SET person_urn = excluded.person_urn, by_hand = true,
                told_at = NULL, read_at = excluded.read_at
            WHERE match.person_urn IS DISTINCT FROM excluded.person_urn OR NOT match.by_hand
        )
        SELECT person_urn, by_hand FROM named
        """,  # noqa: S608 - built from constants
        {"workspace": workspace, "candidate": candidate, "person": person_urn, "now": now},
    )
    row = await cursor.fetchone()
    return Before(person_urn=row[0], by_hand=row[1]) if row else None


@scoped
async def unset_by_hand(
    connection: Connection, workspace: int, candidate: str, person_urn: str, *, now: datetime
) -> None:
    """Say that a candidate is not this person, whoever has said so before."""
    await connection.execute(
        f"""UPDATE match SET person_urn = NULL, by_hand = true, told_at = NULL, read_at = %(now)s
            WHERE record_id = (SELECT r.id FROM {by_key("'candidate'", "%(candidate)s")} AS r)
              AND person_urn = %(person)s""",  # noqa: S608 - built from constants
        {"workspace": workspace, "candidate": candidate, "person": person_urn, "now": now},
    )


@scoped
async def load_untold(connection: Connection, workspace: int, *, limit: int) -> list[Untold]:
    """What LinkedIn is to be told now: of candidates it has. Whether a later full update clears it there is not
    documented, so it is told again after each."""
    async with connection.cursor(row_factory=class_row(Untold)) as cursor:
        await cursor.execute(
            """SELECT r.id AS record_id, r.key, d.revision, r.body::text::bytea AS body, m.person_urn
               FROM match m JOIN record r ON r.id = m.record_id JOIN delivery d ON d.record_id = m.record_id
               WHERE m.workspace_id = %s AND m.by_hand AND NOT r.gone AND d.state = 'delivered'
                 AND (m.told_at IS NULL OR (m.person_urn IS NOT NULL AND m.told_at < d.sent_at))
               ORDER BY r.id LIMIT %s""",
            [workspace, limit],
        )
        return await cursor.fetchall()


@scoped
async def note_told(connection: Connection, workspace: int, told: Sequence[Untold], *, now: datetime) -> None:
    """Where nobody has said something else meanwhile."""
    await connection.execute(
        """UPDATE match m SET told_at = %s FROM unnest(%s::bigint[], %s::text[]) AS t(record_id, person_urn)
           WHERE m.workspace_id = %s AND m.record_id = t.record_id
             AND m.person_urn IS NOT DISTINCT FROM t.person_urn""",
        [now, [one.record_id for one in told], [one.person_urn for one in told], workspace],
    )
