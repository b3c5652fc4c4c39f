"""Who is whom: Recruiter's seat holders, the ATS's users, and the links between them with their history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.records import User
from landbridge.store.database import Connection
from landbridge.store.scope import scoped

MOST_FOUND = 12


class SeatFound(Struct, frozen=True, kw_only=True):
    """A seat as LinkedIn told of it."""

    urn: str
    first_name: str
    last_name: str
    email: str | None = None
    person_urn: str | None = None
    admin: bool = False


class Seat(Struct, frozen=True, kw_only=True):
    """A seat with the user it is linked to. ``shared``: the user has another seat of the same contract too."""

    id: int
    contract: str
    urn: str
    first_name: str
    last_name: str
    email: str | None
    admin: bool
    left_at: datetime | None
    user: int | None
    user_key: str | None
    user_first_name: str | None
    user_last_name: str | None
    user_email: str | None
    user_active: bool | None
    reason: str | None
    made_by: str | None
    made_at: datetime | None
    shared: bool

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.urn

    @property
    def conflicts(self) -> list[str]:
        """What contradicts: the seat has ``left``, its user is ``deactivated``, or ``shared`` with another seat."""
        linked = self.user is not None
        found = {
            "left": linked and self.left_at is not None,
            "deactivated": linked and not self.user_active,
            "shared": self.shared and self.left_at is None,
        }
        return [name for name, so in found.items() if so]

    @property
    def user_name(self) -> str:
        return f"{self.user_first_name or ''} {self.user_last_name or ''}".strip() or (self.user_email or "")


class FoundUser(Struct, frozen=True, kw_only=True):
    id: int
    key: str
    first_name: str
    last_name: str
    email: str | None
    role: str | None
    active: bool
    seats: int

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or (self.email or self.key)


class Suggestion(Struct, frozen=True):
    """That a seat may be this user. ``certain``: nobody else could be meant, on either side."""

    seat: int
    user: int
    user_name: str
    user_email: str | None
    reason: str
    certain: bool


class PastLink(Struct, frozen=True, kw_only=True):
    user_name: str
    reason: str
    made_by: str
    made_at: datetime
    ended_by: str
    ended_at: datetime | None


class Holder(Struct, frozen=True, kw_only=True):
    """Who holds a seat: the linked user's name where there is one, else as LinkedIn has it."""

    name: str
    user_key: str | None


class SeatCounts(Struct, frozen=True, kw_only=True):
    seats: int
    linked: int
    left: int
    shared: int
    deactivated: int
    users: int


@scoped
async def save_seats(
    connection: Connection, workspace: int, contract: str, found: Sequence[SeatFound], now: datetime
) -> None:
    """All active seats of a contract, as just read: those not among them have left. Call it inside a transaction."""
    async with connection.cursor() as cursor:
        await cursor.execute(
            """
            INSERT INTO seat (workspace_id, contract, urn, first_name, last_name, email, person_urn, admin, seen_at)
            SELECT %s, %s, f.*, %s FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bool[])
                AS f(urn, first_name, last_name, email, person_urn, admin)
            ON CONFLICT (workspace_id, urn) DO UPDATE SET contract = excluded.contract,
                first_name = excluded.first_name, last_name = excluded.last_name,
                email = coalesce(excluded.email, seat.email),
                person_urn = coalesce(excluded.person_urn, seat.person_urn),
                admin = excluded.admin, seen_at = excluded.seen_at, left_at = NULL
            """,
            [workspace, contract, now, *_columns(found, "urn first_name last_name email person_urn admin")],
        )
        await cursor.execute(
            """
            UPDATE seat SET left_at = %s
            WHERE workspace_id = %s AND contract = %s AND seen_at < %s AND left_at IS NULL
            """,
            [now, workspace, contract, now],
        )


@scoped
async def save_users(connection: Connection, workspace: int, found: Sequence[User], now: datetime) -> None:
    """Some users of the ATS, as just read."""
    async with connection.cursor() as cursor:
        await cursor.execute(
            """
            INSERT INTO ats_user (workspace_id, key, first_name, last_name, email, role, active, seen_at)
            SELECT DISTINCT ON (f.key) %s, f.*, %s
            FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bool[])
                AS f(key, first_name, last_name, email, role, active)
            ON CONFLICT (workspace_id, key) DO UPDATE SET first_name = excluded.first_name,
                last_name = excluded.last_name, email = excluded.email, role = excluded.role,
                active = excluded.active, seen_at = excluded.seen_at, gone_at = NULL
            """,
            [workspace, now, *_columns(found, "id first_name last_name email role active")],
        )


