"""A workspace with a lane or a sweep to drive by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from landbridge.ports.source import Page
from landbridge.records import Kind, Record
from landbridge.store.database import Database
from landbridge.store.workspaces import create_workspace
from landbridge.sync import mirror
from landbridge.sync.budget import Budget
from landbridge.sync.choices import Choices
from landbridge.sync.lane import Lane, SliceEnd, run_slice
from landbridge.sync.mirror import Arrival, Merged
from tests.conftest import Servers
from tests.unit.sync.fakes import NOW, FarSide, ManualClock, RecordingBell

SLICE = timedelta(seconds=20)


class Stage:
    """One workspace on a fresh database, with short ways to put records in and look at the ledger."""

    def __init__(self, database: Database, workspace: int) -> None:
        self.database = database
        self.workspace = workspace
        self.clock = ManualClock()
        self.bell = RecordingBell()
        self.choices = Choices()

    async def put(self, *records: Record, priority: int = 2, of: Kind = Kind.CANDIDATE, **page: Any) -> Merged:
        """Merge records as one page of a live change."""
        arrival = Arrival(pass_name="live", of=of, priority=priority)
        return await self.merge([Page(records=records, **page)], arrival)

    async def merge(self, pages: Sequence[Page], arrival: Arrival) -> Merged:
        async with self.database.transaction() as connection:
            return await mirror.merge(connection, self.workspace, pages, arrival, self.clock.now())

    def lane(self, writer: FarSide, budget: Budget | None = None) -> Lane:
        return Lane(
            database=self.database,
            workspace=self.workspace,
            writer=writer,
            choices=self.choices,
            budget=budget,
            bell=self.bell,
            clock=self.clock,
        )

    async def drive(self, writer: FarSide, length: timedelta = SLICE) -> SliceEnd:
        return await run_slice(self.lane(writer), length=length)

    async def drive_urgent(self, writer: FarSide) -> SliceEnd:
        return await run_slice(self.lane(writer), length=SLICE, only_urgent=True)

    async def rows(self, columns: str = "state", kind: Kind | None = None) -> dict[str, Any]:
        """By record key: one column of the ledger, or a tuple of several."""
        async with self.database.connection() as connection:
            cursor = await connection.execute(
                f"""SELECT r.key, {columns} FROM delivery d JOIN record r ON r.id = d.record_id
                    WHERE d.workspace_id = %s AND (%s::text IS NULL OR d.kind = %s)""".encode(),
                [self.workspace, kind, kind],
            )
            found = await cursor.fetchall()
        return {row[0]: row[1] if len(row) == 2 else row[1:] for row in found}

    async def execute(self, statement: str, *parameters: Any) -> list[Any]:
        async with self.database.connection() as connection:
            cursor = await connection.execute(statement.encode(), parameters)
            return await cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="session")
def shared_url(servers: Servers) -> Iterator[str]:
    """One database for all of these tests: each has a workspace of its own, and copying databases takes longer."""
    server = servers.get("embedded")
    name = server.copy()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
async def stage(shared_url: str) -> AsyncIterator[Stage]:
    async with Database(shared_url, connections=6) as database:
        await database.start()
        slug = uuid4().hex
        async with database.transaction() as connection:
            workspace = await create_workspace(connection, slug=slug, name=slug, foreign_id=slug, now=NOW)
        yield Stage(database, workspace)
