"""Applications: who applied for what, what became of it, and the steps on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import UNSET

from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.moment import read_moment
from landbridge.errors import CannotTranslateError
from landbridge.records import Application, Stage

# In the order in which an application passes them: tells apart steps of the same instant.
STATUSES = ("LEAD", "NEW", "IN_REVIEW", "INTERVIEW", "OFFERED", "HIRED", "REJECTED", "WITHDRAWN", "TRANSFERRED")


def status_text(status: str | None, sub_status: str | None) -> str:
    """As people see it: "Interview: Panel". An unknown status reads as its own words; "" where there is none."""
    main = " ".join((status or "").replace("_", " ").split()).capitalize()
    step = (sub_status or "").strip()
    if main and step:
        return f"{main}: {step}"
    return main


def translate_application(
    candidate_id: str,
    job_id: str,
    application: wire.Application,
    filed: wire.JobApplication,
    source: str | None,
) -> Application:
    """Pure. ``source`` is the label to use where the details carry none. Raises CannotTranslateError."""
    status = status_text(application.status, application.sub_status)
    if not status:
        raise CannotTranslateError("an application has no status", code="status_missing")
    return Application(
        id=application.application_id,
        candidate_id=candidate_id,
        job_id=job_id,
        status=status,
        source=_text(application.source) or _text(source),
        rejection_reason=_reason(application),
        created_at=read_moment(filed.create_date),
    )


def present_stage(application: Application) -> Stage:
    """The one stage an application alone tells; its history, once read, takes its place."""
    created_at = application.created_at if isinstance(application.created_at, datetime) else None
    return Stage(
        id=f"{application.id}.1", application_id=application.id, name=application.status, entered_at=created_at
    )


def translate_history(application_id: str, changes: Sequence[wire.Change]) -> tuple[Stage, ...]:
    """Pure. Stages in order of time; changes without a status are left out.

    The API states no order. Equal times are told apart by what the elements say, never by their place in the answer:
    so the same history gives the same ids, however it was listed.
    """
    told = [change for change in changes if status_text(change.status, None)]
    return tuple(
        Stage(
            id=f"{application_id}.{number}",
            application_id=application_id,
            name=status_text(change.status, change.sub_status),
            entered_at=read_moment(change.changed_on),
        )
        for number, change in enumerate(sorted(told, key=_order), start=1)
    )


def _order(change: wire.Change) -> tuple[float, int, str, str]:
    at, status = read_moment(change.changed_on), change.status or ""
    rank = STATUSES.index(status) if status in STATUSES else len(STATUSES)
    # A change of unknown time stands before all others: what follows it is at least known.
    return (at.timestamp() if at else float("-inf"), rank, status, change.sub_status or "")


def told_by_history(candidate_id: str, job_id: str, stages: Sequence[Stage]) -> Application | None:
    """What a history says of its application: the newest status and its time. Its other fields stay unset."""
    if not stages:
        return None
    moments = [stage.entered_at for stage in stages if stage.entered_at is not None]
    return Application(
        id=stages[-1].application_id,
        candidate_id=candidate_id,
        job_id=job_id,
        status=stages[-1].name,
        source=UNSET,
        rejection_reason=UNSET,
        created_at=UNSET,
        status_changed_at=max(moments) if moments else UNSET,
    )


def _reason(application: wire.Application) -> str | None:
    for reason in (application.reason_of_rejection, application.reason_of_withdrawal):
        if reason is not None and (label := _text(reason.label)):
            return label
    return None


def _text(text: str | None) -> str | None:
    return (text or "").strip() or None
