"""A worker process: runs jobs until it is told to stop, through restarts of the database.

It has two halves. One takes any job, one live jobs alone: however many long syncs there are, what somebody has just
done finds a free place. A busy first sync uses up a processor, though, and both halves share one; so where there is
more than one, live jobs are better done by a process of their own (``Part``).
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Literal

import httpx2
import procrastinate
import psycopg
import structlog
from procrastinate import App
from procrastinate.jobs import Job
from procrastinate.worker import Worker
from psycopg_pool import PoolTimeout

from landbridge.errors import LandbridgeError, UnavailableError
from landbridge.http import Clock
from landbridge.jobs.app import make_app
from landbridge.jobs.queue import LIVE, ORDINARY, JobBell, ask, tick_wish
from landbridge.jobs.wiring import Works
from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.store.secrets import Vault

log = structlog.get_logger(__name__)

# Nobody is told when a job's time has come: it is looked for. Live changes gather for a second, not for two.
POLL_SECONDS, POLL_LIVE_SECONDS = 1.0, 0.25
# What is under way when a stop comes may take so long to end; then it is cut off, which is harmless but repeats work.
GRACE_SECONDS = 8.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
# What a process takes: live jobs alone, or all others.
Part = Literal["live", "rest"]
_AWAY = (psycopg.OperationalError, PoolTimeout, UnavailableError, procrastinate.exceptions.ConnectorException)


class _TakenForDeadError(Exception):
    """Others have struck this worker off the list after a silence: its jobs are theirs now, and it gets no more."""


async def run_worker(
    settings: Settings,
    database: Database,
    vault: Vault,
    *,
    clock: Clock | None = None,
    transport: httpx2.AsyncBaseTransport | None = None,
    handle_signals: bool = True,
    until_idle: bool = False,
    only: Part | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Run jobs until SIGTERM, SIGINT or ``stop``; with ``until_idle`` until nothing waits that could run now.

    ``only``: a part of them, where another process has the others.

    A lost database is waited for, with growing pauses: the jobs it knows are kept, and those of a killed worker are
    taken over after ``settings.stalled_after``. A worker that was only silent for so long begins anew at once.
    """
    stop = stop or asyncio.Event()
    with _signals(stop) if handle_signals else contextlib.nullcontext():
        async with CallJournal(database) as journal:
            works = Works(settings, database, vault, journal, JobBell(clock), clock=clock, transport=transport)
            try:
                await _keep_running(works, stop, until_idle=until_idle, only=only)
            finally:
                await works.close()


async def _keep_running(works: Works, stop: asyncio.Event, *, until_idle: bool, only: Part | None) -> None:
    pause = FIRST_PAUSE
    while not stop.is_set():
        began = works.clock.monotonic()
        try:
            await _run_once(works, stop, until_idle=until_idle, only=only)
        except _TakenForDeadError:
            log.warning("worker_taken_for_dead", text=_silence_text(works.settings))
            continue
        except _AWAY:
            log.warning("worker_lost_database", seconds=pause)
        if until_idle and not stop.is_set():
            return
        pause = FIRST_PAUSE if works.clock.monotonic() - began > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


def _silence_text(settings: Settings) -> str:
    return (
        f"it was silent for {settings.stalled_after.total_seconds():g} s, so its jobs went to others; it begins anew. "
        "Harmless after a suspended machine; where it happens again and again, give the machine more processor or "
        "memory, or raise LANDBRIDGE_STALLED_AFTER_SECONDS"
    )


async def _run_once(works: Works, stop: asyncio.Event, *, until_idle: bool, only: Part | None) -> None:
    """Until the stop, or until the worker's own connections fail (then it returns or raises).

    Raises ``_TakenForDeadError``.
    """
    app = make_app(works.database.url)
    async with app.open_async():
        halves: list[Worker] = []
        if only != "live":
            queues = [ORDINARY] if only == "rest" else None
            halves.append(_half(app, works, stop, queues, works.settings.worker_concurrency, wait=not until_idle))
        if only == "live" or not (only or until_idle):
            halves.append(_half(app, works, stop, [LIVE], works.settings.worker_live_concurrency, wait=not until_idle))
        # What a killed worker has left undone is looked for at once, not at the next full minute.
        async with works.database.connection() as connection:
            await ask(connection, [tick_wish(works.clock.now())])
        over = asyncio.Event()
        rescuer = asyncio.create_task(_rescue_until(over, app, halves, works.settings.stalled_after), name="rescue")
        watchers = [asyncio.create_task(_stop_with(stop, halves), name="watch for stop"), rescuer]
        try:
            await _run_together(halves)
        finally:
            over.set()
            for watcher in watchers:
                watcher.cancel()
            outcomes = await asyncio.gather(*watchers, return_exceptions=True)
        if isinstance(outcomes[1], _TakenForDeadError):
            raise outcomes[1]


