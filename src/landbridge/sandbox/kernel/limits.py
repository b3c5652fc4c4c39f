"""Counters that say when enough is enough: a sliding window and a quota per UTC day. They read no clock themselves."""

from __future__ import annotations

from collections import deque

DAY_MS = 86_400_000


class SlidingWindow:
    """At most ``limit`` units in any stretch of ``length_ms``."""

    def __init__(self, limit: int, length_ms: int) -> None:
        self.limit = limit
        self.length_ms = length_ms
        self._taken: deque[tuple[int, int]] = deque()
        self._sum = 0

    def used(self, at: int) -> int:
        horizon = at - self.length_ms
        while self._taken and self._taken[0][0] <= horizon:
            self._sum -= self._taken.popleft()[1]
        return self._sum

    def opens_at(self, at: int, units: int = 1) -> int:
        """The first instant (epoch ms) from which ``units`` more fit; ``at`` itself when they fit now."""
        over = self.used(at) + units - self.limit
        if over <= 0:
            return at
        for taken_at, amount in self._taken:
            over -= amount
            if over <= 0:
                return taken_at + self.length_ms
        return at + self.length_ms

    def take(self, at: int, units: int = 1) -> None:
        """Count ``units`` whether they fit or not."""
        self._taken.append((at, units))
        self._sum += units


class DayQuota:
    """At most ``limit`` units per UTC day; midnight UTC gives a fresh quota."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._day = -1
        self._sum = 0

    def used(self, at: int) -> int:
        if at // DAY_MS != self._day:
            self._day = at // DAY_MS
            self._sum = 0
        return self._sum

    def opens_at(self, at: int, units: int = 1) -> int:
        """``at`` when ``units`` fit today, else the next midnight UTC."""
        return at if self.used(at) + units <= self.limit else (at // DAY_MS + 1) * DAY_MS

    def take(self, at: int, units: int = 1) -> None:
        self.used(at)
        self._sum += units
