"""What working off arrivals takes, and doing a thing in the ATS once."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from hashlib import blake2b
from typing import Any

from msgspec import Struct

from landbridge.errors import LandbridgeError, NeedsPersonError, RateLimitedError, RecordError
from landbridge.http import Clock
from landbridge.ports.ats import AtsWriting
from landbridge.ports.marks import PREFIX
from landbridge.store import effects, lanes
from landbridge.store.arrivals import Due
from landbridge.store.database import Connection, Database
from landbridge.store.effects import Effect
from landbridge.store.ledger import Fence
from landbridge.sync.bell import Bell
from landbridge.sync.failpoints import EffectName, pass_by

# Letters that are not mistaken for one another when somebody reads a reference aloud.
_LETTERS = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUV", b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ")


class Working(Struct, frozen=True, kw_only=True):
    """One workspace's. ``foreign_id`` makes markers its own; ``address`` is the e-mail policy for exported people.

    ``fence`` is the right to work for this workspace: a worker that was taken for dead and goes on has lost it.
    ``ask_namesakes`` has LinkedIn asked now whom it has matched with those of this first or last name.
    """

    database: Database
    workspace: int
    writing: AtsWriting
    bell: Bell
    clock: Clock
    foreign_id: str
    ask_namesakes: Callable[[str, str], Awaitable[None]]
    address: str = ""
    fence: Fence | None = None

    @asynccontextmanager
    async def saving(self) -> AsyncIterator[Connection]:
        """A transaction for what only the owner may say. Raises FencedError."""
        async with self.database.transaction() as connection:
            if self.fence is not None:
                await lanes.hold(connection, self.fence)
            yield connection

    async def check_owner(self) -> None:
        """Right before a call that changes the ATS. Raises FencedError."""
        async with self.saving():
            pass


class DeskError(Exception):
    """A person has to say something. ``code`` is the desk's reason, ``facts`` what the person needs to know."""

    def __init__(self, code: str, candidate: str | None = None, *, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.candidate = candidate
        self.facts = facts


def marker_of(working: Working, *parts: str) -> str:
    """What tells our own work from that of others and one effect from another; nothing personal can be read from it."""
    digest = blake2b("\0".join(parts).encode("utf-8", "replace"), key=working.foreign_id.encode()[:64], digest_size=10)
    return PREFIX + base64.b32hexencode(digest.digest()).translate(_LETTERS).decode()


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
    act: Callable[[str], Awaitable[str | None]],
    look: Callable[[], Awaitable[str | None]],
    take_back: Callable[[str], Awaitable[None]] | None = None,
) -> str | None:
    """Do it, unless it is done; the far side's id of what was made, "" where that cannot be found out any more.

    ``act`` does it, under a key, and gives the id. Where the ATS knows repetitions by their key, that is all it takes.
    Elsewhere ``look`` is asked instead of repeating what was intended before, whose outcome
    nobody knows: it gives the id, "" where it is there without an id, None where it is not. ``take_back`` removes what
    was made too much, by a call that stood still on its way until another worker had repeated it.
    """
    known = next((one for one in await load(working, arrival) if _is(one, name, marker, candidate)), None)
    if known is not None and known.state == "done":
        return known.far_id or ""
    now, again = working.clock.now(), known is not None and known.state == "intended"
    effect = Effect(name=name, marker=marker, candidate=candidate, state="intended", far_id=None, intended_at=now)
    if known is not None and again and working.writing.is_repeatable:
        effect = known
    elif again:
        found = await look()
        if found is not None:
            await _done(working, arrival, effect, found or None)
            return found
    pass_by(f"{name}.wanted")
    async with working.saving() as connection:
        await effects.intend(connection, working.workspace, arrival.id, name, marker, candidate, now=effect.intended_at)
    pass_by(f"{name}.intended")
    await working.check_owner()
    try:
        far_id = await act(key_of(effect))
    except LandbridgeError as error:
        if _was_certainly_not_done(working, error):
            async with working.saving() as connection:
                await effects.withdraw(connection, working.workspace, arrival.id, effect)
        raise
    pass_by(f"{name}.answered")
    if not await _done(working, arrival, effect, far_id) and take_back is not None and far_id:
        await take_back(far_id)
        await working.check_owner()
    pass_by(f"{name}.saved")
    return far_id


def key_of(effect: Effect) -> str:
    """Under which an ATS may know this effect again. The same for every try; another one once it was undone."""
    return f"{effect.marker}-{int(effect.intended_at.timestamp() * 1000):x}"


def _was_certainly_not_done(working: Working, error: LandbridgeError) -> bool:
    """An answer in so many words says so. Any other trouble may have come after the deed.

    Who knows repetitions may hear the same key again: it changes only with what is asked, after a refusal.
    """
    refusals = (RecordError,) if working.writing.is_repeatable else (RecordError, NeedsPersonError, RateLimitedError)
    return isinstance(error, refusals)


async def _done(working: Working, arrival: Due, effect: Effect, far_id: str | None) -> bool:
    async with working.database.connection() as connection:
        return await effects.note_done(
            connection, working.workspace, arrival.id, effect, far_id, now=working.clock.now()
        )


def _is(effect: Effect, name: EffectName, marker: str, candidate: str) -> bool:
    return (effect.name, effect.marker, effect.candidate) == (name, marker, candidate)
