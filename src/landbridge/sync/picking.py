"""What a lane sends next: due rows in chunks, rendered, and the next chunk made ready while one is being sent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from msgspec import Struct, field

from landbridge.http import Clock
from landbridge.ports.destination import Writer
from landbridge.store import ledger
from landbridge.store.database import Database
from landbridge.store.ledger import START_OF_BACKFILL, Due, Place
from landbridge.sync.choices import Choices
from landbridge.sync.eligibility import Eligibility
from landbridge.sync.rendering import Rendered, Renderer

FIRST_CHUNK = 200
LARGEST_CHUNK = 2_000
# A chunk is rendered some time before its last batch leaves; live changes wait for its end.
CHUNK_SECONDS = 2.0
CHUNK_BYTES = 16 * 2**20
# Rendered without a break; between two such pieces an answer that has come in is dealt with. That takes the event loop
# a few rounds, up to the next call's being on its way: rendering then fills the wait for that answer instead of
# delaying the call.
PIECE = 100
ROUNDS = 8
# A job is kept in memory for as long as one slice takes applications from it.
MOST_JOBS = 5_000
# Siblings that go along with one chunk.
MOST_SIBLINGS = 5_000


class Chunk(Struct):
    """Due rows in order, and what they render to. ``full``: there may be more behind them.

    ``along``: rows from further behind that go with these.
    """

    rows: list[Due]
    rendered: Rendered
    full: bool = False
    along: list[int] = field(default_factory=list)


class _Fetched(Struct, frozen=True):
    rows: list[Due]
    full: bool


class Picker:
    """Picks for one slice of one lane. ``close`` it at the end."""

    def __init__(self, database: Database, workspace: int, writer: Writer, choices: Choices, clock: Clock) -> None:
        self._database = database
        self._workspace = workspace
        self._writer = writer
        self._choices = choices
        self._clock = clock
        self._jobs: dict[int, tuple[int, bytes]] = {}
        self._limit = FIRST_CHUNK
        self._place = START_OF_BACKFILL
        self._ahead: asyncio.Task[Chunk] | None = None
        self._behind_ahead: asyncio.Task[_Fetched] | None = None
        self._gone_along: set[int] = set()

    async def urgent(self) -> Chunk:
        """Removals and live changes; empty where there are none. To be called with everything picked before saved.

        What was made ready ahead is dropped then: it may hold older states of the same records.
        """
        async with self._database.connection() as connection:
            rows = await ledger.pick_urgent(
                connection, self._workspace, self._writer.kind, limit=self._limit, now=self._clock.now()
            )
        if rows:
            await self.close()
        return await self._render(rows)

    async def backfill(self) -> Chunk:
        """The next rows in order; the ones behind them are made ready from now on, the ones behind those fetched."""
        chunk = await (self._ahead or self._prepare())
        self._ahead = None
        self._place = _behind(chunk.rows, self._place)
        self._gone_along.update(chunk.along)
        if chunk.full:
            self._ahead = asyncio.create_task(self._prepare(), name=f"prepare {self._writer.resource}")
        return chunk

    async def close(self) -> None:
        """Let go of what was made ready."""
        under_way = [task for task in (self._ahead, self._behind_ahead) if task is not None]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        self._ahead = self._behind_ahead = None

    def adapt(self, rows: Sequence[Due], seconds: float) -> None:
        """Size the next chunk so that sending it takes a moment, and it not too much memory; in whole calls."""
        size = sum(len(row.body) for row in rows) or 1
        fitting = int(CHUNK_BYTES / (size / len(rows)))
        wanted = self._limit * 2 if seconds < CHUNK_SECONDS / 2 else self._limit
        if seconds > CHUNK_SECONDS:
            wanted = int(self._limit * CHUNK_SECONDS / seconds)
        limit = max(min(wanted, fitting, LARGEST_CHUNK), 1)
        whole_calls = limit - limit % self._writer.limits.records_per_call
        self._limit = whole_calls or limit

    async def _prepare(self) -> Chunk:
        fetched = await (self._behind_ahead or self._fetch(self._place))
        self._behind_ahead = None
        if fetched.full:
            behind = _behind(fetched.rows, self._place)
            self._behind_ahead = asyncio.create_task(self._fetch(behind), name=f"fetch {self._writer.resource}")
        chunk = await self._render(fetched.rows)
        chunk.full = fetched.full
        return chunk

    async def _fetch(self, behind: Place) -> _Fetched:
        limit = self._limit
        async with self._database.connection() as connection:
            rows = await ledger.pick_due(
                connection,
                self._workspace,
                self._writer.kind,
                behind=behind,
                limit=limit,
                now=self._clock.now(),
            )
        return _Fetched(rows, full=len(rows) == limit)

    async def _render(self, rows: list[Due]) -> Chunk:
        chunk = Chunk(rows, Rendered())
        if not rows:
            return chunk
        # What went along with its siblings of an earlier chunk has been sent in this slice.
        await self._render_into(chunk.rendered, [row for row in rows if row.record_id not in self._gone_along])
        if any(sending.entity.group is not None for sending in chunk.rendered.sendings.values()):
            await self._take_siblings_along(chunk)
        return chunk

    async def _render_into(self, rendered: Rendered, rows: Sequence[Due]) -> None:
        jobs = await self._load_jobs(rows)
        now = self._clock.now()
        renderer = Renderer(self._writer, Eligibility(self._choices, now), now)
        for start in range(0, len(rows), PIECE):
            renderer.render(rows[start : start + PIECE], jobs, rendered)
            for _ in range(ROUNDS):
                await asyncio.sleep(0)

    async def _take_siblings_along(self, chunk: Chunk) -> None:
        """Where a call serves one parent, all that is due for that parent goes in it: a day has few calls to give.

        A stage that is known from its application alone then costs no call of its own where the history has been read
        by the time it is sent.
        """
        async with self._database.connection() as connection:
            siblings = await ledger.pick_siblings(
                connection,
                self._workspace,
                self._writer.kind,
                list(chunk.rendered.sendings),
                limit=MOST_SIBLINGS,
                now=self._clock.now(),
            )
        fresh = [row for row in siblings if row.record_id not in self._gone_along]
        await self._render_into(chunk.rendered, fresh)
        chunk.along = [row.record_id for row in fresh]

    async def _load_jobs(self, rows: Sequence[Due]) -> dict[int, bytes]:
        """The jobs these rows are for, by record id; each revision is fetched once."""
        wanted = {row.job_id: row.job_revision or 0 for row in rows if row.job_id is not None}
        missing = [job for job, revision in wanted.items() if self._jobs.get(job, (-1, b""))[0] != revision]
        if missing:
            if len(self._jobs) + len(missing) > MOST_JOBS:
                self._jobs.clear()
                missing = list(wanted)
            async with self._database.connection() as connection:
                loaded = await ledger.load_jobs(connection, self._workspace, missing)
            self._jobs.update({job: (wanted[job], body) for job, body in loaded.items()})
        return {job: self._jobs[job][1] for job in wanted if job in self._jobs}


def _behind(rows: Sequence[Due], place: Place) -> Place:
    """The place behind these rows, which were picked behind ``place``."""
    return Place(rows[-1].priority, rows[-1].record_id) if rows else place
