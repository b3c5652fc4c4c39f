"""The calls a day that LinkedIn counts in one bucket: of seats, InMails, stub profiles and notes."""

from __future__ import annotations

from datetime import datetime

from landbridge.connectors.linkedin.dialects import INBOUND
from landbridge.errors import RateLimitedError
from landbridge.jobs.wiring import FAR_SIDE, Works
from landbridge.store import budgets
from landbridge.store.budgets import BudgetKey
from landbridge.store.database import Connection
from landbridge.sync.budget import Budget, Urgency, Wait
from landbridge.sync.streams import shared_quota

BUCKET = "inbound"
CALLS_PER_DAY = INBOUND.calls_per_day or 100_000


def bucket_of(works: Works, workspace: int) -> Budget:
    return Budget(works.budgets, _key(workspace), shared_quota(CALLS_PER_DAY))


async def take_call(works: Works, workspace: int) -> None:
    """Take one call. Raises RateLimitedError where there is none to be had, with how long that lasts.

    It does not wait: whoever reads seats has a page open, or is a job that comes again.
    """
    now = works.clock.now()
    answer = await bucket_of(works, workspace).permit(records=1, urgency=Urgency.LIVE, now=now)
    if isinstance(answer, Wait):
        raise RateLimitedError(
            f"LinkedIn's calls for seats, InMails and notes are used up until {answer.until:%Y-%m-%d %H:%M} UTC",
            code="linkedin_calls_used_up",
            retry_after=answer.until - now,
        )


async def empty_until(connection: Connection, workspace: int, now: datetime) -> datetime | None:
    """Until when ``take_call`` has nothing to give; None: it has."""
    spent = await budgets.look(connection, _key(workspace), now=now)
    wait = shared_quota(CALLS_PER_DAY).wait(spent, Urgency.LIVE, now)
    return wait.until if wait is not None else None


def _key(workspace: int) -> BudgetKey:
    return BudgetKey(workspace, FAR_SIDE, BUCKET)
