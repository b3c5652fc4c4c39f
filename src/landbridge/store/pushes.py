"""What an ATS that pushes needs beside the mirror: its connection without a secret, its users, and who is older."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from landbridge.store.connections import keep_one_ats, load_ats_name, load_system_states, mark_ok, save_credentials
from landbridge.store.database import Connection
from landbridge.store.finding import by_key
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
        f"""
        SELECT r.key FROM unnest(%(keys)s::text[], %(ats)s::timestamptz[]) AS told(key, at)
        CROSS JOIN {by_key("%(kind)s", "told.key")} AS r
        WHERE NOT r.gone AND (r.body ->> 'updated_at')::timestamptz > told.at
        """,  # noqa: S608 - built from constants
        {
            "workspace": workspace,
            "kind": kind,
            "keys": [key for key, _ in moments],
            "ats": [at for _, at in moments],
        },
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
        f"""SELECT r.key FROM unnest(%(keys)s::text[]) AS n(key) CROSS JOIN {by_key("%(kind)s", "n.key")} AS r
            WHERE r.gone""",  # noqa: S608 - built from constants
        {"workspace": workspace, "kind": kind, "keys": list(keys)},
    )
    return {str(key) for (key,) in await cursor.fetchall()}


@scoped
async def revive_children(
    connection: Connection, workspace: int, kind: str, keys: Sequence[str], now: datetime
) -> list[int]:
    """Steps or notes that a shorter list took away and a longer one names again; their numbers, to be made due."""
    cursor = await connection.execute(
        f"""
        UPDATE record SET gone = false, revision = revision + 1, changed_at = %(now)s
        WHERE gone AND id = ANY(ARRAY(
            SELECT r.id FROM unnest(%(keys)s::text[]) AS n(key) CROSS JOIN {by_key("%(kind)s", "n.key")} AS r))
        RETURNING id
        """,  # noqa: S608 - built from constants
        {"workspace": workspace, "kind": kind, "keys": list(keys), "now": now},
    )
    return [int(number) for (number,) in await cursor.fetchall()]
