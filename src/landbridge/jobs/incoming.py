"""What recruiters do in LinkedIn, brought into the database: which streams are read, and how often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from landbridge.errors import LandbridgeError, SurpriseError, TryLaterError
from landbridge.jobs.bucket import CALLS_PER_DAY, bucket_of
from landbridge.jobs.queue import arrivals_wish, ask
from landbridge.jobs.wiring import Works
from landbridge.store import arrivals
from landbridge.store.contracts import load_contracts
from landbridge.store.database import raise_if_ours
from landbridge.store.streams import Open, count_wanted, load_open
from landbridge.store.workspaces import Workspace, load_workspace
from landbridge.sync import effects, matches
from landbridge.sync.choices import read_choices
from landbridge.sync.effects import EffectsEnd, Working
from landbridge.sync.failpoints import EXPORT_KEPT, EXPORT_READ, pass_by
from landbridge.sync.streams import Pace, Streaming, StreamsEnd, arrived, pace_of, read_slice, want

log = structlog.get_logger(__name__)

# A push may overtake what it tells of.
SETTLES_WITHIN = timedelta(minutes=10)


async def follow(works: Works, workspace: int) -> Open:
    """Have exactly what may be read be read: of enabled contracts, and of seats that are linked."""
    now = works.clock.now()
    async with works.database.connection() as connection:
        found = await load_open(connection, workspace)
    await want(
        works.database,
        workspace,
        seats=list(found.seats),
        contracts=found.contracts,
        organization=found.organization,
        history=timedelta(days=works.settings.inbound_history_days),
        now=now,
        owners=found.owners,
        first_look=works.settings.inbound_quickest,
    )
    return found


async def pace(works: Works, workspace: int) -> Pace:
    """How often streams are read now; ``Pace.slower`` where that is less often than promised."""
    async with works.database.connection() as connection:
        count, with_past = await count_wanted(connection, workspace)
    return pace_of(count, CALLS_PER_DAY, with_past, quickest=works.settings.inbound_quickest)


async def read(works: Works, workspace: int, *, stopping: Callable[[], bool]) -> StreamsEnd:
    """Read what is due for a slice. Raises NeedsPersonError for the connection."""
    found = await follow(works, workspace)
    if not found.contracts:
        return StreamsEnd()
    async with works.incoming(workspace) as incoming:
        streaming = Streaming(
            database=works.database,
            workspace=workspace,
            incoming=incoming,
            budget=bucket_of(works, workspace),
            clock=works.clock,
            pace=await pace(works, workspace),
            seats=found.seats,
            owners=found.owners,
            settles_within=works.settings.inbound_settles,
        )
        end = await read_slice(streaming, length=works.settings.lane_slice, stopping=stopping)
    log.info("streams_read", workspace=workspace, windows=end.windows, kept=end.kept, unreadable=end.unreadable)
    return end


async def take_export(works: Works, workspace: int, request_id: str, told_at: datetime) -> str:
    """Fetch an exported person at once: it can be read for a day, and there is no list of past ones.

    Why it is not taken, "" where it is. Raises NeedsPersonError, TryLaterError.
    """
    async with works.incoming(workspace) as incoming:
        try:
            person = await incoming.read_export(request_id)
        except SurpriseError as surprise:
            raise TryLaterError("LinkedIn's export cannot be understood", code=surprise.code) from surprise
    pass_by(EXPORT_READ)
    if person is None:
        if works.clock.now() - told_at < SETTLES_WITHIN:
            raise TryLaterError("LinkedIn does not know this export yet", code="export_unknown")
        return "export_unknown"
    if person.integration_context not in await _organizations(works, workspace):
        log.warning("export_of_strangers", workspace=workspace)
        return "export_of_strangers"
    async with works.database.transaction() as connection:
        row = arrived(person, person.exporter or person.integration_context)
        await arrivals.keep(connection, workspace, [row], now=works.clock.now())
        await ask(connection, [arrivals_wish(workspace)])
    pass_by(EXPORT_KEPT)
    return ""


async def take_effect(works: Works, workspace: int, *, stopping: Callable[[], bool]) -> EffectsEnd:
    """What has arrived takes its effect in the ATS, for a slice. Raises NeedsPersonError for the connection.

    It waits where the ATS cannot be written (yet): that is no trouble of its connection.
    """
    if not await works.can_write(workspace):
        return EffectsEnd()
    facts = await _workspace(works, workspace)

    async def ask_namesakes(first_name: str, last_name: str) -> None:
        try:
            async with works.matching(workspace) as matching:
                asked = await matches.read_namesakes(matching, first_name, last_name)
        except LandbridgeError as trouble:
            raise_if_ours(trouble)
            # What the ATS can be searched for is left; that LinkedIn fails is for its own work to tell.
            log.warning("namesakes_not_asked", workspace=workspace, code=trouble.code)
        else:
            log.info("namesakes_asked", workspace=workspace, count=asked)

    async with works.writing(workspace) as writing:
        working = Working(
            database=works.database,
            workspace=workspace,
            writing=writing,
            bell=works.bell,
            clock=works.clock,
            foreign_id=facts.foreign_id,
            ask_namesakes=ask_namesakes,
            address=read_choices(facts.choices).export_address,
        )
        end = await effects.run_slice(working, length=works.settings.lane_slice, stopping=stopping)
    log.info("arrivals_worked", workspace=workspace, done=end.done, desk=end.desk)
    return end


async def _organizations(works: Works, workspace: int) -> set[str | None]:
    async with works.database.connection() as connection:
        contracts = await load_contracts(connection, workspace)
        return {
            (await load_workspace(connection, workspace)).organization_urn,
            *(one.organization_urn for one in contracts),
        }


async def _workspace(works: Works, workspace: int) -> Workspace:
    async with works.database.connection() as connection:
        return await load_workspace(connection, workspace)
