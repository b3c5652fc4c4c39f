"""Keys by which far systems sign, kept in this process: whoever forges costs no question to the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")
Of = TypeVar("Of")

# How often something is looked up at most, however many come in that nobody has signed.
FRESH_SECONDS = 60.0
AGAIN_SECONDS = 1.0


class _Known(Struct, Generic[T]):
    """What was found and when it was looked up, by the event loop's clock."""

    found: T
    at: float


class Keyring(Generic[Of, T]):
    """What ``load`` finds for each of those it is asked about; callers see to it that these are not made up."""

    def __init__(self, load: Callable[[Of], Awaitable[T]]) -> None:
        self._load = load
        self._known: dict[Of, _Known[T]] = {}
        self._looking: dict[Of, asyncio.Lock] = {}

    async def of(self, whose: Of, *, unknown: bool = False) -> T:
        """``unknown``: what was found did not fit; there may be something newer, once in a while."""
        limit = AGAIN_SECONDS if unknown else FRESH_SECONDS
        now = asyncio.get_running_loop().time()
        known = self._known.get(whose)
        if known is not None and now - known.at < limit:
            return known.found
        async with self._looking.setdefault(whose, asyncio.Lock()):
            known = self._known.get(whose)
            if known is None or known.at < now:
                found = await self._load(whose)
                known = self._known[whose] = _Known(found, asyncio.get_running_loop().time())
        return known.found
