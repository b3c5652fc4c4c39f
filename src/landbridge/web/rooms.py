"""What a request needs besides itself: the database, the clock. The ASGI application puts it into the scope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest
from msgspec import Struct

from landbridge.http import TokenShelf
from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.secrets import Vault

KEY = "landbridge"


def machine_time() -> datetime:
    return datetime.now(UTC)


class Room(Struct, frozen=True, kw_only=True):
    settings: Settings
    database: Database
    clock: Callable[[], datetime] = machine_time
    vault: Vault | None = None  # the application puts it in
    tokens: TokenShelf | None = None  # likewise: far sides' tokens, for all pages


def room_of(request: HttpRequest) -> Room:
    room = getattr(request, "scope", {}).get(KEY)
    if not isinstance(room, Room):
        raise TypeError("the console runs inside landbridge.web.application only")
    return room
