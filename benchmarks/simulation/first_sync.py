"""A first sync as a whole: the ATS is read while LinkedIn is written, in both dialects side by side.

The two dialects' lanes feed on one and the same read, each set for itself, so one run tells both.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from msgspec import Struct

from benchmarks.simulation.company import STAGES_PER_APPLICATION, Company
from benchmarks.simulation.reading import FirstRead, ReadingTaken
from benchmarks.simulation.sending import START, Backlog, LaneTaken, SimulatedLane
from benchmarks.simulation.virtual import VirtualClock, run_virtually
from landbridge.connectors.linkedin.dialects import Generation
from landbridge.ports.source import Pass

DIALECTS: tuple[Generation, ...] = ("v2", "rest")
RESOURCES = ("jobs", "candidates", "applications", "stages")


class SyncTaken(Struct, frozen=True, kw_only=True):
    reading: ReadingTaken
    lanes: tuple[LaneTaken, ...]

    def ended_at(self, dialect: str) -> datetime:
        """When the last record has arrived at LinkedIn."""
        return max(self.reading.ended_at, *(lane.ended_at for lane in self.lanes if lane.dialect == dialect))


class _Feed:
    """Brings what a pass has saved to the lanes' backlogs."""

    def __init__(self) -> None:
        self.backlogs = {(name, dialect): Backlog(open=True) for name in RESOURCES for dialect in DIALECTS}
        self._present_stages = 0
        self._histories = 0
        self._twice = 0

    def merged(self, current: Pass, rows: int) -> None:
        for dialect in DIALECTS:
            for resource, records in _brought(current, rows, dialect):
                self.backlogs[resource, dialect].records += records
        self._present_stages += rows if current.name == "applications" else 0
        if current.name == "history":
            self.backlogs["stages", "v2"].records += self._second_calls(rows)

    def _second_calls(self, histories: int) -> int:
        """In v2 a call takes all that is due for its application: a second one is for those whose present stage has
        left already. The lane sends these in the order in which the histories are read."""
        left = self._present_stages + self._twice - self.backlogs["stages", "v2"].records
        first, self._histories = self._histories, self._histories + histories
        second = min(max(min(left, self._present_stages) - first, 0), histories)
        self._twice += second
        return second

    def close(self) -> None:
        for backlog in self.backlogs.values():
            backlog.open = False


def _brought(current: Pass, rows: int, dialect: Generation) -> list[tuple[str, int]]:
    """What becomes due. An application brings its present stage, its history the others.

    In v2 a call carries the stages of one application, so there the stage lane's unit is the call, and what a history
    brings is for ``_second_calls`` to say.
    """
    match current.name:
        case "applications":
            return [("applications", rows), ("stages", rows)]
        case "history":
            return [] if dialect == "v2" else [("stages", rows * (STAGES_PER_APPLICATION - 1))]
        case "candidates" | "jobs":
            return [(current.name, rows)]
    return []


def simulate_first_sync(company: Company, *, workers: int = 3, seed: int = 1) -> SyncTaken:
    return run_virtually(_run(company, workers, seed))


async def _run(company: Company, workers: int, seed: int) -> SyncTaken:
    clock, feed = VirtualClock(START), _Feed()
    lanes = [
        asyncio.create_task(_lane(resource, dialect, backlog).run(clock))
        for (resource, dialect), backlog in feed.backlogs.items()
    ]
    reading = await FirstRead(company, workers=workers, seed=seed, merged=feed.merged).run(clock)
    feed.close()
    return SyncTaken(reading=reading, lanes=tuple(await asyncio.gather(*lanes)))


def _lane(resource: str, dialect: Generation, backlog: Backlog) -> SimulatedLane:
    per_call = 1 if (resource, dialect) == ("stages", "v2") else 100
    return SimulatedLane(resource, dialect, backlog, per_call)
