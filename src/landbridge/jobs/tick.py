"""The safety net, every minute: whatever has work and no job gets one. What is told in time does not wait for it."""

from __future__ import annotations

from datetime import timedelta

import structlog
from procrastinate import JobContext

from landbridge.errors import LandbridgeError, NeedsPersonError
from landbridge.jobs import access, comparing, control, integrations, live, subscribing
from landbridge.jobs.queue import (
    access_wish,
    arrivals_wish,
    ask,
    compare_wish,
    contracts_wish,
    inbox_wish,
    matches_wish,
    streams_wish,
    sweep_wish,
)
from landbridge.jobs.running import CONTRACT_LEVEL, TRY_AGAIN, worked, works_of
from landbridge.jobs.wiring import FAR_SIDE, Works
from landbridge.records import Kind
from landbridge.store import ledger, sweeps
from landbridge.store.arrivals import next_arrival_at, try_lacking, wake_arrivals
from landbridge.store.connections import SystemState, load_system_states, mark_problem
from landbridge.store.contracts import load_contracts
from landbridge.store.database import Connection
from landbridge.store.housekeeping import tidy
from landbridge.store.inbox import next_event_at
from landbridge.store.streams import is_behind
from landbridge.store.workspaces import Workspace, load_workspaces
from landbridge.sync.reasons import waits

log = structlog.get_logger(__name__)


async def tick(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - Procrastinate gives it
    """The safety net: see to it that every lane and sweep with work has a job."""
    works = works_of(context)
    async with works.database.connection() as connection:
        workspaces = await load_workspaces(connection)
        await tidy(connection, works.clock.now(), keep_calls=timedelta(days=works.settings.journal_days))
    for workspace in workspaces:
        try:
            await look_after(works, workspace)
        except LandbridgeError as error:
            # One workspace's trouble must not keep the tick from the others.
            log.warning("tick_failed", workspace=workspace.id, code=error.code)


async def renew_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - Procrastinate gives it
    """Once a day: have jobs looked at again that time alone may have changed."""
    works = works_of(context)
    await control.renew_jobs(works.database, works.clock)


async def look_after(works: Works, workspace: Workspace) -> None:
    """Ask for the jobs that a workspace needs and does not have."""
    if workspace.paused:
        return
    await _try_problems_again(works, workspace)
    if not await _look_after_contracts(works, workspace.id):
        await integrations.ask_again(works, workspace)
    now = works.clock.now()
    async with works.database.transaction() as connection:
        await _wake_all(connection, works, workspace.id)
        busy = [kind for kind in Kind if await _has_work(connection, works, workspace.id, kind)]
        newest = await sweeps.newest(connection, workspace.id)
        urgent = [kind for kind in busy if await ledger.has_urgent(connection, workspace.id, kind, now=now)]
        await works.bell.ring(connection, workspace.id, busy)
        await works.bell.ring(connection, workspace.id, urgent, urgent=True)
        wishes = [sweep_wish(workspace.id)] if newest is not None and newest.state == "running" else []
        wishes += await live.wishes(connection, workspace.id, now)
        wishes += await subscribing.wishes(connection, workspace.id, now)
        if Kind.CANDIDATE not in busy and newest is not None:
            wishes.append(matches_wish(workspace.id, now))
        await ask(connection, wishes)


async def _look_after_contracts(works: Works, workspace: int) -> bool:
    """Ask for what contracts and the inbox need; whether the workspace has contracts at all."""
    now = works.clock.now()
    async with works.database.transaction() as connection:
        known = await load_contracts(connection, workspace)
        due = any(one.look_at is not None and one.look_at <= now for one in known)
        event_at = await next_event_at(connection, workspace)
        wishes = [contracts_wish(workspace)] if due else []
        if event_at is not None and event_at <= now:
            wishes.append(inbox_wish(workspace))
        await try_lacking(connection, workspace, before=now - TRY_AGAIN)
        arrival_at = await next_arrival_at(connection, workspace)
        if await wake_arrivals(connection, workspace) or (arrival_at is not None and arrival_at <= now):
            wishes.append(arrivals_wish(workspace))
        if known and await access.is_behind(works, connection, workspace):
            wishes.append(access_wish(workspace))
        if known and await is_behind(connection, workspace, now=now):
            wishes.append(streams_wish(workspace))
        if known and await comparing.is_wanted(works, workspace):
            wishes.append(compare_wish(workspace))
        await ask(connection, wishes)
    return bool(known)


async def _has_work(connection: Connection, works: Works, workspace: int, kind: Kind) -> bool:
    now = works.clock.now()
    if await ledger.has_due(connection, workspace, kind, now=now):
        return True
    verdict_at = await ledger.next_look_at(connection, workspace, kind, "pending")
    return verdict_at is not None and verdict_at <= now


async def _wake_all(connection: Connection, works: Works, workspace: int) -> None:
    """Records whose wait is over but whom nobody has woken: a crash fell between the save and the call."""
    for kind, pointed, reason in waits():
        if await ledger.anybody_waits(connection, workspace, kind, reason):
            await ledger.wake_waiting(connection, workspace, kind, pointed, reason, now=works.clock.now())


async def _try_problems_again(works: Works, workspace: Workspace) -> None:
    """See whether what a person had to do has been done."""
    async with works.database.connection() as connection:
        states = await load_system_states(connection, workspace.id)
    for state in states:
        if state.state == "needs_person" and _is_old(works, state):
            await _try_again(works, workspace.id, state.system)


def _is_old(works: Works, state: SystemState) -> bool:
    return state.checked_at is None or works.clock.now() - state.checked_at >= TRY_AGAIN


async def _try_again(works: Works, workspace: int, system: str) -> None:
    try:
        if system != FAR_SIDE:
            async with works.source(workspace) as source:
                await source.check()
        else:
            async with works.destination(workspace) as destination:
                if set(await destination.check_access()) - {CONTRACT_LEVEL}:
                    return
    except NeedsPersonError as error:
        async with works.database.connection() as connection:
            await mark_problem(connection, workspace, system, error, works.clock.now())
    except LandbridgeError as error:
        log.info("still_in_trouble", workspace=workspace, system=system, code=error.code)
    else:
        await worked(works, workspace, system)
