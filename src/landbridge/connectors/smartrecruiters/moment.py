"""Instants as SmartRecruiters writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def read_moment(text: str | None) -> datetime | None:
    """An ISO 8601 instant as aware UTC; None for what is none. Without a zone it counts as UTC."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def write_moment(moment: datetime) -> str:
    """For filters: the documented pattern is ``yyyy-MM-ddTHH:mm:ss.SSSZZ``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
