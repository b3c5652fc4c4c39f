"""The journal of calls: taken on the event loop without waiting, written in batches, never in anybody's way."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from datetime import datetime, timedelta
from typing import Protocol, Self

import structlog

from landbridge.errors import LandbridgeError
from landbridge.store.database import Connection, Database

CAPACITY = 20_000
BATCH = 2_000
FLUSH_SECONDS = 1.0
LAST_FLUSH_SECONDS = 5.0

log = structlog.get_logger(__name__)

COPY_CALLS = """
COPY call (workspace_id, at, system, method, route, status, duration_ms, records, far_id, error_code) FROM STDIN
"""


class Entry(Protocol):
    """One attempt at one call, as the HTTP stack notes it."""

    @property
    def at(self) -> datetime: ...
    @property
    def system(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def route(self) -> str: ...
    @property
    def status(self) -> int | None: ...
    @property
    def duration(self) -> timedelta: ...
    @property
    def records(self) -> int: ...
    @property
    def far_id(self) -> str: ...
    @property
    def error_code(self) -> str: ...


Row = tuple[int | None, datetime, str, str, str, int | None, int, int, str, str]


class CallJournal:
    """Keeps entries in memory and writes them every second. What does not fit is counted and dropped: the journal is
    there to find things afterwards, and a sync must never wait for it."""

    def __init__(self, database: Database, *, capacity: int = CAPACITY, flush_seconds: float = FLUSH_SECONDS) -> None:
        self._database = database
        self._capacity = capacity
        self._flush_seconds = flush_seconds
        self._rows: deque[Row] = deque()
        self._task: asyncio.Task[None] | None = None
        self._over = False
        self.dropped = 0

    def of(self, workspace: int | None) -> WorkspaceJournal:
        """The journal as one workspace's client sees it; None for calls that belong to no workspace."""
        return WorkspaceJournal(self, workspace)

    def keep(self, workspace: int | None, entry: Entry) -> None:
        if len(self._rows) >= self._capacity:
            self.dropped += 1
            return
        self._rows.append(_row(workspace, entry))

    async def flush(self) -> None:
        """Write what is there. Raises nothing but cancellation; what cannot be written now stays for the next time."""
        while self._rows:
            rows = [self._rows.popleft() for _ in range(min(BATCH, len(self._rows)))]
            try:
                await self._write(rows)
            except Exception as error:  # noqa: BLE001 - a journal that cannot be written must not stop a sync
                self._put_back(rows)
                code = error.code if isinstance(error, LandbridgeError) else type(error).__name__
                log.warning("journal_not_written", code=code, count=len(self._rows))
                return
        if self.dropped:
            log.warning("journal_dropped_calls", count=self.dropped)
            self.dropped = 0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._flush_until_over())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over = True
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_FLUSH_SECONDS):
                await self.flush()

    async def _flush_until_over(self) -> None:
        # Not for ever: a cancellation that meets a connection just breaking comes out of there as an ordinary error.
        while not self._over:
            await asyncio.sleep(self._flush_seconds)
            await self.flush()

    async def _write(self, rows: list[Row]) -> None:
        try:
            async with (
                self._database.connection() as connection,
                connection.cursor() as cursor,
                cursor.copy(COPY_CALLS) as copy,
            ):
                for row in rows:
                    await copy.write_row(row)
        except asyncio.CancelledError:
            self._put_back(rows)  # closing cancels a flush half-way; the last flush writes these
            raise

    def _put_back(self, rows: list[Row]) -> None:
        room = max(0, self._capacity - len(self._rows))
        self.dropped += max(0, len(rows) - room)
        self._rows.extendleft(reversed(rows[:room]))


class WorkspaceJournal:
    """What a client of one workspace notes its calls in."""

    def __init__(self, journal: CallJournal, workspace: int | None) -> None:
        self._journal = journal
        self._workspace = workspace

    def note(self, entry: Entry) -> None:
        self._journal.keep(self._workspace, entry)


async def trim_calls(connection: Connection, before: datetime, *, most: int = 50_000) -> int:
    """Delete calls older than ``before`` among the ``most`` oldest, of every workspace; how many went."""
    # Looking at the oldest by number keeps this quick when there is nothing to delete, without an index on the time.
    cursor = await connection.execute(
        """
        DELETE FROM call WHERE at < %s AND id IN (SELECT id FROM call ORDER BY id LIMIT %s)
        """,
        [before, most],
    )
    return cursor.rowcount


def _row(workspace: int | None, entry: Entry) -> Row:
    return (
        workspace, entry.at, entry.system, entry.method, entry.route, entry.status,
        round(entry.duration.total_seconds() * 1000), entry.records, entry.far_id, entry.error_code,
    )  # fmt: skip
