"""The tasks a worker runs. Each drains what there is for a slice of time and asks for itself again."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from msgspec import structs
from procrastinate import JobContext

from landbridge.errors import LandbridgeError, NeedsPersonError
from landbridge.jobs import access, comparing, control, incoming, integrations, live, subscribing
from landbridge.jobs.onboarding import inbox, people, statuses
from landbridge.jobs.queue import (
    LIVE,
    Wish,
    access_wish,
    arrivals_wish,
    ask,
    census_wish,
    changes_wish,
    compare_wish,
    contracts_wish,
    inbox_wish,
    lane_wish,
    matches_wish,
    people_wish,
    streams_wish,
    sweep_wish,
    webhooks_wish,
)
from landbridge.jobs.resolution import Action, again_at, resolve
from landbridge.jobs.wiring import FAR_SIDE, Works
from landbridge.records import Kind
from landbridge.records.kinship import KIN
from landbridge.store import ledger, sweeps
from landbridge.store.arrivals import next_arrival_at, try_lacking, wake_arrivals
from landbridge.store.census import take_census as count_mirror
from landbridge.store.connections import SystemState, load_system_states, mark_ok, mark_problem, waits_for_company
from landbridge.store.contracts import load_contracts, may_send
from landbridge.store.database import Connection, raise_if_ours
from landbridge.store.housekeeping import tidy
from landbridge.store.inbox import next_event_at
from landbridge.store.integrations import ENABLED, load_integrations
from landbridge.store.streams import is_behind
from landbridge.store.workspaces import Workspace, load_workspace, load_workspaces
from landbridge.sync import lane, matches, pending, sweep
from landbridge.sync.effects import EffectsEnd
from landbridge.sync.lane import SliceEnd
from landbridge.sync.reasons import WAITS_FOR
from landbridge.sync.streams import StreamsEnd

log = structlog.get_logger(__name__)

# How often a connection that waits for a person is tried again: most are repaired on the far side, unseen by us.
TRY_AGAIN = timedelta(minutes=2)
CONTRACT_LEVEL = "CSA_API"
# Live work is done in less; a workspace with a flood of it must not keep the places that are kept free for all.
LIVE_SLICE = timedelta(seconds=5)
KINDS = {kind.plural: kind for kind in Kind}


def works_of(context: JobContext) -> Works:
    """What the worker that runs this job works with; see ``worker.py``."""
    found: Works = context.additional_context["works"]
    return found


def stopping_of(context: JobContext) -> Callable[[], bool]:
    """Whether the worker has been asked to stop: slices end early then."""
    told: Callable[[], bool] = context.additional_context["stopping"]
    return told


@asynccontextmanager
async def surviving(works: Works, wish: Wish) -> AsyncIterator[None]:
    """Have the job come again where our own database failed it; where even that cannot be saved, the tick does it."""
    try:
        yield
    except LandbridgeError as error:
        log.warning("job_in_trouble", text=resolve(error).words, code=error.code, task=wish.task)
        await works.clock.sleep(1.0)
        with contextlib.suppress(LandbridgeError):
            await _ask(works, [structs.replace(wish, at=again_at(error, works.clock.now()))])


async def drive_lane(context: JobContext, *, workspace: int, resource: str) -> None:
    """One slice of one lane: ask for verdicts that are due, then send; in the live queue only what is urgent."""
    works, stopping, live = works_of(context), stopping_of(context), context.job.queue == LIVE
    async with surviving(works, lane_wish(workspace, resource, live=live)):
        await (_drive_urgent if live else _drive_lane)(works, stopping, workspace, resource)


async def _drive_urgent(works: Works, stopping: Callable[[], bool], workspace: int, resource: str) -> None:
    if not await may_run(works, workspace, FAR_SIDE):
        return
    length = min(LIVE_SLICE, works.settings.lane_slice)
    try:
        async with works.lane(workspace, resource) as work:
            end = await lane.run_slice(work, length=length, stopping=stopping, only_urgent=True)
    except NeedsPersonError as error:
        end = SliceEnd(counts={}, problem=error)
    await _after_lane(works, workspace, resource, end)


async def _drive_lane(works: Works, stopping: Callable[[], bool], workspace: int, resource: str) -> None:
    if not await may_run(works, workspace, FAR_SIDE):
        return
    try:
        async with works.lane(workspace, resource) as work:
            checked = await pending.run_checks(work, stopping=stopping)
            if checked.fenced:
                return
            end = checked
            if checked.problem is None:
                end = await lane.run_slice(work, length=works.settings.lane_slice, stopping=stopping)
    except NeedsPersonError as error:
        end = SliceEnd(counts={}, problem=error)
    await _after_lane(works, workspace, resource, end)


async def _after_lane(works: Works, workspace: int, resource: str, end: SliceEnd) -> None:
    log.info("lane_slice", workspace=workspace, resource=resource, counts=end.counts)
    if end.fenced:
        return
    wishes: list[Wish] = []
    if end.problem is not None:
        at = end.resume_at or again_at(end.problem, works.clock.now())
        if await _settle(works, workspace, FAR_SIDE, end.problem):
            wishes.append(lane_wish(workspace, resource, at, live=end.urgent))
    else:
        # A slice that made no call has nothing to say about a problem that another lane was just told of.
        if end.counts.get("calls"):
            await _worked(works, workspace, FAR_SIDE)
        if end.more:
            wishes.append(lane_wish(workspace, resource, end.resume_at, live=end.urgent))
        elif resource == Kind.CANDIDATE.plural and end.counts.get("delivered"):
            wishes.append(matches_wish(workspace, works.clock.now() + works.settings.match_lookup_delay))
    await _ask(works, wishes)


async def run_sweep(context: JobContext, *, workspace: int) -> None:
    """One slice of the workspace's running sweep."""
    works, stopping = works_of(context), stopping_of(context)
    async with surviving(works, sweep_wish(workspace)):
        await _run_sweep(works, stopping, workspace)


