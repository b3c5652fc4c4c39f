"""The file a person applied with. What it says is nobody's business here: only that there is one, and where."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Resume(Struct, frozen=True, kw_only=True):
    """``size`` is in bytes, None where the ATS does not tell it before the file is fetched."""

    # "<application id>.<file id>", as of all that belongs to an application.
    id: str
    application_id: str
    file_name: str
    content_type: str = ""
    size: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None

    def __repr__(self) -> str:
        return "Resume(…)"
