"""Who sees which job in Recruiter: access lists that follow the ATS's hiring teams, or everybody who has a seat.

Built is what both sides document: hiring teams and their users on the one, lists of jobs and people on the other. Which
jobs belong to an access group of SmartRecruiters is not told by its API, so access groups are not followed; nor is
anybody who sees all jobs in the ATS by role alone: such people see in Recruiter what they are on the hiring team of.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import groupby
from typing import Final

from landbridge.connectors import CONNECTORS
from landbridge.connectors.linkedin import access as linkedin
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.dialects import PER_CALL
from landbridge.connectors.linkedin.settings import Settings
from landbridge.errors import RejectedError, SettingError
from landbridge.jobs.onboarding.application import child_client, noted
from landbridge.jobs.wiring import Works
from landbridge.ports.destination import Outcome
from landbridge.store import access_lists as store
from landbridge.store.access_lists import Entry
from landbridge.store.connections import load_ats_name
from landbridge.store.database import Connection
from landbridge.store.workspaces import load_workspace
from landbridge.sync.choices import read_choices

# A slice in a minute, as the tick asks for them: half of LinkedIn's 10,000 records a minute, and 72,000 of its 100,000
# calls a day where there is never an end to it.
MOST_CALLS: Final = 50

Send = Callable[[LinkedInClient, Settings, Sequence[linkedin.Entry]], Awaitable[list[Outcome]]]


async def is_wanted(connection: Connection, workspace: int) -> bool:
    """Whether lists decide: it was chosen, and the ATS tells who works on a job."""
    chosen = read_choices((await load_workspace(connection, workspace)).choices).access == "teams"
    return chosen and CONNECTORS[await load_ats_name(connection, workspace)].tells_teams


async def check_teams(connection: Connection, workspace: int) -> None:
    """Raises SettingError where the ATS does not tell who works on a job: with lists, nobody would see anything."""
    if not CONNECTORS[await load_ats_name(connection, workspace)].tells_teams:
        raise SettingError(
            "This ATS does not tell who is on the hiring team of a job.",
            code="teams_not_told",
            hint="Everybody with a seat goes on seeing all jobs.",
        )


async def is_behind(works: Works, connection: Connection, workspace: int) -> bool:
    """Whether anything has to be changed on LinkedIn."""
    teams = await is_wanted(connection, workspace)
    left = await store.load_left(connection, workspace)
    settled = left == "there" if teams else left is None
    return not settled or await store.differs(connection, workspace, teams=teams, now=works.clock.now())


async def follow(works: Works, workspace: int) -> None:
    """One slice. Whoever may no longer see a job is taken off first. Raises NeedsPersonError, TryLaterError.

    The viewer settings come before the lists, as LinkedIn's page has it: with the lists chosen nothing stays open
    while they are filled, and back with everybody nothing is hidden while they are emptied.
    """
    async with works.database.connection() as connection:
        teams = await is_wanted(connection, workspace)
    async with noted(works, workspace), child_client(works, workspace) as (client, settings):
        await _settle_viewers(works, workspace, client, settings, teams=teams)
        calls = await _take_off(works, workspace, client, settings, teams=teams)
        await _put_on(works, workspace, client, settings, teams=teams, calls=MOST_CALLS - calls)


async def _settle_viewers(
    works: Works, workspace: int, client: LinkedInClient, settings: Settings, *, teams: bool
) -> None:
    async with works.database.connection() as connection:
        left = await store.load_left(connection, workspace)
    if teams and left != "there":
        async with works.database.transaction() as connection:
            await store.note_left(connection, workspace)
        await linkedin.leave_to_lists(client, settings)
        async with works.database.transaction() as connection:
            await store.note_left(connection, workspace, surely=True)
    elif not teams and left is not None:
        await linkedin.open_to_everybody(client, settings)
        async with works.database.transaction() as connection:
            await store.note_open(connection, workspace)


async def _take_off(works: Works, workspace: int, client: LinkedInClient, settings: Settings, *, teams: bool) -> int:
    """How many calls it took."""
    async with works.database.connection() as connection:
        found = await store.load_surplus(
            connection, workspace, teams=teams, now=works.clock.now(), limit=MOST_CALLS * PER_CALL // 2
        )
    calls = 0
    for batch in _batches(found):
        done = await _sent(works, workspace, batch, linkedin.delete_entries, client, settings)
        async with works.database.transaction() as connection:
            await store.forget(connection, workspace, done)
        calls += 1
    return calls


async def _put_on(
    works: Works, workspace: int, client: LinkedInClient, settings: Settings, *, teams: bool, calls: int
) -> None:
    async with works.database.connection() as connection:
        found = await store.load_missing(
            connection, workspace, teams=teams, now=works.clock.now(), limit=max(calls - 1, 1) * PER_CALL
        )
    for batch in _batches(found):
        async with works.database.transaction() as connection:
            await store.intend(connection, workspace, batch)
        done = await _sent(works, workspace, batch, linkedin.write_entries, client, settings)
        async with works.database.transaction() as connection:
            await store.mark_there(connection, workspace, done)


async def _sent(
    works: Works, workspace: int, batch: Sequence[Entry], send: Send, client: LinkedInClient, settings: Settings
) -> list[Entry]:
    """Those LinkedIn has acknowledged; those it refused are noted, the rest comes again."""
    part: linkedin.Part = "job" if batch[0].part == "job" else "person"
    refused: dict[str, list[Entry]] = {}
    done: list[Entry] = []
    try:
        outcomes = await send(client, settings, [linkedin.Entry(part, one.list, one.subject) for one in batch])
    except RejectedError as refusal:
        outcomes = [Outcome(record_id=place, status="refused", reason=refusal.code) for place in range(len(batch))]
    for one, outcome in zip(batch, outcomes, strict=True):
        if outcome.status == "delivered":
            done.append(one)
        elif outcome.status == "refused":
            refused.setdefault(outcome.reason, []).append(one)
    async with works.database.transaction() as connection:
        for reason, entries in refused.items():
            await store.mark_refused(connection, workspace, entries, reason, works.clock.now())
    return done


def _batches(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Cut into calls: a hundred at most, of jobs or of people."""
    for _, some in groupby(entries, key=lambda one: one.part):
        lot = list(some)
        yield from (lot[start : start + PER_CALL] for start in range(0, len(lot), PER_CALL))
