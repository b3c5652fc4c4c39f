"""Subscriptions look after themselves; an edit in the ATS is told over sockets and sent by a real worker."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import uvicorn

from landbridge.jobs import control, subscribing
from landbridge.jobs.live import prefix_of
from landbridge.jobs.queue import JobBell
from landbridge.jobs.wiring import ATS, Works
from landbridge.jobs.worker import run_worker
from landbridge.settings import Settings, load
from landbridge.store import sweeps
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.store.secrets import Vault
from landbridge.store.webhooks import Webhook, load_webhook
from landbridge.web.hooks.ats import Receiver, receivers
from tests.faults import truth
from tests.faults.company import Company
from tests.faults.conftest import FarSides
from tests.faults.drive import Drive


@pytest.fixture
def candidates() -> int:
    return 12


class Care:
    """One synced workspace with its address open to the sandbox."""

    def __init__(self, works: Works, drive: Drive, far_sides: FarSides) -> None:
        self.works = works
        self.drive = drive
        self.far_sides = far_sides

    async def tend(self) -> Webhook:
        await subscribing.tend(self.works, self.drive.workspace)
        async with self.works.database.connection() as connection:
            found = await load_webhook(connection, self.drive.workspace)
        assert found is not None
        return found

    async def newest_sweep(self) -> tuple[str, str]:
        async with self.works.database.connection() as connection:
            found = await sweeps.newest(connection, self.drive.workspace)
        assert found is not None
        return found.mode, found.state

    @property
    def subscriptions(self) -> dict[str, bool]:
        book = self.far_sides.sandbox.smartrecruiters.book
        return {one.id: one.active for one in book.subscriptions.values()}


@asynccontextmanager
async def served(receiver: Receiver, listener: socket.socket) -> AsyncIterator[None]:
    server = uvicorn.Server(uvicorn.Config(receiver, lifespan="off", log_config=None, access_log=False))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server._serve([listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


@pytest.fixture
async def care(
    drive: Drive, company: Company, far_sides: FarSides, environment: dict[str, str], database: Database, vault: Vault
) -> AsyncIterator[Care]:
    await drive.sync()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings: Settings = load({**environment, "LANDBRIDGE_WEB_PORT": str(listener.getsockname()[1])})
        receiver = receivers(database, vault, drive.clock.now)[prefix_of(ATS)]
        async with served(receiver, listener), CallJournal(database) as journal:
            works = Works(settings, database, vault, journal, JobBell(drive.clock), clock=drive.clock)
            try:
                yield Care(works, drive, far_sides)
            finally:
                await works.close()


async def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = datetime.now(UTC) + timedelta(seconds=seconds)
    while not holds():
        assert datetime.now(UTC) < deadline, "it never happened"
        await asyncio.sleep(0.05)


async def test_subscription_is_made_once_and_healed_when_suspended_or_deleted(care: Care) -> None:
    made = await care.tend()
    assert (made.state, care.subscriptions) == ("active", {made.subscription: True})
    assert (await care.tend()).subscription == made.subscription
    assert await care.newest_sweep() == ("full", "done")

    book = care.far_sides.sandbox.smartrecruiters.book
    [subscription] = book.subscriptions.values()
    subscription.active, subscription.suspended = False, True
    healed = await care.tend()
    assert (healed.state, healed.healed, care.subscriptions) == ("active", 1, {made.subscription: True})
    assert await care.newest_sweep() == ("delta", "running")

    book.forget(subscription)
    again = await care.tend()
    assert again.subscription != made.subscription
    assert (again.state, care.subscriptions) == ("active", {again.subscription: True})


async def test_lists_are_read_often_while_nobody_tells_and_seldom_while_somebody_does(care: Care) -> None:
    told = await care.tend()
    assert told.state == "active"
    care.drive.clock.advance(timedelta(minutes=3))
    await care.tend()
    assert await care.newest_sweep() == ("full", "done")
    care.drive.clock.advance(timedelta(minutes=13))
    await care.tend()
    assert await care.newest_sweep() == ("delta", "running")
    await care.drive.sync("delta")

    care.far_sides.source.take_permissions("webhooks_manage", "webhooks_read", "webhooks_write", "webhooks_delete")
    alone = await care.tend()
    assert (alone.state, alone.problem != "") == ("absent", True)
    care.drive.clock.advance(timedelta(minutes=3))
    await care.tend()
    assert await care.newest_sweep() == ("delta", "running")


async def test_lists_are_read_often_where_a_subscription_keeps_silent_about_changes(care: Care) -> None:
    clock, source = care.drive.clock, care.far_sides.source
    await care.tend()
    lost = {"operation": "webhook.*", "kind": "lost", "times": None}
    care.far_sides.sandbox.smartrecruiters.faults.add(lost)
    for _ in range(2):  # the first look still reaches back to when something may have been told
        clock.advance(timedelta(minutes=31))
        source.edit(percent=20, of=["candidates"])
        await care.tend()
        assert await care.newest_sweep() == ("delta", "running")
        await care.drive.sync("delta")
    silent = await care.tend()
    assert (silent.state, silent.problem, silent.tells) == ("active", "untold", False)
    clock.advance(timedelta(minutes=3))
    await care.tend()
    assert await care.newest_sweep() == ("delta", "running")


async def test_edit_in_the_ats_is_on_linkedin_by_a_real_worker_within_seconds(
    company: Company, far_sides: FarSides, environment: dict[str, str], database: Database, vault: Vault
) -> None:
    stop = asyncio.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings = load({**environment, "LANDBRIDGE_WEB_PORT": str(listener.getsockname()[1])})
        receiver = receivers(database, vault, lambda: datetime.now(UTC))[prefix_of(ATS)]
        async with served(receiver, listener), CallJournal(database) as journal:
            works = Works(settings, database, vault, journal, JobBell())
            working = asyncio.create_task(run_worker(settings, database, vault, handle_signals=False, stop=stop))
            try:
                await control.start_sync(works, company.workspace)
                await until(lambda: not truth.findings(far_sides.source, far_sides.network), 90)
                await subscribing.tend(works, company.workspace)
                far_sides.source.edit(percent=20, of=["candidates", "applications"])
                assert truth.findings(far_sides.source, far_sides.network)
                await until(lambda: not truth.findings(far_sides.source, far_sides.network), 30)
                async with database.connection() as connection:
                    newest = await sweeps.newest(connection, company.workspace)
                assert newest is not None
                assert newest.mode == "full"
            finally:
                stop.set()
                await working
                await works.close()