async def _run_sweep(works: Works, stopping: Callable[[], bool], workspace: int) -> None:
    ats = await works.ats(workspace)
    if not await may_run(works, workspace, ats):
        return
    try:
        async with works.sweeping(workspace) as work:
            end = await sweep.run_slice(work, length=works.settings.lane_slice, stopping=stopping)
    except NeedsPersonError as error:
        end = sweep.SweepEnd(problem=error)
    if end.problem is not None:
        if await _settle(works, workspace, ats, end.problem):
            await _ask(works, [sweep_wish(workspace, again_at(end.problem, works.clock.now()))])
        return
    await _worked(works, workspace, ats)
    if not end.done:
        await _ask(works, [sweep_wish(workspace, end.resume_at)])


async def read_matches(context: JobContext, *, workspace: int) -> None:
    """Ask whom candidates were matched with, when the lane of the candidates has nothing to send."""
    works, stopping = works_of(context), stopping_of(context)
    async with surviving(works, matches_wish(workspace)):
        await _read_matches(works, stopping, workspace)


async def _read_matches(works: Works, stopping: Callable[[], bool], workspace: int) -> None:
    if not await may_run(works, workspace, FAR_SIDE):
        return
    async with works.database.connection() as connection:
        if await ledger.has_due(connection, workspace, Kind.CANDIDATE, now=works.clock.now()):
            return
    try:
        async with works.matching(workspace) as work:
            end = await matches.read_slice(work, length=works.settings.lane_slice, stopping=stopping)
    except NeedsPersonError as error:
        end = SliceEnd(counts={}, problem=error)
    if end.problem is not None:
        await _settle(works, workspace, FAR_SIDE, end.problem)
    elif end.more:
        await _ask(works, [matches_wish(workspace, end.resume_at)])


