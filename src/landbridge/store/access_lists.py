"""Access lists: which there shall be by hiring teams and connected seats, and which there are on LinkedIn.

There is one list for each user of the ATS who is connected with a seat. It holds the jobs on whose hiring team the user
is, and the user's LinkedIn person: so a recruiter with a thousand jobs is on one list, where LinkedIn allows ten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.database import Connection
from landbridge.store.scope import scoped

# LinkedIn's page on access control lists. One person may be several users of the ATS.
MOST_LISTS: Final = 10
# A refusal mostly has its reason in a job or a seat, which changes in hours and not in minutes.
REFUSED_PAUSE: Final = timedelta(hours=6)


class Entry(Struct, frozen=True):
    """``part``: "job" or "person"; ``subject``: the job's key or the person's URN."""

    part: str
    list: str
    subject: str


class Tally(Struct, frozen=True, kw_only=True):
    """What LinkedIn has; ``reason`` is the most frequent one among those refused."""

    lists: int
    jobs: int
    people: int
    refused: int
    reason: str | None


_WANTED = """
WITH people AS (
    SELECT person_urn, key, row_number() OVER (PARTITION BY person_urn ORDER BY key) AS place
    FROM (
        SELECT DISTINCT s.person_urn, u.key FROM seat s
        JOIN seat_link l ON l.seat_id = s.id AND l.ended_at IS NULL
        JOIN ats_user u ON u.id = l.user_id AND u.active AND u.gone_at IS NULL
        WHERE %(teams)s AND s.workspace_id = %(workspace)s AND s.left_at IS NULL AND s.person_urn IS NOT NULL
    ) AS linked
), wanted AS MATERIALIZED (
    SELECT 'person' AS part, 'hiring-team-of-' || key AS list, person_urn AS subject FROM people
    WHERE place <= %(most)s
    UNION
    SELECT 'job', 'hiring-team-of-' || member.key, r.key
    FROM record r JOIN delivery d ON d.record_id = r.id
    CROSS JOIN LATERAL jsonb_array_elements_text(r.body -> 'team') AS member(key)
    WHERE %(teams)s AND r.workspace_id = %(workspace)s AND r.kind = 'job' AND r.body ? 'team' AND NOT r.gone
      -- A list names a job by its id, so LinkedIn has to have the job first.
      AND d.sent_at IS NOT NULL AND d.state NOT IN ('gone', 'quarantined')
      AND member.key IN (SELECT key FROM people WHERE place <= %(most)s)
), known AS MATERIALIZED (
    SELECT * FROM access_entry WHERE workspace_id = %(workspace)s AND part <> 'viewers'
), surplus AS (
    SELECT k.part, k.list, k.subject FROM known k
    LEFT JOIN wanted w USING (part, list, subject)
    WHERE w.part IS NULL AND (k.look_at IS NULL OR k.look_at <= %(now)s)
), missing AS (
    SELECT w.part, w.list, w.subject FROM wanted w
    LEFT JOIN known k USING (part, list, subject)
    WHERE k.part IS NULL OR k.state = 'intended' OR (k.state = 'refused' AND k.look_at <= %(now)s)
)
"""


def _question(workspace: int, now: datetime, *, teams: bool) -> dict[str, Any]:
    return {"workspace": workspace, "teams": teams, "most": MOST_LISTS, "now": now}


@scoped
async def differs(connection: Connection, workspace: int, *, teams: bool, now: datetime) -> bool:
    """Whether LinkedIn's lists are (maybe) not what they shall be. ``teams`` False: none shall be there."""
    cursor = await connection.execute(
        f"{_WANTED} SELECT EXISTS (SELECT FROM surplus) OR EXISTS (SELECT FROM missing)".encode(),  # noqa: S608 - constants
        _question(workspace, now, teams=teams),
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


@scoped
async def load_surplus(
    connection: Connection, workspace: int, *, teams: bool, now: datetime, limit: int
) -> list[Entry]:
    """What is there, or may be, and shall not."""
    return await _load(connection, "surplus", _question(workspace, now, teams=teams), limit)


@scoped
async def load_missing(
    connection: Connection, workspace: int, *, teams: bool, now: datetime, limit: int
) -> list[Entry]:
    """What shall be there and is not known to be. Jobs first: who may see them comes when there is something to see."""
    return await _load(connection, "missing", _question(workspace, now, teams=teams), limit)


async def _load(connection: Connection, name: str, question: Mapping[str, Any], limit: int) -> list[Entry]:
    async with connection.cursor(row_factory=class_row(Entry)) as cursor:
        await cursor.execute(
            f"""{_WANTED} SELECT part, list, subject FROM {name}
            ORDER BY part, list, subject LIMIT %(limit)s""".encode(),  # noqa: S608 - constants
            {**question, "limit": limit},
        )
        return await cursor.fetchall()


@scoped
async def intend(connection: Connection, workspace: int, entries: Sequence[Entry]) -> None:
    """Note what is about to be sent, before it is."""
    await connection.execute(
        """
        INSERT INTO access_entry (workspace_id, part, list, subject)
        SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING
        """,
        [workspace, *_columns(entries)],
    )


@scoped
async def mark_there(connection: Connection, workspace: int, entries: Sequence[Entry]) -> None:
    await _set(connection, workspace, entries, state="there")


@scoped
async def mark_refused(
    connection: Connection, workspace: int, entries: Sequence[Entry], reason: str, now: datetime
) -> None:
    """Neither put there nor taken off, and not to be tried again for some hours."""
    await _set(connection, workspace, entries, state="refused", reason=reason, look_at=now + REFUSED_PAUSE)


async def _set(
    connection: Connection,
    workspace: int,
    entries: Sequence[Entry],
    *,
    state: str,
    reason: str = "",
    look_at: datetime | None = None,
) -> None:
    await connection.execute(
        """
        UPDATE access_entry e SET state = %s, reason = %s, look_at = %s
        FROM unnest(%s::text[], %s::text[], %s::text[]) AS given(part, list, subject)
        WHERE e.workspace_id = %s AND (e.part, e.list, e.subject) = (given.part, given.list, given.subject)
        """,
        [state, reason, look_at, *_columns(entries), workspace],
    )


@scoped
async def forget(connection: Connection, workspace: int, entries: Sequence[Entry]) -> None:
    """They are no longer there."""
    await connection.execute(
        """
        DELETE FROM access_entry e USING unnest(%s::text[], %s::text[], %s::text[]) AS given(part, list, subject)
        WHERE e.workspace_id = %s AND (e.part, e.list, e.subject) = (given.part, given.list, given.subject)
        """,
        [*_columns(entries), workspace],
    )


def _columns(entries: Sequence[Entry]) -> list[list[str]]:
    return [[one.part for one in entries], [one.list for one in entries], [one.subject for one in entries]]


# The viewer settings, noted as if they were an entry.
_VIEWERS: Final = (Entry("viewers", "", ""),)


@scoped
async def load_left(connection: Connection, workspace: int) -> str | None:
    """Whether the viewer settings were taken away: None: no; "intended": maybe; "there": yes, the lists decide."""
    cursor = await connection.execute(
        "SELECT state FROM access_entry WHERE workspace_id = %s AND part = 'viewers'", [workspace]
    )
    row = await cursor.fetchone()
    return str(row[0]) if row else None


@scoped
async def note_left(connection: Connection, workspace: int, *, surely: bool = False) -> None:
    """The viewer settings are about to be taken away; ``surely``: they are gone."""
    await intend(connection, workspace, _VIEWERS)
    if surely:
        await mark_there(connection, workspace, _VIEWERS)


@scoped
async def note_open(connection: Connection, workspace: int) -> None:
    """The viewer settings are back."""
    await forget(connection, workspace, _VIEWERS)


@scoped
async def count(connection: Connection, workspace: int) -> Tally:
    async with connection.cursor(row_factory=class_row(Tally)) as cursor:
        await cursor.execute(
            """
            SELECT count(DISTINCT list) FILTER (WHERE state = 'there') AS lists,
                   count(DISTINCT subject) FILTER (WHERE part = 'job' AND state = 'there') AS jobs,
                   count(DISTINCT subject) FILTER (WHERE part = 'person' AND state = 'there') AS people,
                   count(*) FILTER (WHERE state = 'refused') AS refused,
                   mode() WITHIN GROUP (ORDER BY reason) FILTER (WHERE state = 'refused') AS reason
            FROM access_entry WHERE workspace_id = %s AND part <> 'viewers'
            """,
            [workspace],
        )
        found = await cursor.fetchone()
    assert found is not None
    return found