@scoped
async def forget_unseen_users(connection: Connection, workspace: int, since: datetime, now: datetime) -> None:
    """After all users were read: those not met since then are gone from the ATS."""
    await connection.execute(
        "UPDATE ats_user SET gone_at = %s WHERE workspace_id = %s AND seen_at < %s AND gone_at IS NULL",
        [now, workspace, since],
    )


def _columns(rows: Sequence[Any], names: str) -> list[list[Any]]:
    return [[getattr(row, name) for row in rows] for name in names.split()]


_LINKED = """
WITH twice AS MATERIALIZED (
    SELECT o.contract, k.user_id FROM seat_link k JOIN seat o ON o.id = k.seat_id
    WHERE k.workspace_id = %(workspace)s AND k.ended_at IS NULL GROUP BY o.contract, k.user_id HAVING count(*) > 1
)
SELECT s.id, s.contract, s.urn, s.first_name, s.last_name, s.email, s.admin, s.left_at, l.user_id AS user,
       u.key AS user_key, u.first_name AS user_first_name, u.last_name AS user_last_name, u.email AS user_email,
       u.active AND u.gone_at IS NULL AS user_active, l.reason, l.made_by, l.made_at,
       twice.user_id IS NOT NULL AS shared
FROM seat s
LEFT JOIN seat_link l ON l.seat_id = s.id AND l.ended_at IS NULL
LEFT JOIN ats_user u ON u.id = l.user_id
LEFT JOIN twice ON twice.contract = s.contract AND twice.user_id = l.user_id
WHERE s.workspace_id = %(workspace)s
"""

# What the page offers to look at; the words are the page's.
SHOWN = {
    "all": "true",
    "open": "user_key IS NULL AND left_at IS NULL",
    "linked": "user_key IS NOT NULL AND left_at IS NULL",
    "trouble": "(user_key IS NOT NULL AND (shared OR left_at IS NOT NULL OR NOT user_active))",
    "left": "left_at IS NOT NULL",
}


@scoped
async def load_seats(
    connection: Connection,
    workspace: int,
    *,
    shown: str = "all",
    contract: str | None = None,
    named: str = "",
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[Seat], int]:
    """One page of seats by name, and how many there are in all. ``shown`` is a key of SHOWN."""
    where = {"workspace": workspace, "contract": contract, "named": f"%{_escaped(named)}%"}
    selected = f"""
        FROM ({_LINKED}) found WHERE {SHOWN[shown]} AND (%(contract)s::text IS NULL OR contract = %(contract)s)
        AND (first_name || ' ' || last_name || ' ' || coalesce(email, '')) ILIKE %(named)s
    """
    cursor = await connection.execute(
        f"""
        WITH chosen AS MATERIALIZED (SELECT * {selected})
        SELECT (SELECT count(*) FROM chosen), page.* FROM (VALUES (0)) AS always LEFT JOIN (
            SELECT * FROM chosen ORDER BY last_name, first_name, id LIMIT %(limit)s OFFSET %(offset)s
        ) AS page ON true ORDER BY last_name, first_name, id
        """.encode(),  # noqa: S608 - constants
        {**where, "limit": limit, "offset": offset},
    )
    rows = await cursor.fetchall()
    names = [column.name for column in cursor.description or ()][1:]
    return [Seat(**dict(zip(names, row, strict=True))) for _, *row in rows if row[0] is not None], int(rows[0][0])


@scoped
async def load_seat(connection: Connection, workspace: int, number: int) -> Seat | None:
    async with connection.cursor(row_factory=class_row(Seat)) as cursor:
        await cursor.execute(
            f"SELECT * FROM ({_LINKED}) found WHERE id = %(number)s",  # noqa: S608 - constants
            {"workspace": workspace, "number": number},
        )
        return await cursor.fetchone()


@scoped
async def seats_of_person(connection: Connection, workspace: int, person_urn: str) -> list[int]:
    """The seats that a LinkedIn member holds, on any contract; those who left hold none."""
    cursor = await connection.execute(
        "SELECT id FROM seat WHERE workspace_id = %s AND person_urn = %s AND left_at IS NULL ORDER BY id",
        [workspace, person_urn],
    )
    return [int(number) for (number,) in await cursor.fetchall()]


@scoped
async def load_user(connection: Connection, workspace: int, number: int) -> str | None:
    """The name of an active user of the ATS; None where there is none (any more)."""
    cursor = await connection.execute(
        """
        SELECT coalesce(nullif(trim(first_name || ' ' || last_name), ''), email, key) FROM ats_user
        WHERE workspace_id = %s AND id = %s AND active AND gone_at IS NULL
        """,
        [workspace, number],
    )
    row = await cursor.fetchone()
    return str(row[0]) if row else None


