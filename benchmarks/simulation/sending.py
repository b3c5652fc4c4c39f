"""Everything mirrored goes to LinkedIn: the lanes' permits, call by call, under LinkedIn's own quotas.

Real: the quotas of each resource in both dialects, the budget with its reserve and its day, the length of slices, what
a lane does when its permit is far off (it ends its slice and is called again), the batch sizes. Simulated: LinkedIn,
which counts and refuses; the workers, of which any takes the next slice. A record costs the far side nothing but its
place in a quota, so none is rendered here: ``whole`` does that, for a smaller company.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from benchmarks.simulation.company import Network
from benchmarks.simulation.far_sides import LinkedInQuota
from benchmarks.simulation.virtual import VirtualClock, run_virtually
from landbridge.connectors.linkedin.dialects import Generation, Override, resolve
from landbridge.store.budgets import BudgetKey
from landbridge.sync.budget import Budget, LocalPool, Urgency, Wait, quota_of
from landbridge.sync.lane import LINGER, LONGEST_WAIT_SECONDS

START = datetime.fromisoformat("2026-03-02T00:00:00+00:00")
SLICE = timedelta(seconds=20)
ROUND_TRIPS = "round trips"


class Backlog(Struct):
    """What is due for one lane, and whether more may come."""

    due: int = 0
    open: bool = False

    def sent(self, units: int) -> None:
        self.due -= units


class CallsOfApplications(Backlog):
    """The stages of v2, where a call carries all due stages of one application: what is due are applications.

    The present stage of each is due first, in the order of reading; its history finds it sent already, and costs a
    second call, or still due, and shares its call. First calls leave before second ones: their stages are older.
    """

    present_read: int = 0
    present_sent: int = 0
    histories_read: int = 0

    def present(self, applications: int) -> None:
        self.present_read += applications
        self.due += applications

    def history(self, applications: int) -> None:
        sent_already = range(self.histories_read, min(self.histories_read + applications, self.present_sent))
        self.due += len(sent_already)
        self.histories_read += applications

    def sent(self, units: int) -> None:
        self.due -= units
        self.present_sent = min(self.present_sent + units, self.present_read)


class LaneTaken(Struct, frozen=True, kw_only=True):
    """What one lane has taken. ``use``: of its binding quota, the share it ran at."""

    resource: str
    dialect: str
    binding: str
    records: int
    calls: int
    refused: int
    fullest_minute: int
    busiest_day: int
    ended_at: datetime
    use: float


def simulate_lane(
    resource: str, dialect: Generation, records: int, *, per_call: int, calls_per_day: int = 100_000, seed: int = 1
) -> LaneTaken:
    """One lane from the first record to the last, all of them due at the beginning.

    ``per_call`` is how many records fit into its calls, ``calls_per_day`` what LinkedIn allows where that is less than
    documented.
    """

    async def run() -> LaneTaken:
        lane = SimulatedLane(resource, dialect, Backlog(records), per_call, calls_per_day=calls_per_day, seed=seed)
        return await lane.run(VirtualClock(START))

    return run_virtually(run())


def _binding(by_minute: float, by_day: float) -> str:
    """What kept the lane from being faster. Small calls, one after another, may not reach any quota."""
    if by_day > by_minute:
        return "calls per day"
    return "records per minute" if by_minute > 0.9 else ROUND_TRIPS


class SimulatedLane:
    """One lane, slice after slice, until its backlog is empty and closed."""

    def __init__(
        self,
        resource: str,
        dialect: Generation,
        backlog: Backlog,
        per_call: int,
        *,
        calls_per_day: int = 100_000,
        start: datetime = START,
        seed: int = 1,
    ) -> None:
        self._resource, self._dialect = resource, dialect
        self._backlog, self._per_call = backlog, per_call
        self._network = Network(seed)
        self._far_side = LinkedInQuota(start, calls_per_day=calls_per_day)
        quota = quota_of(resolve(resource, dialect, override=Override(calls_per_day=calls_per_day)).limits)
        assert quota is not None
        self._budget = Budget(LocalPool(), BudgetKey(1, "linkedin", resource), quota)

    async def run(self, clock: VirtualClock) -> LaneTaken:
        self._clock = clock
        while self._backlog.due or self._backlog.open:
            await clock.sleep(self._network.hand_over())
            at_the_end = await self._slice(clock.monotonic() + SLICE.total_seconds())
            if at_the_end and self._backlog.open:
                await clock.sleep(LINGER.total_seconds())
        return self._taken()

    async def _slice(self, ends: float) -> bool:
        """Whether the slice came to the end of what was due; what has come meanwhile gathers for the next one then."""
        while self._backlog.due and self._clock.monotonic() < ends:
            size = min(self._per_call, self._backlog.due)
            permit = await self._budget.permit(records=size, urgency=Urgency.BACKFILL, now=self._clock.now())
            if not isinstance(permit, Wait):
                await self._send(size)
                if size < self._per_call:
                    return True
                continue
            wait = (permit.until - self._clock.now()).total_seconds()
            if wait > min(LONGEST_WAIT_SECONDS, ends - self._clock.monotonic()):
                # The lane's job is scheduled for then; a worker takes it up.
                await self._clock.sleep(wait)
                return False
            await self._clock.sleep(max(wait, 0.001))
        return not self._backlog.due

    async def _send(self, size: int) -> None:
        await self._clock.sleep(self._network.way())
        if self._far_side.take(self._clock.monotonic(), size):
            self._backlog.sent(size)
            await self._clock.sleep(self._network.linkedin(size) + self._network.way())

    def _taken(self) -> LaneTaken:
        far = self._far_side
        by_day, by_minute = far.use_of_days, far.use_of_minutes
        return LaneTaken(
            resource=self._resource,
            dialect=self._dialect,
            binding=_binding(by_minute, by_day),
            records=far.records,
            calls=far.calls,
            refused=far.refused,
            fullest_minute=far.minute.fullest,
            busiest_day=max(far.day.calls.values(), default=0),
            ended_at=self._clock.now(),
            use=max(by_day, by_minute),
        )
