"""The kinds of record that travel from the ATS to LinkedIn, in the order in which they may be sent."""

from __future__ import annotations

from enum import StrEnum

from landbridge.records.application import Application
from landbridge.records.candidate import Candidate
from landbridge.records.job import Job
from landbridge.records.stage import Stage

Record = Job | Candidate | Application | Stage


class Kind(StrEnum):
    JOB = "job"
    CANDIDATE = "candidate"
    APPLICATION = "application"
    STAGE = "stage"

    @property
    def plural(self) -> str:
        return f"{self.value}s"


RECORD_OF: dict[Kind, type[Record]] = {
    Kind.JOB: Job,
    Kind.CANDIDATE: Candidate,
    Kind.APPLICATION: Application,
    Kind.STAGE: Stage,
}
