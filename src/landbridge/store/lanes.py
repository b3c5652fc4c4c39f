"""The lanes: who may send, until when a lane is blocked, and why."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from landbridge.store.database import Connection
from landbridge.store.ledger import Fence, FencedError
from landbridge.store.scope import scoped

# The one lane that leads to the ATS: what recruiters did takes its effect there.
ARRIVALS = "arrivals"


class LaneState(Struct, frozen=True):
    resource: str
    epoch: int
    blocked_until: datetime | None
    blocked_reason: str
    last_sent_at: datetime | None


@scoped
async def take_over(connection: Connection, workspace: int, resource: str) -> tuple[Fence, LaneState]:
    """Become the lane's one sender: whoever was it before can save nothing any more."""
    cursor = await connection.execute(
        """INSERT INTO lane AS l (workspace_id, resource, epoch) VALUES (%s, %s, 1)
           ON CONFLICT (workspace_id, resource) DO UPDATE SET epoch = l.epoch + 1
           RETURNING resource, epoch, blocked_until, blocked_reason, last_sent_at""",
        [workspace, resource],
    )
    row = await cursor.fetchone()
    assert row is not None
    state = LaneState(*row)
    return Fence(workspace, resource, state.epoch), state


async def is_ours(connection: Connection, fence: Fence) -> bool:
    cursor = await connection.execute(
        "SELECT epoch = %s FROM lane WHERE workspace_id = %s AND resource = %s",
        [fence.epoch, fence.workspace, fence.resource],
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


async def hold(connection: Connection, fence: Fence) -> None:
    """Let nobody take the lane over until this transaction ends. Raises FencedError where somebody has."""
    cursor = await connection.execute(
        "SELECT FROM lane WHERE workspace_id = %s AND resource = %s AND epoch = %s FOR SHARE",
        [fence.workspace, fence.resource, fence.epoch],
    )
    if cursor.rowcount != 1:
        raise FencedError


async def note_end(
    connection: Connection,
    fence: Fence,
    *,
    blocked_until: datetime | None,
    blocked_reason: str,
    last_sent_at: datetime | None,
) -> None:
    """Save how a slice ended; nothing where the lane is somebody else's by now."""
    await connection.execute(
        """UPDATE lane SET blocked_until = %s, blocked_reason = %s, last_sent_at = coalesce(%s, last_sent_at)
           WHERE workspace_id = %s AND resource = %s AND epoch = %s""",
        [blocked_until, blocked_reason, last_sent_at, fence.workspace, fence.resource, fence.epoch],
    )


@scoped
async def unblock(connection: Connection, workspace: int, resource: str) -> None:
    """Let a lane try again at once: somebody has repaired what it was blocked for."""
    await connection.execute(
        "UPDATE lane SET blocked_until = NULL, blocked_reason = '' WHERE workspace_id = %s AND resource = %s",
        [workspace, resource],
    )


@scoped
async def states(connection: Connection, workspace: int) -> dict[str, LaneState]:
    cursor = await connection.execute(
        """SELECT resource, epoch, blocked_until, blocked_reason, last_sent_at FROM lane WHERE workspace_id = %s""",
        [workspace],
    )
    return {row[0]: LaneState(*row) for row in await cursor.fetchall()}
