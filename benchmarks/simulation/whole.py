"""The whole engine on the virtual clock: PostgreSQL, ledger, lane, connector and HTTP stack are real.

Only LinkedIn is not: behind the connector's transport stands :class:`LinkedInQuota` and a latency. This is slower than
the permits alone, so the company is smaller; it shows that nothing between the permit and the far side loses quota.
"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta

import httpx2
from msgspec import Struct

from benchmarks.simulation.company import Network
from benchmarks.simulation.far_sides import LinkedInQuota
from benchmarks.simulation.virtual import VirtualClock, run_virtually
from benchmarks.wire import ORGANIZATION
from landbridge.connectors import CONNECTORS, Wiring
from landbridge.http import OpenGate
from landbridge.ports.destination import Destination
from landbridge.store.budgets import BudgetKey
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.sync.bell import SilentBell
from landbridge.sync.budget import Budget, StorePool, quota_of
from landbridge.sync.choices import Choices
from landbridge.sync.lane import Lane, run_slice

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SLICE = timedelta(seconds=20)
ENTITY_KEY = re.compile(rb'"([^"]*CandidateId[=:][^"]*)":\{')


class WholeTaken(Struct, frozen=True, kw_only=True):
    dialect: str
    delivered: int
    calls: int
    refused: int
    fullest_minute: int
    seconds: float
    use: float  # of 10,000 records a minute


class CountingLinkedIn(httpx2.AsyncBaseTransport):
    """LinkedIn as nothing but its quota: tokens for everybody, 201 for every element, 429 beyond the limit."""

    def __init__(self, clock: VirtualClock, seed: int) -> None:
        self._clock = clock
        self._network = Network(seed)
        self.quota = LinkedInQuota(START)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await self._clock.sleep(self._network.way())
        answer = await self._answer(request)
        await self._clock.sleep(self._network.way())
        return answer

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/accessToken"):
            return httpx2.Response(200, json={"access_token": "simulated", "expires_in": 1799})
        keys = ENTITY_KEY.findall(await request.aread())
        if not self.quota.take(self._clock.monotonic(), len(keys)):
            return httpx2.Response(429)
        await self._clock.sleep(self._network.linkedin(len(keys)))
        return httpx2.Response(200, json={"results": {key.decode(): {"status": 201} for key in keys}})


def simulate_candidates_lane(database: str, *, dialect: str, seed: int = 1) -> WholeTaken:
    """Send all candidates that are due in ``database``, for workspace 1."""
    return run_virtually(_run(database, dialect, seed))


async def _run(url: str, dialect: str, seed: int) -> WholeTaken:
    clock = VirtualClock(START)
    linkedin = CountingLinkedIn(clock, seed)
    async with Database(url) as database:
        await database.start()
        async with CallJournal(database) as journal:
            wiring = Wiring(
                settings={"organization": ORGANIZATION, "client_id": "simulated", "dialect": dialect},
                secrets={"client_secret": "simulated"},
                gate=OpenGate(),
                journal=journal.of(1),
                clock=clock,
                transport=linkedin,
            )
            open_destination = CONNECTORS["linkedin"].destination
            assert open_destination is not None
            destination = open_destination(wiring)
            delivered = await _drive(_lane(database, destination, clock), clock, Network(seed + 1))
            await destination.close()
    return _taken(linkedin.quota, dialect, delivered)


def _lane(database: Database, destination: Destination, clock: VirtualClock) -> Lane:
    writer = next(writer for writer in destination.writers if writer.resource == "candidates")
    quota = quota_of(writer.limits)
    assert quota is not None
    key = BudgetKey(1, destination.name, writer.resource)
    return Lane(
        database=database,
        workspace=1,
        writer=writer,
        choices=Choices(),
        budget=Budget(StorePool(database), key, quota),
        bell=SilentBell(),
        clock=clock,
    )


async def _drive(lane: Lane, clock: VirtualClock, network: Network) -> int:
    """Slice after slice, as workers take them up."""
    delivered, more = 0, True
    while more:
        await asyncio.sleep(network.hand_over())
        end = await run_slice(lane, length=SLICE)
        if end.problem is not None:
            raise end.problem
        delivered, more = delivered + end.counts.get("delivered", 0), end.more
        if end.resume_at is not None:
            await asyncio.sleep(max(0.0, (end.resume_at - clock.now()).total_seconds()))
    return delivered


def _taken(quota: LinkedInQuota, dialect: str, delivered: int) -> WholeTaken:
    return WholeTaken(
        dialect=dialect,
        delivered=delivered,
        calls=quota.calls,
        refused=quota.refused,
        fullest_minute=quota.minute.fullest,
        seconds=quota.seconds,
        use=quota.use_of_minutes,
    )
