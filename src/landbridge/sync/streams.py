"""Reading what recruiters do in LinkedIn, in windows that touch each other: nothing between them is left out.

Each stream has a present and a past (see ``store.streams``). The present is read at a steady pace; the past with what
the day's calls leave over, newest first. How often the present can be read follows from how many streams share one
bucket of calls: up to every five minutes, every half hour as the product promises, and where there are too many for
that, less often, which ``Pace.slower`` says so that it can be shown.

Sources: LinkedIn's pages on InMail history and prospect notes (at most 12 hours a call, every 30 minutes as the
example, 12 calls a minute for one seat) and on recruiter-prospect interactions (100,000 calls a day together).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from landbridge.errors import LandbridgeError, NeedsPersonError, RateLimitedError, RecordError, TryLaterError
from landbridge.http import Clock
from landbridge.ports.incoming import LONGEST_WINDOW, Batch, Incoming, Window
from landbridge.records.incoming import ClosedProfile, ExportedPerson, InMail, ProspectNote, SharedContact
from landbridge.records.incoming import Incoming as Element
from landbridge.store import arrivals, streams
from landbridge.store.arrivals import ArrivalKind, Arrived
from landbridge.store.database import Database, raise_if_ours
from landbridge.store.streams import Stream, StreamKind
from landbridge.sync.budget import Budget, Quota, Urgency, Wait

PROMISED = timedelta(minutes=30)
QUICKEST = timedelta(minutes=5)
FIRST_LOOK = timedelta(minutes=1)
# Closed accounts have to be asked for every 30 days; a day's delay tells an admin early enough.
CLOSED_EVERY = timedelta(days=1)
CLOSED_WINDOW = timedelta(days=30)
# Where a bound is excluded, a connector asks from a moment earlier.
EDGE = timedelta(milliseconds=1)
# An element may show up a moment after its own time; a window ends that much before now.
SETTLES_WITHIN = timedelta(seconds=30)
# Some show up later than that. Each window begins so long before where the last one ended: that costs no call more,
# and what comes again is known by its id.
LATE = timedelta(hours=1)
# 12 calls a minute for one seat; a window may take more than one page. As far apart are those of a present that is
# behind, after an outage or a pause of days.
PAST_EVERY = timedelta(seconds=6)
LEAST_FOR_PAST = 0.005
# Its multiples are spread evenly, however many there are.
GOLDEN = 0.618_033_988_75
DAY = timedelta(days=1)
# Of the shared bucket, what reading the present may plan with: the rest is for pages, the past and seats.
SHARE_OF_CALLS = 0.98
AT_A_TIME = 8
LONGEST_WAIT_SECONDS = 2.0
PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
ELEMENT_KINDS: dict[type[Element], ArrivalKind] = {
    InMail: "inmail",
    ProspectNote: "note",
    SharedContact: "contact",
    ClosedProfile: "closed",
    ExportedPerson: "export",
}


class Pace(Struct, frozen=True, kw_only=True):
    """How often streams are read, and why not more often. ``slower``: less often than promised."""

    every: timedelta
    streams: int
    calls_per_day: int
    past_every: timedelta = PAST_EVERY  # for each stream with history left

    @property
    def slower(self) -> bool:
        return self.every > PROMISED

    @property
    def most_at_promised(self) -> int:
        """How many streams the bucket can serve at the promised pace."""
        return int(self.calls_per_day * SHARE_OF_CALLS * (PROMISED / DAY))


def pace_of(count: int, calls_per_day: int, with_past: int = 0, *, quickest: timedelta = QUICKEST) -> Pace:
    """The pace at which so many streams fit into so many calls a day, ``with_past`` of them with history left to read.

    Where half of the calls are enough for the promise, reading is quicker than promised and the past has the rest.
    """
    usable = calls_per_day * SHARE_OF_CALLS
    needed = DAY * (count / usable)
    every = max(needed, min(max(2 * needed, quickest), PROMISED))
    # Some history is read even where the present takes all: it would never come otherwise.
    left_over = max(usable - count * (DAY / every), calls_per_day * LEAST_FOR_PAST)
    past_every = max(DAY * (with_past / left_over), PAST_EVERY)
    return Pace(every=every, streams=count, calls_per_day=calls_per_day, past_every=past_every)


def shared_quota(calls_per_day: int) -> Quota:
    """The one bucket of seats, InMails, stub profiles and notes."""
    return Quota(per_window=None, window=timedelta(minutes=1), per_call=1, calls_per_day=calls_per_day, in_blocks=False)


class Streaming(Struct, frozen=True, kw_only=True):
    """All that reading one workspace's streams takes. ``seats`` maps each connected seat to its holder's person URN;
    ``owners`` each contract to its connected seats. ``settles_within``: how long elements may take to show up."""

    database: Database
    workspace: int
    incoming: Incoming
    budget: Budget | None
    clock: Clock
    pace: Pace
    seats: dict[str, str | None]
    owners: dict[str, list[str]]
    settles_within: timedelta = SETTLES_WITHIN


class StreamsEnd(Struct, frozen=True, kw_only=True):
    """How a slice ended. ``kept``: elements that are new or changed. ``resume_at`` None: nothing is to be read."""

    windows: int = 0
    kept: int = 0
    unreadable: int = 0
    resume_at: datetime | None = None
    problem: LandbridgeError | None = None


class _Turn(Struct, frozen=True):
    """One window of one stream."""

    stream: Stream
    window: Window
    past: bool = False


def never() -> bool:
    return False


async def read_slice(streaming: Streaming, *, length: timedelta, stopping: Callable[[], bool] = never) -> StreamsEnd:
    """Read windows for about ``length``: whatever of the present is due, then the past.

    Trouble of one stream puts that one off; trouble of LinkedIn as a whole ends the slice and is told.
    """
    return await _Slice(streaming, length, stopping).run()


class _Slice:
    def __init__(self, streaming: Streaming, length: timedelta, stopping: Callable[[], bool]) -> None:
        self._streaming = streaming
        self._clock = streaming.clock
        self._ends = streaming.clock.monotonic() + length.total_seconds()
        self._stopping = stopping
        self._windows = self._kept = self._unreadable = 0
        self._problem: LandbridgeError | None = None
        self._resume_at: datetime | None = None
        self._past_opens_at: datetime | None = None

    async def run(self) -> StreamsEnd:
        while not self._over():
            turns = await self._turns()
            if not turns:
                break
            outcomes = await asyncio.gather(*(self._take(turn) for turn in turns), return_exceptions=True)
            # Not before the last one has ended: nobody would wait for the others, and hear what befell them.
            for outcome in outcomes:
                if outcome is not None:
                    raise outcome
        return await self._end()

    def _over(self) -> bool:
        ended = self._stopping() or self._clock.monotonic() >= self._ends
        return ended or self._problem is not None or self._resume_at is not None

    async def _turns(self) -> list[_Turn]:
        now = self._clock.now()
        async with self._streaming.database.connection() as connection:
            workspace = self._streaming.workspace
            present = await streams.due_streams(connection, workspace, now=now, limit=AT_A_TIME)
            if present or self._past_opens_at is not None:
                settled_at = now - self._streaming.settles_within
                return [_Turn(stream, _present(stream, settled_at)) for stream in present]
            past = await streams.due_pasts(connection, workspace, now=now, limit=AT_A_TIME)
        return [_Turn(stream, _past(stream), past=True) for stream in past]

    async def _take(self, turn: _Turn) -> None:
        urgency = Urgency.BACKFILL if turn.past else Urgency.LIVE
        if self._over() or not await self._permit(urgency):
            return
        try:
            batch = await self._read(turn.stream, turn.window)
        except LandbridgeError as error:
            await self._failed(turn, error)
            return
        # A page more than the one the permit was for: told afterwards, since only the answer tells how many there are.
        for _ in range(batch.calls - 1):
            await self._permit(urgency)
        await self._save(turn, batch)

    async def _permit(self, urgency: Urgency) -> bool:
        budget = self._streaming.budget
        while budget is not None:
            now = self._clock.now()
            answer = await budget.permit(records=1, urgency=urgency, now=now)
            if not isinstance(answer, Wait):
                return True
            seconds = (answer.until - now).total_seconds()
            if seconds > LONGEST_WAIT_SECONDS:
                # What the past has to wait for, the present need not.
                if urgency is Urgency.BACKFILL:
                    self._past_opens_at = answer.until
                else:
                    self._resume_at = answer.until
                return False
            await self._clock.sleep(max(seconds, 0.001))
        return True

    async def _read(self, stream: Stream, window: Window) -> Batch[Any]:
        incoming, subject = self._streaming.incoming, stream.subject
        match stream.kind:
            case "inmails":
                return await incoming.read_inmails(subject, self._streaming.seats.get(subject), window)
            case "notes":
                return await incoming.read_notes(subject, window)
            case "contacts":
                return await incoming.read_contacts(subject, self._streaming.owners.get(subject, []), window)
            case "closed":
                return await incoming.read_closed(window)

    async def _save(self, turn: _Turn, batch: Batch[Any]) -> None:
        """What the window brought and where the stream stands now, together: a crash costs this one window."""
        now, workspace = self._clock.now(), self._streaming.workspace
        rows = [arrived(element, turn.stream.subject) for element in batch.found]
        async with self._streaming.database.transaction() as connection:
            kept = await arrivals.keep(connection, workspace, rows, now=now)
            if turn.past:
                again_at = now + self._streaming.pace.past_every
                await streams.save_past(connection, workspace, turn.stream, turn.window, next_at=again_at)
            else:
                # While the present is behind: as soon as one seat's calls allow, and the past waits for it.
                behind = _is_behind(turn)
                next_at = now + PAST_EVERY if behind else self._next(turn, now)
                await streams.save_present(
                    connection, workspace, turn.stream, turn.window, next_at=next_at,
                    past_at=next_at + PAST_EVERY if behind else now, now=now,
                )  # fmt: skip
        self._windows += 1
        self._kept += kept
        self._unreadable += len(batch.unreadable)

    def _next(self, turn: _Turn, now: datetime) -> datetime:
        """A pace after it was due, so that turns do not drift.

        Many are connected in one minute. Their second turns are spread over the pace: all at once they would fall into
        some days once more than into others, and the calls of those days would not suffice.
        """
        every = CLOSED_EVERY if turn.stream.kind == "closed" else self._streaming.pace.every
        if turn.stream.read_until <= turn.stream.began_at:
            return now + every * (turn.stream.id * GOLDEN % 1)
        return max(turn.stream.next_at + every, now + every / 2)

    async def _failed(self, turn: _Turn, error: LandbridgeError) -> None:
        raise_if_ours(error)
        now = self._clock.now()
        alone = isinstance(error, NeedsPersonError | RecordError)
        pause = min(PAUSE * 2 ** min(turn.stream.failures, 10), LONGEST_PAUSE)
        if isinstance(error, TryLaterError) and error.retry_after is not None:
            pause = max(error.retry_after, timedelta(seconds=1))
        async with self._streaming.database.connection() as connection:
            await streams.put_off(
                connection, self._streaming.workspace, turn.stream, until=now + pause, problem=error.code
            )
        if isinstance(error, RateLimitedError) and self._streaming.budget is not None:
            await self._streaming.budget.pause(now + pause)
        if not alone:
            self._problem = error
            self._resume_at = now + pause

    async def _end(self) -> StreamsEnd:
        resume_at = self._resume_at
        if resume_at is None:
            async with self._streaming.database.connection() as connection:
                present, past = await streams.next_due_at(connection, self._streaming.workspace)
            if past is not None and self._past_opens_at is not None:
                past = max(past, self._past_opens_at)
            resume_at = min((at for at in (present, past) if at is not None), default=None)
        return StreamsEnd(
            windows=self._windows,
            kept=self._kept,
            unreadable=self._unreadable,
            resume_at=resume_at,
            problem=self._problem,
        )


def _is_behind(turn: _Turn) -> bool:
    """Not by the clock: it has moved on while the window was read, so a window would never be the last one."""
    return turn.window.until - turn.window.since >= _longest(turn.stream)


def _longest(stream: Stream) -> timedelta:
    return CLOSED_WINDOW if stream.kind == "closed" else LONGEST_WINDOW - EDGE


def _present(stream: Stream, settled_at: datetime) -> Window:
    """From a while before where the stream stands, but not from before its history; as much as a call may ask for."""
    since = max(stream.read_until - LATE, stream.past_since)
    until = max(min(since + _longest(stream), settled_at), stream.read_until)
    return Window(since, until)


def _past(stream: Stream) -> Window:
    return Window(max(stream.past_until - _longest(stream), stream.past_since), stream.past_until)


def arrived(element: Element, subject: str) -> Arrived:
    """An element as it is kept. The same element later has another body where anything about it has changed."""
    body = msgspec.to_builtins(element)
    del body["raw"]
    at = getattr(element, "created_at", None) or getattr(element, "at", None)
    return Arrived(
        kind=ELEMENT_KINDS[type(element)],
        far_id=element.id,
        subject=subject,
        body=body,
        raw=element.raw,
        person_urn=getattr(element, "person_urn", None),
        at=at,
        version_at=getattr(element, "modified_at", None),
    )


async def want(
    database: Database,
    workspace: int,
    *,
    seats: Sequence[str],
    contracts: Sequence[str],
    organization: str | None,
    history: timedelta,
    now: datetime,
    owners: Mapping[str, Sequence[str]] | None = None,
    first_look: timedelta = FIRST_LOOK,
) -> None:
    """Have exactly these streams read: InMails of connected seats, the rest of enabled contracts and of the company.

    ``owners``: each contract's connected seats; contact details are read of these contracts. None: of all contracts.
    ``first_look``: after how long the present of a new stream is read.
    """
    wanted: dict[StreamKind, Sequence[str]] = {
        "inmails": seats,
        "notes": contracts,
        "contacts": contracts if owners is None else list(owners),
        "closed": [organization] if organization else [],
    }
    async with database.transaction() as connection:
        for kind, subjects in wanted.items():
            await streams.want_streams(
                connection,
                workspace,
                kind,
                subjects,
                now=now,
                past_since=now - history,
                first_look=min(first_look, FIRST_LOOK),
            )
        if owners:
            await streams.name_owners(connection, workspace, owners)
