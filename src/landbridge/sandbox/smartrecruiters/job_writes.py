"""Jobs and ads are edited, published and closed; ``PATCH`` is a JSON Patch over the fields that can be edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
import orjson
from msgspec import UNSET, UnsetType

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.ads import find_ad
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, ok
from landbridge.sandbox.smartrecruiters.changes import jobs
from landbridge.sandbox.smartrecruiters.jobs import JOB_STATUSES, find_job, job_details, location
from landbridge.sandbox.smartrecruiters.payload import body_of
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.job import Ad, Job

PATCH_TYPE: Final = b"application/json-patch+json"
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
RefNumber = Annotated[str, msgspec.Meta(max_length=63)]


class StatusWish(msgspec.Struct):
    status: str


class Note(msgspec.Struct):
    content: Annotated[str, msgspec.Meta(max_length=20_000)]


class Operation(msgspec.Struct):
    """One operation of a JSON Patch (RFC 6902); ``move`` and ``copy`` have no use here."""

    op: Literal["add", "replace", "remove", "test"]
    path: str
    value: Any = UNSET


class Editable(msgspec.Struct, rename="camel"):
    """What of a job a patch may touch, in the form of the API."""

    title: Title | None = None
    ref_number: RefNumber | None = None
    department: dict[str, Any] | None = None
    experience_level: dict[str, Any] | None = None
    location: dict[str, Any] | None = None
    template: bool | UnsetType = UNSET


def change_status(state: State, call: Call) -> Answer:
    job, wish = find_job(state, call.arguments[0]), body_of(call, StatusWish)
    if wish.status not in JOB_STATUSES - {"OTHER"}:
        raise RefusalError(*choices.VALUE_NOT_UNDERSTOOD, "this status cannot be set")
    jobs.set_status(state, job, wish.status)
    return Answer(status=choices.STATUS_OF_EMPTY_ANSWERS)


def publish(state: State, call: Call) -> Answer:
    job = find_job(state, call.arguments[0])
    jobs.publish(state, job, _default_ad(job))
    return Answer(status=204)


def unpublish(state: State, call: Call) -> Answer:
    job = find_job(state, call.arguments[0])
    jobs.unpublish(state, job, job.ads)
    return Answer(status=204)


def _default_ad(job: Job) -> Ad:
    ad = job.default_ad
    if ad is None:
        raise RefusalError(404, "JOBAD_NOT_FOUND", "this job has no ad")
    return ad


def publish_ad(state: State, call: Call) -> Answer:
    job = find_job(state, call.arguments[0])
    jobs.publish(state, job, find_ad(job, call.arguments[1]))
    return Answer(status=202, body=orjson.dumps({"postingStatus": "PENDING"}))


def unpublish_ad(state: State, call: Call) -> Answer:
    job = find_job(state, call.arguments[0])
    jobs.unpublish(state, job, [find_ad(job, call.arguments[1])])
    return Answer(status=202, body=orjson.dumps({"unpostingStatus": "PENDING"}))


def read_note(state: State, call: Call) -> Answer:
    job = find_job(state, call.arguments[0])
    call.records = 1
    return ok({"content": state.records.job_notes.get(job.id, "")})


def write_note(state: State, call: Call) -> Answer:
    """No event stands for it."""
    job, note = find_job(state, call.arguments[0]), body_of(call, Note)
    state.records.job_notes[job.id] = note.content
    state.changed()
    return ok({"content": note.content})


def list_positions(state: State, call: Call) -> Answer:
    """No job of the sandbox has positions."""
    find_job(state, call.arguments[0])
    return ok({"totalFound": 0, "content": []})


def patch(state: State, call: Call) -> Answer:
    job = find_job(state, call.arguments[0])
    if call.headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != PATCH_TYPE:
        raise RefusalError(415, "UNSUPPORTED_MEDIA_TYPE", f"the body is {PATCH_TYPE.decode()}")
    before = _editable(state, job)
    after = before
    for operation in body_of(call, list[Operation]):
        after = _apply(operation, after)
    if after != before:
        jobs.edit(state, job, _attributes(state, job, before, after))
    call.records = 1
    return ok(job_details(state, job, call.base_url))


def _editable(state: State, job: Job) -> dict[str, Any]:
    department = state.world.company.departments[job.department] if job.department is not None else None
    return {
        "title": job.title,
        "refNumber": job.ref_number,
        "department": {"id": department.id} if department else None,
        "experienceLevel": {"id": job.experience_level},
        "location": location(job, full=True),
        "template": job.template,
    }


def _apply(operation: Operation, document: dict[str, Any]) -> dict[str, Any]:
    """``document`` after one operation on a field, or on a field within a field."""
    name, _, inner = operation.path.removeprefix("/").partition("/")
    whole = document.get(name) if not inner else (document.get(name) or {})
    holder = {**document} if not inner else {**whole} if isinstance(whole, dict) else None
    key = inner or name
    if not operation.path.startswith("/") or name not in document or holder is None or "/" in inner:
        raise _wrong(f"{operation.path[:80]} cannot be edited")
    if operation.op == "remove":
        holder[key] = None
    elif operation.value is UNSET:
        raise _wrong(f"{operation.op} needs a value")
    elif operation.op == "test":
        if holder.get(key) != operation.value:
            raise _wrong("a test of the patch failed")
    else:
        holder[key] = operation.value
    return holder if not inner else {**document, name: holder}


def _wrong(message: str) -> RefusalError:
    return RefusalError(*choices.BODY_NOT_UNDERSTOOD, message)


def _attributes(state: State, job: Job, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What of the job's own attributes differs, for the fields the patch has changed."""
    try:
        wish = msgspec.convert(after, Editable)
    except msgspec.ValidationError as problem:
        raise _wrong(str(problem)) from None
    if wish.title is None and job.title is not None:
        raise _wrong("a job has a title")
    translated: dict[str, dict[str, Any]] = {
        "title": {"title": wish.title},
        "refNumber": {"ref_number": wish.ref_number},
        "department": {"department": _department(state, wish.department)},
        "experienceLevel": {"experience_level": (wish.experience_level or {}).get("id")},
        "location": {"place_parts": wish.location},
        "template": {"template": bool(wish.template)},
    }
    changed = [parts for name, parts in translated.items() if before[name] != after[name]]
    return {name: value for parts in changed for name, value in parts.items()}


def _department(state: State, wish: dict[str, Any] | None) -> int | None:
    if wish is None or wish.get("id") is None:
        return None
    for place, department in enumerate(state.world.company.departments):
        if department.id == wish["id"]:
            return place
    raise _wrong("there is no such department")
