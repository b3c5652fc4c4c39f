"""Whether a failed attempt is worth another one right away. Long waits are the engine's business, not this one's."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

Failure = Literal["unreachable", "broken", "slow", "status"]
"""unreachable: no connection, so nothing was sent. broken: the connection ended midway. slow: out of time.
status: an answer that the outcome table calls repeatable."""

PAUSES = (timedelta(seconds=0.5), timedelta(seconds=2))


def pause_before_retry(attempt: int, failure: Failure, *, repeatable: bool, chance: float) -> timedelta | None:
    """How long to wait before attempt ``attempt + 1``; None: give up.

    ``chance`` in [0, 1) spreads the waits of many callers over half to one and a half times the usual pause. What
    was never sent may always go again; what may have arrived only where repeating does no harm. A call that ran
    into its deadline has used up the caller's patience already.
    """
    if attempt > len(PAUSES) or failure == "slow":
        return None
    if not (repeatable or failure == "unreachable"):
        return None
    return PAUSES[attempt - 1] * (0.5 + chance)
