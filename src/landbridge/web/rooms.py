"""What a request needs besides itself: the database, the clock. The ASGI application puts it into the scope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.core.handlers.asgi import ASGIRequest
from msgspec import Struct

from landbridge.settings import Settings
from landbridge.store.database import Database

KEY = "landbridge"


def machine_time() -> datetime:
    return datetime.now(UTC)


class Room(Struct, frozen=True, kw_only=True):
    settings: Settings
    database: Database
    clock: Callable[[], datetime] = machine_time


def room_of(request: ASGIRequest) -> Room:
    room = request.scope[KEY]
    if not isinstance(room, Room):
        raise TypeError("the console runs inside landbridge.web.application only")
    return room
