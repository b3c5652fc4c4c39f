"""The connectors that are checked, each with a small world of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx2
from msgspec import Struct

from landbridge.cli.conformance.mangling import Mangle, MangledTransport, as_it_is
from landbridge.connectors import CONNECTORS, Wiring
from landbridge.connectors.rest_ats import source as rest_ats
from landbridge.connectors.rest_ats.wire import (
    Deletion,
    Pushed,
    PushedApplication,
    PushedCandidate,
    PushedJob,
    PushedNotes,
    PushedStages,
    PushedUser,
)
from landbridge.http import JournalEntry, LocalGate, SystemClock
from landbridge.jobs.pushing import push
from landbridge.ports.source import Source
from landbridge.sandbox import Sandbox
from landbridge.store.database import Database
from landbridge.store.seats import save_users
from landbridge.sync import sweep
from landbridge.sync.bell import SilentBell
from landbridge.sync.sweep import Sweeping

MOST_PAGES = 1_000
SLICE = timedelta(minutes=1)


class Ground(Struct, frozen=True):
    """Where it is tried: a database and an empty workspace in it."""

    database: Database
    workspace: int


class Subject(ABC):
    """One connector with its world."""

    @abstractmethod
    async def bring(self, ground: Ground, mangle: Mangle = as_it_is) -> None:
        """Have everything of the world in the mirror, as the connector brings it, each document mangled first."""

    @abstractmethod
    async def bring_users(self, ground: Ground, mangle: Mangle = as_it_is) -> None:
        """Have its users saved."""

    @abstractmethod
    async def paging_faults(self, ground: Ground) -> Sequence[str]:
        """What is wrong with its lists, in one sentence each."""

    @abstractmethod
    async def delete_candidate(self, ground: Ground, key: str) -> None:
        """Delete one candidate of the world."""


class Silent:
    def note(self, entry: JournalEntry) -> None:
        """Calls to a sandbox are of no interest."""


class SmartRecruitersSubject(Subject):
    """Read from its sandbox, in this process, by sweeps of the engine."""

    def __init__(self, sandbox: Sandbox, transport: MangledTransport, source: Source) -> None:
        self._sandbox, self._transport, self._source = sandbox, transport, source

    async def bring(self, ground: Ground, mangle: Mangle = as_it_is) -> None:
        self._transport.mangle = mangle
        sweeping = Sweeping(
            database=ground.database, workspace=ground.workspace, source=self._source, bell=SilentBell(),
            clock=SystemClock(),
        )  # fmt: skip
        await sweep.start(sweeping, "full", reread=True)
        end = await sweep.run_slice(sweeping, length=SLICE)
        self._transport.mangle = as_it_is
        if end.problem is not None:
            raise end.problem

    async def bring_users(self, ground: Ground, mangle: Mangle = as_it_is) -> None:
        self._transport.mangle = mangle
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            users, cursor = await self._source.read_users(cursor)
            async with ground.database.transaction() as connection:
                await save_users(connection, ground.workspace, users, SystemClock().now())
            if cursor is None:
                break
        self._transport.mangle = as_it_is

    async def paging_faults(self, ground: Ground) -> Sequence[str]:
        del ground  # lists are the same wherever they are merged
        return [fault for one in self._source.passes if one.reads == "list" for fault in await self._walk(one.name)]

    async def _walk(self, name: str) -> list[str]:
        cursor: str | None = None
        seen: list[str | None] = []
        for _ in range(MOST_PAGES):
            seen.append(cursor)
            cursor = (await self._source.read_list(name, cursor, None)).cursor
            if cursor is None:
                return []
            if cursor in seen:
                return [f"the pages of {name} lead round in a circle"]
        return [f"the pages of {name} do not end"]

    async def delete_candidate(self, ground: Ground, key: str) -> None:
        del ground  # it is deleted in the ATS
        state = self._sandbox.smartrecruiters.state
        state.delete_candidate(state.world.candidates[key])


class PushedSubject(Subject):
    """Pushed, as an ATS of one's own would."""

    def __init__(self, candidates: int = 12) -> None:
        people = range(candidates)
        self._world: Mapping[type[Pushed], list[dict[str, Any]]] = {
            PushedJob: [{"id": f"J{n}", "title": f"Job {n}", "status": "open"} for n in range(3)],
            PushedCandidate: [{"id": f"C{n}", "first_name": "Ada", "last_name": f"Byron {n}"} for n in people],
            PushedApplication: [
                {"id": f"A{n}", "candidate_id": f"C{n}", "job_id": f"J{n % 3}", "status": "Interview"} for n in people
            ],
            PushedStages: [
                {"application_id": f"A{n}", "steps": [{"name": "Applied"}, {"name": "Interview"}]} for n in people
            ],
            PushedNotes: [{"application_id": f"A{n}", "notes": [{"id": "N1", "text": "Knows ropes."}]} for n in people],
        }
        self._users = [{"id": f"U{n}", "first_name": "Grace", "last_name": f"Hopper {n}"} for n in range(5)]

    async def bring(self, ground: Ground, mangle: Mangle = as_it_is) -> None:
        for kind, rows in self._world.items():
            await self._push(ground, [mangle(row) for row in rows], kind)

    async def bring_users(self, ground: Ground, mangle: Mangle = as_it_is) -> None:
        await self._push(ground, [mangle(row) for row in self._users], PushedUser)

    async def paging_faults(self, ground: Ground) -> Sequence[str]:
        """Record by record has to bring what all together brings."""
        changed = 0
        for kind, rows in self._world.items():
            for row in rows:
                changed += await self._push(ground, [row], kind)
        return ["records pushed one by one say something else than all together"] if changed else []

    async def delete_candidate(self, ground: Ground, key: str) -> None:
        await self._push(ground, [{"kind": "candidate", "id": key}], Deletion)

    async def _push(self, ground: Ground, rows: Sequence[Any], kind: type[Pushed]) -> int:
        return (await push(ground.database, SystemClock(), ground.workspace, rows, kind)).changed


@asynccontextmanager
async def smartrecruiters() -> AsyncIterator[Subject]:
    sandbox = Sandbox(candidates=12)
    connector = CONNECTORS["smartrecruiters"]
    assert connector.source is not None
    transport = MangledTransport(httpx2.ASGITransport(app=sandbox.smartrecruiters))
    source = connector.source(
        Wiring(
            settings={"base_url": "http://localhost"},
            secrets={"api_key": sandbox.smartrecruiters.keys.api_key},
            gate=LocalGate({}),
            journal=Silent(),
            clock=SystemClock(),
            transport=transport,
        )
    )
    try:
        yield SmartRecruitersSubject(sandbox, transport, source)
    finally:
        await source.close()


@asynccontextmanager
async def pushed() -> AsyncIterator[Subject]:
    yield PushedSubject()


SUBJECTS: Mapping[str, Callable[[], AbstractAsyncContextManager[Subject]]] = {
    "smartrecruiters": smartrecruiters,
    rest_ats.NAME: pushed,
}
