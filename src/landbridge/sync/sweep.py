"""Reading the ATS pass by pass and merging what it brings: one sweep per workspace at a time, slice after slice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from msgspec import Struct

from landbridge.errors import LandbridgeError, RecordError
from landbridge.http import Clock
from landbridge.ports.source import Page, Pass, Source
from landbridge.store import mirror as store_mirror
from landbridge.store import readings, sweeps
from landbridge.store.database import Connection, Database
from landbridge.store.readings import Reading, SetAside
from landbridge.store.sweeps import Mode, Sweep
from landbridge.sync import mirror
from landbridge.sync.bell import Bell
from landbridge.sync.budget import Urgency
from landbridge.sync.items import ItemReader, Read, SourceProblem
from landbridge.sync.lane import never
from landbridge.sync.mirror import KIND_OF, Arrival, Merged

log = structlog.get_logger(__name__)

# What changed while the last sweep began may have been missed by it; clocks of two systems differ as well.
OVERLAP = timedelta(minutes=15)
# The cursor of a list that has been read to its end; a real one is never empty.
READ = ""
# Items taken from the reading list at a time, and keys checked for absence at a time.
PICKED = 200
CHECKED = 1_000


class Sweeping(Struct, frozen=True, kw_only=True):
    """All that a sweep takes."""

    database: Database
    workspace: int
    source: Source
    bell: Bell
    clock: Clock


class SweepEnd(Struct, frozen=True, kw_only=True):
    """How a slice ended. ``done``: there is nothing to go on with; else ``resume_at`` says when, None: at once."""

    done: bool = False
    resume_at: datetime | None = None
    problem: LandbridgeError | None = None


class _OvertakenError(Exception):
    """Another worker runs this sweep by now: whoever sees this saves nothing and stops."""


async def start(sweeping: Sweeping, mode: Mode, *, reread: bool = False) -> Sweep:
    """Begin a sweep, or go on with the one that is unfinished. A delta without an earlier sweep reads everything."""
    async with sweeping.database.transaction() as connection:
        await store_mirror.take_turn(connection, sweeping.workspace)
        newest = await sweeps.newest(connection, sweeping.workspace)
        if newest is not None and newest.state in {"running", "paused"}:
            await sweeps.set_state(connection, sweeping.workspace, newest.id, "running")
            return newest
        watermark = await sweeps.watermark(connection, sweeping.workspace)
        since = watermark - OVERLAP if mode == "delta" and watermark is not None else None
        return await sweeps.start(
            connection,
            sweeping.workspace,
            "full" if since is None else "delta",
            since=since,
            reread=reread,
            passes=[(one.name, one.title) for one in sweeping.source.passes],
            now=sweeping.clock.now(),
        )


async def pause(database: Database, workspace: int) -> None:
    """Let the running sweep rest; its slice ends after the page or items in work. ``start`` lets it go on."""
    async with database.connection() as connection:
        newest = await sweeps.newest(connection, workspace)
        if newest is not None:
            await sweeps.set_state(connection, workspace, newest.id, "paused")


async def run_slice(sweeping: Sweeping, *, length: timedelta, stopping: Callable[[], bool] = never) -> SweepEnd:
    """Go on with the workspace's running sweep for about ``length``.

    Raises what the database raises; what the ATS raises is told in the answer. A crash costs at most the page or the
    items in work, and reading them again is harmless.
    """
    return await _Slice(sweeping, length, stopping).run()


class _Slice:
    def __init__(self, sweeping: Sweeping, length: timedelta, stopping: Callable[[], bool]) -> None:
        self._database = sweeping.database
        self._workspace = sweeping.workspace
        self._source = sweeping.source
        self._bell = sweeping.bell
        self._clock = sweeping.clock
        self._stopping = stopping
        self._ends = sweeping.clock.monotonic() + length.total_seconds()
        self._passes = {one.name: one for one in sweeping.source.passes}
        self._applications_pass = mirror.applications_pass(sweeping.source.passes)
        self._cursor_of_this_slice: str | None = None
        self._turn = 0  # of the newest merge before the read under way

    async def run(self) -> SweepEnd:
        try:
            while not self._over():
                sweep = await self._load()
                if sweep is None or sweep.state != "running":
                    return SweepEnd(done=True)
                end = await self._step(sweep)
                if end is not None:
                    return end
        except _OvertakenError:
            return SweepEnd(done=True)
        except SourceProblem as problem:
            return SweepEnd(problem=problem.error)
        return SweepEnd()

    def _over(self) -> bool:
        return self._stopping() or self._clock.monotonic() >= self._ends

    async def _load(self) -> Sweep | None:
        async with self._database.connection() as connection:
            self._turn = await store_mirror.newest_turn(connection, self._workspace)
            return await sweeps.newest(connection, self._workspace)

    async def _step(self, sweep: Sweep) -> SweepEnd | None:
        """A page, a chunk of items, or the way into the next pass. None: go on."""
        current = self._passes.get(sweep.pass_name)
        if current is None:
            # The beginning, or a pass that the workspace's choices have taken away meanwhile.
            return await self._enter(sweep, next(iter(self._passes), ""))
        if current.reads == "list" and sweep.cursor != READ:
            await self._read_page(sweep, current)
            return None
        items = await self._pick(current)
        if items:
            await self._read_items(sweep, current, items)
            return None
        async with self._database.connection() as connection:
            postponed_to = await readings.next_due_at(connection, self._workspace, current.name)
        if postponed_to is not None:
            return SweepEnd(resume_at=postponed_to)
        return await self._enter(sweep, self._after(current.name))

    def _after(self, name: str) -> str:
        names = [*self._passes, ""]
        return names[names.index(name) + 1]

    async def _enter(self, sweep: Sweep, name: str) -> SweepEnd | None:
        now = self._clock.now()
        async with self._database.transaction() as connection:
            await sweeps.enter_pass(
                connection, self._workspace, sweep.id, leaving=sweep.pass_name, entering=name, now=now
            )
            if not name:
                await sweeps.finish(connection, self._workspace, sweep.id, state="done", now=now)
            elif self._passes[name].reads == "items":
                # As large as its list now; what is added while it runs is counted as it comes.
                waiting = (await readings.count_due(connection, self._workspace)).get(name, 0)
                await sweeps.count(connection, self._workspace, sweep.id, name, total=waiting)
        return None if name else SweepEnd(done=True)

    # -- lists

    async def _read_page(self, sweep: Sweep, current: Pass) -> None:
        try:
            page = await self._source.read_list(current.name, sweep.cursor, sweep.since)
        except RecordError as error:
            if sweep.cursor is None or sweep.cursor == self._cursor_of_this_slice:
                raise SourceProblem(error) from error
            # A cursor of an earlier slice may have expired; the list is read again from its beginning.
            log.warning("cursor_refused", pass_name=current.name, code=error.code)
            page = Page(calls=1, cursor=None)
            await self._move(sweep, current, page, cursor=None)
        except LandbridgeError as error:
            raise SourceProblem(error) from error
        else:
            self._cursor_of_this_slice = page.cursor
            await self._move(sweep, current, page, cursor=READ if page.cursor is None else page.cursor)

    async def _move(self, sweep: Sweep, current: Pass, page: Page, *, cursor: str | None) -> None:
        """Merge a page and move the cursor, in one transaction: a crash repeats the page or has done all of it."""
        async with self._database.transaction() as connection:
            await store_mirror.take_turn(connection, self._workspace)
            expected = (sweep.pass_name, sweep.cursor)
            if not await sweeps.move(connection, self._workspace, sweep.id, expected=expected, cursor=cursor):
                raise _OvertakenError
            arrival = self._arrival(sweep, current)
            merged = await mirror.merge(connection, self._workspace, [page], arrival, self._clock.now())
            if cursor == READ and arrival.mark_seen:
                await self._list_absent(connection, sweep, current, merged)
            await self._count(connection, sweep, current, merged, done=_rows(page, current), page=page)
            await self._bell.ring(connection, self._workspace, merged.kinds, urgent=merged.urgent)

    async def _list_absent(self, connection: Connection, sweep: Sweep, current: Pass, merged: Merged) -> None:
        """Have everything checked that the complete list did not name: it may be gone."""
        after = ""
        while keys := await store_mirror.unseen(
            connection, self._workspace, current.of, sweep.id, after=after, limit=CHECKED
        ):
            items = [(current.name, key) for key in keys]
            added = await readings.add(connection, self._workspace, items, sweep=sweep.id, priority=Urgency.LIVE)
            merged.added[current.name] = merged.added.get(current.name, 0) + added
            after = keys[-1]

    # -- items

    async def _pick(self, current: Pass) -> list[Reading]:
        async with self._database.connection() as connection:
            return await readings.pick(connection, self._workspace, current.name, now=self._clock.now(), limit=PICKED)

    async def _read_items(self, sweep: Sweep, current: Pass, items: Sequence[Reading]) -> None:
        async def read(item: Reading) -> Page:
            return await self._source.read_item(current.name, item.key)

        async def save(outcomes: Sequence[Read]) -> None:
            await self._save_items(sweep, current, outcomes)

        await ItemReader(read, save, concurrency=current.concurrency, over=self._over).work_off(items)

    async def _save_items(self, sweep: Sweep, current: Pass, outcomes: Sequence[Read]) -> None:
        """Merge what items brought and take them off the list, in one transaction."""
        now = self._clock.now()
        async with self._database.transaction() as connection:
            await store_mirror.take_turn(connection, self._workspace)
            await self._check_current(connection, sweep)
            read = [(one.item, one.page) for one in outcomes if one.page is not None]
            pages = [page for _, page in read]
            merged = await mirror.merge(connection, self._workspace, pages, self._arrival(sweep, current), now)
            # What a newer read has overtaken stays on the list.
            finished = [item.id for place, (item, _) in enumerate(read) if place not in merged.overtaken]
            await readings.finish(connection, self._workspace, finished)
            aside = [SetAside(current.name, one.item.key, one.reason, one.detail) for one in outcomes if one.reason]
            await readings.set_aside(connection, self._workspace, aside, sweep=sweep.id, now=now)
            for one in outcomes:
                if one.wait is not None:
                    await readings.postpone(connection, self._workspace, one.item.id, until=now + one.wait)
            page = Page(calls=sum(page.calls for page in pages))
            await self._count(connection, sweep, current, merged, done=len(finished) + len(aside), page=page)
            await self._bell.ring(connection, self._workspace, merged.kinds, urgent=merged.urgent)

    async def _check_current(self, connection: Connection, sweep: Sweep) -> None:
        """A worker that was taken for dead must not merge what it read before: the sweep may be elsewhere by now."""
        newest = await sweeps.newest(connection, self._workspace)
        if newest is None or (newest.id, newest.pass_name) != (sweep.id, sweep.pass_name):
            raise _OvertakenError

    # -- both

    async def _count(
        self, connection: Connection, sweep: Sweep, current: Pass, merged: Merged, *, done: int, page: Page
    ) -> None:
        for name, added in merged.added.items():
            if added:
                await sweeps.count(connection, self._workspace, sweep.id, name, more=added)
        await sweeps.count(
            connection, self._workspace, sweep.id, current.name, done=done, calls=page.calls, total=page.total
        )

    def _arrival(self, sweep: Sweep, current: Pass) -> Arrival:
        return Arrival(
            pass_name=current.name,
            of=current.of,
            priority=Urgency.BACKFILL if sweep.mode == "full" else Urgency.LIVE,
            sweep=sweep.id,
            is_list=current.reads == "list" and sweep.cursor != READ,
            mark_seen=sweep.since is None and current.reads == "list" and current.notices_absence,
            applications_pass=self._applications_pass,
            reread=sweep.reread,
            turn=self._turn,
            read_alone=current.notices_absence,
        )


def _rows(page: Page, current: Pass) -> int:
    """How many rows of its list a page has brought: records, or only their keys for a later pass."""
    records = sum(KIND_OF[type(record)] is current.of for record in page.records)
    return (records or len(page.items)) + len(page.refused)
