"""One slice of a lane: the only sender for one workspace and resource works off what is due, batch after batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

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
from landbridge.http import Clock
from landbridge.ports.destination import Entity, Outcome, Writer
from landbridge.store import lanes, ledger
from landbridge.store.database import Connection, Database
from landbridge.store.ledger import Fence, FencedError
from landbridge.sync import outcomes
from landbridge.sync.bell import Bell
from landbridge.sync.budget import Budget, StorePool, Urgency, Wait
from landbridge.sync.choices import Choices
from landbridge.sync.picking import Chunk, Picker
from landbridge.sync.rendering import Sending
from landbridge.sync.saver import Saver
from landbridge.sync.splitting import Batch, BatchQueue, Failure

# Older than this, the right to send is checked again right before a send.
FENCE_SECONDS = 0.2
# A permit that is further off is not waited for: the slice ends and the lane is called again then.
LONGEST_WAIT_SECONDS = 5.0
PAUSE_AFTER_FAILURE_SECONDS = 1.0
PAUSE_AFTER_LIMIT = timedelta(minutes=1)
PAUSE_AFTER_OUTAGE = timedelta(minutes=1)
PAUSE_WHEN_UNREACHABLE = timedelta(seconds=15)
PAUSE_AFTER_SURPRISE = timedelta(minutes=10)
# Records trickle in while the ATS is read. Sending each at once would use up a day's calls; a lane that has sent less
# than a full call lets some gather.
LINGER = timedelta(seconds=2)
# Why a lane rests though nothing is wrong: urgent work goes on.
QUOTA = "quota"
BROKEN_BY_BATCH = frozenset({500, 502, 504})


class Lane(Struct, frozen=True, kw_only=True):
    """All that driving one lane takes."""

    database: Database
    workspace: int
    writer: Writer
    choices: Choices
    budget: Budget | None
    bell: Bell
    clock: Clock


class SliceEnd(Struct, frozen=True, kw_only=True):
    """How a slice ended. ``more``: there is work left, to go on with at ``resume_at`` (None: at once).

    ``counts`` has the outcomes by name and the "calls". ``fenced``: another worker has the lane now; leave it alone.
    ``urgent``: the slice was for urgent records alone, and some may be left.
    """

    counts: dict[str, int]
    more: bool = False
    resume_at: datetime | None = None
    fenced: bool = False
    urgent: bool = False
    problem: LandbridgeError | None = None


class _StopSlice(Exception):  # noqa: N818 - not an error: the slice is over for now
    """Sending cannot go on in this slice."""

    def __init__(
        self, resume_at: datetime | None = None, reason: str = "", problem: LandbridgeError | None = None
    ) -> None:
        super().__init__(reason)
        self.resume_at = resume_at
        self.reason = reason
        self.problem = problem


def never() -> bool:
    return False


async def run_slice(
    lane: Lane, *, length: timedelta, stopping: Callable[[], bool] = never, only_urgent: bool = False
) -> SliceEnd:
    """Take the lane over and send what is due, for about ``length``.

    ``only_urgent``: removals and live changes; what fills in history is left to the lane's turn among all others.

    Raises what the database raises; what the far side raises is told in the answer. Killed at any point, all that was
    not saved is due again, and sending it again is harmless.
    """
    async with lane.database.connection() as connection:
        fence, state = await lanes.take_over(connection, lane.workspace, lane.writer.resource)
    now = lane.clock.now()
    blocked = state.blocked_until is not None and state.blocked_until > now
    if blocked and state.blocked_reason != QUOTA:
        return SliceEnd(counts={}, more=True, resume_at=state.blocked_until, urgent=only_urgent)
    resting_until = state.blocked_until if blocked else None
    return await _Slice(lane, fence, length, stopping, only_urgent=only_urgent, resting_until=resting_until).run()


class _Slice:
    def __init__(
        self,
        lane: Lane,
        fence: Fence,
        length: timedelta,
        stopping: Callable[[], bool],
        *,
        only_urgent: bool,
        resting_until: datetime | None,
    ) -> None:
        self._lane = lane
        self._only_urgent = only_urgent
        self._resting_until = resting_until
        self._urgent_left = only_urgent
        self._writer = lane.writer
        self._clock = lane.clock
        self._fence = fence
        self._stopping = stopping
        self._ends = lane.clock.monotonic() + length.total_seconds()
        self._counts: Counter[str] = Counter()
        self._saver = Saver(lane.database, fence, lane.writer.kind, lane.bell, lane.clock)
        self._picker = Picker(lane.database, lane.workspace, lane.writer, lane.choices, lane.clock)
        self._fence_seen = lane.clock.monotonic()
        self._pool = StorePool(lane.database)
        self._sent_at: datetime | None = None
        self._lingers = False

    async def run(self) -> SliceEnd:
        try:
            async with self._saver:
                await self._work()
        except FencedError:
            return await self._lost()
        except _StopSlice as stop:
            return await self._end(stop)
        return await self._end(None)

    async def _work(self) -> None:
        """Chunk after chunk until nothing is due or time is up."""
        try:
            while not self._over():
                urgent = await self._picker.urgent()
                if urgent.rows:
                    await self._send_chunk(urgent)
                    continue
                if self._only_urgent:
                    self._urgent_left = False
                    self._lingers = True
                    return
                chunk = await self._picker.backfill()
                await self._send_chunk(chunk)
                if not chunk.full:
                    # The end of the order. What has become due behind us meanwhile may gather for a moment.
                    self._lingers = not self._over()
                    return
        finally:
            await self._picker.close()

    def _over(self) -> bool:
        return self._stopping() or self._clock.monotonic() >= self._ends

    # -- sending

    async def _send_chunk(self, chunk: Chunk) -> None:
        if not chunk.rows:
            return
        began = self._clock.monotonic()
        rendered, results = chunk.rendered, self._saver.results
        results.unchanged += rendered.unchanged
        results.verdicts += rendered.verdicts
        self._counts["unchanged"] += len(rendered.unchanged)
        self._counts.update(verdict.state for verdict in rendered.verdicts)
        await self._saver.give()
        urgency = Urgency(min(row.priority for row in chunk.rows))
        await self._send_all(BatchQueue(self._batches(rendered.sendings.values())), rendered.sendings, urgency)
        if urgency is not Urgency.BACKFILL:
            await self._saver.drain()
        self._picker.adapt(chunk.rows, self._clock.monotonic() - began)

    def _batches(self, sendings: Iterable[Sending]) -> Iterable[Batch]:
        """The writer's batches; a record that has failed before travels alone, so that it fails nobody else."""
        fresh: list[Entity] = []
        suspects: list[Entity] = []
        for sending in sendings:
            (suspects if sending.row.attempts else fresh).append(sending.entity)
        yield from self._writer.batches(fresh) if fresh else ()
        for suspect in suspects:
            yield from self._writer.batches([suspect])

    async def _send_all(self, queue: BatchQueue, sendings: dict[int, Sending], urgency: Urgency) -> None:
        while (batch := queue.next()) is not None:
            if self._over():
                return  # what was not sent is still due
            await self._permit(len(batch), urgency)
            try:
                told = await self._writer.write(batch, self._clock.now())
            except LandbridgeError as error:
                await self._handle(error, queue, batch, sendings)
            else:
                queue.accepted()
                self._sent_at = self._clock.now()
                self._note(told, sendings)
            self._counts["calls"] += 1
            await self._saver.give()

    async def _permit(self, records: int, urgency: Urgency) -> None:
        """Wait for the right to send: the budget's, and that the lane is still ours."""
        budget = self._lane.budget
        while budget is not None:
            now = self._clock.now()
            answer = await budget.permit(records=records, urgency=urgency, now=now, fence=self._fence)
            if not isinstance(answer, Wait):
                return
            await self._wait(answer, now)
        if self._clock.monotonic() - self._fence_seen > FENCE_SECONDS:
            await self._pool.check_fence(self._fence)
            self._fence_seen = self._clock.monotonic()

    async def _wait(self, wait: Wait, now: datetime) -> None:
        seconds = (wait.until - now).total_seconds()
        if seconds > min(LONGEST_WAIT_SECONDS, self._ends - self._clock.monotonic()) or self._stopping():
            raise _StopSlice(wait.until, QUOTA)
        await self._clock.sleep(max(seconds, 0.001))

    def _note(self, told: Sequence[Outcome], sendings: dict[int, Sending]) -> None:
        """Sort outcomes into what is to be saved."""
        results, now = self._saver.results, self._clock.now()
        for outcome in told:
            sending = sendings[outcome.record_id]
            row, entity = sending.row, sending.entity
            removed = row.gone or bool(sending.then_held)
            if outcome.status == "delivered" and outcome.far is None and not removed:
                results.acknowledged.add(row.record_id, row.revision, entity.fingerprint)
            else:
                results.verdicts.append(
                    outcomes.verdict(
                        row,
                        outcome,
                        fingerprint=entity.fingerprint,
                        now=now,
                        removed=removed,
                        then_held=sending.then_held,
                    )
                )
            if outcome.status in {"delivered", "again"} and not removed and not row.there:
                results.arrived.append(row.record_id)
            self._counts[outcome.status] += 1

    # -- trouble

    async def _handle(
        self, error: LandbridgeError, queue: BatchQueue, batch: Batch, sendings: dict[int, Sending]
    ) -> None:
        """What a failed call means for its batch, or for the slice (then it raises)."""
        if isinstance(error, RecordError):
            self._set_aside(error, queue.refused(batch), sendings)
        elif isinstance(error, UnavailableError) and error.facts.get("status") in BROKEN_BY_BATCH:
            await self._broken(error, queue, batch, sendings)
        else:
            raise self._stop_for(error)

    def _set_aside(self, error: RecordError, entity: Entity | None, sendings: dict[int, Sending]) -> None:
        if entity is None:
            return
        refusal = Outcome(record_id=entity.record_id, status="refused", reason=error.code, detail=error.hint)
        self._note([refusal], sendings)

    async def _broken(
        self, error: UnavailableError, queue: BatchQueue, batch: Batch, sendings: dict[int, Sending]
    ) -> None:
        """A server error: the far side's own trouble, or what one of these records does to it."""
        match queue.failed(batch):
            case Failure.AGAIN:
                await self._clock.sleep(PAUSE_AFTER_FAILURE_SECONDS)
            case Failure.ALONE:
                row = sendings[batch[0].record_id].row
                self._saver.results.verdicts.append(
                    outcomes.retry(row, now=self._clock.now(), most=outcomes.MOST_FAILURES)
                )
                self._counts["retry"] += 1
            case Failure.OUTAGE:
                raise _StopSlice(self._clock.now() + (error.retry_after or PAUSE_AFTER_OUTAGE), error.code, error)
            case Failure.SPLIT:
                pass

    def _stop_for(self, error: LandbridgeError) -> _StopSlice:
        now = self._clock.now()
        match error:
            case NeedsPersonError():
                return _StopSlice(None, error.code, error)
            case RateLimitedError():
                return _StopSlice(now + (error.retry_after or PAUSE_AFTER_LIMIT), error.code, error)
            case TryLaterError():
                return _StopSlice(now + (error.retry_after or PAUSE_WHEN_UNREACHABLE), error.code, error)
            case SurpriseError():
                return _StopSlice(now + PAUSE_AFTER_SURPRISE, error.code, error)
            case _:
                return _StopSlice(now + PAUSE_AFTER_SURPRISE, error.code, error)

    # -- ending

    async def _end(self, stop: _StopSlice | None) -> SliceEnd:
        now = self._clock.now()
        try:
            await self._saver.drain()
        except FencedError:
            return await self._lost()
        resume_at = stop.resume_at if stop else None
        reason = stop.reason if stop and resume_at else ""
        if stop is None and self._lingers:
            resume_at = now + LINGER
            if self._only_urgent and self._resting_until is not None:
                # Nothing was learned about the quota that the others rest for.
                resume_at, reason = self._resting_until, QUOTA
        async with self._lane.database.connection() as connection:
            await lanes.note_end(
                connection,
                self._fence,
                blocked_until=resume_at if reason else None,
                blocked_reason=reason,
                last_sent_at=self._sent_at,
            )
            more = await ledger.has_due(connection, self._lane.workspace, self._writer.kind, now=now)
            if not more:
                resume_at = await self._next_look(connection)
        problem = stop.problem if stop else None
        if resume_at is not None and self._lane.budget is not None and isinstance(problem, RateLimitedError):
            await self._lane.budget.pause(resume_at)
        return SliceEnd(
            counts=dict(self._counts),
            more=more or resume_at is not None,
            resume_at=resume_at,
            urgent=self._urgent_left,
            problem=problem,
        )

    async def _next_look(self, connection: Connection) -> datetime | None:
        """When a postponed record or a verdict is to be looked at."""
        kind, workspace = self._writer.kind, self._lane.workspace
        looks = [await ledger.next_look_at(connection, workspace, kind, state) for state in ("due", "pending")]
        return min((look for look in looks if look is not None), default=None)

    async def _lost(self) -> SliceEnd:
        """Another worker has the lane. What we sent and could not save may have overtaken what it sent."""
        doubtful = self._saver.unsaved
        if doubtful:
            async with self._lane.database.transaction() as connection:
                await ledger.doubt(connection, self._lane.workspace, doubtful, now=self._clock.now())
                await self._lane.bell.ring(connection, self._lane.workspace, [self._writer.kind])
        return SliceEnd(counts=dict(self._counts), fenced=True)