@scoped
async def load_holder(connection: Connection, workspace: int, urn: str) -> Holder | None:
    async with connection.cursor(row_factory=class_row(Holder)) as cursor:
        await cursor.execute(
            """
            SELECT coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''),
                            nullif(trim(s.first_name || ' ' || s.last_name), ''), 'a recruiter') AS name,
                   u.key AS user_key
            FROM seat s LEFT JOIN seat_link l ON l.seat_id = s.id AND l.ended_at IS NULL
            LEFT JOIN ats_user u ON u.id = l.user_id
            WHERE s.workspace_id = %s AND s.urn = %s
            """,
            [workspace, urn],
        )
        return await cursor.fetchone()


@scoped
async def count_seats(connection: Connection, workspace: int) -> SeatCounts:
    async with connection.cursor(row_factory=class_row(SeatCounts)) as cursor:
        await cursor.execute(
            f"""
            SELECT count(*) FILTER (WHERE left_at IS NULL) AS seats,
                   count(*) FILTER (WHERE left_at IS NULL AND user_key IS NOT NULL) AS linked,
                   count(*) FILTER (WHERE left_at IS NOT NULL AND user_key IS NOT NULL) AS "left",
                   count(*) FILTER (WHERE shared AND left_at IS NULL) AS shared,
                   count(*) FILTER (WHERE user_key IS NOT NULL AND NOT user_active) AS deactivated,
                   (SELECT count(*) FROM ats_user WHERE workspace_id = %(workspace)s AND active AND gone_at IS NULL)
                       AS users
            FROM ({_LINKED}) found
            """,  # noqa: S608 - constants
            {"workspace": workspace},
        )
        found = await cursor.fetchone()
    assert found is not None
    return found


@scoped
async def find_users(connection: Connection, workspace: int, text: str, *, limit: int = MOST_FOUND) -> list[FoundUser]:
    """Users whose name or address holds each word of ``text``; those whose name begins with it first."""
    words = [f"%{_escaped(word)}%" for word in text.split()[:6]]
    async with connection.cursor(row_factory=class_row(FoundUser)) as cursor:
        await cursor.execute(
            """
            SELECT id, key, first_name, last_name, email, role, active,
                   (SELECT count(*) FROM seat_link l WHERE l.user_id = u.id AND l.ended_at IS NULL) AS seats
            FROM ats_user u
            WHERE workspace_id = %(workspace)s AND active AND gone_at IS NULL
              AND (first_name || ' ' || last_name || ' ' || coalesce(email, '')) ILIKE ALL (%(words)s::text[])
            ORDER BY (first_name ILIKE %(begins)s OR last_name ILIKE %(begins)s) DESC, last_name, first_name, id
            LIMIT %(limit)s
            """,
            {"workspace": workspace, "words": words, "begins": f"{_escaped(text.strip())}%", "limit": limit},
        )
        return await cursor.fetchall()


# A seat and a user belong together by e-mail, or by name. It is certain where each is the other's only one.
_SUGGESTIONS = """
WITH open_seats AS (
    SELECT s.id, lower(s.email) COLLATE "C" AS email, lower(s.first_name || ' ' || s.last_name) COLLATE "C" AS name
    FROM seat s WHERE s.workspace_id = %(workspace)s AND s.left_at IS NULL
      AND NOT EXISTS (SELECT FROM seat_link l WHERE l.seat_id = s.id AND l.ended_at IS NULL)
), people AS (
    SELECT id, first_name || ' ' || last_name AS shown, email AS address,
           lower(email) COLLATE "C" AS email, lower(first_name || ' ' || last_name) COLLATE "C" AS name
    FROM ats_user WHERE workspace_id = %(workspace)s AND active AND gone_at IS NULL
), pairs AS (
    -- Two joins by equality; one join with OR would compare everybody with everybody. Compared by bytes: that alone
    -- halves the time.
    SELECT s.id AS seat, p.id AS user, p.shown AS user_name, p.address AS user_email, 'same_email' AS reason
    FROM open_seats s JOIN people p ON s.email = p.email
    UNION ALL
    SELECT s.id, p.id, p.shown, p.address, 'same_name'
    FROM open_seats s JOIN people p ON s.name = p.name AND trim(s.name) <> ''
), best AS (
    SELECT *, min(reason) OVER (PARTITION BY seat) AS strongest FROM pairs
), judged AS (
    SELECT *, count(*) OVER (PARTITION BY seat) AS of_seat, count(*) OVER (PARTITION BY "user", reason) AS of_user
    FROM best WHERE reason = strongest
)
SELECT seat, "user", user_name, user_email, reason, of_seat = 1 AND of_user = 1 AND NOT EXISTS (
    SELECT FROM seat_link l JOIN seat taken ON taken.id = l.seat_id AND taken.left_at IS NULL
    JOIN seat this ON this.id = judged.seat AND this.contract = taken.contract
    WHERE l.user_id = judged.user AND l.ended_at IS NULL) AS certain
FROM judged
"""
_ASKED_FOR = "SELECT * FROM found WHERE %(only)s::bigint[] IS NULL OR seat = ANY(%(only)s) ORDER BY seat, user_name"
# One row at least, with the count, and one for each suggestion.
_WEIGHED = """
SELECT counted.certain_ones, shown.* FROM (SELECT count(*) FILTER (WHERE certain) AS certain_ones FROM found) AS counted
LEFT JOIN found AS shown ON shown.seat = ANY(%(only)s) ORDER BY shown.seat, shown.user_name
"""