async def follow_contracts(context: JobContext, *, workspace: int) -> None:
    """Ask where the workspace's contracts stand, and do what is ours to do."""
    works = works_of(context)
    async with surviving(works, contracts_wish(workspace)):
        again = None
        if await _is_awake(works, workspace):
            try:
                again = await statuses.follow(works, workspace)
            except LandbridgeError as error:
                await _settle(works, workspace, FAR_SIDE, error)
                again = again_at(error, works.clock.now()) + TRY_AGAIN
        await _ask(works, [contracts_wish(workspace, again)] if again is not None else [])


async def work_inbox(context: JobContext, *, workspace: int) -> None:
    """Work off what LinkedIn has pushed."""
    works = works_of(context)
    async with surviving(works, inbox_wish(workspace)):
        try:
            again = await inbox.work(works, workspace)
        except LandbridgeError as error:
            await _settle(works, workspace, FAR_SIDE, error)
            again = again_at(error, works.clock.now()) + TRY_AGAIN
        await _ask(works, [inbox_wish(workspace, again)] if again is not None else [])


async def read_streams(context: JobContext, *, workspace: int) -> None:
    """One slice of reading what recruiters do in LinkedIn."""
    works, stopping = works_of(context), stopping_of(context)
    async with surviving(works, streams_wish(workspace)):
        if not await may_run(works, workspace, FAR_SIDE):
            return
        try:
            end = await incoming.read(works, workspace, stopping=stopping)
        except NeedsPersonError as error:
            end = StreamsEnd(problem=error)
        if end.problem is None or await _settle(works, workspace, FAR_SIDE, end.problem):
            wishes = [streams_wish(workspace, end.resume_at)] if end.resume_at is not None else []
            await _ask(works, [*wishes, arrivals_wish(workspace)] if end.kept else wishes)


async def work_arrivals(context: JobContext, *, workspace: int) -> None:
    """One slice of what LinkedIn brought taking its effect in the ATS."""
    works, stopping = works_of(context), stopping_of(context)
    async with surviving(works, arrivals_wish(workspace)):
        system = await works.ats(workspace)
        if not await may_run(works, workspace, system):
            return
        try:
            end = await incoming.take_effect(works, workspace, stopping=stopping)
        except NeedsPersonError as error:
            end = EffectsEnd(problem=error)
        if end.problem is not None and not await _settle(works, workspace, system, end.problem):
            return
        at = again_at(end.problem, works.clock.now()) if end.problem is not None else end.resume_at
        await _ask(works, [arrivals_wish(workspace, at)] if at is not None else [])


async def follow_changes(context: JobContext, *, workspace: int) -> None:
    """Work off what the ATS has told, by reading what it is about."""
    works, stopping = works_of(context), stopping_of(context)
    async with surviving(works, changes_wish(workspace)):
        ats = await works.ats(workspace)
        if not await may_run(works, workspace, ats):
            return
        try:
            length = min(LIVE_SLICE, works.settings.lane_slice)
            end = await live.follow(works, workspace, length=length, stopping=stopping)
        except NeedsPersonError as error:
            end = live.FollowEnd(problem=error)
        if end.problem is None or await _settle(works, workspace, ats, end.problem):
            at = end.resume_at if end.problem is None else again_at(end.problem, works.clock.now())
            await _ask(works, [changes_wish(workspace, at)] if at is not None else [])


async def tend_webhooks(context: JobContext, *, workspace: int) -> None:
    """See to it that the ATS tells of changes, and look for them where it may not have."""
    works = works_of(context)
    async with surviving(works, webhooks_wish(workspace)):
        if await may_run(works, workspace, await works.ats(workspace)):
            await subscribing.tend(works, workspace)


