"""Whose Recruiter seat is whose."""

from __future__ import annotations

from landbridge.jobs.onboarding import people
from landbridge.jobs.queue import ask, people_wish
from landbridge.store.seats import load_seat
from landbridge.web.acts.actor import Actor, NothingThereError

HIGHEST = 2**63 - 1
SUGGESTED = frozenset({"same_email", "same_name"})


async def link(actor: Actor, seat: int, user: int, *, reason: str = "chosen") -> None:
    """Say that a seat is this user; ``reason`` where that was suggested."""
    await _found(actor, seat)
    async with actor.works() as works:
        reason = reason if reason in SUGGESTED else "chosen"
        fits = 0 < user <= HIGHEST
        if not fits or not await people.link(works, actor.workspace_id, seat, user, by=actor.name, reason=reason):
            raise NothingThereError("There is no such seat or user in this workspace.")
    await actor.note("seat.linked", subject=f"seat {seat}", user=user)


async def unlink(actor: Actor, seat: int) -> bool:
    """Whether it was anybody's."""
    await _found(actor, seat)
    async with actor.works() as works:
        done = await people.unlink(works, actor.workspace_id, seat, by=actor.name)
    if done:
        await actor.note("seat.unlinked", subject=f"seat {seat}")
    return done


async def accept(actor: Actor) -> int:
    """Link every open seat to the one user it can only be; how many."""
    async with actor.works() as works:
        count = await people.accept_certain(works, actor.workspace_id, by=actor.name)
    await actor.note("seats.accepted", count=count)
    return count


async def read_anew(actor: Actor) -> None:
    """Read seats and users now. Raises NeedsPersonError, TryLaterError."""
    async with actor.works() as works:
        await people.read_people(works, actor.workspace_id)


async def read_soon(actor: Actor) -> None:
    """Have a worker read them."""
    async with actor.transaction() as connection:
        await ask(connection, [people_wish(actor.workspace_id)])


async def _found(actor: Actor, seat: int) -> None:
    async with actor.connection() as connection:
        if await load_seat(connection, actor.workspace_id, seat) is None:
            raise NothingThereError("There is no such seat in this workspace.")
