"""What a request needs besides itself: the database, the clock. The ASGI application puts it into the scope."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from django.http import HttpRequest
from msgspec import Struct

from landbridge.http import Clock, SystemClock, TokenShelf
from landbridge.jobs.queue import JobBell
from landbridge.jobs.wiring import Works
from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.store.secrets import Vault

KEY = "landbridge"
# The few calls of a page, an operation or a command pass among those of a busy worker; see ``sync/gate.py``.
SLOTS_PER_CALL = 3


def machine_time() -> datetime:
    return datetime.now(UTC)


class Room(Struct, frozen=True, kw_only=True):
    settings: Settings
    database: Database
    clock: Callable[[], datetime] = machine_time
    vault: Vault | None = None  # the application puts it in
    tokens: TokenShelf | None = None  # likewise: far sides' tokens, for all pages

    @asynccontextmanager
    async def works(self) -> AsyncIterator[Works]:
        """What whoever does more than look works with: the same parts a worker has."""
        if self.vault is None:
            raise TypeError("the console runs inside landbridge.web.application only")
        clock = clock_of(self)
        async with CallJournal(self.database) as journal:
            works = Works(
                self.settings,
                self.database,
                self.vault,
                journal,
                JobBell(clock),
                clock=clock,
                slots_per_call=SLOTS_PER_CALL,
                tokens=self.tokens,
            )
            try:
                yield works
            finally:
                await works.close()


class _RoomClock(SystemClock):
    """The console's time, for tests that set it."""

    def __init__(self, room: Room) -> None:
        self._now = room.clock

    def now(self) -> datetime:
        return self._now()


def clock_of(room: Room) -> Clock:
    """The time as the console has it."""
    return _RoomClock(room)


def room_of(request: HttpRequest) -> Room:
    room = getattr(request, "scope", {}).get(KEY)
    if not isinstance(room, Room):
        raise TypeError("the console runs inside landbridge.web.application only")
    return room