@scoped
async def suggest_links(connection: Connection, workspace: int, seats: Sequence[int] | None = None) -> list[Suggestion]:
    """Who a seat without a user may be, by the same e-mail address or else the same name. ``seats`` None: all."""
    async with connection.cursor(row_factory=class_row(Suggestion)) as cursor:
        only = None if seats is None else list(seats)
        statement = f"WITH found AS ({_SUGGESTIONS}) {_ASKED_FOR}"
        await cursor.execute(statement.encode(), {"workspace": workspace, "only": only})
        return await cursor.fetchall()


@scoped
async def weigh_links(connection: Connection, workspace: int, seats: Sequence[int]) -> tuple[list[Suggestion], int]:
    """Suggestions for these seats, and how many seats of all can be one user only.

    The rest stays in the database: a page shows few of thousands.
    """
    statement = f"WITH found AS MATERIALIZED ({_SUGGESTIONS}) {_WEIGHED}"
    cursor = await connection.execute(statement.encode(), {"workspace": workspace, "only": list(seats)})
    rows = await cursor.fetchall()
    return [Suggestion(*row) for _, *row in rows if row[0] is not None], rows[0][0]


@scoped
async def link_seat(
    connection: Connection, workspace: int, seat: int, user: int, *, reason: str, by: str, now: datetime
) -> bool:
    """Say that a seat is this user; an older link ends. False where either does not exist (any more).

    Saying what is so already changes nothing, but for the word of the person, which is better than anybody else's.
    Call it inside a transaction.
    """
    cursor = await connection.execute(
        """
        SELECT l.user_id, l.reason FROM seat s JOIN ats_user u ON u.id = %s AND u.workspace_id = s.workspace_id
        LEFT JOIN seat_link l ON l.seat_id = s.id AND l.ended_at IS NULL
        WHERE s.workspace_id = %s AND s.id = %s AND u.gone_at IS NULL FOR UPDATE OF s
        """,
        [user, workspace, seat],
    )
    row = await cursor.fetchone()
    if row is None:
        return False
    if row[0] == user and (reason != "confirmed" or row[1] == reason):
        return True
    await unlink_seat(connection, workspace, seat, by=by, now=now)
    await connection.execute(
        """
        INSERT INTO seat_link (workspace_id, seat_id, user_id, reason, made_by, made_at)
        VALUES (%s, %s, %s, %s, %s, %s)
        """,
        [workspace, seat, user, reason, by, now],
    )
    return True


@scoped
async def unlink_seat(connection: Connection, workspace: int, seat: int, *, by: str, now: datetime) -> bool:
    """Whether the seat had a user."""
    cursor = await connection.execute(
        """
        UPDATE seat_link SET ended_by = %s, ended_at = %s
        WHERE workspace_id = %s AND seat_id = %s AND ended_at IS NULL
        """,
        [by, now, workspace, seat],
    )
    return cursor.rowcount > 0


@scoped
async def load_history(connection: Connection, workspace: int, seat: int) -> list[PastLink]:
    """Whom the seat was linked to, the newest first."""
    async with connection.cursor(row_factory=class_row(PastLink)) as cursor:
        await cursor.execute(
            """
            SELECT u.first_name || ' ' || u.last_name AS user_name, l.reason, l.made_by, l.made_at, l.ended_by,
                   l.ended_at
            FROM seat_link l JOIN ats_user u ON u.id = l.user_id
            WHERE l.workspace_id = %s AND l.seat_id = %s ORDER BY l.id DESC
            """,
            [workspace, seat],
        )
        return await cursor.fetchall()


def _escaped(text: str) -> str:
    """A text that ILIKE takes literally."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
