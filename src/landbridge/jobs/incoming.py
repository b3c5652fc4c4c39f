"""What recruiters do in LinkedIn, brought into the database: which streams are read, and how often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog

from landbridge.connectors.linkedin.dialects import INBOUND
from landbridge.jobs.wiring import FAR_SIDE, Works
from landbridge.store.budgets import BudgetKey
from landbridge.store.streams import Open, count_wanted, load_open
from landbridge.sync.budget import Budget
from landbridge.sync.streams import Pace, Streaming, StreamsEnd, pace_of, read_slice, shared_quota, want

log = structlog.get_logger(__name__)

# LinkedIn counts seats, InMails, stub profiles and notes in one bucket.
BUCKET = "inbound"
CALLS_PER_DAY = INBOUND.calls_per_day or 100_000


async def follow(works: Works, workspace: int) -> Open:
    """Have exactly what may be read be read: of enabled contracts, and of seats that are linked."""
    now = works.clock.now()
    async with works.database.connection() as connection:
        found = await load_open(connection, workspace)
    await want(
        works.database,
        workspace,
        seats=list(found.seats),
        contracts=found.contracts,
        organization=found.organization,
        history=timedelta(days=works.settings.inbound_history_days),
        now=now,
        owners=found.owners,
    )
    return found


async def pace(works: Works, workspace: int) -> Pace:
    """How often streams are read now; ``Pace.slower`` where that is less often than promised."""
    async with works.database.connection() as connection:
        count, with_past = await count_wanted(connection, workspace)
    return pace_of(count, CALLS_PER_DAY, with_past)


async def read(works: Works, workspace: int, *, stopping: Callable[[], bool]) -> StreamsEnd:
    """Read what is due for a slice. Raises NeedsPersonError for the connection."""
    found = await follow(works, workspace)
    if not found.contracts:
        return StreamsEnd()
    async with works.incoming(workspace) as incoming:
        streaming = Streaming(
            database=works.database,
            workspace=workspace,
            incoming=incoming,
            budget=Budget(works.budgets, BudgetKey(workspace, FAR_SIDE, BUCKET), shared_quota(CALLS_PER_DAY)),
            clock=works.clock,
            pace=await pace(works, workspace),
            seats=found.seats,
            owners=found.owners,
        )
        end = await read_slice(streaming, length=works.settings.lane_slice, stopping=stopping)
    log.info("streams_read", workspace=workspace, windows=end.windows, kept=end.kept, unreadable=end.unreadable)
    return end
