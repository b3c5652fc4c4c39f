"""``simpleJobPostings``: jobs are posted in batches; each accepted one becomes a task whose outcome comes later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from landbridge.sandbox.kernel import DAY_MS, Answer, Writes, json_answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.batches import open_books, refuse
from landbridge.sandbox.linkedin.books import Book
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.postings import is_open_at
from landbridge.sandbox.linkedin.refusals import InvalidError, RefusalError
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.rules.jobs import COMPANY, ORGANIZATION, check_job
from landbridge.sandbox.linkedin.state import DeveloperApplication

#: How far off the outcome of a stuck task is.
STUCK_MS: Final = 36_500 * DAY_MS


def batch_create(call: Call) -> Answer:
    """One answer element per job, in the order of the request: 202 with a task id, or an error."""
    call.state.tasks.settle(call.at)
    books = open_books(call, _companies(call))
    seen: set[str] = set()
    elements: list[dict[str, Any]] = []
    for index, job in enumerate(call.elements):
        try:
            if call.half_fail is not None and call.half_fail.hits(index, _job_id(job)):
                raise RefusalError(call.half_fail.status, call.half_fail.message)
            elements.append(_post(call, books, job, seen))
        except RefusalError as refusal:
            elements.append(_refused(call, job, refusal))
    ids = [_job_id(job) for job in call.elements]
    call.writes = Writes("jobs", ids, [None] * len(ids), [element["status"] for element in elements])
    return json_answer(200, {"elements": elements})


def _companies(call: Call) -> set[str]:
    named = [_company(call, job) for job in call.elements if isinstance(job, dict)]
    return {company for company in named if isinstance(company, str) and ORGANIZATION.fullmatch(company)}


def _company(call: Call, job: Mapping[str, Any]) -> object:
    """A company given by name or page only counts as the organization of this application."""
    company = job.get(COMPANY[call.generation])
    if company is None and (job.get("companyName") or job.get("companyPageUrl")):
        return call.state.network.organization
    return company


def _post(call: Call, books: Mapping[str, Book], job: object, seen: set[str]) -> dict[str, Any]:
    if not isinstance(job, dict):
        raise InvalidError(422, "a job is an object")
    check_job(job, call.generation, call.at)
    context = str(_company(call, job))
    book, job_id, operation = books[context], job["externalJobPostingId"], job["jobPostingOperationType"]
    if job_id in seen:
        raise InvalidError(422, "externalJobPostingId twice in one call")
    seen.add(job_id)
    posting = book.postings.get(job_id)
    if operation == "CLOSE" and (posting is None or not is_open_at(posting, call.at)):
        raise RefusalError(409, "the job is closed already or unknown")
    if posting is not None and operation != "CREATE":
        _audit_update(call, job_id, posting.fields, job)
    book.announced.add(job_id)
    delay = _task_delay(call, operation)
    task = call.state.tasks.post(call.application.client_id, context, book, job, call.at, delay)
    element: dict[str, Any] = {"id": task.urn, "status": 202}
    if call.generation == "rest":
        element["entity"] = {"externalJobPostingId": job_id}
    return element


def _task_delay(call: Call, operation: str) -> int:
    """Milliseconds until the task has its outcome; a scripted fault may let it come late or never."""
    fault = call.strike_task(f"task.{operation}")
    if fault is not None and fault.kind == "stuck":
        return STUCK_MS
    return round((call.limits.task_delay_seconds + (fault.seconds if fault else 0)) * 1000)


def _audit_update(call: Call, job_id: str, old: Mapping[str, Any], job: Mapping[str, Any]) -> None:
    omitted = [name for name in old if name not in job]
    if omitted:
        call.violate(audit.OMITTED, f"job {job_id}: {', '.join(omitted)}")


def _refused(call: Call, job: object, refusal: RefusalError) -> dict[str, Any]:
    job_id = _job_id(job)
    if call.generation == "rest":
        refusal.details = {"externalJobPostingId": job_id}
    return {"status": refusal.status, "error": refuse(call, job_id, refusal)}


def _job_id(job: object) -> str:
    return str(job.get("externalJobPostingId", "")) if isinstance(job, dict) else ""


def dumped(application: DeveloperApplication, context: str, book: Book, at: int) -> Iterator[Mapping[str, Any]]:
    """All jobs of one book for the control room."""
    for job_id, posting in sorted(book.postings.items()):
        yield {
            **posting.fields,
            "clientId": application.client_id,
            "externalJobPostingId": job_id,
            "integrationContext": context,
            "state": "OPEN" if is_open_at(posting, at) else "CLOSED",
            "jobPosting": f"urn:li:jobPosting:{posting.number}",
            "expiresAt": posting.expires_at,
        }


V2: Final = Resource(name="jobs", generation="v2", path="simpleJobPostings", methods={"batch_create": batch_create})
REST: Final = Resource(
    name="jobs", generation="rest", path="simpleJobPostings", methods={"batch_create": batch_create}, since=202501
)
