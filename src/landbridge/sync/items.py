"""Reading items several at a time, while what has been read is being saved."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from msgspec import Struct

from landbridge.errors import LandbridgeError, RecordError, UnavailableError
from landbridge.ports.source import Page
from landbridge.store.readings import Reading
from landbridge.sync import reasons
from landbridge.sync.outcomes import MOST_FAILURES, wait_after

# Server errors on end, of different items, after which it is not the items.
OUTAGE = 5


class SourceProblem(Exception):  # noqa: N818 - carries an error of our tree to where the slice ends
    """The ATS cannot be read at the moment, or by nobody until a person has acted."""

    def __init__(self, error: LandbridgeError) -> None:
        super().__init__(error.code)
        self.error = error


class Read(Struct, frozen=True, kw_only=True):
    """One item's outcome: a page, or a reason to set it aside, or how long to wait before another try."""

    item: Reading
    page: Page | None = None
    reason: str = ""
    detail: str = ""
    wait: timedelta | None = None


class ItemReader:
    """Works off items with at most ``concurrency`` reads at a time.

    ``save`` is called with all that has been read since it was called last, one call at a time; reading goes on
    meanwhile. A problem of the whole source lets the reads under way end, saves them, and is raised (SourceProblem).
    """

    def __init__(
        self,
        read: Callable[[Reading], Awaitable[Page]],
        save: Callable[[Sequence[Read]], Awaitable[None]],
        *,
        concurrency: int,
        over: Callable[[], bool],
    ) -> None:
        self._read = read
        self._save = save
        self._concurrency = concurrency
        self._over = over
        self._failures = 0
        self._problem: LandbridgeError | None = None
        self._unsaved: list[Read] = []
        self._saving: asyncio.Task[None] | None = None

    async def work_off(self, items: Sequence[Reading]) -> None:
        waiting = deque(items)
        reads: set[asyncio.Task[Read | None]] = set()
        try:
            while True:
                while waiting and len(reads) < self._concurrency and not self._over() and self._problem is None:
                    reads.add(asyncio.create_task(self._read_one(waiting.popleft())))
                if not reads:
                    break
                finished, reads = await asyncio.wait(reads, return_when=asyncio.FIRST_COMPLETED)
                self._unsaved += [read for task in finished if (read := task.result()) is not None]
                await self._save_some()
            await self._save_all()
        finally:
            await _end([*reads, *([self._saving] if self._saving else [])])
        if self._problem is not None:
            raise SourceProblem(self._problem)

    async def _read_one(self, item: Reading) -> Read | None:
        try:
            page = await self._read(item)
        except RecordError as error:
            return Read(item=item, reason=error.code, detail=error.hint)
        except LandbridgeError as error:
            return self._failed(item, error)
        self._failures = 0
        return Read(item=item, page=page)

    def _failed(self, item: Reading, error: LandbridgeError) -> Read | None:
        """A server error may be this item's own; anything else, or many on end, is the source's."""
        broken = isinstance(error, UnavailableError) and isinstance(error.facts.get("status"), int)
        self._failures += 1
        if not broken or self._failures >= OUTAGE:
            self._problem = self._problem or error
            return None
        if item.attempts + 1 >= MOST_FAILURES:
            return Read(item=item, reason=reasons.FAR_SIDE_FAILS)
        return Read(item=item, wait=wait_after(item.attempts))

    async def _save_some(self) -> None:
        """Start a save if none runs; what comes meanwhile is saved together next time."""
        if self._saving is not None and self._saving.done():
            saving, self._saving = self._saving, None
            await saving
        if self._saving is None and self._unsaved:
            batch, self._unsaved = self._unsaved, []
            self._saving = asyncio.create_task(self._run_save(batch))

    async def _run_save(self, batch: Sequence[Read]) -> None:
        await self._save(batch)

    async def _save_all(self) -> None:
        while self._saving is not None or self._unsaved:
            if self._saving is not None:
                saving, self._saving = self._saving, None
                await saving
            await self._save_some()


async def _end(tasks: Sequence[asyncio.Task[Read | None] | asyncio.Task[None]]) -> None:
    """Nothing may run on behind an error."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
