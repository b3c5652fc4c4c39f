"""The product's own worker in this process, on a clock that makes nobody wait."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from landbridge.jobs import control
from landbridge.jobs.queue import JobBell
from landbridge.jobs.tick import look_after
from landbridge.jobs.wiring import Works
from landbridge.jobs.worker import run_worker
from landbridge.settings import Settings
from landbridge.store.connections import SystemState, load_system_states
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.store.secrets import Vault
from landbridge.store.sweeps import Mode
from landbridge.store.workspaces import load_workspace
from tests.faults.drive import SharedClock

MOST_ROUNDS = 40
# Longer than records gather before a lane is called; three, for a sweep, its jobs, and what hangs on them.
MOMENT, MOMENTS = timedelta(seconds=10), 3
BETWEEN_ROUNDS = timedelta(seconds=70)


class Office:
    """One workspace and the worker that serves it."""

    def __init__(self, works: Works, workspace: int, clock: SharedClock) -> None:
        self._works = works
        self._workspace = workspace
        self._clock = clock

    async def start(self, mode: Mode = "full") -> None:
        """What ``landbridge sync`` does."""
        await control.start_sync(self._works, self._workspace, mode)

    async def work(self) -> None:
        """A good moment's work: run what can run, and what that has asked for in the next few seconds."""
        works = self._works
        for _ in range(MOMENTS):
            self._clock.advance(MOMENT)
            await self._call_in_time()
            await run_worker(
                works.settings, works.database, works.vault, clock=self._clock, handle_signals=False, until_idle=True
            )

    async def _call_in_time(self) -> None:
        """The queue goes by PostgreSQL's clock: what is due by this one is called now."""
        async with self._works.database.connection() as connection:
            await connection.execute(
                "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo' AND scheduled_at <= %s",
                [self._clock.now()],
            )

    async def go_on(self) -> None:
        """A good minute later the worker's own tick comes round; it repairs what has repaired itself."""
        self._clock.advance(BETWEEN_ROUNDS)
        async with self._works.database.connection() as connection:
            workspace = await load_workspace(connection, self._workspace)
        await look_after(self._works, workspace)
        await self.work()

    async def settle(self) -> None:
        """Let minutes pass until nothing is left to do, without anybody's help."""
        await self.work()
        for _ in range(MOST_ROUNDS):
            if await control.is_quiet(self._works.database, self._workspace):
                return
            await self.go_on()
        raise AssertionError(f"it did not come to rest by itself: {await self.problems()}")

    async def problems(self) -> dict[str, SystemState]:
        """The connections that wait for a person, by system."""
        async with self._works.database.connection() as connection:
            states = await load_system_states(connection, self._workspace)
        return {state.system: state for state in states if state.state == "needs_person"}


@asynccontextmanager
async def office(
    settings: Settings, database: Database, vault: Vault, workspace: int, clock: SharedClock
) -> AsyncIterator[Office]:
    async with CallJournal(database) as journal:
        works = Works(settings, database, vault, journal, JobBell(clock), clock=clock)
        try:
            yield Office(works, workspace, clock)
        finally:
            await works.close()
