"""What a worker makes of its tasks: work that goes on, rests, waits for a person, and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from msgspec import structs

from landbridge.connectors import Connector
from landbridge.errors import NotPermittedError, UnavailableError
from landbridge.jobs import control, running, tick, wiring
from landbridge.jobs.app import make_app
from landbridge.jobs.queue import JobBell, ask, lane_wish, sweep_wish
from landbridge.jobs.resolution import RESOLUTIONS, again_at, resolve
from landbridge.jobs.wiring import Works
from landbridge.jobs.worker import rescue, run_worker
from landbridge.ports.destination import Outcome, Outgoing, Writer
from landbridge.ports.source import Page
from landbridge.records import Kind
from landbridge.settings import Settings
from landbridge.store.connections import load_system_states, save_credentials
from landbridge.store.database import Database, sorted_error
from landbridge.store.journal import CallJournal
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import create_workspace, load_workspace
from landbridge.sync import mirror, sweep
from landbridge.sync.mirror import Arrival
from tests.unit.sync.fakes import CANDIDATES, Ats, FarSide, candidate

# However slow the machine is: what is waited for comes in a few seconds.
A_WHILE = 60


class Network:
    """The far side with all its writers."""

    name = "linkedin"
    match_lookup_delay = timedelta(hours=1)

    def __init__(self) -> None:
        self.sides = {kind: FarSide(kind) for kind in Kind}
        self.closed = 0
        self.not_enabled: tuple[str, ...] = ()

    @property
    def writers(self) -> Sequence[Writer]:
        return list(self.sides.values())

    async def check_access(self) -> Sequence[str]:
        return self.not_enabled

    async def tell_matches(
        self, rows: Sequence[Outgoing], persons: Mapping[int, str | None], now: datetime
    ) -> Sequence[Outcome]:
        return [Outcome(record_id=row.record_id, status="delivered") for row in rows]

    async def read_matches(self, candidate_keys: Sequence[str]) -> dict[str, str]:
        return {}

    async def close(self) -> None:
        self.closed += 1


class Office:
    """A workspace connected to an ATS and a far side in memory, and all a worker needs."""

    def __init__(self, settings: Settings, database: Database, vault: Vault, journal: CallJournal) -> None:
        self.settings = settings
        self.database = database
        self.vault = vault
        self.ats = Ats(CANDIDATES)
        self.ats.lists["candidates", None] = Page(records=tuple(candidate(f"c{number}") for number in range(3)))
        self.network = Network()
        self.built = 0
        self.works = Works(settings, database, vault, journal, JobBell())
        self.workspace = 0

    def connectors(self) -> dict[str, Connector]:
        def build(side: Any) -> Any:
            self.built += 1
            return side

        return {
            "smartrecruiters": Connector(name="smartrecruiters", title="", fields=(), source=lambda _: build(self.ats)),
            "linkedin": Connector(name="linkedin", title="", fields=(), destination=lambda _: build(self.network)),
        }

    async def connect(self) -> None:
        now = datetime.now(UTC)
        async with self.database.transaction() as connection:
            self.workspace = await create_workspace(connection, slug="acme", name="Acme", foreign_id="lb-acme", now=now)
            for system in ("smartrecruiters", "linkedin"):
                await save_credentials(
                    connection, self.workspace, system, vault=self.vault, settings={}, secrets={"key": "x"}
                )

    async def is_quiet(self) -> bool:
        return await control.is_quiet(self.database, self.workspace)

    async def is_broken(self) -> bool:
        return await self.state_of("linkedin") == "needs_person"

    async def work(self, until: Callable[[], Awaitable[bool]]) -> None:
        """Run a worker until it has come so far."""
        stop = asyncio.Event()
        worker = asyncio.create_task(
            run_worker(self.settings, self.database, self.vault, handle_signals=False, stop=stop)
        )
        try:
            async with asyncio.timeout(A_WHILE):
                while not await until():
                    assert not worker.done()
                    await asyncio.sleep(0.1)
        finally:
            stop.set()
            await worker

    async def both_halves_listen(self) -> bool:
        """Whether a worker has come so far that all its connections are open."""
        async with self.database.connection() as connection:
            cursor = await connection.execute(
                """SELECT count(*) FROM pg_stat_activity
                   WHERE datname = current_database() AND application_name = 'landbridge jobs'
                     AND query LIKE 'LISTEN%'"""
            )
            row = await cursor.fetchone()
        return row is not None and row[0] >= 2

    async def change(self, key: str) -> None:
        """Somebody has edited a candidate."""
        arrival = Arrival(pass_name="live", of=Kind.CANDIDATE, priority=1)
        async with self.database.transaction() as connection:
            pages = [Page(records=(candidate(key),))]
            merged = await mirror.merge(connection, self.workspace, pages, arrival, datetime.now(UTC))
            await self.works.bell.ring(connection, self.workspace, merged.kinds, urgent=merged.urgent)

    async def state_of(self, system: str) -> str:
        async with self.database.connection() as connection:
            return next(
                one.state for one in await load_system_states(connection, self.workspace) if one.system == system
            )

    async def jobs(self) -> list[str]:
        async with self.database.connection() as connection:
            cursor = await connection.execute("SELECT lock FROM procrastinate_jobs WHERE lock <> 'tick' ORDER BY lock")
            return [row[0] for row in await cursor.fetchall()]

    async def look_after(self) -> None:
        async with self.database.connection() as connection:
            workspace = await load_workspace(connection, self.workspace)
        await tick.look_after(self.works, workspace)


@pytest.fixture
async def office(
    settings: Settings, database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    async with CallJournal(database) as journal:
        office = Office(settings, database, vault, journal)
        monkeypatch.setattr(wiring, "CONNECTORS", office.connectors())
        await office.connect()
        yield office


async def test_started_sync_is_read_and_sent_by_a_worker(office: Office) -> None:
    await control.start_sync(office.works, office.workspace)
    await office.work(office.is_quiet)
    assert set(office.network.sides[Kind.CANDIDATE].has) == {"c0", "c1", "c2"}
    assert await office.state_of("linkedin") == "ok"


async def test_live_change_is_sent_while_a_long_sync_has_all_places(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.settings = structs.replace(office.settings, worker_concurrency=1)
    entered, leave = asyncio.Event(), asyncio.Event()
    changed: list[str] = []

    async def read_for_long(*_: object) -> Page:
        entered.set()
        await leave.wait()
        return Page()

    monkeypatch.setattr(office.ats, "read_list", read_for_long)
    await control.start_sync(office.works, office.workspace)

    async def is_sent() -> bool:
        if entered.is_set() and not changed:
            changed.append("c9")
            await office.change("c9")
        if "c9" in office.network.sides[Kind.CANDIDATE].has:
            leave.set()
        return leave.is_set()

    await office.work(is_sent)


async def test_missing_permission_pauses_the_connection_and_its_repair_lets_everything_go_on(office: Office) -> None:
    side = office.network.sides[Kind.CANDIDATE]
    side.failing = lambda _: NotPermittedError(code="linkedin_not_enabled", hint="enable it")
    await control.start_sync(office.works, office.workspace)
    await office.work(office.is_broken)
    assert len(side.calls) == 1
    await office.look_after()
    assert not await running.may_run(office.works, office.workspace, "linkedin")
    side.failing = lambda _: None
    await control.resume(office.database, office.workspace, "linkedin")
    await office.work(office.is_quiet)
    assert set(side.has) == {"c0", "c1", "c2"}


@pytest.mark.parametrize("trouble", [psycopg.errors.DiskFull(), psycopg.OperationalError()])
async def test_trouble_of_our_own_database_is_nobody_elses_and_the_lane_comes_again(
    office: Office, trouble: psycopg.Error
) -> None:
    ours = sorted_error(trouble)
    assert ours is not None
    side = office.network.sides[Kind.CANDIDATE]
    side.failing = lambda _: ours if len(side.calls) < 2 else None
    await control.start_sync(office.works, office.workspace)
    await office.work(office.is_quiet)
    assert set(side.has) == {"c0", "c1", "c2"}
    assert await office.state_of("linkedin") == "ok"


async def test_tick_notices_by_itself_that_a_connection_works_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tick, "TRY_AGAIN", timedelta(0))
    side = office.network.sides[Kind.CANDIDATE]
    side.failing = lambda _: NotPermittedError()
    office.network.not_enabled = ("ONE_CLICK_EXPORT",)
    await control.start_sync(office.works, office.workspace)
    await office.work(office.is_broken)
    await office.look_after()
    assert await office.state_of("linkedin") == "needs_person"
    side.failing = lambda _: None
    office.network.not_enabled = ()
    await office.look_after()
    assert await office.state_of("linkedin") == "ok"


async def test_tick_asks_for_the_lanes_and_the_sweep_that_nobody_drives(office: Office) -> None:
    await control.start_sync(office.works, office.workspace)
    async with office.works.sweeping(office.workspace) as work:
        await sweep.run_slice(work, length=timedelta(seconds=5))
        await sweep.start(work, "full")
    async with office.database.connection() as connection:
        await connection.execute("DELETE FROM procrastinate_jobs")
    await office.look_after()
    number = office.workspace
    assert await office.jobs() == [f"lane:{number}:candidates", f"sweep:{number}", f"webhooks:{number}"]


async def test_paused_workspace_is_left_alone(office: Office) -> None:
    await control.start_sync(office.works, office.workspace)
    async with office.database.connection() as connection:
        await connection.execute("UPDATE workspace SET paused = true")
        await connection.execute("DELETE FROM procrastinate_jobs")
    await office.look_after()
    assert await office.jobs() == []
    assert not await running.may_run(office.works, office.workspace, "smartrecruiters")


async def test_sides_are_built_once_and_anew_when_the_credentials_change(office: Office) -> None:
    for _ in range(3):
        async with office.works.destination(office.workspace):
            pass
    assert office.built == 1
    async with office.works.destination(office.workspace):
        async with office.database.connection() as connection:
            await save_credentials(
                connection, office.workspace, "linkedin", vault=office.vault, settings={}, secrets={"key": "y"}
            )
        async with office.works.destination(office.workspace):
            pass
        assert office.network.closed == 0  # the older one is still in use
    assert office.built == 2
    assert office.network.closed == 1


async def test_jobs_of_a_silent_worker_are_taken_over_unless_a_successor_waits(office: Office) -> None:
    app = make_app(office.database.url)
    async with app.open_async():
        async with office.database.transaction() as connection:
            await ask(connection, [lane_wish(office.workspace, "jobs"), sweep_wish(office.workspace)])
        silent = await app.job_manager.register_worker()
        for _ in range(2):
            assert await app.job_manager.fetch_job(queues=None, worker_id=silent) is not None
        async with office.database.transaction() as connection:
            await ask(connection, [sweep_wish(office.workspace)])
            await connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        assert await rescue(app, timedelta(seconds=6)) == 2
        assert await office.jobs() == [f"lane:{office.workspace}:jobs", f"sweep:{office.workspace}"]
        living = await app.job_manager.register_worker()
        for _ in range(2):
            assert await app.job_manager.fetch_job(queues=None, worker_id=living) is not None


async def test_worker_goes_on_after_its_connections_were_cut(office: Office) -> None:
    stop = asyncio.Event()
    worker = asyncio.create_task(
        run_worker(office.settings, office.database, office.vault, handle_signals=False, stop=stop)
    )
    try:
        async with asyncio.timeout(A_WHILE):
            while not await office.both_halves_listen():
                assert not worker.done()
                await asyncio.sleep(0.1)
        async with office.database.connection() as connection:
            cursor = await connection.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND application_name = 'landbridge jobs'"""
            )
            assert len(await cursor.fetchall()) > 2
        await control.start_sync(office.works, office.workspace)
        async with asyncio.timeout(A_WHILE):
            while len(office.network.sides[Kind.CANDIDATE].has) < 3:
                assert not worker.done()
                await asyncio.sleep(0.1)
    finally:
        stop.set()
        await worker


def test_every_branch_of_the_error_tree_has_its_resolution() -> None:
    now = datetime.now(UTC)
    assert resolve(UnavailableError()).action is RESOLUTIONS[UnavailableError].action
    assert resolve(NotPermittedError()).words == "waits until a person has acted"
    assert again_at(UnavailableError(retry_after=timedelta(seconds=7)), now) == now + timedelta(seconds=7)
    assert again_at(UnavailableError(), now) == now + timedelta(seconds=15)
