"""Which records the workspace wants on LinkedIn at all. Pure rules, shared by the lane and by the counts."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Struct

from landbridge.records import Kind
from landbridge.records.kinship import KIN
from landbridge.sync import reasons
from landbridge.sync.choices import Choices


class Exclusion(Struct, frozen=True):
    """``withdraw``: what is on LinkedIn already has to go. An aging record is left where it is."""

    reason: str
    withdraw: bool


class _JobFacts(Struct):
    template: bool = False
    confidential: bool = False


class _Times(Struct):
    created_at: datetime | None = None
    updated_at: datetime | None = None
    status_changed_at: datetime | None = None


TEMPLATE = Exclusion(reasons.EXCLUDED_TEMPLATE, withdraw=True)
CONFIDENTIAL = Exclusion(reasons.EXCLUDED_CONFIDENTIAL, withdraw=True)
OF_SUCH_JOB = Exclusion(reasons.EXCLUDED_JOB, withdraw=True)
NOT_SHARED = {
    Kind.FEEDBACK: Exclusion(reasons.EXCLUDED_REVIEWS, withdraw=True),
    Kind.NOTE: Exclusion(reasons.EXCLUDED_NOTES, withdraw=True),
    Kind.RESUME: Exclusion(reasons.EXCLUDED_RESUMES, withdraw=True),
}
TOO_OLD = Exclusion(reasons.EXCLUDED_HISTORY_WINDOW, withdraw=False)

_read_job = msgspec.json.Decoder(_JobFacts).decode
_read_times = msgspec.json.Decoder(_Times).decode


class Eligibility:
    """The rules of one workspace at one instant.

    Candidates and applications count by their newest sign of life, so an old person who applied last week is sent.
    """

    def __init__(self, choices: Choices, now: datetime) -> None:
        self._choices = choices
        self._shared = choices.shared_kinds
        window = choices.history_window
        self._oldest = None if window is None else now - window

    def judge(self, kind: Kind, body: bytes, job: bytes | None) -> Exclusion | None:
        """Why this record is not wanted; None: it is. ``job`` is an application's job."""
        if kind is Kind.JOB:
            return self._judge_job(body)
        if kind is Kind.APPLICATION and job is not None and self._judge_job(job) is not None:
            return OF_SUCH_JOB
        if KIN[kind].parent is Kind.APPLICATION:
            # What belongs to an application waits for it, and so follows it in all else.
            return None if self._shared.get(kind, True) else NOT_SHARED[kind]
        if self._oldest is not None and self._aged(body):
            return TOO_OLD
        return None

    def _judge_job(self, body: bytes) -> Exclusion | None:
        facts = _read_job(body)
        if facts.template:
            return TEMPLATE
        return CONFIDENTIAL if facts.confidential and self._choices.exclude_confidential else None

    def _aged(self, body: bytes) -> bool:
        times = _read_times(body)
        known = [at for at in (times.created_at, times.updated_at, times.status_changed_at) if at is not None]
        return bool(known) and self._oldest is not None and max(known) < self._oldest
