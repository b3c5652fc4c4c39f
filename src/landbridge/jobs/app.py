"""Procrastinate on the same PostgreSQL as everything else."""

from __future__ import annotations

from typing import Any

from procrastinate import App, PsycopgConnector
from psycopg import AsyncConnection

from landbridge.jobs import queue, tasks, tick

# Each half of a worker needs one connection to listen and one for what else it asks for, one after another mostly.
CONNECTIONS = 6


async def _save_at_once(connection: AsyncConnection[Any]) -> None:
    """Each of its statements is whole by itself.

    In a transaction, a process frozen before its end would keep its row in the list of workers locked, and those who
    strike silent workers off would wait for that very one.
    """
    await connection.set_autocommit(True)


def make_app(database_url: str) -> App:
    """The app with all tasks; open it with ``async with app.open_async()``."""
    connector = PsycopgConnector(
        conninfo=database_url,
        min_size=1,
        max_size=CONNECTIONS,
        timeout=10.0,
        kwargs={"application_name": "landbridge jobs", "connect_timeout": 10},
        configure=_save_at_once,
    )
    app = App(connector=connector)
    app.task(name=queue.LANE, pass_context=True)(tasks.drive_lane)
    app.task(name=queue.SWEEP, pass_context=True)(tasks.run_sweep)
    app.task(name=queue.MATCHES, pass_context=True)(tasks.read_matches)
    app.task(name=queue.CENSUS, pass_context=True)(tasks.take_census)
    app.task(name=queue.COMPARE, pass_context=True)(tasks.compare_sides)
    app.task(name=queue.CONTRACTS, pass_context=True)(tasks.follow_contracts)
    app.task(name=queue.INBOX, pass_context=True)(tasks.work_inbox)
    app.task(name=queue.STREAMS, pass_context=True)(tasks.read_streams)
    app.task(name=queue.ARRIVALS, pass_context=True)(tasks.work_arrivals)
    app.task(name=queue.PEOPLE, pass_context=True)(tasks.read_people)
    app.task(name=queue.CHANGES, pass_context=True)(tasks.follow_changes)
    app.task(name=queue.WEBHOOKS, pass_context=True)(tasks.tend_webhooks)
    app.task(name=queue.ACCESS, pass_context=True)(tasks.follow_access)
    # At most one of these waits and one runs, however many workers hear the clock.
    every_minute = app.task(
        name=queue.TICK, pass_context=True, lock=queue.TICK, queueing_lock=queue.TICK, priority=queue.SOON
    )
    app.periodic(cron="* * * * *")(every_minute(tick.tick))
    every_day = app.task(name=queue.RENEW, pass_context=True, lock=queue.RENEW, queueing_lock=queue.RENEW)
    # Any hour would do: LinkedIn keeps a job for months, and the connector renews it days before its end.
    app.periodic(cron="23 3 * * *")(every_day(tick.renew_jobs))
    return app
