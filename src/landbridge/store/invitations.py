"""Invitations: a link that lets somebody new into one workspace, in one role, once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.accounts import hashed
from landbridge.store.database import Connection
from landbridge.store.memberships import Role
from landbridge.store.scope import scoped

LIFE = timedelta(days=7)


class Invitation(Struct, frozen=True, kw_only=True):
    """An invitation that is still open."""

    id: int
    label: str
    role: str
    invited_by: str
    made_at: datetime
    expires_at: datetime


class Welcome(Struct, frozen=True, kw_only=True):
    """What somebody with the link may know before they accept."""

    workspace_id: int
    workspace: str
    slug: str
    role: str
    label: str
    invited_by: str


@scoped
async def make_invitation(
    connection: Connection, workspace: int, *, label: str, role: Role, invited_by: str, now: datetime
) -> str:
    """The token of a new invitation. Only its hash is kept: it can be shown once."""
    token = secrets.token_urlsafe(32)
    await connection.execute(
        """
        INSERT INTO invitation (workspace_id, role, label, token_hash, invited_by, made_at, expires_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s)
        """,
        [workspace, role.value, label, hashed(token), invited_by, now, now + LIFE],
    )
    return token


@scoped
async def load_invitations(connection: Connection, workspace: int, now: datetime) -> list[Invitation]:
    """Those that can still be accepted, the newest first."""
    async with connection.cursor(row_factory=class_row(Invitation)) as cursor:
        await cursor.execute(
            """
            SELECT id, label, role, invited_by, made_at, expires_at FROM invitation
            WHERE workspace_id = %s AND used_at IS NULL AND expires_at > %s ORDER BY id DESC
            """,
            [workspace, now],
        )
        return await cursor.fetchall()


@scoped
async def withdraw_invitation(connection: Connection, workspace: int, invitation: int) -> str | None:
    """For whom it was; None where there is none, or it was accepted."""
    cursor = await connection.execute(
        "DELETE FROM invitation WHERE workspace_id = %s AND id = %s AND used_at IS NULL RETURNING label",
        [workspace, invitation],
    )
    row = await cursor.fetchone()
    return str(row[0]) if row else None


async def find_invitation(connection: Connection, token: str, now: datetime) -> Welcome | None:
    """None where the link is unknown, used, withdrawn or too old."""
    async with connection.cursor(row_factory=class_row(Welcome)) as cursor:
        await cursor.execute(
            """
            SELECT workspace_id, workspace.name AS workspace, slug, role, label, invited_by FROM invitation
            JOIN workspace ON workspace.id = workspace_id
            WHERE token_hash = %s AND used_at IS NULL AND expires_at > %s
            """,
            [hashed(token), now],
        )
        return await cursor.fetchone()


async def accept_invitation(connection: Connection, token: str, user: int, now: datetime) -> bool:
    """Make ``user`` a member; a member already keeps the higher role. False where the link no longer works.

    One statement marks the link used, so that of two people with the same link one comes in. Inside a transaction.
    """
    cursor = await connection.execute(
        """
        UPDATE invitation SET used_at = %(now)s WHERE token_hash = %(hash)s AND used_at IS NULL AND expires_at > %(now)s
        RETURNING workspace_id, role
        """,
        {"now": now, "hash": hashed(token)},
    )
    row = await cursor.fetchone()
    if row is None:
        return False
    await connection.execute(
        """
        INSERT INTO membership (workspace_id, user_id, role, since) VALUES (%s, %s, %s, %s)
        ON CONFLICT (workspace_id, user_id) DO UPDATE SET role = excluded.role
        WHERE array_position('{viewer,admin,owner}', excluded.role)
            > array_position('{viewer,admin,owner}', membership.role)
        """,
        [row[0], user, row[1], now],
    )
    return True
