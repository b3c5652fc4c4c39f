"""The engine driven by hand, in this process: real database, real sandbox, and a clock that makes nobody wait."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx2
import msgspec

from landbridge.connectors import CONNECTORS, Wiring
from landbridge.errors import LandbridgeError, TryLaterError
from landbridge.http import LocalGate, SystemClock
from landbridge.ports.destination import Destination, Writer
from landbridge.ports.files import Files
from landbridge.ports.source import Source
from landbridge.records import Kind
from landbridge.store import connections
from landbridge.store.budgets import BudgetKey
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.store.secrets import Vault
from landbridge.store.sweeps import Mode
from landbridge.store.workspaces import load_workspace
from landbridge.sync import lane as lanes
from landbridge.sync import pending, sweep
from landbridge.sync.bell import SilentBell
from landbridge.sync.budget import Budget, StorePool, quota_of
from landbridge.sync.choices import read_choices
from landbridge.sync.lane import Lane, SliceEnd
from landbridge.sync.sweep import Sweeping
from tests.faults.control import FarSide

SLICE = timedelta(seconds=20)
MILLISECOND = timedelta(milliseconds=1)
MOST_ROUNDS = 200


class SharedClock(SystemClock):
    """Nobody really waits: a sleep moves this clock and the sandbox's by the same length.

    Between such moves both run on with real time, unless they are told to stand (:meth:`stand`).
    """

    def __init__(self, far_side: FarSide) -> None:
        self._far_side = far_side
        self._ahead = timedelta(0)
        self._owed = timedelta(0)
        self._stands_at: tuple[datetime, float] | None = None
        # What our idea of the hour is off by; lengths are measured rightly all the same.
        self.wrong = timedelta(0)

    def stand(self) -> None:
        """From now on time passes only where somebody moves it, for both sides alike: how long anything really takes
        on this machine changes nothing any more."""
        there = datetime.fromisoformat(self._far_side.clock(freeze=True)["now"])
        self._stands_at = there - self._ahead, super().monotonic()

    def now(self) -> datetime:
        return (self._stands_at[0] if self._stands_at else datetime.now(UTC)) + self._ahead + self.wrong

    def monotonic(self) -> float:
        return (self._stands_at[1] if self._stands_at else super().monotonic()) + self._ahead.total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.advance(timedelta(seconds=seconds))
        await asyncio.sleep(0)

    def advance(self, length: timedelta) -> None:
        if self._stands_at is not None:
            # The sandbox counts milliseconds.
            length = math.ceil(length / MILLISECOND) * MILLISECOND
        self._ahead += length
        self._owed += length
        # A sandbox that is away learns of the time when it is back.
        with contextlib.suppress(httpx2.TransportError):
            self._far_side.clock(advance_seconds=self._owed.total_seconds())
            self._owed = timedelta(0)


class Drive:
    """One workspace, its sweeps and its lanes. ``problems`` are the codes of what the far sides have raised."""

    def __init__(
        self, database: Database, workspace: int, source: Source, destination: Destination, clock: SharedClock
    ) -> None:
        self.database = database
        self.workspace = workspace
        self.source = source
        self.destination = destination
        self.clock = clock
        self.problems: list[str] = []

    async def sync(self, mode: Mode = "full") -> None:
        """Sweep, then send until nothing is due any more. Raises what only a person can mend."""
        await self.sweep(mode)
        await self.send()

    async def sweep(self, mode: Mode = "full") -> None:
        """Read the ATS to the end."""
        sweeping = Sweeping(
            database=self.database, workspace=self.workspace, source=self.source, bell=SilentBell(), clock=self.clock
        )
        await sweep.start(sweeping, mode)
        for _ in range(MOST_ROUNDS):
            end = await sweep.run_slice(sweeping, length=SLICE)
            if end.done:
                return
            self._wait_for(end.problem, end.resume_at)
        raise AssertionError(f"the sweep did not come to its end; problems: {self.problems[-5:]}")

    async def send(self) -> None:
        """Let every lane look at what is due, again and again, until nothing is on its way."""
        for _ in range(MOST_ROUNDS):
            for writer in self.destination.writers:
                await self.drive(writer)
            if not await self.on_the_way():
                return
            # The verdict on a job comes a moment after it was posted.
            self.clock.advance(timedelta(seconds=2))
        raise AssertionError(f"the lanes did not come to rest; problems: {self.problems[-5:]}")

    async def states(self) -> dict[tuple[str, str, str], int]:
        """How many records stand where, by kind, state and reason."""
        async with self.database.connection() as connection:
            cursor = await connection.execute(
                "SELECT kind, state, reason, count(*) FROM delivery WHERE workspace_id = %s GROUP BY 1, 2, 3",
                [self.workspace],
            )
            return {(kind, state, reason): count for kind, state, reason, count in await cursor.fetchall()}

    async def drive(self, writer: Writer) -> None:
        """One slice of one lane."""
        quota = quota_of(writer.limits)
        key = BudgetKey(self.workspace, "linkedin", writer.resource)
        async with self.database.connection() as connection:
            workspace = await load_workspace(connection, self.workspace)
        lane = Lane(
            database=self.database,
            workspace=self.workspace,
            writer=writer,
            choices=read_choices(workspace.choices),
            budget=Budget(StorePool(self.database), key, quota) if quota else None,
            bell=SilentBell(),
            clock=self.clock,
        )
        self._note(await lanes.run_slice(lane, length=SLICE))
        if writer.kind is Kind.JOB:
            self._note(await pending.run_checks(lane))

    def _note(self, end: SliceEnd) -> None:
        if end.problem is not None or (end.resume_at is not None and not any(end.counts.values())):
            self._wait_for(end.problem, end.resume_at)

    def _wait_for(self, problem: LandbridgeError | None, resume_at: datetime | None) -> None:
        if problem is not None:
            self.problems.append(problem.code)
            if not isinstance(problem, TryLaterError):
                raise problem
        if resume_at is not None:
            self.clock.advance(max(resume_at - self.clock.now(), timedelta(0)) + timedelta(seconds=1))
        elif problem is not None:
            self.clock.advance(getattr(problem, "retry_after", None) or timedelta(seconds=20))

    async def on_the_way(self) -> int:
        """How many records are due, or wait for a verdict."""
        states = await self.states()
        return sum(count for (_, state, _), count in states.items() if state in {"due", "pending"})


@asynccontextmanager
async def driving(
    database: Database,
    vault: Vault,
    workspace: int,
    far_side: FarSide,
    *,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> AsyncIterator[Drive]:
    """The workspace's own connectors, made from what is saved now. ``transport`` replaces the network."""
    clock = SharedClock(far_side)
    async with CallJournal(database) as journal:
        made = {}
        for system in ("smartrecruiters", "linkedin"):
            async with database.connection() as connection:
                credentials = await connections.load_credentials(connection, workspace, system, vault=vault)
                row = await load_workspace(connection, workspace)
            made[system] = Wiring(
                settings=credentials.settings,
                secrets=credentials.secrets,
                gate=LocalGate(CONNECTORS[system].allowances, clock=clock),
                journal=journal.of(workspace),
                clock=clock,
                choices=row.choices,
                transport=transport,
                workspace={"slug": row.slug, "organization_urn": row.organization_urn, "foreign_id": row.foreign_id},
            )
        open_source, open_destination = CONNECTORS["smartrecruiters"].source, CONNECTORS["linkedin"].destination
        assert open_source is not None
        assert open_destination is not None
        source = open_source(made["smartrecruiters"])
        assert isinstance(source, Files)
        destination = open_destination(msgspec.structs.replace(made["linkedin"], files=source))
        try:
            yield Drive(database, workspace, source, destination, clock)
        finally:
            await source.close()
            await destination.close()
