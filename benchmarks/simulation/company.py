"""The simulated company and the network between it and the two far sides."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct

from landbridge.sync.plan import Volumes

WAY = (0.020, 0.045)
ANSWER = (0.060, 0.250)
BATCH, PER_RECORD = (0.060, 0.150), 0.002
STAGES_PER_APPLICATION = 3


class Company(Struct, frozen=True, kw_only=True):
    """How much there is."""

    candidates: int = 1_000_000
    applications: int = 1_500_000
    jobs: int = 20_000

    def scaled(self, share: float) -> Company:
        return Company(
            candidates=round(self.candidates * share),
            applications=round(self.applications * share),
            jobs=max(1, round(self.jobs * share)),
        )

    @property
    def volumes(self) -> Volumes:
        """The same as the engine's plan wants it."""
        return Volumes(
            jobs=self.jobs,
            candidates=self.candidates,
            applications=self.applications,
            stages=self.applications * STAGES_PER_APPLICATION,
        )

    @property
    def of_pass(self) -> Mapping[str, int]:
        """Rows of each list and items of each pass of a first read."""
        return {
            "candidates": self.candidates,
            "job_list": self.jobs,
            "jobs": self.jobs,
            "applications": self.applications,
            "history": self.applications,
            "details": self.candidates,
        }


class Network:
    """How long things take: drawn anew for each call, the same for the same seed. All in seconds.

    A request needs 20 to 45 ms to arrive; that spread is what bunches up evenly sent calls at the far side.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def way(self) -> float:
        return self._random.uniform(*WAY)

    def smartrecruiters(self) -> float:
        """Its own time for one answer."""
        return self._random.uniform(*ANSWER)

    @staticmethod
    def usual_smartrecruiters() -> timedelta:
        """What one call takes on average, there and back."""
        return timedelta(seconds=sum(WAY) + sum(ANSWER) / 2)

    def linkedin(self, records: int) -> float:
        """Its own time for one batch."""
        return self._random.uniform(*BATCH) + PER_RECORD * records * self._random.uniform(0.5, 1.5)

    @staticmethod
    def usual_linkedin(records: int) -> timedelta:
        """What one call takes on average, there and back."""
        return timedelta(seconds=sum(WAY) + sum(BATCH) / 2 + PER_RECORD * records)

    def hand_over(self) -> float:
        """From the end of a slice until a worker has begun the next one."""
        return self._random.uniform(0.050, 0.200)

    def database(self, rows: int) -> float:
        """One transaction with so many rows."""
        return self._random.uniform(0.003, 0.008) + 0.0004 * rows
