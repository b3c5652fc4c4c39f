"""The kinds of record that travel from the ATS to LinkedIn, in the order in which they may be sent."""

from __future__ import annotations

from enum import StrEnum

from landbridge.records.application import Application
from landbridge.records.candidate import Candidate
from landbridge.records.feedback import Feedback
from landbridge.records.job import Job
from landbridge.records.note import Note
from landbridge.records.resume import Resume
from landbridge.records.stage import Stage

Record = Job | Candidate | Application | Stage | Feedback | Note | Resume


class Kind(StrEnum):
    JOB = "job"
    CANDIDATE = "candidate"
    APPLICATION = "application"
    STAGE = "stage"
    FEEDBACK = "feedback"
    NOTE = "note"
    RESUME = "resume"

    @property
    def plural(self) -> str:
        return self.value if self is Kind.FEEDBACK else f"{self.value}s"

    @property
    def optional(self) -> bool:
        """Whether it travels only where a workspace has asked for it; where nothing of it is, nobody hears of it."""
        return self in {Kind.FEEDBACK, Kind.NOTE, Kind.RESUME}


RECORD_OF: dict[Kind, type[Record]] = {
    Kind.JOB: Job,
    Kind.CANDIDATE: Candidate,
    Kind.APPLICATION: Application,
    Kind.STAGE: Stage,
    Kind.FEEDBACK: Feedback,
    Kind.NOTE: Note,
    Kind.RESUME: Resume,
}
