"""What becomes of a job whose far side made trouble: one table over the error tree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum

from msgspec import Struct

from landbridge.errors import (
    LandbridgeError,
    NeedsPersonError,
    RateLimitedError,
    RecordError,
    SurpriseError,
    TryLaterError,
    UnavailableError,
)


class Action(Enum):
    AGAIN = "again"  # the same job after ``wait``, or when the far side said
    PAUSE = "pause"  # the connection waits for a person; the tick goes on when it works again
    STOP = "stop"  # as AGAIN, but somebody should look at it: it is not known to pass by itself


class Resolution(Struct, frozen=True):
    """``level`` is the log's; ``words`` finish the sentence "The job ..."."""

    action: Action
    wait: timedelta
    level: str
    words: str


RESOLUTIONS: Mapping[type[LandbridgeError], Resolution] = {
    NeedsPersonError: Resolution(Action.PAUSE, timedelta(0), "warning", "waits until a person has acted"),
    RateLimitedError: Resolution(Action.AGAIN, timedelta(minutes=1), "info", "goes on when the far side allows"),
    UnavailableError: Resolution(Action.AGAIN, timedelta(seconds=15), "warning", "tries again in a while"),
    TryLaterError: Resolution(Action.AGAIN, timedelta(seconds=30), "warning", "tries again in a while"),
    RecordError: Resolution(
        Action.STOP, timedelta(minutes=10), "error", "was refused as a whole and tries again later"
    ),
    SurpriseError: Resolution(Action.STOP, timedelta(minutes=10), "error", "met an answer nobody documented"),
    LandbridgeError: Resolution(Action.STOP, timedelta(minutes=10), "error", "failed and tries again later"),
}


def resolve(error: LandbridgeError) -> Resolution:
    """The finest row of the table that fits."""
    return next(RESOLUTIONS[kind] for kind in type(error).__mro__ if kind in RESOLUTIONS)


def again_at(error: LandbridgeError, now: datetime) -> datetime:
    """When a job that met this error goes on."""
    told = error.retry_after if isinstance(error, TryLaterError) else None
    return now + (told if told is not None else resolve(error).wait)
