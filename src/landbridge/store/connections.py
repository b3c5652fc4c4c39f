"""How a workspace signs in to its ATS and to LinkedIn, and whether that works."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from landbridge.errors import NeedsPersonError, SettingError
from landbridge.store.database import Connection, raise_if_ours
from landbridge.store.scope import scoped
from landbridge.store.secrets import Vault

State = Literal["unchecked", "ok", "needs_person"]
FIELD = "secrets"


class Credentials(Struct, frozen=True, kw_only=True):
    """What a connector needs to sign in. ``secrets`` is opened: it never leaves the process and never prints."""

    settings: dict[str, Any]
    secrets: dict[str, str]

    def __repr__(self) -> str:
        return f"Credentials(settings={sorted(self.settings)}, secrets={sorted(self.secrets)})"


class SystemState(Struct, frozen=True, kw_only=True):
    """Whether one system of a workspace can be reached, and what a person has to do where it cannot."""

    system: str
    state: State
    problem_code: str
    problem_hint: str
    checked_at: datetime | None


@scoped
async def save_credentials(
    connection: Connection,
    workspace: int,
    system: str,
    *,
    vault: Vault,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
) -> None:
    """Replace settings and secrets; what was known about the old ones no longer counts."""
    sealed = vault.seal(msgspec.json.encode(dict(secrets)), workspace=workspace, system=system, field=FIELD)
    await connection.execute(
        """
        INSERT INTO connection (workspace_id, system, settings, secrets) VALUES (%s, %s, %s, %s)
        ON CONFLICT (workspace_id, system) DO UPDATE
        SET settings = excluded.settings, secrets = excluded.secrets,
            state = 'unchecked', problem_code = '', problem_hint = '', checked_at = NULL
        """,
        [workspace, system, Jsonb(dict(settings)), sealed],
    )


@scoped
async def load_credentials(connection: Connection, workspace: int, system: str, *, vault: Vault) -> Credentials:
    """Raises SettingError where the system is not connected, or its secrets cannot be opened."""
    cursor = await connection.execute(
        "SELECT settings, secrets FROM connection WHERE workspace_id = %s AND system = %s", [workspace, system]
    )
    row = await cursor.fetchone()
    if row is None or row[1] is None:
        raise SettingError(
            f"{system} is not connected.", code="not_connected", hint="Enter its credentials.", facts={"system": system}
        )
    plain = vault.open(bytes(row[1]), workspace=workspace, system=system, field=FIELD)
    return Credentials(settings=row[0], secrets=msgspec.json.decode(plain, type=dict[str, str]))


@scoped
async def load_settings(connection: Connection, workspace: int, system: str) -> Mapping[str, Any]:
    """What is not secret of a connection; empty where there is none."""
    cursor = await connection.execute(
        "SELECT settings FROM connection WHERE workspace_id = %s AND system = %s", [workspace, system]
    )
    row = await cursor.fetchone()
    return row[0] if row else {}


@scoped
async def load_ats_name(connection: Connection, workspace: int) -> str:
    """Which ATS the workspace is connected with; SmartRecruiters where there is none yet."""
    cursor = await connection.execute(
        "SELECT system FROM connection WHERE workspace_id = %s AND system <> 'linkedin' ORDER BY id LIMIT 1",
        [workspace],
    )
    row = await cursor.fetchone()
    return str(row[0]) if row else "smartrecruiters"


@scoped
async def keep_one_ats(connection: Connection, workspace: int, system: str) -> None:
    """Raises SettingError where another ATS than ``system`` is connected: two would name the same records differently.

    Inside the transaction that connects it.
    """
    cursor = await connection.execute(
        "SELECT system FROM connection WHERE workspace_id = %s AND system NOT IN ('linkedin', %s) FOR UPDATE",
        [workspace, system],
    )
    if system != "linkedin" and (row := await cursor.fetchone()):
        hint = "Use a workspace of its own for another ATS."
        raise SettingError(f"The workspace is connected with {row[0]}.", code="another_ats", hint=hint)


@scoped
async def has_other_user(connection: Connection, workspace: int, system: str, client_id: str) -> bool:
    """Whether another workspace signs in to ``system`` with this client id."""
    cursor = await connection.execute(
        "SELECT FROM connection WHERE workspace_id <> %s AND system = %s AND settings ->> 'client_id' = %s LIMIT 1",
        [workspace, system, client_id],
    )
    return await cursor.fetchone() is not None


@scoped
async def waits_for_company(connection: Connection, workspace: int) -> bool:
    """Whether there is an application at LinkedIn already, but nobody has chosen the company yet: that comes with the
    first contract."""
    cursor = await connection.execute(
        """
        SELECT FROM connection JOIN workspace ON workspace.id = workspace_id
        WHERE workspace_id = %s AND system = 'linkedin' AND organization_urn IS NULL
          AND settings ?| '{client_id,parent_client_id}' AND coalesce(settings ->> 'organization', '') = ''
        """,
        [workspace],
    )
    return await cursor.fetchone() is not None


@scoped
async def load_system_states(connection: Connection, workspace: int) -> list[SystemState]:
    async with connection.cursor(row_factory=class_row(SystemState)) as cursor:
        await cursor.execute(
            """
            SELECT system, state, problem_code, problem_hint, checked_at FROM connection
            WHERE workspace_id = %s ORDER BY system DESC
            """,
            [workspace],
        )
        return await cursor.fetchall()


@scoped
async def mark_ok(connection: Connection, workspace: int, system: str, now: datetime) -> bool:
    """The system was reached; whether it had not been before (so that waiting lanes can go on)."""
    cursor = await connection.execute(
        """
        WITH before AS (
            SELECT id, state FROM connection WHERE workspace_id = %s AND system = %s FOR UPDATE
        )
        UPDATE connection SET state = 'ok', problem_code = '', problem_hint = '', checked_at = %s
        FROM before WHERE connection.id = before.id RETURNING before.state <> 'ok'
        """,
        [workspace, system, now],
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


@scoped
async def mark_problem(
    connection: Connection, workspace: int, system: str, problem: NeedsPersonError, now: datetime
) -> None:
    """A person has to act: keep what to do, in the words of the error, without anything it may quote.

    Raises the problem again where it is our own database's.
    """
    raise_if_ours(problem)
    await connection.execute(
        """
        UPDATE connection SET state = 'needs_person', problem_code = %s, problem_hint = %s, checked_at = %s
        WHERE workspace_id = %s AND system = %s
        """,
        [problem.code, problem.hint, now, workspace, system],
    )
