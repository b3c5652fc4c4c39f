"""Which person may do what in which workspace."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct, convert
from psycopg.rows import class_row

from landbridge.store.database import Connection
from landbridge.store.scope import scoped
from landbridge.store.workspaces import COLUMNS, Workspace


class Role(StrEnum):
    """What a person may do in a workspace; each may do what the ones before it may."""

    VIEWER = "viewer"  # look
    ADMIN = "admin"  # connect, consent, pause, resume
    OWNER = "owner"  # decide who may do what, disconnect, delete


class Entered(Struct, frozen=True, kw_only=True):
    workspace: Workspace
    role: Role


class Listed(Struct, frozen=True, kw_only=True):
    """One workspace in a person's list. ``problems``: connections that need a person."""

    slug: str
    name: str
    role: str
    paused: bool
    problems: int
    created_at: datetime


# Whoever set the installation up owns every workspace in it: the command line makes workspaces without asking whose.
ROLE = "CASE WHEN person.is_superuser THEN 'owner' ELSE membership.role END"
MAY_ENTER = "person.is_active AND (person.is_superuser OR membership.role IS NOT NULL)"


async def find_entered(connection: Connection, user: int, slug: str) -> Entered | None:
    """The workspace as this person may enter it; None where there is none, or none for them: nobody learns which."""
    columns = ", ".join(f"workspace.{column}" for column in COLUMNS.split(", "))
    cursor = await connection.execute(
        f"""
        SELECT {columns}, {ROLE} FROM workspace
        JOIN auth_user AS person ON person.id = %s
        LEFT JOIN membership ON membership.workspace_id = workspace.id AND membership.user_id = person.id
        WHERE workspace.slug = %s AND {MAY_ENTER}
        """,  # noqa: S608 - constants
        [user, slug],
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    named = dict(zip(COLUMNS.split(", "), row, strict=False))
    return Entered(workspace=convert(named, Workspace), role=Role(row[-1]))


async def load_listed(connection: Connection, user: int, *, search: str = "", most: int = 100) -> list[Listed]:
    """The workspaces this person may enter, by name."""
    async with connection.cursor(row_factory=class_row(Listed)) as cursor:
        await cursor.execute(
            f"""
            SELECT workspace.slug, workspace.name, {ROLE} AS role, workspace.paused, workspace.created_at,
                   (SELECT count(*) FROM connection
                    WHERE connection.workspace_id = workspace.id AND state = 'needs_person') AS problems
            FROM workspace
            JOIN auth_user AS person ON person.id = %(user)s
            LEFT JOIN membership ON membership.workspace_id = workspace.id AND membership.user_id = person.id
            WHERE {MAY_ENTER} AND (%(search)s = '' OR strpos(lower(workspace.name), lower(%(search)s)) > 0)
            ORDER BY workspace.name, workspace.id LIMIT %(most)s
            """,  # noqa: S608 - constants
            {"user": user, "search": search, "most": most},
        )
        return await cursor.fetchall()


@scoped
async def save_membership(connection: Connection, workspace: int, user: int, role: Role, now: datetime) -> None:
    await connection.execute(
        """
        INSERT INTO membership (workspace_id, user_id, role, since) VALUES (%s, %s, %s, %s)
        ON CONFLICT (workspace_id, user_id) DO UPDATE SET role = excluded.role
        """,
        [workspace, user, role.value, now],
    )
