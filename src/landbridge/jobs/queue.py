"""Asking for jobs inside our own transactions.

Procrastinate's own way to defer raises where a job with the same queueing lock waits already, which would end the
transaction; and a waiting job that starts before our transaction is saved would not see what we are about to save. So
this statement locks the waiting job until our transaction ends: workers skip locked jobs.

Live work, what somebody has just done on either side, waits in a queue of its own, for which every worker keeps places
free. A lane may wait in both: once for its urgent records, once for its place in the line of those who fill in history.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from landbridge.http import Clock, SystemClock
from landbridge.records import Kind
from landbridge.store import lanes
from landbridge.store.database import Connection
from landbridge.sync.lane import LINGER, QUOTA

LANE = "drive_lane"
SWEEP = "run_sweep"
MATCHES = "read_matches"
TICK = "tick"
RENEW = "renew_jobs"
CENSUS = "take_census"
CONTRACTS = "follow_contracts"
INBOX = "work_inbox"
PEOPLE = "read_people"
COMPARE = "compare_sides"
STREAMS = "read_streams"
CHANGES = "follow_changes"
WEBHOOKS = "tend_webhooks"
ACCESS = "follow_access"
ARRIVALS = "work_arrivals"
ORDINARY, LIVE = "default", "live"
# Who waits for a place, the higher the sooner: live work, then what takes a moment (or is looked at), then long syncs.
FIRST, SOON, IN_LINE = 10, 5, 0
# Records that come in while a lane is idle gather for so long: a day has too few calls to send each as it comes.
URGENT_GATHER = timedelta(seconds=1)


class Wish(Struct, frozen=True, kw_only=True):
    """One job to exist. ``lock``: no two of it run at a time. ``at`` None: at once.

    No two of one lock wait in the same queue.
    """

    task: str
    lock: str
    arguments: dict[str, Any]
    at: datetime | None = None
    priority: int = IN_LINE

    @property
    def queue(self) -> str:
        return LIVE if self.priority == FIRST else ORDINARY

    @property
    def key(self) -> str:
        """Under which it waits."""
        return f"{self.lock}:{LIVE}" if self.task == LANE and self.queue == LIVE else self.lock


def lane_wish(workspace: int, resource: str, at: datetime | None = None, *, live: bool = False) -> Wish:
    """``live``: for the urgent records of the lane alone."""
    arguments = {"workspace": workspace, "resource": resource}
    lock = f"lane:{workspace}:{resource}"
    return Wish(task=LANE, lock=lock, arguments=arguments, at=at, priority=FIRST if live else IN_LINE)


def sweep_wish(workspace: int, at: datetime | None = None) -> Wish:
    return Wish(task=SWEEP, lock=f"sweep:{workspace}", arguments={"workspace": workspace}, at=at)


def matches_wish(workspace: int, at: datetime | None = None) -> Wish:
    return Wish(task=MATCHES, lock=f"matches:{workspace}", arguments={"workspace": workspace}, at=at)


def census_wish(workspace: int) -> Wish:
    return Wish(task=CENSUS, lock=f"census:{workspace}", arguments={"workspace": workspace}, priority=SOON)


def contracts_wish(workspace: int, at: datetime | None = None) -> Wish:
    return Wish(task=CONTRACTS, lock=f"contracts:{workspace}", arguments={"workspace": workspace}, at=at, priority=SOON)


def inbox_wish(workspace: int, at: datetime | None = None) -> Wish:
    return Wish(task=INBOX, lock=f"inbox:{workspace}", arguments={"workspace": workspace}, at=at, priority=FIRST)


def people_wish(workspace: int, at: datetime | None = None) -> Wish:
    return Wish(task=PEOPLE, lock=f"people:{workspace}", arguments={"workspace": workspace}, at=at, priority=SOON)


def compare_wish(workspace: int) -> Wish:
    return Wish(task=COMPARE, lock=f"compare:{workspace}", arguments={"workspace": workspace}, priority=SOON)


def streams_wish(workspace: int, at: datetime | None = None) -> Wish:
    return Wish(task=STREAMS, lock=f"streams:{workspace}", arguments={"workspace": workspace}, at=at, priority=SOON)


def arrivals_wish(workspace: int, at: datetime | None = None) -> Wish:
    return Wish(task=ARRIVALS, lock=f"arrivals:{workspace}", arguments={"workspace": workspace}, at=at, priority=FIRST)


def changes_wish(workspace: int, at: datetime | None = None) -> Wish:
    return Wish(task=CHANGES, lock=f"changes:{workspace}", arguments={"workspace": workspace}, at=at, priority=FIRST)


def webhooks_wish(workspace: int, at: datetime | None = None) -> Wish:
    return Wish(task=WEBHOOKS, lock=f"webhooks:{workspace}", arguments={"workspace": workspace}, at=at, priority=SOON)


def access_wish(workspace: int) -> Wish:
    return Wish(task=ACCESS, lock=f"access:{workspace}", arguments={"workspace": workspace}, priority=SOON)


def tick_wish(now: datetime) -> Wish:
    return Wish(task=TICK, lock=TICK, arguments={"timestamp": int(now.timestamp())}, priority=SOON)


# A waiting job is never put off, only called sooner. The notice makes workers look again after our transaction: the
# one the job gave when it was made was used up by whoever skipped it.
_ASK = """
WITH wished AS (
    SELECT * FROM unnest(%(tasks)s::text[], %(locks)s::text[], %(keys)s::text[], %(queues)s::text[],
                         %(priorities)s::int[], %(arguments)s::jsonb[], %(ats)s::timestamptz[])
        AS w(task, lock, key, queue, priority, arguments, at)
), waiting AS MATERIALIZED (
    SELECT j.id, j.scheduled_at, w.at, w.queue FROM procrastinate_jobs j JOIN wished w ON w.key = j.queueing_lock
    WHERE j.status = 'todo' ORDER BY j.queueing_lock FOR UPDATE OF j
), sooner AS (
    UPDATE procrastinate_jobs j SET scheduled_at = w.at
    FROM waiting w WHERE j.id = w.id AND w.scheduled_at > coalesce(w.at, '-infinity')
), made AS (
    INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
    SELECT w.queue, w.task, w.priority, w.lock, w.key, w.arguments, w.at FROM wished w
    WHERE NOT EXISTS (
        SELECT FROM procrastinate_jobs j WHERE j.queueing_lock = w.key AND j.id IN (SELECT id FROM waiting))
    ORDER BY w.key
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
    RETURNING id
)
SELECT (SELECT count(*) FROM waiting) + (SELECT count(*) FROM made),
       (SELECT count(pg_notify(channel, json_build_object('type', 'job_inserted', 'job_id', id)::text))
        FROM waiting, unnest(ARRAY['procrastinate_any_queue_v1', 'procrastinate_queue_v1#' || queue]) AS channel
        WHERE at IS NULL)
