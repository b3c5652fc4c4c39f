"""What is done in the ATS for an arrival: said before, noted after."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.database import Connection
from landbridge.store.scope import scoped


class Effect(Struct, frozen=True, kw_only=True):
    """``marker`` tells one effect of an arrival from another; ``candidate`` is whom it concerns, "" while unknown.

    ``intended_at`` tells doing it again after it was undone from trying it once more.
    """

    name: str
    marker: str
    candidate: str
    state: Literal["intended", "done", "undone"]
    far_id: str | None
    intended_at: datetime


@scoped
async def load_effects(connection: Connection, workspace: int, arrival: int) -> list[Effect]:
    async with connection.cursor(row_factory=class_row(Effect)) as cursor:
        await cursor.execute(
            "SELECT name, marker, candidate, state, far_id, intended_at FROM effect "
            "WHERE workspace_id = %s AND arrival_id = %s ORDER BY id",
            [workspace, arrival],
        )
        return await cursor.fetchall()


@scoped
async def intend(
    connection: Connection, workspace: int, arrival: int, name: str, marker: str, candidate: str, *, now: datetime
) -> None:
    """Say that it is about to be done; what was undone before may be done again."""
    await connection.execute(
        """INSERT INTO effect (workspace_id, arrival_id, name, marker, candidate, intended_at)
           VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (arrival_id, name, marker, candidate) DO UPDATE
           SET state = 'intended', far_id = NULL, intended_at = excluded.intended_at, settled_at = NULL""",
        [workspace, arrival, name, marker, candidate, now],
    )


@scoped
async def note_done(
    connection: Connection, workspace: int, arrival: int, effect: Effect, far_id: str | None, *, now: datetime
) -> bool:
    """Keep what a call has made; False where it is known to be made already, under another id, or undone again.

    It is a fact, so it is kept whoever owns the lane by now. Somebody who found it by looking may not know its id.
    """
    cursor = await connection.execute(
        """UPDATE effect SET state = 'done', far_id = coalesce(%(far_id)s, far_id), settled_at = %(now)s
           WHERE workspace_id = %(workspace)s AND arrival_id = %(arrival)s AND name = %(name)s
             AND marker = %(marker)s AND candidate = %(candidate)s
             AND (state = 'intended'
                  OR (state = 'done' AND (far_id IS NULL OR coalesce(%(far_id)s, far_id) = far_id)))""",
        {
            "far_id": far_id,
            "now": now,
            "workspace": workspace,
            "arrival": arrival,
            "name": effect.name,
            "marker": effect.marker,
            "candidate": effect.candidate,
        },
    )
    return cursor.rowcount > 0


@scoped
async def note_undone(connection: Connection, workspace: int, arrival: int, effect: Effect, *, now: datetime) -> None:
    await connection.execute(
        """UPDATE effect SET state = 'undone', far_id = %s, settled_at = %s
           WHERE workspace_id = %s AND arrival_id = %s AND name = %s AND marker = %s AND candidate = %s""",
        [effect.far_id, now, workspace, arrival, effect.name, effect.marker, effect.candidate],
    )


@scoped
async def withdraw(connection: Connection, workspace: int, arrival: int, effect: Effect) -> None:
    """The ATS has refused: it was certainly not done."""
    await connection.execute(
        """DELETE FROM effect WHERE workspace_id = %s AND arrival_id = %s AND name = %s AND marker = %s
           AND candidate = %s AND state = 'intended'""",
        [workspace, arrival, effect.name, effect.marker, effect.candidate],
    )
