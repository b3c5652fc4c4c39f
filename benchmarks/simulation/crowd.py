"""Ten thousand workspaces on a few workers: who gets how much, and who waits how long.

Coarse on purpose: a slice is one event. Real: the length of slices, the places a worker has by default, and the order
in which waiting jobs are taken (the oldest first, as Procrastinate does). Simulated: a hundred workspaces in the midst
of their first sync, whose lanes and sweep never run dry, and all the others with a small change every ten minutes.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter, deque

from msgspec import Struct, structs

from landbridge.settings import Settings

LANES = ("jobs", "candidates", "applications", "stages", "sweep", "matches")
NEVER_DRY = ("candidates", "applications", "stages", "sweep")
SLICE_SECONDS = 20.0
SMALL_SLICE = (0.2, 1.0)
BETWEEN_CHANGES = 600.0
PLACES_PER_WORKER: int = next(field.default for field in structs.fields(Settings) if field.name == "worker_concurrency")

Lane = tuple[int, str]


class CrowdTaken(Struct, frozen=True, kw_only=True):
    """``evenness`` of the busy workspaces' shares by Jain's measure: 1 is perfectly even. Waits in seconds."""

    workers: int
    lanes: int
    slices: int
    evenness: float
    least_share: float  # of what the luckiest busy workspace got
    small_changes: int
    median_wait: float
    longest_wait: float


def simulate_crowd(
    workers: int, *, workspaces: int = 10_000, busy: int = 100, seconds: float = 3_600, seed: int = 1
) -> CrowdTaken:
    return _Crowd(workers * PLACES_PER_WORKER, workspaces, busy, seconds, seed).run(workers)


class _Crowd:
    def __init__(self, places: int, workspaces: int, busy: int, seconds: float, seed: int) -> None:
        self._free = places
        self._workspaces, self._busy, self._seconds = workspaces, busy, seconds
        self._random = random.Random(seed)
        self._waiting: deque[tuple[Lane, float]] = deque()
        self._events: list[tuple[float, int, Lane, str]] = []
        self._numbers = 0
        self._served: Counter[int] = Counter()
        self._waits: list[float] = []
        self._slices = 0

    def run(self, workers: int) -> CrowdTaken:
        for workspace in range(self._busy):
            self._waiting.extend(((workspace, name), 0.0) for name in NEVER_DRY)
        for workspace in range(self._busy, self._workspaces):
            self._at(self._random.uniform(0, BETWEEN_CHANGES), (workspace, self._any_lane()), "due")
        self._start(0.0)
        while self._events and self._events[0][0] <= self._seconds:
            now, _, lane, what = heapq.heappop(self._events)
            self._happen(now, lane, what)
            self._start(now)
        return self._taken(workers)

    def _happen(self, now: float, lane: Lane, what: str) -> None:
        if what == "due":
            self._waiting.append((lane, now))
            return
        self._free += 1
        if lane[0] < self._busy:
            self._waiting.append((lane, now))  # it asks for itself again, behind everybody who waits
        else:
            self._at(now + self._random.expovariate(1 / BETWEEN_CHANGES), (lane[0], self._any_lane()), "due")

    def _start(self, now: float) -> None:
        while self._free and self._waiting:
            lane, since = self._waiting.popleft()
            self._free -= 1
            self._slices += 1
            if lane[0] < self._busy:
                self._served[lane[0]] += 1
                self._at(now + SLICE_SECONDS, lane, "end")
            else:
                self._waits.append(now - since)
                self._at(now + self._random.uniform(*SMALL_SLICE), lane, "end")

    def _at(self, when: float, lane: Lane, what: str) -> None:
        self._numbers += 1
        heapq.heappush(self._events, (when, self._numbers, lane, what))

    def _any_lane(self) -> str:
        return self._random.choice(LANES)

    def _taken(self, workers: int) -> CrowdTaken:
        shares = [self._served[workspace] for workspace in range(self._busy)]
        waits = sorted(self._waits) or [0.0]
        return CrowdTaken(
            workers=workers,
            lanes=self._workspaces * len(LANES),
            slices=self._slices,
            evenness=sum(shares) ** 2 / (len(shares) * sum(share * share for share in shares)),
            least_share=min(shares) / max(shares),
            small_changes=len(self._waits),
            median_wait=waits[len(waits) // 2],
            longest_wait=waits[-1],
        )
