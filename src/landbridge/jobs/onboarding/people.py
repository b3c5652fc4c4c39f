"""Pulling in who has a seat in Recruiter and who works in the ATS, and joining the two."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from landbridge.connectors.linkedin.seats import read_seats
from landbridge.errors import LandbridgeError, RejectedError
from landbridge.jobs.bucket import take_call
from landbridge.jobs.onboarding.application import child_client, noted
from landbridge.jobs.queue import ask, streams_wish
from landbridge.jobs.wiring import Works
from landbridge.store import seats as store
from landbridge.store.contracts import Contract, load_contracts
from landbridge.store.seats import SeatFound

# People come and go by the day; whoever cannot wait presses the button.
AGAIN = timedelta(hours=6)
MOST_PAGES = 10_000


async def read_people(works: Works, workspace: int) -> None:
    """Read the seats of every enabled contract, then the ATS's users. Raises NeedsPersonError, TryLaterError.

    Each contract and the users are saved on their own: trouble with one leaves the others read.
    """
    trouble: LandbridgeError | None = None
    for contract in await _open_contracts(works, workspace):
        try:
            await _read_seats(works, workspace, contract)
        except LandbridgeError as problem:
            trouble = problem
    await _read_users(works, workspace)
    if trouble is not None:
        raise trouble


async def _open_contracts(works: Works, workspace: int) -> list[Contract]:
    async with works.database.connection() as connection:
        found = await load_contracts(connection, workspace)
    return [one for one in found if one.state == "enabled" and not one.paused]


async def _read_seats(works: Works, workspace: int, contract: Contract) -> None:
    urn = contract.urn or ""
    async with noted(works, workspace), child_client(works, workspace) as (client, settings):
        found = await read_seats(client, settings.resource("seats"), urn, partial(take_call, works, workspace))
    seats = [
        SeatFound(
            urn=one.urn,
            first_name=one.first_name,
            last_name=one.last_name,
            email=one.email,
            person_urn=one.person_urn,
            admin=one.admin,
        )
        for one in found
    ]
    async with works.database.transaction() as connection:
        await store.save_seats(connection, workspace, urn, list({one.urn: one for one in seats}.values()), _now(works))


async def _read_users(works: Works, workspace: int) -> None:
    begun = _now(works)
    cursor: str | None = None
    ats = await works.ats(workspace)
    async with noted(works, workspace, ats), works.source(workspace) as source:
        if not source.passes:
            return  # an ATS that pushes its records pushes its users too
        for _ in range(MOST_PAGES):
            users, cursor = await source.read_users(cursor)
            async with works.database.transaction() as connection:
                await store.save_users(connection, workspace, users, _now(works))
            if cursor is None:
                break
    async with works.database.transaction() as connection:
        await store.forget_unseen_users(connection, workspace, begun, _now(works))


async def accept_certain(works: Works, workspace: int, *, by: str, only: Collection[int] | None = None) -> int:
    """Link every seat to the one user it can only be; how many. ``only``: of these seats."""
    now, count = _now(works), 0
    async with works.database.transaction() as connection:
        chosen = None if only is None else list(only)
        for one in await store.suggest_links(connection, workspace, chosen):
            if one.certain:
                count += await store.link_seat(
                    connection, workspace, one.seat, one.user, reason=one.reason, by=by, now=now
                )
        await ask(connection, [streams_wish(workspace)])
    return count


async def link(works: Works, workspace: int, seat: int, user: int, *, by: str, reason: str = "chosen") -> bool:
    """Say that a seat is this user; False where one of the two is gone."""
    async with works.database.transaction() as connection:
        linked = await store.link_seat(connection, workspace, seat, user, reason=reason, by=by, now=_now(works))
        await ask(connection, [streams_wish(workspace)])
    return linked


async def confirm(works: Works, workspace: int, seat: int, user: int, *, person_urn: str, by: str) -> int:
    """A member of LinkedIn has shown who they are: give this seat, and their others, to the user; how many seats.

    Raises RejectedError where the seat is somebody else's, or the person has none.
    """
    async with works.database.transaction() as connection:
        held = await store.seats_of_person(connection, workspace, person_urn)
        if not held:
            raise RejectedError("this member has no seat", code="seat_none")
        if seat not in held:
            raise RejectedError("the seat is another person's", code="seat_of_another")
        count = 0
        for number in held:
            count += await store.link_seat(
                connection, workspace, number, user, reason="confirmed", by=by, now=_now(works)
            )
    return count


async def unlink(works: Works, workspace: int, seat: int, *, by: str) -> bool:
    async with works.database.transaction() as connection:
        return await store.unlink_seat(connection, workspace, seat, by=by, now=_now(works))


def _now(works: Works) -> datetime:
    return works.clock.now()
