"""What an ATS that pushes needs beside the mirror: its connection without a secret, its users, and who is older."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from landbridge.store.connections import keep_one_ats, load_ats_name, load_system_states, mark_ok, save_credentials
from landbridge.store.database import Connection
from landbridge.store.scope import scoped
from landbridge.store.secrets import Vault


@scoped
async def open_pushes(connection: Connection, workspace: int, system: str, *, vault: Vault, now: datetime) -> bool:
    """Make ``system`` the workspace's ATS; False where it is already. Inside a transaction.

    Raises SettingError where the workspace has another ATS: two of them would name the same records differently.
    """
    await keep_one_ats(connection, workspace, system)
    if any(one.system == system for one in await load_system_states(connection, workspace)):
        return False
    await save_credentials(connection, workspace, system, vault=vault, settings={}, secrets={})
    await mark_ok(connection, workspace, system, now)
    return True


@scoped
async def takes_pushes(connection: Connection, workspace: int, system: str) -> bool:
    """Whether ``system`` is this workspace's ATS."""
    return await load_ats_name(connection, workspace) == system


@scoped
async def newer_keys(
    connection: Connection, workspace: int, kind: str, moments: Sequence[tuple[str, datetime]]
) -> set[str]:
    """Those of the (key, time of change) that the mirror knows in a newer state. Tombstones are not among them."""
    cursor = await connection.execute(
        """
        SELECT r.key FROM unnest(%s::text[], %s::timestamptz[]) AS told(key, at)
        JOIN record r ON r.workspace_id = %s AND r.kind = %s AND r.key = told.key AND NOT r.gone
        WHERE (r.body ->> 'updated_at')::timestamptz > told.at
        """,
        [[key for key, _ in moments], [at for _, at in moments], workspace, kind],
    )
    return {str(key) for (key,) in await cursor.fetchall()}


@scoped
async def forget_users(connection: Connection, workspace: int, keys: Sequence[str], now: datetime) -> int:
    """These no longer work in the ATS; how many did until now."""
    cursor = await connection.execute(
        "UPDATE ats_user SET gone_at = %s WHERE workspace_id = %s AND key = ANY(%s) AND gone_at IS NULL",
        [now, workspace, list(keys)],
    )
    return cursor.rowcount


@scoped
async def gone_keys(connection: Connection, workspace: int, kind: str, keys: Sequence[str]) -> set[str]:
    """Those of the keys whose record was deleted. A deleted record never comes back under its key."""
    cursor = await connection.execute(
        "SELECT key FROM record WHERE workspace_id = %s AND kind = %s AND key = ANY(%s) AND gone",
        [workspace, kind, list(keys)],
    )
    return {str(key) for (key,) in await cursor.fetchall()}


@scoped
async def revive_children(
    connection: Connection, workspace: int, kind: str, keys: Sequence[str], now: datetime
) -> list[int]:
    """Steps or notes that a shorter list took away and a longer one names again; their numbers, to be made due."""
    cursor = await connection.execute(
        """
        UPDATE record SET gone = false, revision = revision + 1, changed_at = %s
        WHERE workspace_id = %s AND kind = %s AND key = ANY(%s) AND gone RETURNING id
        """,
        [now, workspace, kind, list(keys)],
    )
    return [int(number) for (number,) in await cursor.fetchall()]
