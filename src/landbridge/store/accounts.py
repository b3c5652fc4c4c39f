"""Who may sign in: Django's own users, the first admin, one-time links, and the brake on guessing.

Written with plain SQL so that processes without Django (the demo, the command line) can make a link as well.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from msgspec import Struct
from psycopg import errors
from psycopg.rows import class_row

from landbridge.store.database import Connection

LINK_LIFE = timedelta(minutes=15)
TRIES_PER_ADDRESS = 10
# Higher, because anybody could use this up to keep the real person out; a one-time link works even then.
TRIES_PER_NAME = 50
ATTEMPTS_WITHIN = timedelta(minutes=15)
FIRST_ADMIN = "admin"

NAME_TAKEN = "name_taken"
ALREADY_CLAIMED = "already_claimed"


class Account(Struct, frozen=True, kw_only=True):
    """``runs``: this person runs the installation. ``last_login`` None: never came in."""

    id: int
    username: str
    email: str
    runs: bool
    active: bool
    last_login: datetime | None
    second_factor: bool
    workspaces: list[str]


async def ensure_admin(connection: Connection, now: datetime, username: str = FIRST_ADMIN) -> int:
    """The number of the first admin, made (without a password) where nobody can sign in yet."""
    cursor = await connection.execute("SELECT id FROM auth_user WHERE is_superuser AND is_active ORDER BY id LIMIT 1")
    if row := await cursor.fetchone():
        return int(row[0])
    cursor = await connection.execute(
        """
        INSERT INTO auth_user (username, password, first_name, last_name, email, is_superuser, is_staff, is_active,
                               date_joined)
        VALUES (%s, %s, '', '', '', true, true, true, %s)
        ON CONFLICT (username) DO UPDATE SET is_superuser = true, is_active = true RETURNING id
        """,
        # What begins with "!" is no password in Django's eyes; the rest keeps two of them from being equal.
        [username, "!" + secrets.token_urlsafe(30)[:40], now],
    )
    made = await cursor.fetchone()
    return int(made[0]) if made else 0


async def needs_first_admin(connection: Connection) -> bool:
    """Whether nobody who runs this installation can come in by themselves yet."""
    cursor = await connection.execute(
        """
        SELECT NOT EXISTS (
            SELECT FROM auth_user LEFT JOIN socialaccount_socialaccount AS sso ON sso.user_id = auth_user.id
            WHERE is_superuser AND is_active AND (password NOT LIKE '!%' OR sso.id IS NOT NULL)
        )
        """
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


async def claim_account(connection: Connection, user: int, *, username: str, email: str, password: str) -> str:
    """Give an account that has no password yet its name and password (hashed). "" when done, else why not.

    One statement decides: of two browsers that hold a one-time link each, one becomes the admin.
    """
    try:
        async with connection.transaction():
            cursor = await connection.execute(
                """
                UPDATE auth_user SET username = %s, email = %s, password = %s
                WHERE id = %s AND password LIKE '!%%' AND is_active
                """,
                [username, email, password, user],
            )
    except errors.UniqueViolation:
        return NAME_TAKEN
    return "" if cursor.rowcount else ALREADY_CLAIMED


async def create_account(
    connection: Connection, *, username: str, email: str, password: str, now: datetime
) -> int | None:
    """The number of a new account, which may nothing yet; None where the user name is taken, in whatever case."""
    cursor = await connection.execute(
        """
        INSERT INTO auth_user (username, password, first_name, last_name, email, is_superuser, is_staff, is_active,
                               date_joined)
        SELECT %(name)s::text, %(password)s, '', '', %(email)s, false, false, true, %(now)s
        WHERE NOT EXISTS (SELECT FROM auth_user WHERE lower(username) = lower(%(name)s::text))
        ON CONFLICT (username) DO NOTHING RETURNING id
        """,
        {"name": username, "password": password, "email": email, "now": now},
    )
    row = await cursor.fetchone()
    return int(row[0]) if row else None


async def load_accounts(connection: Connection) -> list[Account]:
    """Everybody, for those who run the installation."""
    async with connection.cursor(row_factory=class_row(Account)) as cursor:
        await cursor.execute(
            """
            SELECT person.id, username, email, is_superuser AS runs, is_active AS active, last_login,
                   EXISTS (SELECT FROM mfa_authenticator WHERE user_id = person.id
                           AND type IN ('totp', 'webauthn')) AS second_factor,
                   ARRAY(SELECT workspace.name FROM membership JOIN workspace ON workspace.id = workspace_id
                         WHERE user_id = person.id ORDER BY workspace.name) AS workspaces
            FROM auth_user AS person ORDER BY username
            """
        )
        return await cursor.fetchall()


async def close_account(connection: Connection, user: int) -> bool:
    """Nobody comes in by this account any more, and whoever is in is out. False for the last who runs the
    installation. Call it inside a transaction."""
    await connection.execute("SELECT id FROM auth_user WHERE is_superuser ORDER BY id FOR UPDATE")
    cursor = await connection.execute(
        """
        UPDATE auth_user SET is_active = false WHERE id = %(user)s AND is_active
          AND (NOT is_superuser OR EXISTS (SELECT FROM auth_user WHERE is_superuser AND is_active AND id <> %(user)s))
        """,
        {"user": user},
    )
    if not cursor.rowcount:
        return False
    await connection.execute(
        "DELETE FROM django_session USING usersessions_usersession AS known "
        "WHERE known.session_key = django_session.session_key AND known.user_id = %s",
        [user],
    )
    await connection.execute("DELETE FROM usersessions_usersession WHERE user_id = %s", [user])
    return True


async def open_account(connection: Connection, user: int) -> bool:
    """Let a closed account in again."""
    cursor = await connection.execute("UPDATE auth_user SET is_active = true WHERE id = %s AND NOT is_active", [user])
    return cursor.rowcount > 0


async def make_sign_in_token(connection: Connection, user: int, now: datetime, life: timedelta = LINK_LIFE) -> str:
    """A token that signs ``user`` in once within ``life``. Only its hash is kept: the database cannot tell it again."""
    token = secrets.token_urlsafe(32)
    await connection.execute("DELETE FROM sign_in_link WHERE expires_at < %s", [now])
    await connection.execute(
        "INSERT INTO sign_in_link (user_id, token_hash, expires_at) VALUES (%s, %s, %s)",
        [user, hashed(token), now + life],
    )
    return token


async def use_sign_in_token(connection: Connection, token: str, now: datetime) -> int | None:
    """Whom the token signs in; None where it is unknown, used or too old. One statement, so it works once only."""
    cursor = await connection.execute(
        """
        UPDATE sign_in_link SET used_at = %(now)s FROM auth_user
        WHERE token_hash = %(hash)s AND used_at IS NULL AND expires_at > %(now)s
          AND auth_user.id = sign_in_link.user_id AND auth_user.is_active
        RETURNING user_id
        """,
        {"now": now, "hash": hashed(token)},
    )
    row = await cursor.fetchone()
    return int(row[0]) if row else None


async def try_sign_in(connection: Connection, address: str, username: str, now: datetime) -> bool:
    """Count one try; False, and nothing counted, where this address or this user name has had too many of late."""
    await connection.execute("DELETE FROM sign_in_attempt WHERE at <= %s", [now - ATTEMPTS_WITHIN])
    cursor = await connection.execute(
        """
        WITH asked (source, most) AS (VALUES (%(address)s::bytea, %(per_address)s), (%(name)s::bytea, %(per_name)s)),
        full_ones AS (
            SELECT 1 FROM asked WHERE most <= (SELECT count(*) FROM sign_in_attempt WHERE source = asked.source)
        )
        INSERT INTO sign_in_attempt (source, at)
        SELECT source, %(now)s FROM asked WHERE NOT EXISTS (SELECT FROM full_ones)
        """,
        {
            "address": hashed(f"address {address}"),
            "name": hashed(f"name {username.casefold()}"),
            "per_address": TRIES_PER_ADDRESS,
            "per_name": TRIES_PER_NAME,
            "now": now,
        },
    )
    return cursor.rowcount > 0


async def forget_tries(connection: Connection, address: str, username: str) -> None:
    """After a sign-in that worked."""
    sources = [hashed(f"address {address}"), hashed(f"name {username.casefold()}")]
    await connection.execute("DELETE FROM sign_in_attempt WHERE source = ANY(%s)", [sources])


def hashed(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
