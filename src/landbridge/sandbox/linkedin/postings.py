"""The life of jobs: tasks that take their time, and what their outcome does to a posting."""

from __future__ import annotations

import hashlib
import heapq
import uuid
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from landbridge.sandbox.kernel import DAY_MS
from landbridge.sandbox.linkedin.books import Book, Posting
from landbridge.sandbox.linkedin.choices import AVAILABILITY_CHANGE_FAILS, DEFAULT_LIFE_DAYS, RENEW_DAYS
from landbridge.sandbox.linkedin.rules.jobs import strip_tags, task_failure

#: What is still told of a job when its task has succeeded.
TOLD_AFTERWARDS: Final = ("externalJobPostingId", "jobPostingOperationType", "location")
TASK_URN: Final = "urn:li:simpleJobPostingTask:"


class Task(Struct, kw_only=True):
    """One posted operation on one job; ``status`` is IN_PROGRESS until ``due_at``."""

    urn: str
    client_id: str
    context: str
    book: Book
    job: dict[str, Any]
    posted_at: int
    due_at: int
    status: str = "IN_PROGRESS"
    error: str | None = None
    posting: int | None = None

    @property
    def job_id(self) -> str:
        return str(self.job["externalJobPostingId"])

    @property
    def operation(self) -> str:
        return str(self.job["jobPostingOperationType"])


class Tasks:
    """All tasks of the sandbox. Outcomes take effect in due order when :meth:`settle` passes their time."""

    def __init__(self) -> None:
        self.by_urn: dict[str, Task] = {}
        #: The last task of each job, by client id and the job's id.
        self.latest: dict[tuple[str, str], Task] = {}
        self._waiting: list[tuple[int, int, Task]] = []
        self._postings = 0

    def post(self, client_id: str, context: str, book: Book, job: dict[str, Any], at: int, delay_ms: int) -> Task:
        number = len(self.by_urn) + 1
        digest = hashlib.blake2b(f"{client_id}/{number}".encode(), digest_size=16).digest()
        task = Task(
            urn=f"{TASK_URN}{uuid.UUID(bytes=digest, version=4)}",
            client_id=client_id,
            context=context,
            book=book,
            job=job,
            posted_at=at,
            due_at=at + delay_ms,
        )
        self.by_urn[task.urn] = self.latest[client_id, task.job_id] = task
        heapq.heappush(self._waiting, (task.due_at, number, task))
        return task

    def next_due(self) -> int | None:
        """When (epoch ms) the next outcome takes effect."""
        return self._waiting[0][0] if self._waiting else None

    @property
    def settled(self) -> int:
        """How many outcomes have taken effect: jobs are as they were as long as this is."""
        return len(self.by_urn) - len(self._waiting)

    def settle(self, at: int) -> None:
        while self._waiting and self._waiting[0][0] <= at:
            task = heapq.heappop(self._waiting)[2]
            task.error = task_failure(task.job) or self._apply(task)
            task.status = "FAILED" if task.error else "SUCCEEDED"
            if task.error is None:
                # The posting has the rest; a hundred thousand tasks would hold it twice.
                task.job = {name: task.job[name] for name in TOLD_AFTERWARDS}

    def _apply(self, task: Task) -> str | None:
        """Do what the task says; gives the error message when that cannot be."""
        postings, at = task.book.postings, task.due_at
        posting = postings.get(task.job_id)
        is_open = posting is not None and is_open_at(posting, at)
        if task.operation == "CREATE":
            if is_open:
                return "DUPLICATE_JOB: a job with this externalJobPostingId is open"
            posting = self._create(task)
            postings[task.job_id] = posting
        elif posting is None or not is_open:
            return f"JOB_NOT_FOUND: {task.operation} of an unknown or closed job"
        else:
            if task.operation == "UPDATE" and AVAILABILITY_CHANGE_FAILS and _availability_differs(posting, task.job):
                return "AVAILABILITY_CHANGE: close the job and create it with the new availability"
            _change(posting, task.job, task.operation, at)
        task.posting = posting.number
        return None

    def _create(self, task: Task) -> Posting:
        self._postings += 1
        expires_at = task.job.get("expireAt") or task.due_at + DEFAULT_LIFE_DAYS * DAY_MS
        return Posting(
            number=3_900_000_000 + self._postings,
            fields=kept_fields(task.job),
            closed=False,
            expires_at=expires_at,
            changed_at=task.due_at,
        )


def is_open_at(posting: Posting, at: int) -> bool:
    return not posting.closed and posting.expires_at > at


def kept_fields(job: Mapping[str, Any]) -> dict[str, Any]:
    """A job as LinkedIn keeps it: no operation, no nulls, no tags that are not allowed."""
    kept = {name: value for name, value in job.items() if value is not None and name != "jobPostingOperationType"}
    kept["description"] = strip_tags(job["description"])
    return kept


def _availability_differs(posting: Posting, job: Mapping[str, Any]) -> bool:
    return bool(posting.fields.get("availability") != job.get("availability"))


def _change(posting: Posting, job: Mapping[str, Any], operation: str, at: int) -> None:
    posting.fields = kept_fields(job)
    posting.changed_at = at
    if job.get("expireAt"):
        posting.expires_at = job["expireAt"]
    if operation == "RENEW":
        posting.expires_at = max(posting.expires_at, at + RENEW_DAYS * DAY_MS)
    if operation == "CLOSE":
        posting.closed = True
