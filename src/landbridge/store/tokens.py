"""Tokens of the JSON API: whose they are, what they may do, and how often they were used in the running minute."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from landbridge.store.accounts import hashed
from landbridge.store.database import Connection
from landbridge.store.memberships import ROLE, Role
from landbridge.store.scope import scoped

# So that a token found where it should not be is known for what it is.
PREFIX = "lbt_"
MINUTE = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token may do. None includes another."""

    READ = "read"  # what the console shows, without the records' contents
    ATS = "ats"  # enter and try the ATS's credentials
    CONSENT = "consent"  # agree to what is shared, choose, withdraw; see samples
    CONTRACTS = "contracts"  # add, pause, disconnect
    SYNC = "sync"  # start, pause, compare
    SEATS = "seats"  # say whose seat is whose
    DESK = "desk"  # see and settle what could not be matched
    PEOPLE = "people"  # invite, change roles, remove
    INGEST = "ingest"  # push records of an ATS of one's own
    PANEL = "panel"  # make links to the candidate panel, for any user of the ATS
    TOKENS = "tokens"  # list and revoke tokens; none may make one


# Who may do with their own hands, on the console's pages, what a token with the scope does.
LEAST: Mapping[Scope, Role] = {
    Scope.READ: Role.VIEWER,
    Scope.ATS: Role.ADMIN,
    Scope.CONSENT: Role.ADMIN,
    Scope.CONTRACTS: Role.ADMIN,
    Scope.SYNC: Role.ADMIN,
    Scope.SEATS: Role.ADMIN,
    Scope.DESK: Role.ADMIN,
    Scope.PEOPLE: Role.OWNER,
    Scope.INGEST: Role.ADMIN,
    Scope.PANEL: Role.ADMIN,
    Scope.TOKENS: Role.ADMIN,
}
RISING = (Role.VIEWER, Role.ADMIN, Role.OWNER)


def covers(role: Role | None, scope: Scope) -> bool:
    """Whether somebody in this role may do what the scope allows."""
    return role is not None and RISING.index(role) >= RISING.index(LEAST[scope])


class Token(Struct, frozen=True, kw_only=True):
    """``start`` is how the token begins: enough to tell it from others, not to use it."""

    id: int
    label: str
    start: str
    scopes: list[str]
    made_by: str
    made_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class Used(Struct, frozen=True, kw_only=True):
    """One call with a token that works. ``calls`` are those since ``minute_at``, this one included.

    ``role`` is what its maker may do in the workspace by now; None: nothing any more. A token that was made on the
    command line has no maker and the rights of whoever runs the installation.
    """

    id: int
    workspace_id: int
    label: str
    scopes: list[str]
    made_by: str
    maker_id: int | None
    role: str | None
    minute_at: datetime
    calls: int


@scoped
async def make_token(
    connection: Connection,
    workspace: int,
    *,
    label: str,
    scopes: Collection[Scope],
    by: str,
    now: datetime,
    maker: int | None = None,
) -> str:
    """The new token. Only its hash is kept: it can be shown once. ``maker``: the account whose rights bound it."""
    token = PREFIX + secrets.token_urlsafe(32)
    kept = Jsonb(sorted(scope.value for scope in scopes))
    await connection.execute(
        """
        INSERT INTO api_token (workspace_id, label, start, token_hash, scopes, made_by, made_at, maker_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [workspace, label, token[:8], hashed(token), kept, by, now, maker],
    )
    return token


@scoped
async def load_tokens(connection: Connection, workspace: int) -> list[Token]:
    """All there ever were, those that still work first, the newest first."""
    async with connection.cursor(row_factory=class_row(Token)) as cursor:
        await cursor.execute(
            """
            SELECT id, label, start, scopes, made_by, made_at, used_at, revoked_at FROM api_token
            WHERE workspace_id = %s ORDER BY revoked_at IS NOT NULL, id DESC LIMIT 200
            """,
            [workspace],
        )
        return await cursor.fetchall()


@scoped
async def revoke_token(connection: Connection, workspace: int, number: int, now: datetime) -> str | None:
    """Its label; None where there is none that works. It counts from the next call on."""
    cursor = await connection.execute(
        """
        UPDATE api_token SET revoked_at = %s WHERE workspace_id = %s AND id = %s AND revoked_at IS NULL RETURNING label
        """,
        [now, workspace, number],
    )
    row = await cursor.fetchone()
    return str(row[0]) if row else None


async def use_token(connection: Connection, token: str, now: datetime) -> Used | None:
    """Whose it is, counting the call; None where it is unknown or revoked."""
    async with connection.cursor(row_factory=class_row(Used)) as cursor:
        await cursor.execute(
            f"""
            UPDATE api_token SET used_at = %(now)s,
                minute_at = CASE WHEN minute_at > %(since)s THEN minute_at ELSE %(now)s END,
                calls = CASE WHEN minute_at > %(since)s THEN calls + 1 ELSE 1 END
            WHERE token_hash = %(hash)s AND revoked_at IS NULL
            RETURNING id, workspace_id, label, scopes, made_by, maker_id, minute_at, calls, CASE
                WHEN maker_id IS NULL THEN 'owner'
                ELSE (SELECT {ROLE} FROM auth_user AS person
                      LEFT JOIN membership
                          ON membership.user_id = person.id AND membership.workspace_id = api_token.workspace_id
                      WHERE person.id = maker_id AND person.is_active)
                END AS role
            """,  # noqa: S608 - a constant
            {"hash": hashed(token), "now": now, "since": now - MINUTE},
        )
        return await cursor.fetchone()
