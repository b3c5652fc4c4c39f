"""Changes that the ATS tells of: kept as they come, worked off by reading what they name, and sent at once.

An event says that something has changed, never what to. So ten events about one candidate are one item on the reading
list, their order means nothing, and one that comes again costs a read at most.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from msgspec import Struct

from landbridge.connectors.smartrecruiters.identifier import application_key
from landbridge.connectors.smartrecruiters.webhooks import Told, read_event
from landbridge.errors import LandbridgeError, NeedsPersonError, RecordError, TryLaterError
from landbridge.jobs.queue import Wish, ask, changes_wish
from landbridge.jobs.wiring import ATS, Works
from landbridge.ports.source import Gone, Page, Pass, Source
from landbridge.records import Kind
from landbridge.store import inbox, mirror, readings
from landbridge.store.database import Connection, Database
from landbridge.store.inbox import Taken
from landbridge.store.readings import Reading, SetAside
from landbridge.store.secrets import Vault
from landbridge.sync import mirror as engine
from landbridge.sync.budget import Urgency
from landbridge.sync.items import ItemReader, Read, SourceProblem
from landbridge.sync.mirror import Arrival

log = structlog.get_logger(__name__)

EVENTS_AT_ONCE = 1_000
ITEMS_AT_ONCE = 64
# What an event names may not be readable yet: tried again after so long, three times.
NOT_YET = (timedelta(seconds=2), timedelta(seconds=15), timedelta(seconds=60))
PEOPLE, JOBS, REVIEWS, RESUMES = "candidates", "jobs", "reviews", "resumes"
MOST_MERGED = 50
LONGEST_DOUBT = timedelta(minutes=10)
PREFIX = "/smartrecruiters/"
_MARK_BYTES = 18


class FollowEnd(Struct, frozen=True, kw_only=True):
    """``resume_at``: when there is more to do, None: when something else happens."""

    resume_at: datetime | None = None
    problem: LandbridgeError | None = None


# -- the address


def address_key(vault: Vault) -> bytes:
    return vault.derive("webhook addresses").encode()


def mark_of(key: bytes, workspace: int) -> str:
    """The unguessable end of a workspace's address. It is checked without asking anybody, so floods cost nothing."""
    return base64.urlsafe_b64encode(hmac.digest(key, str(workspace).encode(), "sha256")[:_MARK_BYTES]).decode()


def path_of(vault: Vault, workspace: int) -> str:
    """Where the ATS delivers, below the address of the console."""
    return f"{PREFIX}{workspace}/{mark_of(address_key(vault), workspace)}"


# -- keeping


async def keep(database: Database, events: Sequence[Taken], now: datetime) -> None:
    """Keep genuine events and ask for their work, in one transaction for all of them."""
    async with database.transaction() as connection:
        new = await inbox.take_events(connection, ATS, events, now)
        await ask(connection, [changes_wish(workspace) for workspace in new])


async def wishes(connection: Connection, workspace: int, now: datetime) -> list[Wish]:
    """What the tick has to ask for: a crash may have fallen between keeping and calling."""
    told_at = await readings.next_told_at(connection, workspace)
    event_at = await inbox.next_event_at(connection, workspace, system=ATS)
    due = [at for at in (told_at, event_at) if at is not None and at <= now]
    return [changes_wish(workspace)] if due else []


# -- working off


async def follow(works: Works, workspace: int, *, length: timedelta, stopping: Callable[[], bool]) -> FollowEnd:
    """Work off events and read what they name, for about ``length``. Raises SettingError where there is no ATS."""
    ends = works.clock.monotonic() + length.total_seconds()

    def over() -> bool:
        return stopping() or works.clock.monotonic() >= ends

    async with works.source(workspace) as source:
        following = _Following(works, workspace, source, over)
        try:
            while not over():
                if not (await following.take_in() or await following.read_some()):
                    break
        except SourceProblem as problem:
            return FollowEnd(problem=problem.error)
    return FollowEnd(resume_at=await _resume_at(works, workspace))


