"""Landbridge itself: the lane of the candidates as a worker drives it, against a far side without limits.

Everything is real: rows due in the ledger, the LinkedIn connector with its HTTP stack, token, journal and per-element
answers, a permit of the shared budget for each call, an outcome saved for each record. Only the limits are out of the
way, because LinkedIn's own would end every measurement at 167 records a second.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from benchmarks.contenders.trial import Stopwatch, Trial, read_arguments
from benchmarks.wire import ORGANIZATION
from landbridge.collector import calm_collector
from landbridge.connectors import CONNECTORS, Wiring
from landbridge.http import OpenGate, SystemClock
from landbridge.ports.destination import Destination, Limits
from landbridge.store.budgets import BudgetKey
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal, WorkspaceJournal
from landbridge.sync.bell import SilentBell
from landbridge.sync.budget import Budget, StorePool, quota_of
from landbridge.sync.choices import Choices
from landbridge.sync.lane import Lane, run_slice

WORKSPACE = 1
SLICE = timedelta(seconds=20)
# So high that no permit is ever waited for; each is asked for all the same.
NO_LIMITS = Limits(records_per_minute=10**9, calls_per_day=10**8, records_per_call=100)


async def run(trial: Trial) -> int:
    async with Database(trial.database) as database:
        await database.start()
        async with CallJournal(database) as journal:
            destination = _destination(trial, journal.of(WORKSPACE))
            try:
                return await _drive(_lane(database, destination))
            finally:
                await destination.close()


def _destination(trial: Trial, journal: WorkspaceJournal) -> Destination:
    open_destination = CONNECTORS["linkedin"].destination
    assert open_destination is not None
    settings = {"organization": ORGANIZATION, "client_id": "benchmark", "api_url": trial.sink, "auth_url": trial.sink}
    return open_destination(
        Wiring(
            settings=settings,
            secrets={"client_secret": "benchmark"},
            gate=OpenGate(),
            journal=journal,
            clock=SystemClock(),
        )
    )


def _lane(database: Database, destination: Destination) -> Lane:
    writer = next(writer for writer in destination.writers if writer.resource == "candidates")
    quota = quota_of(NO_LIMITS)
    assert quota is not None
    key = BudgetKey(WORKSPACE, destination.name, writer.resource)
    return Lane(
        database=database,
        workspace=WORKSPACE,
        writer=writer,
        choices=Choices(),
        budget=Budget(StorePool(database), key, quota),
        bell=SilentBell(),
        clock=SystemClock(),
    )


async def _drive(lane: Lane) -> int:
    sent, more = 0, True
    while more:
        end = await run_slice(lane, length=SLICE)
        if end.problem is not None:
            raise end.problem
        sent, more = sent + end.counts.get("delivered", 0), end.more
    return sent


def main() -> None:
    trial = read_arguments()
    calm_collector()  # as a worker does when it starts
    watch = Stopwatch()
    sent = asyncio.run(run(trial))
    watch.report(sent)


if __name__ == "__main__":
    main()
