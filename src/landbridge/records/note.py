"""What somebody of the company noted on an application."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Note(Struct, frozen=True, kw_only=True):
    # "<application id>.<own id>": LinkedIn's older API names the application in the address, also for a removal.
    id: str
    application_id: str
    text: str
    # Both or neither: LinkedIn takes no half of a name.
    author_first_name: str = ""
    author_last_name: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None

    def __repr__(self) -> str:
        return "Note(…)"
