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

from landbridge.connectors import Connector
from landbridge.errors import LandbridgeError, NeedsPersonError, RecordError, TryLaterError
from landbridge.jobs.queue import Wish, ask, changes_wish
from landbridge.jobs.wiring import Works
from landbridge.ports.source import Gone, Page, Pass, Source
from landbridge.ports.telling import Told
from landbridge.records import Kind
from landbridge.records.kinship import child_key
from landbridge.store import inbox, mirror, readings
from landbridge.store.connections import load_ats_name
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
MOST_MERGED = 50
LONGEST_DOUBT = timedelta(minutes=10)
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


def prefix_of(ats: str) -> str:
    """What the paths of all workspaces with this ATS begin with."""
    return f"/{ats}/"


def path_of(vault: Vault, ats: str, workspace: int) -> str:
    """Where the ATS delivers, below the address of the console."""
    return f"{prefix_of(ats)}{workspace}/{mark_of(address_key(vault), workspace)}"


# -- keeping


async def keep(database: Database, ats: str, events: Sequence[Taken], now: datetime) -> None:
    """Keep genuine events and ask for their work, in one transaction for all of them."""
    async with database.transaction() as connection:
        new = await inbox.take_events(connection, ats, events, now)
        await ask(connection, [changes_wish(workspace) for workspace in new])


async def wishes(connection: Connection, workspace: int, now: datetime) -> list[Wish]:
    """What the tick has to ask for: a crash may have fallen between keeping and calling."""
    at = await _next_at(connection, workspace)
    return [changes_wish(workspace)] if at is not None and at <= now else []


async def _next_at(connection: Connection, workspace: int) -> datetime | None:
    """When an event or what one has named is due next; the beginning of time: at once."""
    told_at = await readings.next_told_at(connection, workspace)
    ats = await load_ats_name(connection, workspace)
    event_at = await inbox.next_event_at(connection, workspace, system=ats)
    return min((at for at in (told_at, event_at) if at is not None), default=None)


# -- working off


async def follow(works: Works, workspace: int, *, length: timedelta, stopping: Callable[[], bool]) -> FollowEnd:
    """Work off events and read what they name, for about ``length``. Raises SettingError where there is no ATS."""
    ends = works.clock.monotonic() + length.total_seconds()

    def over() -> bool:
        return stopping() or works.clock.monotonic() >= ends

    connector = await works.connector(workspace)
    async with works.source(workspace) as source:
        following = _Following(works, workspace, connector, source, over)
        try:
            while not over():
                if not (await following.take_in() or await following.read_some()):
                    break
        except SourceProblem as problem:
            return FollowEnd(problem=problem.error)
    async with works.database.connection() as connection:
        return FollowEnd(resume_at=await _next_at(connection, workspace))


class _Following:
    """One slice of one workspace."""

    def __init__(
        self, works: Works, workspace: int, connector: Connector, source: Source, over: Callable[[], bool]
    ) -> None:
        self._works = works
        self._workspace = workspace
        self._connector = connector
        self._source = source
        self._over = over
        self._passes = {one.name: one for one in source.passes}
        # The pass that reads a candidate by its own key.
        self._people = next((one.name for one in source.passes if one.of is Kind.CANDIDATE and one.notices_absence), "")

    async def take_in(self) -> int:
        """Put what waiting events name on the reading list and bury what they say is gone; how many events.

        Nobody else takes them: followers of a workspace take turns.
        """
        now = self._works.clock.now()
        telling = self._connector.telling
        async with self._works.database.connection() as connection:
            events = await inbox.waiting_events(
                connection, self._workspace, now, system=self._connector.name, limit=EVENTS_AT_ONCE
            )
        if telling is None or not events:
            return 0
        told = [one for event in events if (one := telling.told(event.type, bytes(event.body))) is not None]
        gone = list(dict.fromkeys(key for one in told for key in one.gone))
        waiting_for = now - min(event.received_at for event in events)
        merged = await self._merged(gone, patient=waiting_for < LONGEST_DOUBT)
        async with self._works.database.transaction() as connection:
            await mirror.take_turn(connection, self._workspace)
            items = await self._items(connection, told)
            # Who is part of somebody else now is read as such.
            items += [(self._people, key) for key in merged]
            await readings.ask_anew(connection, self._workspace, items, priority=Urgency.LIVE)
            await inbox.settle_events(connection, self._workspace, [event.id for event in events], now=now)
            await self._bury(connection, [key for key in gone if key not in merged], now)
        return len(events)

    async def _merged(self, keys: Sequence[str], *, patient: bool) -> set[str]:
        """Which of these candidates, who are gone, were merged into others. Raises SourceProblem where ``patient``.

        People merge one by one; who deletes many at once does not wait until each has been asked about. Nor does an
        erasure wait for long until the ATS can say.
        """
        if not self._people or not 0 < len(keys) <= MOST_MERGED:
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
            page = await self._source.read_item(self._people, key)
        except RecordError:
            return False
        except (NeedsPersonError, TryLaterError) as error:
            if not patient:
                return False
            raise SourceProblem(error) from error
        return any(one.successor for one in page.gone)

    async def _items(self, connection: Connection, told: Sequence[Told]) -> list[tuple[str, str]]:
        """What to read, (pass, key): of jobs those that are new to us, and what hangs on applications that we know."""
        items = [(item.pass_name, item.key) for one in told for item in one.items]
        jobs = {item.key: item for one in told for item in one.jobs}
        unknown = await mirror.unknown(connection, self._workspace, Kind.JOB, list(jobs))
        items += [(jobs[key].pass_name, key) for key in unknown]
        children = {item for one in told for item in one.children if item.pass_name in self._passes}
        applications = sorted({item.key for item in children})
        names = {each[-1]: each for each in await mirror.pairs_of(connection, self._workspace, applications)}
        items += [(item.pass_name, child_key(*names[item.key])) for item in children if item.key in names]
        return items

    async def _bury(self, connection: Connection, people: Sequence[str], now: datetime) -> None:
        if not people:
            return
        await mirror.entomb(connection, self._workspace, Kind.CANDIDATE, people, now=now)
        arrival = Arrival(pass_name=self._people, of=Kind.CANDIDATE, priority=Urgency.ERASURE)
        page = Page(gone=tuple(Gone(Kind.CANDIDATE, key) for key in people))
        merged = await engine.merge(connection, self._workspace, [page], arrival, now)
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
                applications_pass=engine.applications_pass(self._source.passes),
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
