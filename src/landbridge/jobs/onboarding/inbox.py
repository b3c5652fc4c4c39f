"""LinkedIn's pushes: kept by one insert, worked off later."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from landbridge.connectors.linkedin.integrations import Integration as Told
from landbridge.connectors.linkedin.integrations import read_changed
from landbridge.connectors.linkedin.push import EXPORT, RESYNC, STATUS_CHANGE, Push, read_push, read_resync
from landbridge.errors import TryLaterError
from landbridge.jobs import incoming, resync
from landbridge.jobs.onboarding.application import child_client, noted
from landbridge.jobs.onboarding.statuses import look_now
from landbridge.jobs.queue import ask, inbox_wish
from landbridge.jobs.wiring import FAR_SIDE, Works
from landbridge.store import inbox
from landbridge.store.contracts import load_contracts
from landbridge.store.database import Database
from landbridge.store.inbox import Event
from landbridge.store.integrations import Integration, save_integrations
from landbridge.store.workspaces import load_workspace

log = structlog.get_logger(__name__)

MOST_TRIES = 8
FIRST_PAUSE = timedelta(seconds=15)
EXPORT_READABLE = timedelta(hours=24)
LONGEST_EXPORT_PAUSE = timedelta(minutes=10)
# Two equal wishes for jobs are one push coming twice if they come this close together.
SAME_WISH = timedelta(minutes=1)


async def take(database: Database, workspace: int, push: Push, body: bytes, now: datetime) -> bool:
    """Keep a genuine push and ask for its work, in one transaction; False where it was kept before."""
    async with database.transaction() as connection:
        new = await inbox.take_event(
            connection,
            workspace,
            FAR_SIDE,
            event_id=_event_id(push, now),
            type=push.type,
            body=body,
            expires_at=push.expires_at,
            now=now,
        )
        if new:
            await ask(connection, [inbox_wish(workspace)])
    return new


def _event_id(push: Push, now: datetime) -> str:
    """A wish for jobs has no id of its own, and the next one may be in the very same words."""
    if push.type == RESYNC and not push.request_id:
        return f"{push.event_id}:{int(now.timestamp() // SAME_WISH.total_seconds())}"
    return push.event_id


async def work(works: Works, workspace: int) -> datetime | None:
    """Work off what waits; when the next one is due, None: nothing waits.

    Raises NeedsPersonError for the connection: the events wait until somebody has repaired it.
    """
    while True:
        async with works.database.connection() as connection:
            waiting = await inbox.waiting_events(connection, workspace, works.clock.now())
        if not waiting:
            break
        for event in waiting:
            await _work_one(works, workspace, event)
    async with works.database.connection() as connection:
        return await inbox.next_event_at(connection, workspace)


async def _work_one(works: Works, workspace: int, event: Event) -> None:
    push = read_push(bytes(event.body))
    if push is not None and push.type == EXPORT:
        await _take_export(works, workspace, event, push)
        return
    if push is not None and push.type == RESYNC:
        await _send_again(works, workspace, event)
        return
    if push is None or push.type != STATUS_CHANGE:
        # Nobody here understands it (yet): kept for whoever will.
        await _settle(works, workspace, event, "kept")
        return
    try:
        await _take_status_change(works, workspace, push)
    except TryLaterError as trouble:
        await _put_off(works, workspace, event, trouble)
    else:
        await _settle(works, workspace, event, "done")


async def _take_export(works: Works, workspace: int, event: Event, push: Push) -> None:
    try:
        async with noted(works, workspace):
            problem = await incoming.take_export(works, workspace, push.request_id, event.received_at)
    except TryLaterError as trouble:
        # Nothing tells of an export again, so it is asked for as long as it can be read.
        if works.clock.now() < event.received_at + EXPORT_READABLE:
            pause = trouble.retry_after or min(FIRST_PAUSE * 2 ** min(event.attempts, 6), LONGEST_EXPORT_PAUSE)
            async with works.database.connection() as connection:
                await inbox.put_off_event(
                    connection, workspace, event.id, again_at=works.clock.now() + pause, problem=trouble.code
                )
            return
        problem = trouble.code
    await _settle(works, workspace, event, "failed" if problem else "done", problem)


async def _send_again(works: Works, workspace: int, event: Event) -> None:
    wish = read_resync(bytes(event.body))
    if wish is None:
        await _settle(works, workspace, event, "failed", "resync_of_nothing")
        return
    again_at = await resync.answer(works, workspace, wish, event.received_at)
    if again_at is None:
        late = works.clock.now() - event.received_at >= resync.ALLOWED
        await _settle(works, workspace, event, "failed" if late else "done", "resync_late" if late else "")
        return
    async with works.database.connection() as connection:
        await inbox.put_off_event(connection, workspace, event.id, again_at=again_at, problem="")


async def _take_status_change(works: Works, workspace: int, push: Push) -> None:
    """Read what has changed by the push's id, then ask for all that is known: the id may not be readable any more."""
    async with noted(works, workspace), child_client(works, workspace) as (client, settings):
        told = await read_changed(client, settings.resource("integrations"), push.request_id)
    await _save(works, workspace, told)
    await look_now(works, workspace)


async def _save(works: Works, workspace: int, told: list[Told]) -> None:
    """What is this workspace's own; anything else was sent to the wrong address and is left alone."""
    now = works.clock.now()
    async with works.database.transaction() as connection:
        facts = await load_workspace(connection, workspace)
        contracts = await load_contracts(connection, workspace)
        ours = {facts.organization_urn, *(one.urn for one in contracts)} - {None}
        found = [
            Integration(context=one.key.context, type=one.key.type, name=one.name, status=one.status, checked_at=now)
            for one in told
            if one.key.context in ours
        ]
        if len(found) < len(told):
            log.warning("push_of_strangers", workspace=workspace, count=len(told) - len(found))
        await save_integrations(connection, workspace, found)


async def _settle(works: Works, workspace: int, event: Event, state: inbox.EventState, problem: str = "") -> None:
    async with works.database.connection() as connection:
        await inbox.settle_event(connection, workspace, event.id, state, now=works.clock.now(), problem=problem)


async def _put_off(works: Works, workspace: int, event: Event, trouble: TryLaterError) -> None:
    now = works.clock.now()
    if event.attempts + 1 >= MOST_TRIES or (event.expires_at is not None and event.expires_at <= now):
        await _settle(works, workspace, event, "failed", trouble.code)
        return
    pause = trouble.retry_after or FIRST_PAUSE * 2**event.attempts
    async with works.database.connection() as connection:
        await inbox.put_off_event(connection, workspace, event.id, again_at=now + pause, problem=trouble.code)