def _half(
    app: App, works: Works, stop: asyncio.Event, queues: Sequence[str] | None, places: int, *, wait: bool
) -> Worker:
    """``queues`` None: all. ``wait``: for jobs to come, once there are none."""
    settings = works.settings
    return Worker(
        app=app,
        queues=queues,
        name=None,
        concurrency=places,
        wait=wait,
        fetch_job_polling_interval=POLL_LIVE_SECONDS if queues == [LIVE] else POLL_SECONDS,
        abort_job_polling_interval=60.0,
        shutdown_graceful_timeout=GRACE_SECONDS,
        delete_jobs="always",
        additional_context={"works": works, "stopping": stop.is_set},
        install_signal_handlers=False,
        update_heartbeat_interval=settings.heartbeat.total_seconds(),
        stalled_worker_timeout=settings.stalled_after.total_seconds(),
    )


async def _run_together(halves: Sequence[Worker]) -> None:
    """Until one ends: then the other shall end as well. Raises ``_TakenForDeadError``."""
    running = [asyncio.create_task(half.run()) for half in halves]  # type: ignore[no-untyped-call]  # not typed there
    try:
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        _stop(halves)
        await asyncio.gather(*running)
    except procrastinate.exceptions.ConnectorException as trouble:
        # A job can only be given to a worker that is on the list.
        if isinstance(trouble.__cause__, psycopg.errors.ForeignKeyViolation):
            raise _TakenForDeadError from trouble
        raise
    finally:
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _stop(halves: Sequence[Worker]) -> None:
    for half in halves:
        half.stop()  # type: ignore[no-untyped-call]  # as above


async def _stop_with(stop: asyncio.Event, halves: Sequence[Worker]) -> None:
    await stop.wait()
    _stop(halves)


async def _rescue_until(over: asyncio.Event, app: App, halves: Sequence[Worker], stalled_after: timedelta) -> None:
    """Give the jobs of workers that went silent, and what this one has lost, to whoever lives.

    The event ends it, because a cancellation alone may get lost: one that meets a connection just breaking comes out of
    there as the connection's error. Raises ``_TakenForDeadError``, with the halves told to stop.
    """
    suspects = [frozenset[int]()] * len(halves)
    while not over.is_set():
        await asyncio.sleep(stalled_after.total_seconds() / 3)
        try:
            await rescue(app, stalled_after)
            if await _are_struck_off(app, halves):
                _stop(halves)
                raise _TakenForDeadError
            suspects = [await _give_back_lost(app, half, known) for half, known in zip(halves, suspects, strict=True)]
        except (procrastinate.exceptions.ConnectorException, psycopg.OperationalError, PoolTimeout, LandbridgeError):
            log.warning("rescue_failed")


async def _are_struck_off(app: App, halves: Sequence[Worker]) -> bool:
    """Whether a half that works is no longer on the list of workers.

    Its heartbeats do not tell: they are a change of a row, and that there is none to change is no error.
    """
    numbers = [half.worker_id for half in halves if half.worker_id is not None]
    row = await app.connector.execute_query_one_async(
        "SELECT count(*) AS listed FROM procrastinate_workers WHERE id = ANY(%(numbers)s)", numbers=numbers
    )
    # One that is stopping takes itself off.
    return row["listed"] < len(numbers) and not any(half._stop_event.is_set() for half in halves)


async def rescue(app: App, stalled_after: timedelta) -> int:
    """Put the jobs of silent workers back into the queue; how many.

    Their slices are fenced by the lanes' epochs, so a worker that was only slow does no harm when it goes on.
    """
    seconds = stalled_after.total_seconds()
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds))
    for job in stalled:
        await _give_back(app, job)
    await app.job_manager.prune_stalled_workers(seconds)
    return len(stalled)


async def _give_back_lost(app: App, worker: Worker, suspects: frozenset[int]) -> frozenset[int]:
    """Give back jobs that this worker is said to run and does not; those seen so for the first time, to look at again.

    Such a job has ended while the database was away, so that its end could not be saved. As long as its worker lives
    nobody takes it for stalled, and its lock would keep all of its kind from running.
    """
    if worker.worker_id is None:
        return frozenset()
    said = await app.job_manager.list_jobs_async(status="doing", worker_id=worker.worker_id)
    running = {context.job.id for context in worker._running_jobs.values()}
    lost = {job.id: job for job in said if job.id is not None and job.id not in running}
    # A job that has just been fetched is not among the running ones yet: only the second look counts.
    for number in lost.keys() & suspects:
        await _give_back(app, lost[number])
    return frozenset(lost.keys() - suspects)


async def _give_back(app: App, job: Job) -> None:
    """A job whose successor waits already is finished instead: two of a kind must not wait."""
    try:
        await app.job_manager.retry_job(job)
    except procrastinate.exceptions.ConnectorException:
        if job.id is not None:
            await app.job_manager.finish_job_by_id_async(
                job.id, status=procrastinate.jobs.Status.FAILED, delete_job=True
            )
    log.info("job_rescued", task=job.task_name)


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """SIGTERM and SIGINT ask for a stop; a second one does what it always did."""
    loop = asyncio.get_running_loop()
    chosen = (signal.SIGTERM, signal.SIGINT)

    def on_signal() -> None:
        log.info("worker_stopping", text="what is under way is finished; start a worker again to go on")
        stop.set()
        for one in chosen:
            loop.remove_signal_handler(one)

    for one in chosen:
        loop.add_signal_handler(one, on_signal)
    try:
        yield
    finally:
        for one in chosen:
            loop.remove_signal_handler(one)