async def follow_access(context: JobContext, *, workspace: int) -> None:
    """One slice of bringing LinkedIn's access lists to what hiring teams say; the tick asks for the next."""
    works = works_of(context)
    async with surviving(works, access_wish(workspace)):
        if not await may_run(works, workspace, FAR_SIDE):
            return
        try:
            await access.follow(works, workspace)
        except LandbridgeError as error:
            await _settle(works, workspace, FAR_SIDE, error)


async def read_people(context: JobContext, *, workspace: int) -> None:
    """Read seats and users; again after some hours as long as a contract is enabled."""
    works = works_of(context)
    async with surviving(works, people_wish(workspace)):
        if not await _is_awake(works, workspace):
            return
        again = works.clock.now() + people.AGAIN
        try:
            await people.read_people(works, workspace)
        except LandbridgeError as error:
            raise_if_ours(error)
            log.info("people_unread", workspace=workspace, code=error.code)
            now = works.clock.now()
            again = max(again_at(error, now), now + TRY_AGAIN * 5)
        await _ask(works, [people_wish(workspace, again)])


async def take_census(context: JobContext, *, workspace: int) -> None:
    """Count what each choice would affect, for the page that asks."""
    works = works_of(context)
    async with surviving(works, census_wish(workspace)), works.database.transaction() as connection:
        await count_mirror(connection, workspace, works.clock.now())


async def compare_sides(context: JobContext, *, workspace: int) -> None:
    """Count both sides at the end of a historical sync."""
    works = works_of(context)
    async with surviving(works, compare_wish(workspace)):
        await comparing.compare(works, workspace)


async def _is_awake(works: Works, workspace: int) -> bool:
    async with works.database.connection() as connection:
        return not (await load_workspace(connection, workspace)).paused


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
    for kind, kin in KIN.items():
        for pointed in (kin.parent, Kind.JOB if kin.job else None):
            if pointed is None:
                continue
            reason = WAITS_FOR[pointed]
            if await ledger.anybody_waits(connection, workspace, kind, reason):
                await ledger.wake_waiting(connection, workspace, kind, pointed, reason, now=works.clock.now())


async def may_run(works: Works, workspace: int, system: str) -> bool:
    """Whether jobs of this system may run: not while paused or broken; to LinkedIn also not before somebody has agreed,
    a company was chosen and it is enabled there."""
    async with works.database.connection() as connection:
        facts = await load_workspace(connection, workspace)
        states = {state.system: state for state in await load_system_states(connection, workspace)}
        known = await load_integrations(connection, workspace) if system == FAR_SIDE else []
        allowed = system != FAR_SIDE or (
            await may_send(connection, workspace) and not await waits_for_company(connection, workspace)
        )
    company_level = [one for one in known if one.type != CONTRACT_LEVEL]
    enabled = all(one.status == ENABLED for one in company_level)
    state = states.get(system)
    return allowed and enabled and not facts.paused and state is not None and state.state != "needs_person"


async def _settle(works: Works, workspace: int, system: str, error: LandbridgeError) -> bool:
    """Log trouble at its level and note what a person has to do; whether the job shall come again.

    Raises the trouble where it is our own database's, whoever came upon it: a slice tells all trouble alike.
    """
    raise_if_ours(error)
    resolution = resolve(error)
    known = {"workspace": workspace, "system": system, "code": error.code}
    log.log(_LEVELS[resolution.level], "job_in_trouble", text=resolution.words, **known)
    if resolution.action is Action.PAUSE and isinstance(error, NeedsPersonError):
        async with works.database.connection() as connection:
            await mark_problem(connection, workspace, system, error, works.clock.now())
        return False
    return True


_LEVELS = {"info": 20, "warning": 30, "error": 40}


async def _worked(works: Works, workspace: int, system: str) -> None:
    async with works.database.connection() as connection:
        await mark_ok(connection, workspace, system, works.clock.now())


async def _ask(works: Works, wishes: Sequence[Wish]) -> None:
    async with works.database.transaction() as connection:
        await ask(connection, wishes)


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
        await _worked(works, workspace, system)
