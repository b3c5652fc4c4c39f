"""The jobs lane: asynchronous postings, one operation at a time per job.

Jobs stay on v2 ``simpleJobPostings`` in both dialects, because the versioned form lacks what Recruiter System
Connect needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from landbridge.connectors.linkedin import posting_state as posting
from landbridge.connectors.linkedin import restli, rules
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.dialects import Resource
from landbridge.connectors.linkedin.fingerprint import Fingerprint
from landbridge.connectors.linkedin.posting_state import Operation, PostingState, Shown, Task, Timing, Wish
from landbridge.connectors.linkedin.postings import (
    PRIVATE,
    Availability,
    availability_of,
    translate_closing,
    translate_job,
)
from landbridge.connectors.linkedin.refusals import refused, unknown_resource
from landbridge.connectors.linkedin.tasks import Verdict, read_tasks
from landbridge.connectors.linkedin.wire import JobPostingWire
from landbridge.errors import CannotTranslateError, MissingError
from landbridge.http import Call
from landbridge.ports.destination import Entity, Held, Outcome, Outgoing
from landbridge.records import Job, Kind

DECODER = msgspec.json.Decoder(Job)
ENCODER = msgspec.json.Encoder()

# Stands where an operation would while LinkedIn has not judged the last one. It is never sent.
WAIT = "WAIT"


class _Element(Struct):
    """LinkedIn's answer for one job: the task it became, or why not."""

    id: str | None = None
    status: int | None = None
    error: restli.ErrorBody | None = None


class _Elements(Struct):
    elements: list[_Element] = []


class _Plan(Struct, frozen=True, kw_only=True):
    """What to do with one job: no operation means LinkedIn has it as it should be."""

    operation: Operation | None
    wire: JobPostingWire
    content: str


