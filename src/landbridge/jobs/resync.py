"""LinkedIn asks for jobs to be sent again: they are its next thing to get, and it is seen to that each goes.

It gives 30 minutes (page on job resync notifications). The jobs go out within seconds, as UPDATE, unchanged as they
are; the request stays open until LinkedIn has taken every one of them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from landbridge.connectors.linkedin.posting_state import asked_again
from landbridge.connectors.linkedin.push import ResyncWish
from landbridge.jobs.wiring import Works
from landbridge.records import Kind
from landbridge.store import resending
from landbridge.sync.budget import Urgency

log = structlog.get_logger(__name__)

ALLOWED = timedelta(minutes=30)
LOOK_AGAIN = timedelta(minutes=1)


async def answer(works: Works, workspace: int, wish: ResyncWish, asked_at: datetime) -> datetime | None:
    """Have what was asked for sent; when to see whether it was, None: LinkedIn has all of it, or time is up."""
    now = works.clock.now()
    async with works.database.transaction() as connection:
        keys = None if wish.all_open else wish.jobs
        rows = await resending.load_notes(connection, workspace, Kind.JOB, keys)
        owed = [(record, far, after) for record, far in rows if (after := asked_again(far, asked_at)) is not None]
        fresh = [row for row in owed if row[1] != row[2]]
        if fresh:
            await resending.note_again(connection, workspace, fresh, priority=Urgency.LIVE, now=now)
            await works.bell.ring(connection, workspace, [Kind.JOB], urgent=True)
    log.info("resync_of_jobs", workspace=workspace, count=len(rows), due=len(owed), sent=len(fresh))
    if not owed:
        return None
    if now - asked_at >= ALLOWED:
        log.error("resync_late", workspace=workspace, due=len(owed))
        return None
    return now + LOOK_AGAIN
