"""Who did what, and when. Lines are only ever added: the database itself refuses to change or delete one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from landbridge.store.database import Connection
from landbridge.store.scope import scoped


class Act(Struct, frozen=True, kw_only=True):
    """One act. ``who`` is the user name at that time; ``act`` a stable code (``role.changed``); ``facts`` hold ids and
    names of settings, never a secret and never a candidate's data."""

    id: int
    at: datetime
    workspace_id: int | None
    user_id: int | None
    who: str
    act: str
    subject: str
    facts: dict[str, Any] = field(default_factory=dict)


async def note_act(
    connection: Connection,
    *,
    at: datetime,
    act: str,
    who: str,
    user: int | None = None,
    workspace: int | None = None,
    subject: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Add a line. Without ``workspace`` it is about the person or the installation."""
    await connection.execute(
        """
        INSERT INTO audit_event (at, workspace_id, user_id, who, act, subject, facts)
        VALUES (%s, %s, %s, %s, %s, %s, %s)
        """,
        [at, workspace, user, who, act, subject, Jsonb(dict(facts or {}))],
    )


@scoped
async def load_acts(
    connection: Connection, workspace: int, *, before: int | None = None, most: int = 50, who: str = "", act: str = ""
) -> list[Act]:
    """The newest first; ``before`` is the id below which the next page begins. ``act`` may be the start of a code."""
    async with connection.cursor(row_factory=class_row(Act)) as cursor:
        await cursor.execute(
            """
            SELECT id, at, workspace_id, user_id, who, act, subject, facts FROM audit_event
            WHERE workspace_id = %(workspace)s AND (%(before)s::bigint IS NULL OR id < %(before)s)
              AND (%(who)s = '' OR who = %(who)s) AND starts_with(act, %(act)s)
            ORDER BY id DESC LIMIT %(most)s
            """,
            {"workspace": workspace, "before": before, "most": most, "who": who, "act": act},
        )
        return await cursor.fetchall()


@scoped
async def load_actors(connection: Connection, workspace: int) -> list[str]:
    """Everybody with a line, by name."""
    cursor = await connection.execute(
        "SELECT DISTINCT who FROM audit_event WHERE workspace_id = %s ORDER BY who", [workspace]
    )
    return [who async for (who,) in cursor]
