"""Which person may do what in which workspace."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct, convert
from psycopg.rows import class_row

from landbridge.errors import LandbridgeError
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


CHANGE_ROLE = """
UPDATE membership SET role = %(role)s WHERE workspace_id = %(workspace)s AND user_id = %(user)s
RETURNING (SELECT username FROM auth_user WHERE id = user_id)
"""
REMOVE_MEMBER = """
DELETE FROM membership WHERE workspace_id = %(workspace)s AND user_id = %(user)s
RETURNING (SELECT username FROM auth_user WHERE id = user_id)
"""


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


class Member(Struct, frozen=True, kw_only=True):
    """One person of a workspace. ``runs``: owner of every workspace because they run the installation."""

    id: int
    username: str
    email: str
    role: str
    runs: bool
    active: bool
    last_login: datetime | None
    second_factor: bool


class LastOwnerError(LandbridgeError):
    """A workspace keeps at least one owner."""

    code = "last_owner"
    hint = "Make somebody else an owner first."


@scoped
async def load_members(connection: Connection, workspace: int) -> list[Member]:
    """Owners first, then by name."""
    async with connection.cursor(row_factory=class_row(Member)) as cursor:
        await cursor.execute(
            """
            SELECT person.id, person.username, person.email, coalesce(membership.role, 'owner') AS role,
                   person.is_superuser AS runs, person.is_active AS active, person.last_login,
                   EXISTS (SELECT FROM mfa_authenticator WHERE user_id = person.id
                           AND type IN ('totp', 'webauthn')) AS second_factor
            FROM auth_user AS person
            LEFT JOIN membership ON membership.user_id = person.id AND membership.workspace_id = %s
            WHERE membership.role IS NOT NULL OR (person.is_superuser AND person.is_active)
            ORDER BY array_position('{owner,admin,viewer}', coalesce(membership.role, 'owner')), person.username
            """,
            [workspace],
        )
        return await cursor.fetchall()


@scoped
async def change_role(connection: Connection, workspace: int, user: int, role: Role | None) -> str | None:
    """The name of the member whose role is now ``role`` (None: no longer a member); None where there is no such member.

    Raises LastOwnerError. Call it inside a transaction: two owners who demote each other take turns.
    """
    await connection.execute("SELECT id FROM workspace WHERE id = %s FOR UPDATE", [workspace])
    owned_before = await _count_owners(connection, workspace)
    cursor = await connection.execute(
        CHANGE_ROLE if role else REMOVE_MEMBER,
        {"workspace": workspace, "user": user, "role": role.value if role else None},
    )
    row = await cursor.fetchone()
    if owned_before and not await _count_owners(connection, workspace):
        raise LastOwnerError
    return str(row[0]) if row else None


async def _count_owners(connection: Connection, workspace: int) -> int:
    cursor = await connection.execute(
        """
        SELECT count(*) FROM membership JOIN auth_user ON auth_user.id = user_id AND auth_user.is_active
        WHERE workspace_id = %s AND role = 'owner'
        """,
        [workspace],
    )
    row = await cursor.fetchone()
    return int(row[0]) if row else 0
