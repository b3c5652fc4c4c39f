"""What LinkedIn should have, by the ledger, to compare it with what LinkedIn has."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from msgspec import Struct

from landbridge.records import Kind
from landbridge.store.database import Connection
from landbridge.store.finding import by_key
from landbridge.store.scope import scoped


class Standing(Struct, frozen=True):
    """Where one record stands; ``gone``: the ATS does not have it any more."""

    record: int
    state: str
    gone: bool


class There(Struct, frozen=True):
    """What LinkedIn has, as far as the ledger knows: in its newest revision, or in an older one."""

    current: int
    stale: int


class Missing(Struct, frozen=True):
    count: int
    keys: list[str]


@scoped
async def load_standings(
    connection: Connection, workspace: int, kind: Kind, keys: Sequence[str]
) -> dict[str, Standing]:
    """By key, for the keys that are known."""
    cursor = await connection.execute(
        f"""SELECT r.key, d.record_id, d.state, r.gone FROM unnest(%(keys)s::text[]) AS n(key)
            CROSS JOIN {by_key("%(kind)s", "n.key")} AS r JOIN delivery d ON d.record_id = r.id""",  # noqa: S608 - built from constants
        {"workspace": workspace, "kind": kind.value, "keys": list(keys)},
    )
    return {key: Standing(record, state, gone) for key, record, state, gone in await cursor.fetchall()}


@scoped
async def count_present(connection: Connection, workspace: int, kind: Kind) -> dict[tuple[str, str], int]:
    """How many records of the kind the ATS has, by (state, reason)."""
    cursor = await connection.execute(
        """SELECT d.state, d.reason, count(*)
           FROM delivery d JOIN record r ON r.id = d.record_id AND r.workspace_id = d.workspace_id AND r.kind = d.kind
           WHERE d.workspace_id = %s AND d.kind = %s AND NOT r.gone GROUP BY d.state, d.reason""",
        [workspace, kind.value],
    )
    return {(state, reason): count for state, reason, count in await cursor.fetchall()}


@scoped
async def count_there(connection: Connection, workspace: int, kind: Kind) -> There:
    """Eligible records that LinkedIn has."""
    cursor = await connection.execute(
        """SELECT count(*) FILTER (WHERE d.state = 'delivered'), count(*) FILTER (WHERE d.state <> 'delivered')
           FROM delivery d JOIN record r ON r.id = d.record_id AND r.workspace_id = d.workspace_id AND r.kind = d.kind
           WHERE d.workspace_id = %s AND d.kind = %s AND d.sent_at IS NOT NULL
             AND d.state IN ('delivered', 'due', 'pending')""",
        [workspace, kind.value],
    )
    row = await cursor.fetchone()
    return There(*row) if row else There(0, 0)


@asynccontextmanager
async def seen_records(connection: Connection) -> AsyncIterator[Callable[[Sequence[int]], Awaitable[None]]]:
    """A list of records inside the caller's transaction, to ask ``unseen_eligible`` about; yields what adds to it."""
    await connection.execute("CREATE TEMPORARY TABLE seen_record (record_id bigint PRIMARY KEY) ON COMMIT DROP")

    async def add(records: Sequence[int]) -> None:
        await connection.execute(
            "INSERT INTO seen_record SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING", [list(records)]
        )

    yield add
    await connection.execute("DROP TABLE seen_record")


@scoped
async def unseen_eligible(connection: Connection, workspace: int, kind: Kind, *, most: int) -> Missing:
    """Records that should be on LinkedIn and were not seen there: how many, and the keys of the first ones."""
    condition = """FROM delivery d
        JOIN record r ON r.id = d.record_id AND r.workspace_id = d.workspace_id AND r.kind = d.kind
        LEFT JOIN seen_record s ON s.record_id = d.record_id
        WHERE d.workspace_id = %s AND d.kind = %s AND d.state IN ('delivered', 'due', 'pending') AND NOT r.gone
          AND s.record_id IS NULL"""
    counted = await (await connection.execute(f"SELECT count(*) {condition}", [workspace, kind.value])).fetchone()
    cursor = await connection.execute(
        f"SELECT r.key {condition} ORDER BY r.key LIMIT %s",
        [workspace, kind.value, most],
    )
    return Missing(counted[0] if counted else 0, [key for (key,) in await cursor.fetchall()])
