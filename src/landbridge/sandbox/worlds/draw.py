"""Draws that come out the same on every machine for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """A stream of random values named by its parts: the same parts give the same stream.

    Only ``random()`` and ``getrandbits()`` are used: Python promises their sequence, while the ways in which its
    other methods use them may change between versions.
    """

    __slots__ = ("_bits", "share")

    def __init__(self, *parts: str | int) -> None:
        random = Random("/".join(str(part) for part in parts))
        self.share = random.random
        self._bits = random.getrandbits

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self.share() * len(options))]

    def chance(self, share: float) -> bool:
        return self.share() < share

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both possible."""
        return low + int(self.share() * (high - low + 1))

    def uuid(self) -> str:
        """A version 4 UUID in lower case."""
        digits = f"{self._bits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def hex(self, length: int) -> str:
        return f"{self._bits(4 * length):0{length}x}"

    def sample(self, options: Sequence[T], count: int) -> list[T]:
        """``count`` different ones of ``options`` (all of them where there are fewer), in the order drawn."""
        pool = list(options)
        for place in range(min(count, len(pool))):
            other = place + int(self.share() * (len(pool) - place))
            pool[place], pool[other] = pool[other], pool[place]
        return pool[:count]