"""


async def ask(connection: Connection, wishes: Collection[Wish]) -> None:
    """Make sure that these jobs wait for a worker, at their time at the latest. To be called last in a transaction."""
    distinct = sorted({wish.key: wish for wish in wishes}.values(), key=lambda wish: wish.key)
    if not distinct:
        return
    parameters = {
        "tasks": [wish.task for wish in distinct],
        "locks": [wish.lock for wish in distinct],
        "keys": [wish.key for wish in distinct],
        "queues": [wish.queue for wish in distinct],
        "priorities": [wish.priority for wish in distinct],
        "arguments": [msgspec.json.encode(wish.arguments).decode() for wish in distinct],
        "ats": [wish.at for wish in distinct],
    }
    # Somebody may have asked for the same between our look and our insert; then we look again and find it.
    for _ in range(3):
        row = await (await connection.execute(_ASK, parameters)).fetchone()
        if row is not None and row[0] >= len(distinct):
            return


class JobBell:
    """Rings by asking for the lanes' jobs (``sync.bell.Bell``)."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()

    async def ring(
        self, connection: Connection, workspace: int, kinds: Collection[Kind], *, urgent: bool = False
    ) -> None:
        """A blocked lane is called for the time when it may go on; one that rests for its quota sooner if urgent."""
        if not kinds:
            return
        states = await lanes.states(connection, workspace)
        soon = self._clock.now() + (URGENT_GATHER if urgent else LINGER)
        wishes: list[Wish] = []
        for kind in kinds:
            state = states.get(kind.plural)
            blocked_until = state.blocked_until if state is not None else None
            resting = state is not None and state.blocked_reason == QUOTA and urgent
            until = soon if blocked_until is None or resting else max(soon, blocked_until)
            wishes.append(lane_wish(workspace, kind.plural, until, live=urgent))
        await ask(connection, wishes)
