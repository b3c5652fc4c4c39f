"""What the candidate panel shows of one candidate: where it stands on LinkedIn, and what recruiters wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.database import Connection
from landbridge.store.finding import by_key, by_pointer
from landbridge.store.scope import scoped

MOST_MESSAGES = 200
MOST_APPLICATIONS = 100
# Beside the other choices of a workspace.
CHOICE = "panel_origins"


class Stand(Struct, frozen=True, kw_only=True):
    """A candidate and where it stands; ``state`` None: there is no delivery yet.

    ``read_at``: when LinkedIn was last asked who it is; ``person_urn`` its answer.
    """

    record: int
    gone: bool
    state: str | None
    reason: str | None
    since: datetime | None
    sent_at: datetime | None
    person_urn: str | None
    read_at: datetime | None


class ApplicationStand(Struct, frozen=True, kw_only=True):
    """An application by the title of its job, "" where that is not known yet."""

    title: str
    state: str
    reason: str
    since: datetime
    sent_at: datetime | None


class Viewer(Struct, frozen=True, kw_only=True):
    """A user of the ATS with the seats of Recruiter that are theirs, and those seats' contracts."""

    name: str
    active: bool
    seats: tuple[str, ...]
    contracts: tuple[str, ...]

    @property
    def connected(self) -> bool:
        return self.active and bool(self.seats)


class Message(Struct, frozen=True, kw_only=True):
    """An InMail or a note, whoever may see it. ``contract`` is that of the seat whose it is."""

    kind: str
    at: datetime | None
    seat: str | None
    contract: str | None
    author: str | None
    private: bool
    outgoing: bool | None
    subject: str
    text: str
    edited_at: datetime | None

    def __repr__(self) -> str:
        return f"Message({self.kind})"


@scoped
async def load_stand(connection: Connection, workspace: int, candidate: str) -> Stand | None:
    """None: the mirror does not know the candidate."""
    async with connection.cursor(row_factory=class_row(Stand)) as cursor:
        await cursor.execute(
            f"""
            SELECT r.id AS record, r.gone, d.state, d.reason, d.changed_at AS since, d.sent_at, m.person_urn, m.read_at
            FROM {by_key("'candidate'", "%(candidate)s")} AS r
            LEFT JOIN delivery d ON d.record_id = r.id LEFT JOIN match m ON m.record_id = r.id
            """,  # noqa: S608 - built from constants
            {"workspace": workspace, "candidate": candidate},
        )
        return await cursor.fetchone()


@scoped
async def load_applications(connection: Connection, workspace: int, candidate: str) -> list[ApplicationStand]:
    """Those the ATS has, the one that changed last first."""
    async with connection.cursor(row_factory=class_row(ApplicationStand)) as cursor:
        await cursor.execute(
            f"""
            SELECT coalesce(j.body ->> 'title', '') AS title, d.state, d.reason, d.changed_at AS since, d.sent_at
            FROM {by_pointer("'application'", "parent_key", "%(candidate)s")} AS a
            JOIN delivery d ON d.record_id = a.id LEFT JOIN {by_key("'job'", "a.job_key")} AS j ON true
            WHERE NOT a.gone ORDER BY a.changed_at DESC, a.id DESC LIMIT %(most)s
            """,  # noqa: S608 - built from constants
            {"workspace": workspace, "candidate": candidate, "most": MOST_APPLICATIONS},
        )
        return await cursor.fetchall()


@scoped
async def load_viewer(connection: Connection, workspace: int, user: str) -> Viewer | None:
    """None: no such user of the ATS is known. Seats that were left do not count."""
    async with connection.cursor(row_factory=class_row(Viewer)) as cursor:
        await cursor.execute(
            """
            SELECT coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.key) AS name,
                   u.active AND u.gone_at IS NULL AS active,
                   coalesce(array_agg(s.urn) FILTER (WHERE s.id IS NOT NULL), '{}') AS seats,
                   coalesce(array_agg(DISTINCT s.contract) FILTER (WHERE s.id IS NOT NULL), '{}') AS contracts
            FROM ats_user u LEFT JOIN seat_link l ON l.user_id = u.id AND l.ended_at IS NULL
            LEFT JOIN seat s ON s.id = l.seat_id AND s.left_at IS NULL
            WHERE u.workspace_id = %s AND u.key = %s GROUP BY u.id
            """,
            [workspace, user],
        )
        found = await cursor.fetchone()
    return found and Viewer(
        name=found.name, active=found.active, seats=tuple(found.seats), contracts=tuple(found.contracts)
    )


@scoped
async def load_messages(connection: Connection, workspace: int, stand: Stand) -> list[Message]:
    """What was written to or about the candidate, or about the member it is, the newest first.

    Not what was taken back, there or on the desk. What is set aside is so because only its author may see it.
    """
    # The workspace stands behind a SELECT: see store.finding.
    async with connection.cursor(row_factory=class_row(Message)) as cursor:
        await cursor.execute(
            """
            SELECT a.kind, a.at, a.body ->> 'seat' AS seat, coalesce(s.contract, a.body ->> 'contract') AS contract,
                   coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''),
                            nullif(trim(s.first_name || ' ' || s.last_name), '')) AS author,
                   coalesce((a.body ->> 'private')::boolean, false) AS private,
                   (a.body ->> 'outgoing')::boolean AS outgoing, coalesce(a.body ->> 'subject', '') AS subject,
                   coalesce(a.body ->> 'body', a.body ->> 'text', '') AS text,
                   nullif(a.version_at, a.at) AS edited_at
            FROM arrival a LEFT JOIN seat s ON s.workspace_id = a.workspace_id AND s.urn = a.body ->> 'seat'
            LEFT JOIN seat_link l ON l.seat_id = s.id AND l.ended_at IS NULL
            LEFT JOIN ats_user u ON u.id = l.user_id
            WHERE a.workspace_id = (SELECT %(workspace)s) AND a.kind IN ('inmail', 'note')
              AND (a.record_id = %(record)s OR (a.record_id IS NULL AND a.person_urn = %(person)s))
              AND (a.state <> 'set_aside' OR a.reason = 'private')
              AND coalesce((a.body ->> 'active')::boolean, true)
              AND NOT coalesce((a.choice ->> 'withdrawn')::boolean, false)
            ORDER BY a.at DESC NULLS LAST, a.id DESC LIMIT %(limit)s
            """,
            {"workspace": workspace, "record": stand.record, "person": stand.person_urn, "limit": MOST_MESSAGES},
        )
        return await cursor.fetchall()


@scoped
async def forget_match(connection: Connection, workspace: int, candidate: str) -> bool:
    """Somebody has said in LinkedIn's widget who the candidate is, or is not: it has to be asked for anew."""
    cursor = await connection.execute(
        f"""DELETE FROM match
            WHERE record_id = (SELECT r.id FROM {by_key("'candidate'", "%(candidate)s")} AS r)""",  # noqa: S608 - built from constants
        {"workspace": workspace, "candidate": candidate},
    )
    return cursor.rowcount > 0


def origins_in(choices: Mapping[str, Any]) -> list[str]:
    """Whose pages may show the panel, by the choices of a workspace."""
    found = choices.get(CHOICE)
    return [str(one) for one in found] if isinstance(found, list) else []
