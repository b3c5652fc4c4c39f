"""How far each stream of LinkedIn has been read. A window's elements and the new position are saved together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct
from psycopg.rows import class_row

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


@scoped
async def want_streams(
    connection: Connection,
    workspace: int,
    kind: StreamKind,
    subjects: Sequence[str],
    *,
    now: datetime,
    past_since: datetime,
) -> None:
    """Exactly these subjects are to be read from now on.

    One that is new begins now, with its history behind it; one that comes back goes on where it stood, so that what
    happened meanwhile is fetched as well. One no longer wanted keeps its place.
    """
    await connection.execute(
        """
        INSERT INTO stream (workspace_id, kind, subject, began_at, read_until, past_since, past_until, next_at,
                            past_next_at)
        SELECT %(workspace)s, %(kind)s, s, %(now)s, %(now)s, least(%(past)s, %(now)s), %(now)s,
               %(now)s + interval '1 minute', %(now)s
        FROM unnest(%(subjects)s::text[]) AS s
        ON CONFLICT (workspace_id, kind, subject) DO UPDATE
        SET wanted = true, next_at = least(stream.next_at, excluded.next_at), failures = 0, problem = ''
        WHERE NOT stream.wanted
        """,
        {"workspace": workspace, "kind": kind, "subjects": list(subjects), "now": now, "past": past_since},
    )
    await connection.execute(
        "UPDATE stream SET wanted = false WHERE workspace_id = %s AND kind = %s AND subject <> ALL(%s) AND wanted",
        [workspace, kind, list(subjects)],
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
    connection: Connection, workspace: int, stream: Stream, window: Window, *, next_at: datetime, now: datetime
) -> None:
    """The window behind ``read_until`` is read: call it in the transaction that keeps what it brought."""
    await connection.execute(
        """UPDATE stream
           SET read_until = greatest(read_until, %s), next_at = %s, read_at = %s, failures = 0, problem = ''
           WHERE workspace_id = %s AND id = %s""",
        [window.until, next_at, now, workspace, stream.id],
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
async def hasten(connection: Connection, workspace: int, *, now: datetime) -> None:
    """Read everything as soon as possible: somebody asked."""
    await connection.execute(
        "UPDATE stream SET next_at = %s WHERE workspace_id = %s AND wanted AND next_at > %s", [now, workspace, now]
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
