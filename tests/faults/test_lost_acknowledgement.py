"""A worker finishes a job, and the database is away just when the worker says so."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager

from landbridge.jobs import control
from landbridge.jobs.queue import JobBell
from landbridge.jobs.wiring import Works
from landbridge.jobs.worker import run_worker
from landbridge.settings import Settings, load
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.store.secrets import Vault
from tests.faults import truth
from tests.faults.company import Company
from tests.faults.conftest import FarSides

QUIET_WITHIN = 60.0


@pytest.fixture
def candidates() -> int:
    return 10


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    return load(environment)


def missing(far_sides: FarSides) -> list[str]:
    return truth.findings(far_sides.source, far_sides.network)


async def test_job_whose_end_could_not_be_saved_does_not_block_its_kind_for_ever(
    settings: Settings,
    database: Database,
    vault: Vault,
    company: Company,
    far_sides: FarSides,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finish, failed = JobManager.finish_job, set()

    async def finish_if_database_is_there(self: JobManager, job: Any, **named: Any) -> None:
        if job.task_name not in failed:
            failed.add(job.task_name)
            raise ConnectorException
        await finish(self, job, **named)

    monkeypatch.setattr(JobManager, "finish_job", finish_if_database_is_there)
    stop = asyncio.Event()
    worker = asyncio.create_task(run_worker(settings, database, vault, handle_signals=False, stop=stop))
    async with CallJournal(database) as journal:
        works = Works(settings, database, vault, journal, JobBell())
        await control.start_sync(works, company.workspace)
        async with asyncio.timeout(QUIET_WITHIN):
            while not await control.is_quiet(database, company.workspace) or missing(far_sides):
                await asyncio.sleep(0.2)
        await works.close()
    stop.set()
    await worker
    assert failed >= {"run_sweep", "drive_lane", "tick"}


async def test_worker_ends_though_a_breaking_connection_has_swallowed_the_cancellation(
    settings: Settings, database: Database, vault: Vault, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    rescuing = asyncio.Event()

    async def rescue_while_the_connection_breaks(*_: object) -> int:
        rescuing.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise ConnectorException from None
        return 0

    monkeypatch.setattr("landbridge.jobs.worker.rescue", rescue_while_the_connection_breaks)
    stop = asyncio.Event()
    worker = asyncio.create_task(run_worker(settings, database, vault, handle_signals=False, stop=stop))
    async with asyncio.timeout(60):
        await rescuing.wait()
        stop.set()
        await worker
