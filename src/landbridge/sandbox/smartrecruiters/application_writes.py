"""An application takes another step, has another source, or goes away."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.applications import find_application, find_job_application
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError
from landbridge.sandbox.smartrecruiters.candidate_writes import SourceDetails, source_place
from landbridge.sandbox.smartrecruiters.candidates import APPLICATION_STATUSES
from landbridge.sandbox.smartrecruiters.changes import applications
from landbridge.sandbox.smartrecruiters.happenings import Author
from landbridge.sandbox.smartrecruiters.payload import body_of
from landbridge.sandbox.smartrecruiters.reviews import AwareInstant
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.moment import moment_of
from landbridge.sandbox.worlds.person import Application, Step

Filled = Annotated[str, msgspec.Meta(min_length=1)]
# Nobody is set to this by hand: the product does it when somebody is moved to another job.
SET_BY_THE_PRODUCT: Final = frozenset({"TRANSFERRED"})


class StatusChange(msgspec.Struct, rename="camel"):
    """The body of ``PUT .../status``; ``reason`` is the id of a reason for rejection or withdrawal."""

    status: Filled
    sub_status: str | None = None
    starts_on: AwareInstant | None = None
    reason: str | None = None


def change_status(state: State, call: Call) -> Answer:
    application = find_application(state, call)
    take_step(state, state.administrator, application, body_of(call, StatusChange))
    return Answer(status=204)


def take_step(state: State, by: Author, application: Application, wish: StatusChange) -> None:
    """Raises the documented refusals."""
    if wish.status not in APPLICATION_STATUSES - SET_BY_THE_PRODUCT:
        raise RefusalError(*choices.VALUE_NOT_UNDERSTOOD, "this status is not known")
    reason = _reason(state, wish)
    step = Step(wish.status, _sub_status(state, wish))
    starts = moment_of(wish.starts_on) if wish.starts_on else None
    applications.move(state, by, application, step, reason=reason, starts=starts)


def _reason(state: State, wish: StatusChange) -> int | None:
    if wish.reason is None:
        return None
    company = state.world.company
    reasons = {"REJECTED": company.rejection_reasons, "WITHDRAWN": company.withdrawal_reasons}.get(wish.status)
    if reasons is None:
        raise RefusalError(400, "NO_REASON_SUPPORT_FOR_STATUS", "only REJECTED and WITHDRAWN have reasons")
    for place, reason in enumerate(reasons):
        if reason.id == wish.reason:
            return place
    raise RefusalError(400, "REASON_NOT_FOUND", "there is no such reason for this status")


def _sub_status(state: State, wish: StatusChange) -> str | None:
    labels = sub_statuses(state, wish.status)
    if wish.sub_status is None:
        if labels and choices.SUB_STATUS_IS_REQUIRED_WHERE_THERE_ARE_ANY:
            raise RefusalError(400, "REQUIRED_SUB_STATUS_OMITTED", f"subStatus is one of {', '.join(labels)}")
        return None
    if wish.sub_status not in labels:
        raise RefusalError(*choices.VALUE_NOT_UNDERSTOOD, "this status has no such subStatus")
    return wish.sub_status


def sub_statuses(state: State, status: str) -> tuple[str, ...]:
    """The steps within ``status``. All jobs follow the company's first hiring process: no call tells which they do."""
    return state.world.company.processes[0].sub_statuses.get(status, ())


def change_source(state: State, call: Call) -> Answer:
    application = find_application(state, call)
    source = source_place(state, body_of(call, SourceDetails))
    applications.change_source(state, state.administrator, application, source)
    return Answer(status=204)


def remove(state: State, call: Call) -> Answer:
    applications.remove(state, find_application(state, call))
    return Answer(status=204)


def remove_by_id(state: State, call: Call) -> Answer:
    applications.remove(state, find_job_application(state, call.arguments[0]))
    return Answer(status=204)
