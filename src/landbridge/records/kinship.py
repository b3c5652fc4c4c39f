"""Which record hangs on which: an application on candidate and job, its children on the application."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from landbridge.records.application import Application
from landbridge.records.feedback import Feedback
from landbridge.records.kind import Kind, Record
from landbridge.records.note import Note
from landbridge.records.resume import Resume
from landbridge.records.stage import Stage


class Kin(Struct, frozen=True):
    """What a kind of record points at, and so has to wait for."""

    parent: Kind | None = None
    job: bool = False

    @property
    def pointed(self) -> tuple[Kind, ...]:
        """The kinds of what it points at, its parent first."""
        job = (Kind.JOB,) if self.job else ()
        return (self.parent, *job) if self.parent else job


KIN: Mapping[Kind, Kin] = {
    Kind.JOB: Kin(),
    Kind.CANDIDATE: Kin(),
    Kind.APPLICATION: Kin(parent=Kind.CANDIDATE, job=True),
    Kind.STAGE: Kin(parent=Kind.APPLICATION),
    Kind.FEEDBACK: Kin(parent=Kind.APPLICATION),
    Kind.NOTE: Kin(parent=Kind.APPLICATION),
    Kind.RESUME: Kin(parent=Kind.APPLICATION),
}

# Fields that are rendered into the records hanging on this one: only a change of these makes those due as well.
# A job's description changes often and its applications are many, so "anything changed" would cost far too much.
SHARED_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.JOB: ("title", "template", "confidential"),
    Kind.CANDIDATE: ("first_name", "last_name", "emails", "updated_at"),
}


def parent_key(record: Record) -> str | None:
    """The candidate of an application, the application of a stage, of feedback, of a note or of a resume."""
    if isinstance(record, Application):
        return record.candidate_id
    return record.application_id if isinstance(record, Stage | Feedback | Note | Resume) else None


def job_key(record: Record) -> str | None:
    return record.job_id if isinstance(record, Application) else None


def pair_key(candidate_id: str, job_id: str) -> str:
    """How an application is named on the reading list, where its own id is not known yet."""
    return f"{candidate_id}.{job_id}"


def child_key(candidate_id: str, job_id: str, application_id: str) -> str:
    """How what hangs on an application is named on the reading list."""
    return f"{pair_key(candidate_id, job_id)}.{application_id}"


def dependents(kind: Kind) -> tuple[Kind, ...]:
    """The kinds that wait for records of this one."""
    return tuple(other for other, kin in KIN.items() if kin.parent is kind or (kin.job and kind is Kind.JOB))
