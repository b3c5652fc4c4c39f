"""Bugs on purpose, for worker processes that the rig starts with this directory on their path.

Python imports ``sitecustomize`` by itself. The one bug that ``PLANTED_BUG`` names is put into the product's modules
before anything runs; the product knows nothing of this. Each is a mistake that somebody could make in earnest, with a
pause (in seconds) where it hurts, so that few kills are needed to hit it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any


def acknowledged_before_sent() -> None:
    """The ledger says "delivered" before LinkedIn has heard of the record."""
    from landbridge.records import Kind
    from landbridge.sync.lane import _Slice

    send = _Slice._send_all

    async def send_all(self: Any, queue: Any, sendings: Any, urgency: Any) -> None:
        if self._writer.kind is not Kind.JOB:
            for sending in sendings.values():
                row = sending.row
                self._saver.results.acknowledged.add(row.record_id, row.revision, sending.entity.fingerprint)
            await self._saver.drain()
            await asyncio.sleep(0.3)
        await send(self, queue, sendings, urgency)

    _Slice._send_all = send_all  # type: ignore[method-assign]


def cursor_before_page() -> None:
    """The place in the list is saved in a transaction of its own, before what the page brought."""
    from landbridge.store import sweeps

    move = sweeps.move

    async def move_at_once(connection: Any, *arguments: Any, **named: Any) -> bool:
        moved = await move(connection, *arguments, **named)
        await connection.execute("COMMIT")
        await asyncio.sleep(2.0)
        await connection.execute("BEGIN")
        return moved

    sweeps.move = move_at_once


def ticked_off_before_read() -> None:
    """Items leave the reading list when somebody begins to read them."""
    from landbridge.store import readings

    pick = readings.pick

    async def pick_and_forget(connection: Any, workspace: int, *arguments: Any, **named: Any) -> Any:
        picked = await pick(connection, workspace, *arguments, **named)
        await readings.finish(connection, workspace, [item.id for item in picked])
        await asyncio.sleep(0.3)
        return picked

    readings.pick = pick_and_forget


def acknowledged_whatever_changed() -> None:
    """A change that arrives while its record is being sent counts as sent."""
    from landbridge.connectors.linkedin.upsert import UpsertWriter
    from landbridge.records import Kind
    from landbridge.store.ledger import verdicts

    careful = "CASE WHEN d.revision = s.revision THEN 'delivered' ELSE 'due' END"
    assert careful in verdicts._ACKNOWLEDGE
    verdicts._ACKNOWLEDGE = verdicts._ACKNOWLEDGE.replace(careful, "'delivered'")
    write = UpsertWriter.write

    async def write_slowly(self: Any, *arguments: Any) -> Any:
        if self.kind is Kind.CANDIDATE:
            await asyncio.sleep(4.0)
        return await write(self, *arguments)

    UpsertWriter.write = write_slowly  # type: ignore[assignment,method-assign]


BUGS: dict[str, Callable[[], None]] = {
    bug.__name__: bug
    for bug in (
        acknowledged_before_sent,
        cursor_before_page,
        ticked_off_before_read,
        acknowledged_whatever_changed,
    )
}

if os.environ.get("PLANTED_BUG"):
    BUGS[os.environ["PLANTED_BUG"]]()
