"""How far each stream of LinkedIn has been read. A window's elements and the new position are saved together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from landbridge.ports.incoming import Window
from landbridge.store.database import Connection
from landbridge.store.scope import scoped

StreamKind = Literal["inmails", "notes", "contacts", "closed"]
COLUMNS = "id, kind, subject, began_at, read_until, past_since, past_until, next_at, past_next_at, failures, problem"


class Stream(Struct, frozen=True, kw_only=True):
    """See ``models.stream``: read from ``past_until`` to ``read_until``, wanted from ``past_since`` to now."""

    id: int
    kind: StreamKind
    subject: str
    began_at: datetime
    read_until: datetime
    past_since: datetime
    past_until: datetime
    next_at: datetime
    past_next_at: datetime
    failures: int
    problem: str


class StreamCounts(Struct, frozen=True, kw_only=True):
    """One kind of stream together. ``past``: the share of history that is read, from 0 to 1."""

    kind: StreamKind
    streams: int
    oldest_read_until: datetime
    past: float
    troubled: int


class Reader(Struct, frozen=True, kw_only=True):
    """A seat that is linked to a user of the ATS."""

    seat: str
    contract: str
    person_urn: str | None


class Open(Struct, frozen=True, kw_only=True):
    """What may be read: enabled contracts that are not paused, and their linked seats."""

    organization: str | None
    contracts: tuple[str, ...] = ()
    readers: tuple[Reader, ...] = ()

    @property
    def seats(self) -> dict[str, str | None]:
        """Each seat with its holder's person URN."""
        return {one.seat: one.person_urn for one in self.readers}

    @property
    def owners(self) -> dict[str, list[str]]:
        """The linked seats of each contract that has any."""
        owners: dict[str, list[str]] = {}
        for one in self.readers:
            owners.setdefault(one.contract, []).append(one.seat)
        return owners


_CONTRACTS = "SELECT urn FROM contract WHERE workspace_id = %(workspace)s AND state = 'enabled' AND NOT paused"
_READERS = f"""
    SELECT s.urn AS seat, s.contract, s.person_urn FROM seat s
    WHERE s.workspace_id = %(workspace)s AND s.left_at IS NULL AND s.contract IN ({_CONTRACTS})
      AND EXISTS (SELECT FROM seat_link l WHERE l.seat_id = s.id AND l.ended_at IS NULL)
"""  # noqa: S608 - constants
_SUBJECTS = f"""
    SELECT 'inmails' AS kind, seat AS subject, NULL::text AS owner FROM ({_READERS}) r
    UNION ALL SELECT 'notes', urn, NULL FROM ({_CONTRACTS}) c
    UNION ALL SELECT 'contacts', contract, seat FROM ({_READERS}) r
    UNION ALL SELECT 'closed', organization_urn, NULL FROM workspace
              WHERE id = %(workspace)s AND organization_urn IS NOT NULL AND EXISTS ({_CONTRACTS})
"""  # noqa: S608 - constants


@scoped
async def load_open(connection: Connection, workspace: int) -> Open:
    """What may be read from LinkedIn now."""
    about = {"workspace": workspace}
    contracts = await (await connection.execute(f"{_CONTRACTS} ORDER BY id", about)).fetchall()
    found = await (
        await connection.execute("SELECT organization_urn FROM workspace WHERE id = %(workspace)s", about)
    ).fetchone()
    async with connection.cursor(row_factory=class_row(Reader)) as cursor:
        await cursor.execute(f"{_READERS} ORDER BY s.id", about)
        readers = await cursor.fetchall()
    return Open(
        organization=found[0] if found and contracts else None,
        contracts=tuple(urn for (urn,) in contracts),
        readers=tuple(readers),
    )


