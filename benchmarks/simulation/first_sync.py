"""A first sync as a whole: the ATS is read while LinkedIn is written, in both dialects side by side.

The two dialects' lanes feed on one and the same read, each set for itself, so one run tells both.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from msgspec import Struct

from benchmarks.simulation.company import STAGES_PER_APPLICATION, Company
from benchmarks.simulation.reading import FirstRead, ReadingTaken
from benchmarks.simulation.sending import START, Backlog, CallsOfApplications, LaneTaken, SimulatedLane
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
        self._shared = CallsOfApplications(open=True)
        self.backlogs["stages", "v2"] = self._shared

    def merged(self, current: Pass, rows: int) -> None:
        """An application brings its present stage, its history the others."""
        match current.name:
            case "candidates" | "jobs":
                self._add(current.name, rows)
            case "applications":
                self._add("applications", rows)
                self.backlogs["stages", "rest"].due += rows
                self._shared.present(rows)
            case "history":
                self.backlogs["stages", "rest"].due += rows * (STAGES_PER_APPLICATION - 1)
                self._shared.history(rows)

    def _add(self, resource: str, rows: int) -> None:
        for dialect in DIALECTS:
            self.backlogs[resource, dialect].due += rows

    def close(self) -> None:
        for backlog in self.backlogs.values():
            backlog.open = False


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
