"""What a far side's answer says about its limits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from msgspec import Struct


class Learned(Struct, frozen=True, kw_only=True):
    """Limits read from an answer; None where it says nothing.

    ``rate`` is calls per second, ``in_flight`` how many at a time, ``pause`` how long to send nothing at all.
    """

    rate: int | None = None
    in_flight: int | None = None
    pause: timedelta | None = None


def read_retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """``Retry-After`` in either of its forms (RFC 9110, 10.2.3), at most a day; None where absent or unreadable."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        seconds = float(value[:9])
    else:
        try:
            at = parsedate_to_datetime(value)
        except (ValueError, TypeError):
            return None
        seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
    return timedelta(seconds=min(max(seconds, 0.0), 86_400.0))
