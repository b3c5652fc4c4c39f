"""The record of every call: enough to find it in the far side's logs, nothing about anybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from msgspec import Struct


class JournalEntry(Struct, frozen=True, kw_only=True):
    """One attempt at one call. ``route`` is a template; ``far_id`` the far side's own id of the request."""

    at: datetime
    system: str
    method: str
    route: str
    status: int | None  # None: no answer came
    duration: timedelta
    records: int = 0
    far_id: str = ""
    error_code: str = ""


class Journal(Protocol):
    def note(self, entry: JournalEntry) -> None:
        """Keep the entry. Called on the event loop: must not block and must not raise."""
        ...
