"""The two far sides reduced to their documented limits. They count what arrives, and refuse what is too much.

This is code of its own on purpose: it knows the limits from the vendors' pages and nothing of how the engine paces
itself. Where a page leaves open how a window is counted, the strictest reading is taken: any stretch of time of that
length, wherever it begins.
"""

from __future__ import annotations

import heapq
from collections import deque
from datetime import UTC, datetime


class Window:
    """At most ``most`` units in any ``seconds`` on end."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most = most
        self.seconds = seconds
        self._inside: deque[tuple[float, int]] = deque()
        self._sum = 0
        self.fullest = 0

    def admit(self, at: float, units: int) -> bool:
        while self._inside and self._inside[0][0] <= at - self.seconds:
            self._sum -= self._inside.popleft()[1]
        if self._sum + units > self.most:
            return False
        self._inside.append((at, units))
        self._sum += units
        self.fullest = max(self.fullest, self._sum)
        return True


class Day:
    """At most ``most`` calls between two midnights UTC."""

    def __init__(self, most: int, start: datetime) -> None:
        self.most = most
        self._start = start.timestamp()
        self.calls: dict[str, int] = {}

    def admit(self, at: float) -> bool:
        day = datetime.fromtimestamp(self._start + at, UTC).date().isoformat()
        if self.calls.get(day, 0) >= self.most:
            return False
        self.calls[day] = self.calls.get(day, 0) + 1
        return True


class LinkedInQuota:
    """One resource: 10,000 records a minute and 100,000 calls a UTC day, whichever is reached first."""

    def __init__(self, start: datetime, *, records_per_minute: int = 10_000, calls_per_day: int = 100_000) -> None:
        self.minute = Window(records_per_minute, 60)
        self.day = Day(calls_per_day, start)
        self.calls = 0
        self.records = 0
        self.refused = 0
        self.first_at: float | None = None
        self.last_at = 0.0
        self._last_records = 0

    def take(self, at: float, records: int) -> bool:
        """Whether a call that arrives at ``at`` seconds is answered; a refused one counts as one more violation."""
        self.calls += 1
        # Both are asked, the day last: a call refused by the minute still used up a call of nothing.
        if not (self.minute.admit(at, records) and self.day.admit(at)):
            self.refused += 1
            return False
        self.records += records
        self.first_at = at if self.first_at is None else self.first_at
        self.last_at, self._last_records = at, records
        return True

    @property
    def seconds(self) -> float:
        """From the first answered call to the last."""
        return self.last_at - (self.first_at or 0.0)

    @property
    def use_of_minutes(self) -> float:
        """The share of the records a minute that was used between the first call and the last.

        The last call's own records belong to the time after it.
        """
        minutes = self.seconds / 60
        return (self.records - self._last_records) / minutes / self.minute.most if minutes else 0.0

    @property
    def use_of_days(self) -> float:
        """The share of the calls a day that was used, in days that ended before the work did."""
        whole = list(self.day.calls.values())[:-1]
        return sum(whole) / len(whole) / self.day.most if whole else 0.0


class SmartRecruitersLimit:
    """One credential: 10 requests in any second, 8 in flight, 1 in flight for the list of candidates."""

    def __init__(self, *, per_second: int = 10, in_flight: int = 8, lists_in_flight: int = 1) -> None:
        self.second = Window(per_second, 1)
        self.in_flight = in_flight
        self.lists_in_flight = lists_in_flight
        self._answered_at: list[float] = []
        self._lists_answered_at: list[float] = []
        self.most_in_flight = 0
        self.calls = 0
        self.refused = 0

    def take(self, at: float, seconds: float, *, candidate_list: bool) -> bool:
        """Whether a request that arrives at ``at`` is served, which takes so many seconds. Requests come in order."""
        self.calls += 1
        open_calls = [self._answered_at, *([self._lists_answered_at] if candidate_list else [])]
        for answers, most in zip(open_calls, (self.in_flight, self.lists_in_flight), strict=False):
            while answers and answers[0] <= at:
                heapq.heappop(answers)
            if len(answers) >= most:
                self.refused += 1
                return False
        if not self.second.admit(at, 1):
            self.refused += 1
            return False
        for answers in open_calls:
            heapq.heappush(answers, at + seconds)
        self.most_in_flight = max(self.most_in_flight, len(self._answered_at))
        return True
