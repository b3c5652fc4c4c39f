"""What became of posted jobs: ``simpleJobPostingTasks`` and ``jobPostingStatus``."""

from __future__ import annotations

from typing import Any, Final

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.batches import read_all
from landbridge.sandbox.linkedin.books import Posting
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import (
    FAILED_POSTING_CODE,
    FAILED_POSTING_TYPE,
    PRIVATE_JOBS_ANSWER,
    TASK_HOURS,
)
from landbridge.sandbox.linkedin.postings import TASK_URN, Task, is_open_at
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import Key, KeyShape, bad_key

SIMPLE: Final = KeyShape()
PRIVATE: Final = "PRIVATE_TO_ATS_INTEGRATION"


def read_tasks(call: Call) -> Answer:
    """Tasks of this application by URN; gone after their documented life."""
    if any(not key[0].startswith(TASK_URN) for key in call.keys):
        raise bad_key("not a task URN")
    call.state.tasks.settle(call.at)

    def read(key: Key) -> dict[str, Any] | None:
        task = call.state.tasks.by_urn.get(key[0])
        if task is None or task.client_id != call.application.client_id:
            return None
        if call.at - task.posted_at > TASK_HOURS * 3_600_000:
            return None
        if call.at - task.posted_at < call.limits.task_read_after_seconds * 1000:
            call.violate(audit.TASK_TOO_EARLY, f"after {(call.at - task.posted_at) // 1000} s")
        return shown_task(task)

    return read_all(call, SIMPLE, read)


def shown_task(task: Task) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": task.urn, "status": task.status, "externalJobPostingId": task.job_id}
    if task.posting is not None:
        shown["jobPosting"] = f"urn:li:jobPosting:{task.posting}"
        shown["location"] = task.job["location"]
    if task.error:
        shown["errorMessage"] = task.error
    return shown


def read_status(call: Call) -> Answer:
    """The live state of jobs by the id the ATS gave them."""
    call.state.tasks.settle(call.at)
    books = call.application.books.values()

    def read(key: Key) -> dict[str, Any] | None:
        posting = next((book.postings[key[0]] for book in books if key[0] in book.postings), None)
        task = call.state.tasks.latest.get((call.application.client_id, key[0]))
        fields = task.job if posting is None and task is not None else posting.fields if posting is not None else None
        if fields is None or (fields.get("availability") == PRIVATE and not PRIVATE_JOBS_ANSWER):
            return None
        return {
            "externalJobPostingId": key[0],
            "promotionStatus": "NOT_PROMOTED",
            "rawLocation": fields["location"],
            **(_coming(task) if posting is None and task is not None else {}),
            **({} if posting is None else _shown_status(posting, call.at)),
        }

    return read_all(call, SIMPLE, read)


def _coming(task: Task) -> dict[str, Any]:
    """A job that is not there: its first task still runs, or has failed."""
    if task.error is None:
        return {"listingStatus": "IN_PROGRESS", "linkedInApplyStatus": "IN_PROGRESS"}
    detail = {"errorCode": FAILED_POSTING_CODE, "errorType": FAILED_POSTING_TYPE, "statusMessage": task.error}
    return {"listingStatus": "NOT_LISTED", "linkedInApplyStatus": "NOT_ENABLED", "listingStatusDetail": detail}


def _shown_status(posting: Posting, at: int) -> dict[str, Any]:
    private = posting.fields.get("availability") == PRIVATE
    info: dict[str, Any] = {
        "listedAt": posting.fields["listedAt"],
        "expireAt": posting.expires_at,
        "location": posting.fields["location"],
        "visibilityTag": "PRIVATE" if private else "PUBLIC",
    }
    company = posting.fields.get("integrationContext") or posting.fields.get("company")
    if company:
        info["companyDetails"] = {"company": company}
    if posting.fields.get("alternateLocations"):
        info["alternateLocations"] = posting.fields["alternateLocations"]
    return {
        "listingStatus": "LISTED" if is_open_at(posting, at) else "NOT_LISTED",
        "linkedInApplyStatus": "NOT_ENABLED",
        "jobPostingUrl": f"https://www.linkedin.com/jobs/view/{posting.number}",
        "jobPostingInfo": info,
    }


RESOURCES: Final = tuple(
    Resource(name=name, generation=generation, path=path, methods={"batch_get": handler}, since=202501)
    for generation in ("v2", "rest")
    for name, path, handler in (
        ("tasks", "simpleJobPostingTasks", read_tasks),
        ("job_status", "jobPostingStatus", read_status),
    )
)
