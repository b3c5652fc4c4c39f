"""A person who works in the ATS."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class User(Struct, frozen=True, kw_only=True):
    id: str
    first_name: str
    last_name: str
    email: str | None = None
    role: str | None = None
    active: bool = True
    updated_at: datetime | None = None
