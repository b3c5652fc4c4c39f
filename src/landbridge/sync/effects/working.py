"""What working off arrivals takes, and doing a thing in the ATS once."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from hashlib import blake2b

from msgspec import Struct

from landbridge.errors import NeedsPersonError, RateLimitedError, RecordError
from landbridge.http import Clock
from landbridge.ports.ats import AtsWriting
from landbridge.store import effects
from landbridge.store.arrivals import Due
from landbridge.store.database import Database
from landbridge.store.effects import Effect
from landbridge.sync.bell import Bell
from landbridge.sync.failpoints import EffectName, pass_by

# Letters that are not mistaken for one another when somebody reads a reference aloud.
_LETTERS = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUV", b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ")


class Working(Struct, frozen=True, kw_only=True):
    """One workspace's. ``foreign_id`` makes markers its own; ``address`` is the e-mail policy for exported people."""

    database: Database
    workspace: int
    writing: AtsWriting
    bell: Bell
    clock: Clock
    foreign_id: str
    address: str = ""


class DeskError(Exception):
    """A person has to say something. ``code`` is the desk's reason."""

    def __init__(self, code: str, candidate: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.candidate = candidate


def marker_of(working: Working, *parts: str) -> str:
    """What tells our own work from that of others and one effect from another; nothing personal can be read from it."""
    digest = blake2b("\0".join(parts).encode("utf-8", "replace"), key=working.foreign_id.encode()[:64], digest_size=10)
    return "LB-" + base64.b32hexencode(digest.digest()).translate(_LETTERS).decode()


async def load(working: Working, arrival: Due) -> list[Effect]:
    async with working.database.connection() as connection:
        return await effects.load_effects(connection, working.workspace, arrival.id)


async def once(
    working: Working,
    arrival: Due,
    name: EffectName,
    marker: str,
    candidate: str,
    *,
    act: Callable[[], Awaitable[str | None]],
    look: Callable[[], Awaitable[str | None]],
) -> str | None:
    """Do it, unless it is done; the far side's id of what was made, "" where that cannot be found out any more.

    ``act`` does it and gives the id. ``look`` is asked instead of repeating what was intended before, whose outcome
    nobody knows: it gives the id, "" where it is there without an id, None where it is not.
    """
    known = next((one for one in await load(working, arrival) if _is(one, name, marker, candidate)), None)
    if known is not None and known.state == "done":
        return known.far_id or ""
    effect = Effect(name=name, marker=marker, candidate=candidate, state="intended", far_id=None)
    if known is not None and known.state == "intended":
        found = await look()
        if found is not None:
            await _done(working, arrival, effect, found or None)
            return found
    pass_by(f"{name}.wanted")
    async with working.database.connection() as connection:
        await effects.intend(
            connection, working.workspace, arrival.id, name, marker, candidate, now=working.clock.now()
        )
    pass_by(f"{name}.intended")
    try:
        far_id = await act()
    except (RecordError, NeedsPersonError, RateLimitedError):
        # An answer in so many words. Any other trouble may have come after the deed.
        async with working.database.connection() as connection:
            await effects.withdraw(connection, working.workspace, arrival.id, effect)
        raise
    pass_by(f"{name}.answered")
    await _done(working, arrival, effect, far_id)
    pass_by(f"{name}.saved")
    return far_id


async def _done(working: Working, arrival: Due, effect: Effect, far_id: str | None) -> None:
    async with working.database.connection() as connection:
        await effects.note_done(connection, working.workspace, arrival.id, effect, far_id, now=working.clock.now())


def _is(effect: Effect, name: EffectName, marker: str, candidate: str) -> bool:
    return (effect.name, effect.marker, effect.candidate) == (name, marker, candidate)
