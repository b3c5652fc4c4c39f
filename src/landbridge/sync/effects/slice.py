"""Working off arrivals, one after another, for a slice of time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, structs

from landbridge.errors import (
    LandbridgeError,
    NeedsPersonError,
    NotPermittedError,
    RecordError,
    SettingError,
    TryLaterError,
)
from landbridge.store import arrivals, lanes
from landbridge.store.arrivals import ArrivalKind, ArrivalState, Due
from landbridge.store.database import raise_if_ours
from landbridge.store.ledger import FencedError
from landbridge.sync.effects import closed, contacts, exports, notes
from landbridge.sync.effects.decided import heed
from landbridge.sync.effects.working import DeskError, Working

AT_A_TIME = 50
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)
# About eleven hours of an ATS that fails; then a person is asked.
MOST_TRIES = 18
# Reasons with which nothing is left to be done by anybody.
HOPELESS = frozenset({"private", "dismissed", "nobody_here"})
# Refusals that the desk has words of its own for.
TOLD = frozenset({"not_readable", "source_missing"})
TAKERS: dict[ArrivalKind, Callable[[Working, Due], Awaitable[str | None]]] = {
    "inmail": notes.take,
    "note": notes.take,
    "contact": contacts.take,
    "export": exports.take,
    "closed": closed.take,
}


class EffectsEnd(Struct, frozen=True, kw_only=True):
    """How a slice ended. ``resume_at`` None: nothing is left to be done by itself.

    ``fenced``: another worker has taken over, and what is left is that one's.
    """

    done: int = 0
    desk: int = 0
    resume_at: datetime | None = None
    problem: LandbridgeError | None = None
    fenced: bool = False


async def run_slice(working: Working, *, length: timedelta, stopping: Callable[[], bool]) -> EffectsEnd:
    """Work off what is due. One element's trouble holds up nobody else; the ATS's own trouble ends the slice."""
    ends, counts = working.clock.monotonic() + length.total_seconds(), {"done": 0, "desk": 0, "set_aside": 0}
    problem: LandbridgeError | None = None
    async with working.database.connection() as connection:
        fence, _ = await lanes.take_over(connection, working.workspace, lanes.ARRIVALS)
        await arrivals.wake_arrivals(connection, working.workspace)
    working = structs.replace(working, fence=fence)
    while problem is None and not stopping() and working.clock.monotonic() < ends:
        async with working.database.connection() as connection:
            due = await arrivals.due_arrivals(connection, working.workspace, now=working.clock.now(), limit=AT_A_TIME)
        if not due:
            break
        for arrival in due:
            try:
                problem = await _take(working, arrival, counts)
            except FencedError:
                return EffectsEnd(done=counts["done"], desk=counts["desk"], fenced=True)
            if problem is not None or stopping() or working.clock.monotonic() >= ends:
                break
        if counts["done"] or counts["desk"]:
            async with working.database.connection() as connection:
                await arrivals.wake_arrivals(connection, working.workspace)
    async with working.database.connection() as connection:
        resume_at = await arrivals.next_arrival_at(connection, working.workspace)
    return EffectsEnd(done=counts["done"], desk=counts["desk"], resume_at=resume_at, problem=problem)


async def _take(working: Working, arrival: Due, counts: dict[str, int]) -> LandbridgeError | None:
    """Trouble that is not this element's alone is given back. Raises what our own database is in."""
    try:
        candidate = await TAKERS[arrival.kind](working, await heed(working, arrival))
    except DeskError as question:
        state: ArrivalState = "set_aside" if question.code in HOPELESS else "desk"
        await _settle(working, arrival, state, counts, question.code, question.candidate, question.facts)
    except NotPermittedError as refusal:
        # Nothing but the writing waits: everything else may well be permitted.
        lacking = str(refusal.facts.get("permission", ""))
        await _settle(working, arrival, "desk", counts, "not_permitted", lacking=lacking)
    except (RecordError, SettingError) as refusal:
        raise_if_ours(refusal)
        reason = refusal.code if refusal.code in TOLD else "refused"
        await _settle(working, arrival, "desk", counts, reason)
    except NeedsPersonError as error:
        return error
    except LandbridgeError as trouble:
        raise_if_ours(trouble)
        return await _put_off(working, arrival, trouble, counts)
    else:
        await _settle(working, arrival, "done", counts, candidate=candidate)
        await _wake_lacking(working, arrival)
    return None


async def _wake_lacking(working: Working, arrival: Due) -> None:
    """What was refused for want of a permission has worked: so will what waits for the same one."""
    if arrival.lacking is not None:
        async with working.database.connection() as connection:
            await arrivals.wake_lacking(connection, working.workspace, arrival.lacking)


async def _settle(
    working: Working,
    arrival: Due,
    state: ArrivalState,
    counts: dict[str, int],
    reason: str = "",
    candidate: str | None = None,
    facts: Mapping[str, Any] | None = None,
    lacking: str | None = None,
) -> None:
    counts[state] += 1
    async with working.saving() as connection:
        await arrivals.settle_arrival(
            connection,
            working.workspace,
            arrival,
            state,
            reason=reason,
            candidate=candidate,
            facts=facts,
            lacking=lacking,
            now=working.clock.now(),
        )


async def _put_off(
    working: Working, arrival: Due, trouble: LandbridgeError, counts: dict[str, int]
) -> LandbridgeError | None:
    if arrival.attempts + 1 >= MOST_TRIES:
        await _settle(working, arrival, "desk", counts, "ats_fails")
        return None
    pause = min(FIRST_PAUSE * 2 ** min(arrival.attempts, 10), LONGEST_PAUSE)
    if isinstance(trouble, TryLaterError) and trouble.retry_after is not None:
        pause = trouble.retry_after
    async with working.saving() as connection:
        await arrivals.put_off_arrival(
            connection, working.workspace, arrival, until=working.clock.now() + pause, problem=trouble.code
        )
    return trouble if isinstance(trouble, TryLaterError) else None