async def _resume_at(works: Works, workspace: int) -> datetime | None:
    async with works.database.connection() as connection:
        told_at = await readings.next_told_at(connection, workspace)
        event_at = await inbox.next_event_at(connection, workspace, system=ATS)
    return min((at for at in (told_at, event_at) if at is not None), default=None)


class _Following:
    """One slice of one workspace."""

    def __init__(self, works: Works, workspace: int, source: Source, over: Callable[[], bool]) -> None:
        self._works = works
        self._workspace = workspace
        self._source = source
        self._over = over
        self._passes = {one.name: one for one in source.passes}

    async def take_in(self) -> int:
        """Put what waiting events name on the reading list and bury what they say is gone; how many events.

        Nobody else takes them: followers of a workspace take turns.
        """
        now = self._works.clock.now()
        async with self._works.database.connection() as connection:
            events = await inbox.waiting_events(connection, self._workspace, now, system=ATS, limit=EVENTS_AT_ONCE)
        if not events:
            return 0
        told = [one for event in events if (one := read_event(event.type, bytes(event.body))) is not None]
        gone = {one.key: one for told_one in told for one in told_one.gone}
        waiting_for = now - min(event.received_at for event in events)
        merged = await self._merged(list(gone), patient=waiting_for < LONGEST_DOUBT)
        async with self._works.database.transaction() as connection:
            await mirror.take_turn(connection, self._workspace)
            items = await self._items(connection, told)
            # Who is part of somebody else now is read as such.
            items += [(PEOPLE, key) for key in merged]
            await readings.ask_anew(connection, self._workspace, items, priority=Urgency.LIVE)
            await inbox.settle_events(connection, self._workspace, [event.id for event in events], now=now)
            await self._bury(connection, [one for key, one in gone.items() if key not in merged], now)
        return len(events)

    async def _merged(self, keys: Sequence[str], *, patient: bool) -> set[str]:
        """Which of these candidates, who are gone, were merged into others. Raises SourceProblem where ``patient``.

        People merge one by one; who deletes many at once does not wait until each has been asked about. Nor does an
        erasure wait for long until the ATS can say.
        """
        if PEOPLE not in self._passes or not 0 < len(keys) <= MOST_MERGED:
            return set()
        merged: set[str] = set()
        for key in keys:
            async with self._works.database.connection() as connection:
                known = await mirror.is_alive(connection, self._workspace, Kind.CANDIDATE, key)
            if known and await self._is_merged(key, patient=patient):
                merged.add(key)
        return merged

    async def _is_merged(self, key: str, *, patient: bool) -> bool:
        try:
            page = await self._source.read_item(PEOPLE, key)
        except RecordError:
            return False
        except (NeedsPersonError, TryLaterError) as error:
            if not patient:
                return False
            raise SourceProblem(error) from error
        return any(one.successor for one in page.gone)

    async def _items(self, connection: Connection, told: Sequence[Told]) -> list[tuple[str, str]]:
        """What to read: with an application its candidate as well, and its job where we have never heard of it.

        A candidate counts as updated when one of its applications moves, and there is no event of its own for that.
        """
        items = [(item.pass_name, item.key) for one in told for item in one.items]
        items += [(PEOPLE, key) for one in told for key in one.people]
        jobs = [key for one in told for key in one.jobs]
        items += [(JOBS, key) for key in await mirror.unknown(connection, self._workspace, Kind.JOB, jobs)]
        children = {
            REVIEWS: [key for one in told for key in one.reviewed],
            RESUMES: [key for one in told for key in one.filed],
        }
        for name, applications in children.items():
            if name in self._passes:
                found = await mirror.pairs_of(connection, self._workspace, applications)
                items += [(name, application_key(*names)) for names in found]
        return items

    async def _bury(self, connection: Connection, gone: Sequence[Gone], now: datetime) -> None:
        if not gone:
            return
        await mirror.entomb(connection, self._workspace, Kind.CANDIDATE, [one.key for one in gone], now=now)
        arrival = Arrival(pass_name=PEOPLE, of=Kind.CANDIDATE, priority=Urgency.ERASURE)
        merged = await engine.merge(connection, self._workspace, [Page(gone=tuple(gone))], arrival, now)
        await self._works.bell.ring(connection, self._workspace, merged.kinds, urgent=merged.urgent)

    async def read_some(self) -> int:
        """Read the next items that changes have asked for, pass by pass; how many."""
        count = 0
        for one in self._passes.values():
            now = self._works.clock.now()
            async with self._works.database.connection() as connection:
                turn = await mirror.newest_turn(connection, self._workspace)
                items = await readings.pick_told(connection, self._workspace, one.name, now=now, limit=ITEMS_AT_ONCE)
            count += len(items)
            if items and not self._over():
                await self._read_items(one, items, turn)
        return count

    async def _read_items(self, current: Pass, items: Sequence[Reading], turn: int) -> None:
        async def read(item: Reading) -> Page:
            return await self._source.read_item(current.name, item.key)

        async def save(outcomes: Sequence[Read]) -> None:
            await self._save(current, outcomes, turn)

        # A list takes one call at a time; reading some of its rows alone is no list.
        concurrency = max(one.concurrency for one in self._passes.values())
        await ItemReader(read, save, concurrency=concurrency, over=self._over).work_off(items)

    async def _save(self, current: Pass, outcomes: Sequence[Read], turn: int) -> None:
        """Merge what items brought and take them off the list, in one transaction."""
        now = self._works.clock.now()
        async with self._works.database.transaction() as connection:
            await mirror.take_turn(connection, self._workspace)
            waits = await self._not_yet(connection, outcomes)
            waits |= {one.item.id: one.wait for one in outcomes if one.wait is not None}
            read = [(one.item, one.page) for one in outcomes if one.page is not None and one.item.id not in waits]
            arrival = Arrival(
                pass_name=current.name,
                of=current.of,
                priority=Urgency.LIVE,
                turn=turn,
                applications_pass="applications",  # noqa: S106 - a name
            )
            merged = await engine.merge(connection, self._workspace, [page for _, page in read], arrival, now)
            finished = [item.id for place, (item, _) in enumerate(read) if place not in merged.overtaken]
            await readings.finish(connection, self._workspace, finished)
            aside = [SetAside(current.name, one.item.key, one.reason, one.detail) for one in outcomes if one.reason]
            await readings.set_aside(connection, self._workspace, aside, sweep=None, now=now)
            for item, wait in waits.items():
                await readings.postpone(connection, self._workspace, item, until=now + wait)
            await self._works.bell.ring(connection, self._workspace, merged.kinds, urgent=merged.urgent)

    async def _not_yet(self, connection: Connection, outcomes: Sequence[Read]) -> dict[int, timedelta]:
        """Items the ATS does not know though it has just told of them, and we do not know either: to try again."""
        waits: dict[int, timedelta] = {}
        for one in outcomes:
            if one.page is None or not one.page.gone or one.item.attempts >= len(NOT_YET):
                continue
            if not await self._knows(connection, one.page.gone):
                waits[one.item.id] = NOT_YET[one.item.attempts]
        return waits

    async def _knows(self, connection: Connection, gone: Sequence[Gone]) -> bool:
        for one in gone:
            if one.pair is not None:
                if one.pair in await mirror.applications_of(connection, self._workspace, [one.pair[0]]):
                    return True
                # Of somebody who is gone nothing can appear any more.
                known = not await mirror.unknown(connection, self._workspace, Kind.CANDIDATE, [one.pair[0]])
                if known and not await mirror.is_alive(connection, self._workspace, Kind.CANDIDATE, one.pair[0]):
                    return True
            elif not await mirror.unknown(connection, self._workspace, one.kind, [one.key]):
                return True
        return False
