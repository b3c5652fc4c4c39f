"""The tasks a worker runs. Each drains what there is for a slice of time and asks for itself again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog
from procrastinate import JobContext

from landbridge.errors import LandbridgeError, NeedsPersonError
from landbridge.jobs import access, comparing, incoming, live, subscribing
from landbridge.jobs.onboarding import inbox, people, statuses
from landbridge.jobs.queue import (
    LIVE,
    Wish,
    access_wish,
    arrivals_wish,
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
from landbridge.jobs.resolution import again_at
from landbridge.jobs.running import (
    TRY_AGAIN,
    ask_for,
    is_awake,
    may_run,
    settle,
    stopping_of,
    surviving,
    worked,
    works_of,
)
from landbridge.jobs.wiring import FAR_SIDE, Works
from landbridge.records import Kind
from landbridge.store import ledger
from landbridge.store.census import take_census as count_mirror
from landbridge.store.database import raise_if_ours
from landbridge.sync import lane, matches, pending, sweep
from landbridge.sync.effects import EffectsEnd
from landbridge.sync.lane import SliceEnd
from landbridge.sync.streams import StreamsEnd

log = structlog.get_logger(__name__)

# Live work is done in less; a workspace with a flood of it must not keep the places that are kept free for all.
LIVE_SLICE = timedelta(seconds=5)
KINDS = {kind.plural: kind for kind in Kind}


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
        if await settle(works, workspace, FAR_SIDE, end.problem):
            wishes.append(lane_wish(workspace, resource, at, live=end.urgent))
    else:
        # A slice that made no call has nothing to say about a problem that another lane was just told of.
        if end.counts.get("calls"):
            await worked(works, workspace, FAR_SIDE)
        if end.more:
            wishes.append(lane_wish(workspace, resource, end.resume_at, live=end.urgent))
        elif resource == Kind.CANDIDATE.plural and end.counts.get("delivered"):
            wishes.append(matches_wish(workspace, works.clock.now() + works.settings.match_lookup_delay))
    await ask_for(works, wishes)


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
        if await settle(works, workspace, ats, end.problem):
            await ask_for(works, [sweep_wish(workspace, again_at(end.problem, works.clock.now()))])
        return
    await worked(works, workspace, ats)
    if not end.done:
        await ask_for(works, [sweep_wish(workspace, end.resume_at)])


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
        await settle(works, workspace, FAR_SIDE, end.problem)
    elif end.more:
        await ask_for(works, [matches_wish(workspace, end.resume_at)])


async def follow_contracts(context: JobContext, *, workspace: int) -> None:
    """Ask where the workspace's contracts stand, and do what is ours to do."""
    works = works_of(context)
    async with surviving(works, contracts_wish(workspace)):
        again = None
        if await is_awake(works, workspace):
            try:
                again = await statuses.follow(works, workspace)
            except LandbridgeError as error:
                await settle(works, workspace, FAR_SIDE, error)
                again = again_at(error, works.clock.now()) + TRY_AGAIN
        await ask_for(works, [contracts_wish(workspace, again)] if again is not None else [])


async def work_inbox(context: JobContext, *, workspace: int) -> None:
    """Work off what LinkedIn has pushed."""
    works = works_of(context)
    async with surviving(works, inbox_wish(workspace)):
        try:
            again = await inbox.work(works, workspace)
        except LandbridgeError as error:
            await settle(works, workspace, FAR_SIDE, error)
            again = again_at(error, works.clock.now()) + TRY_AGAIN
        await ask_for(works, [inbox_wish(workspace, again)] if again is not None else [])


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
        if end.problem is None or await settle(works, workspace, FAR_SIDE, end.problem):
            wishes = [streams_wish(workspace, end.resume_at)] if end.resume_at is not None else []
            await ask_for(works, [*wishes, arrivals_wish(workspace)] if end.kept else wishes)


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
        if end.problem is not None and not await settle(works, workspace, system, end.problem):
            return
        at = again_at(end.problem, works.clock.now()) if end.problem is not None else end.resume_at
        await ask_for(works, [arrivals_wish(workspace, at)] if at is not None else [])


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
        if end.problem is None or await settle(works, workspace, ats, end.problem):
            at = end.resume_at if end.problem is None else again_at(end.problem, works.clock.now())
            await ask_for(works, [changes_wish(workspace, at)] if at is not None else [])


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
            await settle(works, workspace, FAR_SIDE, error)


async def read_people(context: JobContext, *, workspace: int) -> None:
    """Read seats and users; again after some hours as long as a contract is enabled."""
    works = works_of(context)
    async with surviving(works, people_wish(workspace)):
        if not await is_awake(works, workspace):
            return
        again = works.clock.now() + people.AGAIN
        try:
            await people.read_people(works, workspace)
        except LandbridgeError as error:
            raise_if_ours(error)
            log.info("people_unread", workspace=workspace, code=error.code)
            now = works.clock.now()
            again = max(again_at(error, now), now + TRY_AGAIN * 5)
        await ask_for(works, [people_wish(workspace, again)])


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
