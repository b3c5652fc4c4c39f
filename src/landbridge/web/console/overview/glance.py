"""Counting millions of records takes a moment, and the page asks every three seconds: a count that was dear is kept."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from weakref import WeakKeyDictionary

from msgspec import Struct

from landbridge.store.database import Connection, Database
from landbridge.store.overview import Overview, load_overview
from landbridge.web.rooms import Room

DEAR = 0.25  # seconds; what takes less is counted anew each time
KEPT = 20  # times as long as it took: a twentieth of one connection's time goes into counting, at most


class _Kept(Struct):
    overview: Overview
    until: float


_known: WeakKeyDictionary[Database, dict[int, _Kept]] = WeakKeyDictionary()
_locks: WeakKeyDictionary[Database, dict[int, asyncio.Lock]] = WeakKeyDictionary()


async def glance(connection: Connection, room: Room, workspace: int, now: datetime) -> Overview:
    """The overview, some seconds old where it is dear; several who ask at once wait for one count."""
    kept = _known.setdefault(room.database, {})
    async with _locks.setdefault(room.database, {}).setdefault(workspace, asyncio.Lock()):
        began = time.monotonic()
        found = kept.get(workspace)
        if found is not None and began < found.until:
            return found.overview
        overview = await load_overview(connection, workspace, now)
        took = time.monotonic() - began
        if took > DEAR:
            kept[workspace] = _Kept(overview, began + KEPT * took)
        else:
            kept.pop(workspace, None)
        return overview
