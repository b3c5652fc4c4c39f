"""The audit trail: who did what. It is bounded, so that a long run of edits does not fill the memory."""

from __future__ import annotations

from collections import deque
from typing import Final

from msgspec import Struct

from landbridge.sandbox.smartrecruiters.happenings import Author

EVENTS_KEPT: Final = 50_000


class AuditEvent(Struct, frozen=True, gc=False):
    """One line of the trail; ``entity`` is its type and id."""

    number: int
    at: int
    name: str
    author: Author
    entity: tuple[str, str]


class Trail:
    """The newest events, oldest first."""

    def __init__(self) -> None:
        self._count = 0
        self._events: deque[AuditEvent] = deque(maxlen=EVENTS_KEPT)

    def note(self, at: int, name: str, author: Author, entity: tuple[str, str]) -> None:
        self._count += 1
        self._events.append(AuditEvent(self._count, at, name, author, entity))

    def newest_first(self) -> list[AuditEvent]:
        return list(reversed(self._events))