class JobWriter:
    kind = Kind.JOB
    resource = "jobs"

    def __init__(
        self,
        client: LinkedInClient,
        dialect: Resource,
        tasks: Resource,
        organization: str,
        *,
        availability: Availability = "PRIVATE",
        restricted: bool = False,
        timing: Timing | None = None,
    ) -> None:
        self.dialect = dialect
        self.limits = dialect.limits
        self._client = client
        self._tasks = tasks
        self._organization = organization
        self._choice = availability
        self._restricted = restricted
        self._timing = timing or Timing()
        self._fingerprint = Fingerprint(dialect.path, organization)

    def render(self, row: Outgoing, now: datetime) -> Entity | Held | None:
        state = PostingState.read(row.far)
        if state.task is not None:
            return self._wait(row, state, state.task)
        try:
            plan = self._plan(row, state, now)
        except CannotTranslateError as why:
            return Held(reason=why.code, detail=str(why))
        if isinstance(plan, Held):
            return plan
        if plan is None or plan.operation is None:
            return None
        return self._entity(row, state, plan)

    def batches(self, entities: Sequence[Entity]) -> Iterator[Sequence[Entity]]:
        """Operations travel together: LinkedIn tells them apart by a field."""
        waiting = [entity for entity in entities if entity.operation == WAIT]
        sending = [entity for entity in entities if entity.operation != WAIT]
        for lot in (sending, waiting):
            for start in range(0, len(lot), self.limits.records_per_call):
                yield lot[start : start + self.limits.records_per_call]

    async def write(self, batch: Sequence[Entity], now: datetime) -> Sequence[Outcome]:
        if batch[0].operation == WAIT:
            return [_pending(entity.record_id, PostingState.read(entity.far), now) for entity in batch]
        call = Call(
            method="POST",
            path=self.dialect.path,
            route=self.dialect.path,
            headers={**self.dialect.headers, "x-restli-method": "batch_create"},
            content=restli.join_elements([entity.body for entity in batch]),
            content_type="application/json",
            records=len(batch),
            allowance=self.resource,
        )
        try:
            answer = await self._client.send(call)
        except MissingError as unknown:
            raise unknown_resource(unknown) from unknown
        elements = answer.decode(_Elements).elements
        if len(elements) != len(batch):
            # Elements are told apart by place alone, so with one missing none can be trusted. What was taken all the
            # same shows itself at the next CREATE.
            return [Outcome(record_id=e.record_id, status="retry", detail="answers are missing") for e in batch]
        # LinkedIn counts its five minutes from when it took the batch, which a slow call puts well after ``now``.
        taken_at = max(now, self._client.clock.now())
        return [self._taken(entity, element, taken_at) for entity, element in zip(batch, elements, strict=True)]

    async def check(self, rows: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        outcomes = []
        for start in range(0, len(rows), self._tasks.limits.records_per_call):
            outcomes += await self._check_batch(rows[start : start + self._tasks.limits.records_per_call], now)
        return outcomes

    async def _check_batch(self, rows: Sequence[Outgoing], now: datetime) -> list[Outcome]:
        states = [PostingState.read(row.far) for row in rows]
        due = [state.task.urn for state in states if state.task and now.timestamp() >= state.task.look_at]
        verdicts = dict(zip(due, await read_tasks(self._client, self._tasks, due), strict=True))
        outcomes = []
        for row, state in zip(rows, states, strict=True):
            if state.task is None:
                outcomes.append(Outcome(record_id=row.record_id, status="retry", far=row.far))
            elif state.task.urn not in verdicts:
                outcomes.append(_pending(row.record_id, state, now))
            else:
                outcomes.append(self._judged(row, state, state.task, verdicts[state.task.urn], now))
        return outcomes

    def _plan(self, row: Outgoing, state: PostingState, now: datetime) -> _Plan | Held | None:
        job = DECODER.decode(row.body)
        rules.id_of(job.id, "id")
        if not state.open and state.tried is None:
            if row.gone or (state.closed and job.status == "closed"):
                return None  # whatever its fields have become since
            if job.status == "draft":
                return Held(reason="job_not_published")
        stays_open = job.status == "open" and not row.gone
        wanted = availability_of(job, self._choice) if stays_open else None
        wire = self._wire(job, state, wanted, now)
        content = self._fingerprint.of(ENCODER.encode(wire)).hex()
        wish = Wish(availability=wanted, content=content, record=job.status == "closed" and not row.gone)
        return _Plan(operation=posting.next_operation(state, wish, now), wire=wire, content=content)

    def _wire(self, job: Job, state: PostingState, wanted: str | None, now: datetime) -> JobPostingWire:
        leaving = state.open and wanted != state.availability
        availability = state.availability if leaving else wanted or PRIVATE
        if leaving and state.shown is not None:
            wire = translate_closing(job, self._organization, availability, state.shown)
        else:
            wire = translate_job(job, self._organization, availability, now)
        return msgspec.structs.replace(wire, access_restricted=self._restricted)

    def _entity(self, row: Outgoing, state: PostingState, plan: _Plan) -> Entity:
        assert plan.operation is not None  # render has looked
        wire = msgspec.structs.replace(plan.wire, job_posting_operation_type=plan.operation)
        body = ENCODER.encode(wire)
        task = Task(
            urn="",
            operation=plan.operation,
            availability=wire.availability,
            content=plan.content,
            posted_at=0,
            look_at=0,
            shown=_shown(wire),
            answers=state.asked_at if plan.operation == "UPDATE" and state.is_wanted_again else None,
        )
        # The same operation may be right twice (a renewal each month): what it starts from tells the two apart.
        asked = f"{state.asked_at} " if state.is_wanted_again else ""
        start = f"{state.renew_at} {state.losses} {state.tried} {asked}".encode()
        return Entity(
            record_id=row.record_id,
            key=row.key,
            revision=row.revision,
            operation=plan.operation,
            body=body,
            fingerprint=self._fingerprint.of(start + body),
            far=posting.posted(state, task).note(),
        )

    def _wait(self, row: Outgoing, state: PostingState, task: Task) -> Entity:
        return Entity(
            record_id=row.record_id,
            key=row.key,
            revision=row.revision,
            operation=WAIT,
            body=b"",
            fingerprint=self._fingerprint.of(task.urn.encode()),
            far=state.note(),
        )

    def _taken(self, entity: Entity, element: _Element, now: datetime) -> Outcome:
        prepared = PostingState.read(entity.far)
        assert prepared.task is not None  # every entity that is sent carries its task
        before = msgspec.structs.replace(prepared, task=None)
        status = (element.error.status if element.error else None) or element.status or 0
        if element.error is not None or status >= 400:
            fault = (element.error or restli.ErrorBody()).fault(status)
            return _not_taken(entity, before, prepared.task, fault)
        if not element.id:
            return Outcome(record_id=entity.record_id, status="retry", detail="no task was named", far=before.note())
        task = posting.started(prepared.task, element.id, now, self._timing)
        return _pending(entity.record_id, posting.posted(before, task), now)

    def _judged(self, row: Outgoing, state: PostingState, task: Task, verdict: Verdict, now: datetime) -> Outcome:
        if verdict.state == "succeeded":
            return self._after(row, posting.succeeded(state, task, self._timing), now)
        if verdict.state == "elsewhere":
            return _given_up(row, state, "job_not_listed", verdict.detail)
        if verdict.state == "failed":
            onward = None if verdict.reason else posting.failed(state, task)
            return _onward(row, state, onward, verdict.reason or "job_task_failed", verdict.detail)
        if verdict.state == "open" and not posting.is_given_up(task, now, self._timing):
            later = posting.look_again(task, now, self._timing)
            return _pending(row.record_id, posting.posted(state, later), now)
        return _onward(row, state, posting.lost(state), "job_task_lost", "")

    def _after(self, row: Outgoing, state: PostingState, now: datetime) -> Outcome:
        """Acknowledged. A closed job that has just been created is closed next."""
        following = self.render(msgspec.structs.replace(row, far=state.note()), now)
        if isinstance(following, Entity):
            return Outcome(record_id=row.record_id, status="again", far=state.note())
        return Outcome(record_id=row.record_id, status="delivered", far=state.note())


def _not_taken(entity: Entity, before: PostingState, task: Task, fault: restli.Fault) -> Outcome:
    if task.operation == "CLOSE" and fault.status in {404, 409}:
        if before.tried == "CLOSE":
            # It is not there after all, so what failed before failed for the job's own sake.
            far = posting.settled(before).note()
            return Outcome(record_id=entity.record_id, status="refused", reason="job_task_failed", far=far)
        # Closed or unknown already, so what was wanted is so; whether more follows, the next render decides.
        return Outcome(record_id=entity.record_id, status="again", far=posting.closed(before).note())
    return refused(entity.record_id, fault, posting.settled(before).note())


def _shown(wire: JobPostingWire) -> Shown:
    return Shown(
        title=wire.title,
        location=wire.location,
        url=wire.company_apply_url,
        listed_at=wire.listed_at,
        workplace=wire.workplace_types[0],
    )


def _pending(record_id: int, state: PostingState, now: datetime) -> Outcome:
    check_at = posting.look_time(state.task) if state.task else now
    return Outcome(record_id=record_id, status="pending", far=state.note(), check_at=check_at)


def _onward(row: Outgoing, state: PostingState, onward: PostingState | None, reason: str, detail: str) -> Outcome:
    """Not done. Another operation may help; without one the job is refused."""
    if onward is None:
        return _given_up(row, state, reason, detail)
    return Outcome(record_id=row.record_id, status="retry", detail=detail, far=onward.note())


def _given_up(row: Outgoing, state: PostingState, reason: str, detail: str) -> Outcome:
    far = posting.settled(state).note()
    return Outcome(record_id=row.record_id, status="refused", reason=reason, detail=detail, far=far)
