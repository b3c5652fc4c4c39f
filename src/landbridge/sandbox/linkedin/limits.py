"""LinkedIn's throttle limits and the waits it demands: the documented ones, relaxed ones, or a mix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from landbridge.sandbox.kernel import DayQuota, SlidingWindow
from landbridge.sandbox.linkedin.choices import TOKEN_SECONDS

MINUTE_MS: Final = 60_000
BATCH_RECORDS: Final = 100

# Resource names are "<generation>.<collection>", children without the key: "v2.atsApplications/stages".
_HUNDRED_THOUSAND = (
    "v2.simpleJobPostings",
    "v2.atsCandidates",
    "v2.atsApplications",
    "v2.atsApplications/stages",
    "v2.atsApplications/notes",
    "v2.atsApplications/interviewFeedback",
    "v2.atsCandidates/notes",
    "v2.atsEntityAcls",
    "v2.atsEntityAclAssignees",
    "rest.atsApplications",
    # Not documented (section 2 of the reference says unknown); assumed to equal their v2 forms.
    "rest.candidates",
    "rest.candidateNotes",
    "rest.entityAcls",
    "rest.entityAclAssignees",
    "rest.applicationStage",
    "rest.simpleJobPostings",
)
#: Seats, InMails, stubs and notes together.
PROSPECT_INTERACTIONS: Final = "prospectInteractions"
EVALUATIONS: Final = "rest.exportedApplicationEvaluations"
#: "12 records per member per minute", read as calls for one seat.
SEAT_CALLS_PER_MINUTE: Final = 12
REAL_CALLS_PER_DAY: Final[Mapping[str, int]] = {
    **dict.fromkeys(_HUNDRED_THOUSAND, 100_000),
    PROSPECT_INTERACTIONS: 100_000,
    EVALUATIONS: 100_000,
    "v2.simpleJobPostingTasks": 300_000,
    "rest.simpleJobPostingTasks": 300_000,
    "rest.applicationNotes": 1_000_000,
    "rest.applicationInterviewFeedbacks": 1_000_000,
    "v2.jobPostingStatus": 1_000_000,
    "rest.jobPostingStatus": 1_000_000,
    "v2.atsIntegrations": 5_000,
    "rest.integrations": 5_000,
    "rest.integrationConfigurations": 5_000,
}
REAL_RECORDS_PER_MINUTE: Final[Mapping[str, int]] = dict.fromkeys(_HUNDRED_THOUSAND, 10_000)


class Limits(msgspec.Struct, kw_only=True):
    """Limits in force. A resource without an entry is not limited.

    ``task_delay_seconds``  from the post of a job until its task has an outcome
    ``task_read_after_seconds``  how early a task may be read without breaking a rule
    ``match_delay_seconds``  from the upsert of a candidate until its match shows
    ``seat_calls_per_minute``  how often the InMails of one seat can be read; None: as often as anybody likes
    """

    mode: str
    calls_per_day: dict[str, int] = {}
    records_per_minute: dict[str, int] = {}
    task_delay_seconds: float
    task_read_after_seconds: float
    match_delay_seconds: float = 0.0
    token_seconds: int = TOKEN_SECONDS
    seat_calls_per_minute: int | None = None


def real() -> Limits:
    return Limits(
        mode="real",
        calls_per_day=dict(REAL_CALLS_PER_DAY),
        records_per_minute=dict(REAL_RECORDS_PER_MINUTE),
        task_delay_seconds=240,
        task_read_after_seconds=300,
        match_delay_seconds=60,
        seat_calls_per_minute=SEAT_CALLS_PER_MINUTE,
    )


def relaxed() -> Limits:
    """No quotas and no long waits, for demos and tests; every other rule stays."""
    return Limits(mode="relaxed", task_delay_seconds=0.2, task_read_after_seconds=0)


class _Wanted(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the control room may ask for. One number for a quota means that number for every limited resource."""

    mode: str = "custom"
    calls_per_day: dict[str, int] | int | None = None
    records_per_minute: dict[str, int] | int | None = None
    task_delay_seconds: float | None = None
    task_read_after_seconds: float | None = None
    match_delay_seconds: float | None = None
    token_seconds: int | None = None
    seat_calls_per_minute: int | None = None


def changed(current: Limits, request: Mapping[str, Any]) -> Limits:
    """``real`` and ``relaxed`` start from those, ``custom`` from what is in force; single values go on top.

    Raises ``msgspec.ValidationError`` or ``ValueError``.
    """
    wanted = msgspec.convert(dict(request), _Wanted)
    bases = {"real": real(), "relaxed": relaxed(), "custom": current}
    if wanted.mode not in bases:
        raise ValueError("mode is real, relaxed or custom")
    base = bases[wanted.mode]
    changes: dict[str, Any] = {
        "calls_per_day": _quota(base.calls_per_day, wanted.calls_per_day, REAL_CALLS_PER_DAY),
        "records_per_minute": _quota(base.records_per_minute, wanted.records_per_minute, REAL_RECORDS_PER_MINUTE),
    }
    for name in (
        "task_delay_seconds",
        "task_read_after_seconds",
        "match_delay_seconds",
        "token_seconds",
        "seat_calls_per_minute",
    ):
        value = getattr(wanted, name)
        if value is not None:
            changes[name] = value
    new = msgspec.structs.replace(base, **changes)
    new.mode = wanted.mode if request.keys() <= {"mode"} else "custom"
    return new


def _quota(base: dict[str, int], wanted: dict[str, int] | int | None, known: Mapping[str, int]) -> dict[str, int]:
    if isinstance(wanted, int):
        return dict.fromkeys(known, wanted)
    return {**base, **(wanted or {})}


class Meter:
    """Counts calls and records per application and resource, and remembers who was told to wait."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._days: dict[tuple[str, str], DayQuota] = {}
        self._minutes: dict[tuple[str, str], SlidingWindow] = {}
        self._blocked: dict[tuple[str, str], int] = {}
        self._paces: dict[tuple[str, str], SlidingWindow] = {}

    def blocked_until(self, application: str, resource: str) -> int:
        """The instant (epoch ms) before which a 429 told this application not to come back; 0 without one."""
        return self._blocked.get((application, resource), 0)

    def block(self, application: str, resource: str, until: int) -> None:
        self._blocked[application, resource] = until

    def pace(self, application: str, seat: str, at: int) -> int:
        """Count one look at a seat's InMails and give 0, or when (epoch ms) it would have been in time.

        Where no limit is in force, the documented one is measured by and every look counts.
        """
        limit = self.limits.seat_calls_per_minute
        window = self._paces.setdefault((application, seat), SlidingWindow(limit or SEAT_CALLS_PER_MINUTE, MINUTE_MS))
        opens = window.opens_at(at)
        if opens <= at or limit is None:
            window.take(at)
        return opens if opens > at else 0

    def take(self, application: str, resource: str, at: int, records: int) -> int:
        """Count one call with its records and give 0, or count nothing and give when (epoch ms) it would fit."""
        who = (application, resource)
        opens = at
        day = minute = None
        calls_limit = self.limits.calls_per_day.get(resource)
        if calls_limit is not None:
            day = self._days.setdefault(who, DayQuota(calls_limit))
            opens = day.opens_at(at)
        records_limit = self.limits.records_per_minute.get(resource)
        if records_limit is not None and records:
            minute = self._minutes.setdefault(who, SlidingWindow(records_limit, MINUTE_MS))
            opens = max(opens, minute.opens_at(at, records))
        if opens > at:
            return opens
        if day:
            day.take(at)
        if minute:
            minute.take(at, records)
        return 0
