"""Ten thousand workspaces on a few workers: who gets how much, and who waits how long.

Coarse on purpose: a slice is one event. Real: the length of slices, the places a worker has by default (those for
anything and those for live changes alone), and the order in which waiting jobs are taken: live changes before all else,
then the oldest first, as Procrastinate does. Simulated: a hundred workspaces in the midst of their first sync, whose
lanes and sweep never run dry, and all the others with something small every ten minutes: mostly a change that somebody
has just made, which is live; or a reading of changes or matches, which stands in line with the long syncs.

What gathers for a second before a lane is called is not waited for here: that is a choice, no lack of places.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter, deque
from collections.abc import Sequence

from msgspec import Struct, structs

from landbridge.settings import Settings

LIVE_LANES, IN_LINE = ("jobs", "candidates", "applications", "stages"), ("sweep", "matches")
LANES = (*LIVE_LANES, *IN_LINE)
NEVER_DRY = ("candidates", "applications", "stages", "sweep")
SLICE_SECONDS = 20.0
SMALL_SLICE = (0.2, 1.0)
BETWEEN_CHANGES = 600.0
DEFAULTS = {field.name: field.default for field in structs.fields(Settings)}
PLACES: int = DEFAULTS["worker_concurrency"]
LIVE_PLACES: int = DEFAULTS["worker_live_concurrency"]

Lane = tuple[int, str]


class Waits(Struct, frozen=True):
    """How long a kind of small work waited for its place, in seconds."""

    count: int
    median: float
    longest: float


class CrowdTaken(Struct, frozen=True, kw_only=True):
    """``evenness`` of the busy workspaces' shares by Jain's measure: 1 is perfectly even."""

    workers: int
    apart: bool
    lanes: int
    slices: int
    evenness: float
    least_share: float  # of what the luckiest busy workspace got
    live: Waits
    in_line: Waits


def simulate_crowd(
    workers: int,
    *,
    apart: bool = False,
    workspaces: int = 10_000,
    busy: int = 100,
    seconds: float = 3_600,
    seed: int = 1,
) -> CrowdTaken:
    """``apart``: each worker is two processes, one for live changes and one for the rest, as ``--only`` makes them.

    Then the places of the rest take no live change, however many wait.
    """
    return _Crowd(workers, apart, workspaces, busy, seconds, seed).run()


class _Crowd:
    def __init__(self, workers: int, apart: bool, workspaces: int, busy: int, seconds: float, seed: int) -> None:
        self._workers, self._apart = workers, apart
        self._free = {"any": workers * PLACES, "live": workers * LIVE_PLACES}
        self._workspaces, self._busy, self._seconds = workspaces, busy, seconds
        self._random = random.Random(seed)
        self._live: deque[tuple[Lane, float]] = deque()
        self._line: deque[tuple[Lane, float]] = deque()
        self._events: list[tuple[float, int, Lane, str]] = []
        self._numbers = 0
        self._served: Counter[int] = Counter()
        self._waits: dict[bool, list[float]] = {True: [], False: []}
        self._slices = 0

    def run(self) -> CrowdTaken:
        for workspace in range(self._busy):
            self._line.extend(((workspace, name), 0.0) for name in NEVER_DRY)
        for workspace in range(self._busy, self._workspaces):
            self._at(self._random.uniform(0, BETWEEN_CHANGES), (workspace, self._any_lane()), "due")
        self._start(0.0)
        while self._events and self._events[0][0] <= self._seconds:
            now, _, lane, what = heapq.heappop(self._events)
            self._happen(now, lane, what)
            self._start(now)
        return self._taken()

    def _happen(self, now: float, lane: Lane, what: str) -> None:
        """``what``: something is due, or a slice ends at a place of that kind."""
        if what == "due":
            (self._live if lane[1] in LIVE_LANES else self._line).append((lane, now))
            return
        self._free[what] += 1
        if lane[0] < self._busy:
            self._line.append((lane, now))  # it asks for itself again, behind everybody who waits
        else:
            self._at(now + self._random.expovariate(1 / BETWEEN_CHANGES), (lane[0], self._any_lane()), "due")

    def _start(self, now: float) -> None:
        while self._live and self._free["live"]:
            self._take(self._live, "live", now)
        while self._live and self._free["any"] and not self._apart:
            self._take(self._live, "any", now)
        while self._line and self._free["any"]:
            self._take(self._line, "any", now)

    def _take(self, waiting: deque[tuple[Lane, float]], place: str, now: float) -> None:
        lane, since = waiting.popleft()
        self._free[place] -= 1
        self._slices += 1
        if lane[0] < self._busy:
            self._served[lane[0]] += 1
            self._at(now + SLICE_SECONDS, lane, place)
        else:
            self._waits[waiting is self._live].append(now - since)
            self._at(now + self._random.uniform(*SMALL_SLICE), lane, place)

    def _at(self, when: float, lane: Lane, what: str) -> None:
        self._numbers += 1
        heapq.heappush(self._events, (when, self._numbers, lane, what))

    def _any_lane(self) -> str:
        return self._random.choice(LANES)

    def _taken(self) -> CrowdTaken:
        shares = [self._served[workspace] for workspace in range(self._busy)]
        return CrowdTaken(
            workers=self._workers,
            apart=self._apart,
            lanes=self._workspaces * len(LANES),
            slices=self._slices,
            evenness=sum(shares) ** 2 / (len(shares) * sum(share * share for share in shares)),
            least_share=min(shares) / max(shares),
            live=_waits(self._waits[True]),
            in_line=_waits(self._waits[False]),
        )


def _waits(seconds: Sequence[float]) -> Waits:
    ordered = sorted(seconds) or [0.0]
    return Waits(count=len(seconds), median=ordered[len(ordered) // 2], longest=ordered[-1])
