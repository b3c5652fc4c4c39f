"""Telling LinkedIn whom we know candidates to be, and reading back whom it has matched the others with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from landbridge.errors import LandbridgeError, RateLimitedError
from landbridge.http import Clock
from landbridge.ports.destination import Destination, Outgoing
from landbridge.store import matches
from landbridge.store.database import Database
from landbridge.sync.budget import Budget, Urgency, Wait
from landbridge.sync.lane import LONGEST_WAIT_SECONDS, SliceEnd, never

AT_A_TIME = 100
PAUSE = timedelta(minutes=1)
# LinkedIn says nowhere when a match exists, and people join LinkedIn later: who has none is asked for again.
ASK_AGAIN = timedelta(days=7)


class Matching(Struct, frozen=True, kw_only=True):
    """``budget`` is the candidates' own: whether reading back counts against it is not documented, so it does."""

    database: Database
    workspace: int
    destination: Destination
    budget: Budget | None
    clock: Clock


async def read_slice(matching: Matching, *, length: timedelta, stopping: Callable[[], bool] = never) -> SliceEnd:
    """Ask for matches for about ``length``. The far side's trouble is told in the answer."""
    ends = matching.clock.monotonic() + length.total_seconds()
    counts = {"asked": 0, "matched": 0}
    behind = 0
    end = await _tell(matching)
    if end is not None:
        return end
    while matching.clock.monotonic() < ends and not stopping():
        wanted = await _pick(matching, behind)
        if not wanted:
            return SliceEnd(counts=counts)
        until = await _permit(matching, len(wanted))
        if until is not None:
            return SliceEnd(counts=counts, more=True, resume_at=until)
        try:
            matched = await _ask(matching, wanted)
        except LandbridgeError as error:
            return SliceEnd(counts=counts, more=True, problem=error)
        behind = wanted[-1][0]
        counts["asked"] += len(wanted)
        counts["matched"] += matched
    return SliceEnd(counts=counts, more=True)


async def read_namesakes(matching: Matching, first_name: str, last_name: str) -> int:
    """Ask now for those who bear one of the names and have no match yet; how many were asked for. At most one call.

    Raises what the far side raises, and RateLimitedError where its limits leave no room for the question.
    """
    async with matching.database.connection() as connection:
        wanted = await matches.pick_namesakes(connection, matching.workspace, first_name, last_name, limit=AT_A_TIME)
    if not wanted:
        return 0
    until = await _permit(matching, len(wanted), Urgency.LIVE)
    if until is not None:
        raise RateLimitedError(
            "LinkedIn's limits leave no room for a look at its matches", retry_after=until - matching.clock.now()
        )
    await _ask(matching, wanted)
    return len(wanted)


async def _ask(matching: Matching, wanted: Sequence[tuple[int, str]]) -> int:
    """How many of them LinkedIn has matched."""
    found = await matching.destination.read_matches([key for _, key in wanted])
    persons = {record: found[key] for record, key in wanted if key in found}
    async with matching.database.connection() as connection:
        await matches.save(
            connection, matching.workspace, [record for record, _ in wanted], persons, now=matching.clock.now()
        )
    return len(persons)


async def _tell(matching: Matching) -> SliceEnd | None:
    """What people have said on the desk and exports have shown. None: LinkedIn knows it all."""
    while True:
        async with matching.database.connection() as connection:
            untold = await matches.load_untold(connection, matching.workspace, limit=AT_A_TIME)
        if not untold:
            return None
        until = await _permit(matching, len(untold))
        if until is not None:
            return SliceEnd(counts={}, more=True, resume_at=until)
        now = matching.clock.now()
        rows = [Outgoing(record_id=one.record_id, key=one.key, revision=one.revision, body=one.body) for one in untold]
        persons = {one.record_id: one.person_urn for one in untold}
        try:
            outcomes = await matching.destination.tell_matches(rows, persons, now)
        except LandbridgeError as error:
            return SliceEnd(counts={}, more=True, problem=error)
        # A person LinkedIn refuses is not offered again until somebody says something else.
        answered = {one.record_id for one in outcomes if one.status != "retry"}
        async with matching.database.connection() as connection:
            told = [one for one in untold if one.record_id in answered]
            await matches.note_told(connection, matching.workspace, told, now=now)
        if not told:
            return SliceEnd(counts={}, more=True, resume_at=now + PAUSE)


async def _pick(matching: Matching, behind: int) -> list[tuple[int, str]]:
    now = matching.clock.now()
    async with matching.database.connection() as connection:
        return await matches.pick_unread(
            connection,
            matching.workspace,
            behind=behind,
            delivered_before=now - matching.destination.match_lookup_delay,
            read_before=now - ASK_AGAIN,
            limit=AT_A_TIME,
        )


async def _permit(matching: Matching, records: int, urgency: Urgency = Urgency.BACKFILL) -> datetime | None:
    """None: go ahead; else when to come back."""
    while matching.budget is not None:
        now = matching.clock.now()
        answer = await matching.budget.permit(records=records, urgency=urgency, now=now)
        if not isinstance(answer, Wait):
            return None
        if (answer.until - now).total_seconds() > LONGEST_WAIT_SECONDS:
            return answer.until
        await matching.clock.sleep(max((answer.until - now).total_seconds(), 0.001))
    return None