@scoped
async def is_behind(connection: Connection, workspace: int, *, now: datetime) -> bool:
    """Whether anything is to be read now, or what is read is not what may be."""
    cursor = await connection.execute(
        f"""
        WITH may AS ({_SUBJECTS}), is_read AS (
            SELECT kind, subject, owner FROM stream LEFT JOIN jsonb_array_elements_text(owners) AS owner ON true
            WHERE workspace_id = %(workspace)s AND wanted
        )
        SELECT EXISTS (SELECT * FROM may EXCEPT SELECT * FROM is_read)
            OR EXISTS (SELECT * FROM is_read EXCEPT SELECT * FROM may)
            OR EXISTS (SELECT FROM stream WHERE workspace_id = %(workspace)s AND wanted
                       AND (next_at <= %(now)s OR (past_until > past_since AND past_next_at <= %(now)s)))
        """,  # noqa: S608 - constants
        {"workspace": workspace, "now": now},
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


@scoped
async def want_streams(
    connection: Connection,
    workspace: int,
    kind: StreamKind,
    subjects: Sequence[str],
    *,
    now: datetime,
    past_since: datetime,
    first_look: timedelta,
) -> None:
    """Exactly these subjects are to be read from now on.

    One that is new begins now, with its history behind it, but for what an older integration has imported already; one
    that comes back goes on where it stood, so that what happened meanwhile is fetched as well. One no longer wanted
    keeps its place.
    """
    await connection.execute(
        """
        INSERT INTO stream (workspace_id, kind, subject, began_at, read_until, past_since, past_until, next_at,
                            past_next_at)
        SELECT %(workspace)s, %(kind)s, s, %(now)s, %(now)s, least(greatest(%(past)s, o.until), %(now)s), %(now)s,
               %(now)s + %(first_look)s, %(now)s
        FROM unnest(%(subjects)s::text[]) AS s CROSS JOIN LATERAL (
            SELECT max(c.imported_until) AS until FROM contract c WHERE c.workspace_id = %(workspace)s AND (c.urn = s
                OR c.urn = (SELECT contract FROM seat WHERE workspace_id = %(workspace)s AND urn = s))
        ) o
        ON CONFLICT (workspace_id, kind, subject) DO UPDATE
        SET wanted = true, next_at = least(stream.next_at, excluded.next_at), failures = 0, problem = ''
        WHERE NOT stream.wanted
        """,
        {
            "workspace": workspace,
            "kind": kind,
            "subjects": list(subjects),
            "now": now,
            "past": past_since,
            "first_look": first_look,
        },
    )
    await connection.execute(
        "UPDATE stream SET wanted = false WHERE workspace_id = %s AND kind = %s AND subject <> ALL(%s) AND wanted",
        [workspace, kind, list(subjects)],
    )


@scoped
async def name_owners(connection: Connection, workspace: int, owners: Mapping[str, Sequence[str]]) -> None:
    """Whose contact details each contract's stream asks for. History is read again where an owner has joined: calls
    made before did not name that seat."""
    await connection.execute(
        """
        UPDATE stream s SET owners = x.owners,
            began_at = CASE WHEN s.owners @> x.owners THEN began_at ELSE read_until END,
            past_until = CASE WHEN s.owners @> x.owners THEN past_until ELSE read_until END
        FROM unnest(%s::text[], %s::jsonb[]) AS x(subject, owners)
        WHERE s.workspace_id = %s AND s.kind = 'contacts' AND s.subject = x.subject AND s.owners <> x.owners
        """,
        [list(owners), [Jsonb(sorted(seats)) for seats in owners.values()], workspace],
    )


@scoped
async def due_streams(connection: Connection, workspace: int, *, now: datetime, limit: int) -> list[Stream]:
    """Streams whose present is to be read now, the longest due first."""
    async with connection.cursor(row_factory=class_row(Stream)) as cursor:
        await cursor.execute(
            f"""SELECT {COLUMNS} FROM stream WHERE workspace_id = %s AND wanted AND next_at <= %s
                ORDER BY next_at, id LIMIT %s""",  # noqa: S608 - a constant
            [workspace, now, limit],
        )
        return await cursor.fetchall()


@scoped
async def due_pasts(connection: Connection, workspace: int, *, now: datetime, limit: int) -> list[Stream]:
    """Streams with history left to read that may be asked for now."""
    async with connection.cursor(row_factory=class_row(Stream)) as cursor:
        await cursor.execute(
            f"""SELECT {COLUMNS} FROM stream
                WHERE workspace_id = %s AND wanted AND past_until > past_since AND past_next_at <= %s
                ORDER BY past_next_at, id LIMIT %s""",  # noqa: S608 - a constant
            [workspace, now, limit],
        )
        return await cursor.fetchall()


@scoped
async def next_due_at(connection: Connection, workspace: int) -> tuple[datetime | None, datetime | None]:
    """When any present, and when any past is to be read next; None: there is none."""
    cursor = await connection.execute(
        """SELECT (SELECT min(next_at) FROM stream WHERE workspace_id = %(workspace)s AND wanted),
                  (SELECT min(past_next_at) FROM stream
                   WHERE workspace_id = %(workspace)s AND wanted AND past_until > past_since)""",
        {"workspace": workspace},
    )
    row = await cursor.fetchone()
    return (row[0], row[1]) if row else (None, None)


@scoped
async def save_present(
    connection: Connection,
    workspace: int,
    stream: Stream,
    window: Window,
    *,
    next_at: datetime,
    past_at: datetime,
    now: datetime,
) -> None:
    """The window behind ``read_until`` is read: call it in the transaction that keeps what it brought.

    ``past_at``: its past is not to be asked for before.
    """
    await connection.execute(
        """UPDATE stream
           SET read_until = greatest(read_until, %s), next_at = %s, past_next_at = greatest(past_next_at, %s),
               read_at = %s, failures = 0, problem = ''
           WHERE workspace_id = %s AND id = %s""",
        [window.until, next_at, past_at, now, workspace, stream.id],
    )


@scoped
async def save_past(
    connection: Connection, workspace: int, stream: Stream, window: Window, *, next_at: datetime
) -> None:
    """The window before ``past_until`` is read."""
    await connection.execute(
        """UPDATE stream SET past_until = least(past_until, %s), past_next_at = %s, failures = 0, problem = ''
           WHERE workspace_id = %s AND id = %s""",
        [window.since, next_at, workspace, stream.id],
    )


@scoped
async def put_off(connection: Connection, workspace: int, stream: Stream, *, until: datetime, problem: str) -> None:
    """A read failed: neither end moved, both wait."""
    await connection.execute(
        """UPDATE stream SET next_at = greatest(next_at, %(until)s), past_next_at = greatest(past_next_at, %(until)s),
               failures = least(failures + 1, 1000), problem = %(problem)s
           WHERE workspace_id = %(workspace)s AND id = %(stream)s""",
        {"until": until, "problem": problem, "workspace": workspace, "stream": stream.id},
    )


@scoped
async def count_wanted(connection: Connection, workspace: int) -> tuple[int, int]:
    """How many streams are read, and how many of them have history left; closed accounts cost a call a day only."""
    cursor = await connection.execute(
        """SELECT count(*), count(*) FILTER (WHERE past_until > past_since) FROM stream
           WHERE workspace_id = %s AND wanted AND kind <> 'closed'""",
        [workspace],
    )
    row = await cursor.fetchone()
    return (row[0], row[1]) if row else (0, 0)


@scoped
async def count_streams(connection: Connection, workspace: int) -> list[StreamCounts]:
    """What is being read and how far, kind by kind."""
    async with connection.cursor(row_factory=class_row(StreamCounts)) as cursor:
        await cursor.execute(
            """SELECT kind, count(*) AS streams, min(read_until) AS oldest_read_until,
                   coalesce(1 - (sum(extract(epoch FROM past_until - past_since))
                       / nullif(sum(extract(epoch FROM began_at - past_since)), 0)), 1)::float8 AS past,
                   count(*) FILTER (WHERE problem <> '') AS troubled
               FROM stream WHERE workspace_id = %s AND wanted GROUP BY kind ORDER BY kind""",
            [workspace],
        )
        return await cursor.fetchall()
