"""What pages work with when they do more than look: the same parts a worker has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.translation import gettext as _
from msgspec import Struct

from landbridge.errors import LandbridgeError, RateLimitedError, TryLaterError
from landbridge.http import Clock, SystemClock
from landbridge.jobs.queue import JobBell
from landbridge.jobs.wiring import Works
from landbridge.store.journal import CallJournal
from landbridge.web.console.visit import Visit
from landbridge.web.rooms import Room
from landbridge.web.words import EXPLAINED, said

# A page's few calls pass among those of a busy worker; see ``sync/gate.py``.
SLOTS_PER_CALL = 3


class InRoom(Protocol):
    """A visit of a page, or a call of the JSON API."""

    @property
    def room(self) -> Room: ...


class _VisitClock(SystemClock):
    """The console's time, for tests that set it."""

    def __init__(self, visit: InRoom) -> None:
        self._now = visit.room.clock

    def now(self) -> datetime:
        return self._now()


def clock_of(visit: InRoom) -> Clock:
    """The time as the console has it."""
    return _VisitClock(visit)


@asynccontextmanager
async def works_of(visit: InRoom) -> AsyncIterator[Works]:
    room = visit.room
    if room.vault is None:
        raise TypeError("the console runs inside landbridge.web.application only")
    clock = _VisitClock(visit)
    async with CallJournal(room.database) as journal:
        works = Works(
            room.settings,
            room.database,
            room.vault,
            journal,
            JobBell(clock),
            clock=clock,
            slots_per_call=SLOTS_PER_CALL,
            tokens=room.tokens,
        )
        try:
            yield works
        finally:
            await works.close()


def console_origin(visit: Visit) -> str:
    """The address at which this reader's browser meets the console, as LinkedIn's widget wants it named."""
    return origin_of(visit, visit.request)


def origin_of(visit: InRoom, request: HttpRequest) -> str:
    """The public address, else the one by which ``request`` came."""
    if visit.room.settings.public_url:
        return visit.room.settings.public_url
    parts = urlsplit(request.build_absolute_uri("/"))
    return f"{parts.scheme}://{parts.netloc}"


class Problem(Struct, frozen=True, kw_only=True):
    """What went wrong and what to do, as a page says it. ``later``: trying again may be all it takes."""

    text: str
    hint: str
    code: str
    later: bool = False


def problem_of(error: LandbridgeError) -> Problem:
    """An error in the reader's words: those of the table of codes, else the error's own."""
    found = EXPLAINED.get(error.code)
    hint = said(error.hint or (found.fix if found else ""), error.code)
    later = isinstance(error, TryLaterError)
    if isinstance(error, RateLimitedError):
        hint = hint or _("The other side asked for a pause. Try again in a minute.")
    elif later:
        hint = hint or _("Try again in a minute; nothing you entered was lost.")
    text = said(found.meaning if found else str(error))
    return Problem(text=text[:1].upper() + text[1:], hint=hint, code=error.code, later=later)
