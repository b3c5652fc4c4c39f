"""Instants of a world: whole milliseconds since 1970, which is a third of the size of a datetime."""

from __future__ import annotations

from datetime import UTC, datetime

# A hostile world also holds what should be an instant and is none: such a text is served as it stands.
Moment = int | str | None

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
YEAR_9999 = 253_402_300_799_000


def moment_of(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def iso(moment: Moment) -> str | None:
    """ISO 8601 in UTC with milliseconds and ``Z``, as SmartRecruiters writes it; texts pass unchanged."""
    if moment is None or isinstance(moment, str):
        return moment
    seconds, milliseconds = divmod(moment, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds:03d}Z"


def anchor_before(now: datetime) -> int:
    """The instant at which a world's own history ends: the last 1 September before ``now``.

    A world looks the same on every day of a year, so its bytes can be compared between runs, and it never ages so far
    that a history window of two years would be empty.
    """
    anchor = datetime(now.year, 9, 1, tzinfo=UTC)
    return moment_of(anchor if anchor <= now else anchor.replace(year=now.year - 1))
