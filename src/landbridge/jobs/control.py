"""What people ask for: start, pause, look again. Each is saved before it returns; workers do the rest."""

from __future__ import annotations

from collections.abc import Sequence

from landbridge.http import Clock, SystemClock
from landbridge.jobs.queue import JobBell, ask, sweep_wish, webhooks_wish
from landbridge.jobs.wiring import Works
from landbridge.records import Kind
from landbridge.store import lanes, ledger, sweeps
from landbridge.store.connections import mark_ok
from landbridge.store.database import Database
from landbridge.store.sweeps import Mode, Sweep
from landbridge.store.tallies import load_tallies
from landbridge.store.webhooks import load_webhook
from landbridge.store.workspaces import load_workspaces
from landbridge.sync import sweep


async def start_sync(works: Works, workspace: int, mode: Mode = "full", *, reread: bool = False) -> Sweep:
    """Begin to read the ATS, or go on with what is unfinished. Raises SettingError where the ATS is not connected."""
    async with works.sweeping(workspace) as work:
        started = await sweep.start(work, mode, reread=reread)
    async with works.database.transaction() as connection:
        await works.bell.ring(connection, workspace, list(Kind))
        # From the first minute on the ATS shall tell of changes: what is read first is also the first to be outdated.
        subscribed = await load_webhook(connection, workspace) is not None
        await ask(connection, [sweep_wish(workspace), *([] if subscribed else [webhooks_wish(workspace)])])
    return started


async def pause_sync(database: Database, workspace: int) -> None:
    """Let reading rest until ``start_sync``; what has been read is still sent."""
    await sweep.pause(database, workspace)


async def look_again(
    database: Database,
    workspace: int,
    kinds: Sequence[Kind] = tuple(Kind),
    *,
    states: Sequence[str] = ("quarantined",),
    reason: str | None = None,
    clock: Clock | None = None,
) -> int:
    """Have records rendered anew: quarantined ones after a repair, all after a change of mapping or choices; how many.

    What would be sent just as LinkedIn has it already is not sent.
    """
    clock = clock or SystemClock()
    count = 0
    async with database.transaction() as connection:
        for kind in kinds:
            count += await ledger.make_kind_due(
                connection, workspace, kind, states=states, reason=reason, now=clock.now()
            )
        await JobBell(clock).ring(connection, workspace, kinds)
    return count


async def renew_jobs(database: Database, clock: Clock) -> int:
    """Look at every job again, in every workspace that is not paused; how many.

    LinkedIn lets a posting end, and a job that is published later is held until then. Rendering them is all it costs:
    what needs nothing is not sent.
    """
    async with database.connection() as connection:
        workspaces = await load_workspaces(connection)
    return sum(
        [
            await look_again(database, workspace.id, [Kind.JOB], states=("delivered", "held"), clock=clock)
            for workspace in workspaces
            if not workspace.paused
        ]
    )


async def resume(database: Database, workspace: int, system: str, clock: Clock | None = None) -> None:
    """Somebody has repaired a connection: let everything that waited for it go on."""
    clock = clock or SystemClock()
    async with database.transaction() as connection:
        await mark_ok(connection, workspace, system, clock.now())
        for kind in Kind:
            await lanes.unblock(connection, workspace, kind.plural)
        newest = await sweeps.newest(connection, workspace)
        await JobBell(clock).ring(connection, workspace, list(Kind))
        if newest is not None and newest.state == "running":
            await ask(connection, [sweep_wish(workspace)])


async def is_quiet(database: Database, workspace: int) -> bool:
    """Whether there is nothing left to read or to send: no sweep runs, nothing is due and no verdict is awaited."""
    async with database.connection() as connection:
        newest = await sweeps.newest(connection, workspace)
        if newest is not None and newest.state == "running":
            return False
        tallies = await load_tallies(connection, workspace)
    return not any(one.state in {"due", "pending"} for one in tallies)
