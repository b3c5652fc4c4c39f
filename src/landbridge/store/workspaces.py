"""Workspaces: one ATS instance with its LinkedIn child application each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import errors
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from landbridge.errors import SettingError
from landbridge.store.database import Connection
from landbridge.store.scope import scoped

COLUMNS = "id, slug, name, choices, organization_urn, foreign_id, paused, created_at"
# In the order in which they point at each other.
LINKEDIN_HALF = ("seat_link", "seat", "ats_user", "inbox", "handover", "contract", "consent", "census")


class Workspace(Struct, frozen=True, kw_only=True):
    id: int
    slug: str
    name: str
    choices: dict[str, Any]
    organization_urn: str | None
    foreign_id: str
    paused: bool
    created_at: datetime


async def create_workspace(
    connection: Connection,
    *,
    slug: str,
    name: str,
    foreign_id: str,
    now: datetime,
    choices: Mapping[str, Any] | None = None,
    organization_urn: str | None = None,
) -> int:
    """The number of the new workspace. Raises SettingError where slug or foreign id is taken."""
    try:
        cursor = await connection.execute(
            """
            INSERT INTO workspace (slug, name, choices, organization_urn, foreign_id, paused, created_at)
            VALUES (%s, %s, %s, %s, %s, false, %s) RETURNING id
            """,
            [slug, name, Jsonb(dict(choices or {})), organization_urn, foreign_id, now],
        )
    except errors.UniqueViolation:
        raise SettingError(f"There is a workspace {slug} already.", hint="Choose another name.") from None
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def load_workspaces(connection: Connection) -> list[Workspace]:
    """Every workspace, by name. For the overview and for ticks; all other queries are about one."""
    async with connection.cursor(row_factory=class_row(Workspace)) as cursor:
        await cursor.execute(f"SELECT {COLUMNS} FROM workspace ORDER BY name, id")  # noqa: S608 - a constant
        return await cursor.fetchall()


async def find_workspace(connection: Connection, slug: str) -> Workspace | None:
    async with connection.cursor(row_factory=class_row(Workspace)) as cursor:
        await cursor.execute(f"SELECT {COLUMNS} FROM workspace WHERE slug = %s", [slug])  # noqa: S608 - a constant
        return await cursor.fetchone()


async def load_foreign_ids(connection: Connection) -> dict[str, int]:
    """The numbers of all workspaces by the ids LinkedIn knows them by."""
    cursor = await connection.execute("SELECT foreign_id, id FROM workspace")
    return {str(foreign_id): int(number) for foreign_id, number in await cursor.fetchall()}


async def load_applications(connection: Connection, system: str) -> dict[str, int]:
    """The numbers of the workspaces by the URNs of the applications that were made for them."""
    cursor = await connection.execute(
        "SELECT settings->>'application', workspace_id FROM connection "
        "WHERE system = %s AND settings->>'application' <> ''",
        [system],
    )
    return {str(urn): int(number) for urn, number in await cursor.fetchall()}


@scoped
async def load_workspace(connection: Connection, workspace: int) -> Workspace:
    """Raises SettingError where there is no such workspace (any more)."""
    async with connection.cursor(row_factory=class_row(Workspace)) as cursor:
        await cursor.execute(f"SELECT {COLUMNS} FROM workspace WHERE id = %s", [workspace])  # noqa: S608 - a constant
        found = await cursor.fetchone()
    if found is None:
        raise SettingError("There is no such workspace.", facts={"workspace": workspace})
    return found


@scoped
async def save_choices(connection: Connection, workspace: int, choices: Mapping[str, Any]) -> None:
    await connection.execute("UPDATE workspace SET choices = %s WHERE id = %s", [Jsonb(dict(choices)), workspace])


@scoped
async def save_organization(connection: Connection, workspace: int, organization_urn: str) -> None:
    await connection.execute("UPDATE workspace SET organization_urn = %s WHERE id = %s", [organization_urn, workspace])


@scoped
async def save_foreign_id(connection: Connection, workspace: int, foreign_id: str) -> None:
    """LinkedIn knows the workspace by another id: only before anything was configured there. Raises SettingError."""
    try:
        await connection.execute("UPDATE workspace SET foreign_id = %s WHERE id = %s", [foreign_id, workspace])
    except errors.UniqueViolation:
        raise SettingError("another workspace has this foreign id", code="older_id_elsewhere") from None


@scoped
async def pause_workspace(connection: Connection, workspace: int, *, paused: bool) -> None:
    await connection.execute("UPDATE workspace SET paused = %s WHERE id = %s", [paused, workspace])


@scoped
async def delete_workspace(connection: Connection, workspace: int) -> None:
    """Everything of the workspace goes: mirror, ledger, matches, journal, secrets. Call it inside a transaction.

    The audit trail stays: who deleted what is the last thing to be forgotten, and the database lets nobody take it out.
    """
    await connection.execute(
        "DELETE FROM erasure_item i USING erasure e WHERE i.erasure_id = e.id AND e.workspace_id = %s",
        [workspace],
    )
    for table in (
        "effect", "arrival", "follow", "decision", "stream", "delivery", "record", "reading", "call", "erasure",
        "erased_person",
    ):  # fmt: skip
        await connection.execute(f"DELETE FROM {table} WHERE workspace_id = %s", [workspace])  # noqa: S608 - constants
    await connection.execute(
        "DELETE FROM sweep_pass USING sweep WHERE sweep_pass.sweep_id = sweep.id AND sweep.workspace_id = %s",
        [workspace],
    )
    for table in ("tally", *LINKEDIN_HALF):
        await connection.execute(f"DELETE FROM {table} WHERE workspace_id = %s", [workspace])  # noqa: S608 - constants
    for table in (
        "sweep", "lane", "budget", "connection", "integration", "reconciliation", "membership", "invitation",
        "api_answer", "api_token", "webhook", "access_entry",
    ):  # fmt: skip
        await connection.execute(f"DELETE FROM {table} WHERE workspace_id = %s", [workspace])  # noqa: S608 - constants
    await connection.execute("DELETE FROM workspace WHERE id = %s", [workspace])
