"""Recruiter contracts of a workspace, and where each stands on its way to being enabled."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.database import Connection
from landbridge.store.scope import scoped

ContractState = Literal[
    "adding", "kept", "requested", "configuring", "waiting", "enabled", "refused", "disabled", "expired", "disconnected"
]

COLUMNS = (
    "id, urn, organization_urn, name, state, paused, problem_code, added_by, added_at, changed_at, requested_at, "
    "configured_at, enabled_at, ended_at, look_at, looks, imported_until"
)


class Contract(Struct, frozen=True, kw_only=True):
    """``urn`` None: an admin is still choosing it. ``problem_code`` says why it was refused or cannot go on.

    ``imported_until``: up to then InMails and notes are in the ATS already, from the integration before this one.
    """

    id: int
    urn: str | None
    organization_urn: str | None
    name: str
    state: ContractState
    paused: bool
    problem_code: str
    added_by: str
    added_at: datetime
    changed_at: datetime
    requested_at: datetime | None
    configured_at: datetime | None
    enabled_at: datetime | None
    ended_at: datetime | None
    look_at: datetime | None
    looks: int
    imported_until: datetime | None = None

    @property
    def number(self) -> str:
        """The number people see in Recruiter."""
        return (self.urn or "").rpartition(":")[2]


@scoped
async def load_contracts(connection: Connection, workspace: int) -> list[Contract]:
    """In the order in which they were added; the one being added last."""
    async with connection.cursor(row_factory=class_row(Contract)) as cursor:
        await cursor.execute(
            f"SELECT {COLUMNS} FROM contract WHERE workspace_id = %s ORDER BY urn IS NULL, id",  # noqa: S608 - a constant
            [workspace],
        )
        return await cursor.fetchall()


@scoped
async def load_contract(connection: Connection, workspace: int, number: int) -> Contract | None:
    async with connection.cursor(row_factory=class_row(Contract)) as cursor:
        await cursor.execute(
            f"SELECT {COLUMNS} FROM contract WHERE workspace_id = %s AND id = %s",  # noqa: S608 - a constant
            [workspace, number],
        )
        return await cursor.fetchone()


@scoped
async def begin_contract(connection: Connection, workspace: int, *, by: str, now: datetime) -> Contract:
    """The contract that is being added: a new one, or the one somebody has begun already."""
    async with connection.cursor(row_factory=class_row(Contract)) as cursor:
        await cursor.execute(
            f"""
            INSERT INTO contract (workspace_id, added_by, added_at, changed_at) VALUES (%s, %s, %s, %s)
            ON CONFLICT (workspace_id) WHERE urn IS NULL DO UPDATE SET problem_code = '', state = 'adding',
                changed_at = excluded.changed_at
            RETURNING {COLUMNS}
            """,  # noqa: S608 - a constant
            [workspace, by, now, now],
        )
        found = await cursor.fetchone()
    assert found is not None
    return found


@scoped
async def drop_begun_contract(connection: Connection, workspace: int) -> bool:
    """Give up adding; whether there was anything to give up."""
    cursor = await connection.execute("DELETE FROM contract WHERE workspace_id = %s AND urn IS NULL", [workspace])
    return cursor.rowcount > 0


@scoped
async def save_requested(
    connection: Connection, workspace: int, *, urn: str, organization_urn: str, by: str, now: datetime
) -> Contract:
    """LinkedIn knows of the request for this contract. One that was enabled already stays so; an ended one begins anew.

    Takes the place of the contract being added. Call it inside a transaction.
    """
    await drop_begun_contract(connection, workspace)
    async with connection.cursor(row_factory=class_row(Contract)) as cursor:
        await cursor.execute(
            f"""
            INSERT INTO contract (workspace_id, urn, organization_urn, state, added_by, added_at, changed_at,
                                  requested_at, look_at)
            VALUES (%(workspace)s, %(urn)s, %(organization)s, 'requested', %(by)s, %(now)s, %(now)s, %(now)s, %(now)s)
            ON CONFLICT (workspace_id, urn) DO UPDATE SET organization_urn = excluded.organization_urn,
                state = CASE WHEN contract.state IN ('waiting', 'enabled', 'disabled') THEN contract.state
                             ELSE 'requested' END,
                problem_code = '', changed_at = excluded.changed_at, requested_at = excluded.requested_at,
                ended_at = NULL, look_at = excluded.look_at, looks = 0
            RETURNING {COLUMNS}
            """,  # noqa: S608 - a constant
            {"workspace": workspace, "urn": urn, "organization": organization_urn, "by": by, "now": now},
        )
        found = await cursor.fetchone()
    assert found is not None
    return found


@scoped
async def keep_contract(
    connection: Connection,
    workspace: int,
    *,
    urn: str,
    by: str,
    now: datetime,
    imported_until: datetime | None,
) -> None:
    """Take over a contract of the integration before this one; it still has to be requested. One that is on its way
    here already stays where it is. Call it inside a transaction."""
    await connection.execute(
        """
        INSERT INTO contract (workspace_id, urn, state, added_by, added_at, changed_at, imported_until)
        VALUES (%(workspace)s, %(urn)s, 'kept', %(by)s, %(now)s, %(now)s, %(until)s)
        ON CONFLICT (workspace_id, urn) DO UPDATE SET state = 'kept', problem_code = '', ended_at = NULL,
            changed_at = excluded.changed_at, look_at = NULL, looks = 0, imported_until = excluded.imported_until
        WHERE contract.state IN ('kept', 'refused', 'disconnected')
        """,
        {"workspace": workspace, "urn": urn, "by": by, "now": now, "until": imported_until},
    )


@scoped
async def has_other_owner(connection: Connection, workspace: int, urn: str) -> bool:
    """Whether another workspace has this contract, and has not disconnected it."""
    cursor = await connection.execute(
        "SELECT FROM contract WHERE workspace_id <> %s AND urn = %s AND state <> 'disconnected' LIMIT 1",
        [workspace, urn],
    )
    return await cursor.fetchone() is not None


@scoped
async def move_contract(
    connection: Connection,
    workspace: int,
    number: int,
    state: ContractState,
    *,
    now: datetime,
    among: Collection[ContractState] | None = None,
    problem_code: str = "",
) -> bool:
    """Put a contract into a state; False where it was in none of ``among`` any more, or is in it with this problem."""
    cursor = await connection.execute(
        """
        UPDATE contract SET state = %(state)s, problem_code = %(problem)s, changed_at = %(now)s, looks = 0,
            look_at = CASE WHEN %(state)s IN ('refused', 'disconnected') THEN NULL ELSE %(now)s END,
            configured_at = CASE WHEN %(state)s = 'waiting' THEN coalesce(configured_at, %(now)s)
                                 ELSE configured_at END,
            enabled_at = CASE WHEN %(state)s = 'enabled' THEN %(now)s ELSE enabled_at END,
            ended_at = CASE WHEN %(state)s IN ('expired', 'disconnected') THEN %(now)s ELSE NULL END
        WHERE workspace_id = %(workspace)s AND id = %(number)s
          AND (%(among)s::text[] IS NULL OR state = ANY(%(among)s))
          AND (state, problem_code) IS DISTINCT FROM (%(state)s, %(problem)s)
        """,
        {
            "workspace": workspace, "number": number, "state": state, "problem": problem_code, "now": now,
            "among": None if among is None else list(among),
        },
    )  # fmt: skip
    return cursor.rowcount > 0


@scoped
async def note_look(connection: Connection, workspace: int, number: int, *, again_at: datetime | None) -> None:
    """Its integrations were asked for; when they shall be again."""
    await connection.execute(
        "UPDATE contract SET looks = looks + 1, look_at = %s WHERE workspace_id = %s AND id = %s",
        [again_at, workspace, number],
    )


@scoped
async def hurry_looks(connection: Connection, workspace: int, now: datetime) -> None:
    """Somebody expects news: ask soon and often again."""
    await connection.execute(
        "UPDATE contract SET looks = 0, look_at = %s WHERE workspace_id = %s AND look_at IS NOT NULL", [now, workspace]
    )


@scoped
async def pause_contract(connection: Connection, workspace: int, number: int, *, paused: bool, now: datetime) -> bool:
    cursor = await connection.execute(
        "UPDATE contract SET paused = %s, changed_at = %s WHERE workspace_id = %s AND id = %s AND paused <> %s",
        [paused, now, workspace, number, paused],
    )
    return cursor.rowcount > 0


@scoped
async def name_contract(connection: Connection, workspace: int, number: int, name: str) -> None:
    """A name of the admin's own, beside LinkedIn's number."""
    await connection.execute(
        "UPDATE contract SET name = %s WHERE workspace_id = %s AND id = %s", [name, workspace, number]
    )


@scoped
async def may_send(connection: Connection, workspace: int) -> bool:
    """Whether data may go to LinkedIn as far as people here are concerned.

    Somebody has to have agreed, and one contract at least has to be neither paused nor ended. A workspace that was
    never led through the console (no contract, no consent) was set up by its operator, who answers for it.
    """
    cursor = await connection.execute(
        """
        SELECT (SELECT count(*) FROM consent WHERE workspace_id = %(w)s) AS receipts,
               EXISTS (SELECT FROM consent WHERE workspace_id = %(w)s AND withdrawn_at IS NULL) AS agreed,
               (SELECT count(*) FROM contract WHERE workspace_id = %(w)s AND urn IS NOT NULL) AS contracts,
               EXISTS (SELECT FROM contract WHERE workspace_id = %(w)s AND state = 'enabled' AND NOT paused) AS open
        """,
        {"w": workspace},
    )
    row = await cursor.fetchone()
    assert row is not None
    receipts, agreed, contracts, open_one = row
    return (agreed or not (receipts or contracts)) and (open_one or not contracts)
