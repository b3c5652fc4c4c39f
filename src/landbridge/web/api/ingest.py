"""The door for an ATS of one's own: jobs, candidates, applications, stages, notes, users and deletions, pushed.

Each call carries up to 1,000 records. Every record is judged on its own: those that cannot be taken are named in the
answer with their place, their neighbours are kept. What is acknowledged is stored; pushing it again changes nothing.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest
from ninja import Router, Schema

from landbridge.connectors.rest_ats.wire import (
    Deletion,
    Pushed,
    PushedApplication,
    PushedCandidate,
    PushedJob,
    PushedNotes,
    PushedStages,
    PushedUser,
)
from landbridge.http.decoding import mend_json
from landbridge.jobs.pushing import MOST, push
from landbridge.store.tokens import Scope
from landbridge.web.api.access import caller_of, needs
from landbridge.web.api.problems import ProblemError, ProblemOut
from landbridge.web.rooms import clock_of

LONGEST_BODY = 16 * 1024 * 1024
ROUTER = Router(tags=["Pushing records"])


class RefusedOut(Schema):
    """A record that was not taken: its place in the call from 0, its id where it has one, and what to do."""

    place: int
    id: str
    code: str
    field: str
    hint: str


class TakenOut(Schema):
    """``changed`` of the ``taken`` records were new or said something new."""

    taken: int
    changed: int
    refused: list[RefusedOut]


PATHS: dict[str, type[Pushed]] = {
    "jobs": PushedJob,
    "candidates": PushedCandidate,
    "applications": PushedApplication,
    "stages": PushedStages,
    "notes": PushedNotes,
    "users": PushedUser,
    "deletions": Deletion,
}
SCHEMA_PREFIX = "#/components/schemas/{name}"
_, COMPONENTS = msgspec.json.schema_components(list(PATHS.values()), ref_template=SCHEMA_PREFIX)


async def _take(request: HttpRequest, kind: type[Pushed]) -> dict[str, Any]:
    caller = caller_of(request)
    rows = _rows(request)
    taken = await push(caller.room.database, clock_of(caller.room), caller.workspace_id, rows, kind)
    return {"taken": taken.taken, "changed": taken.changed, "refused": msgspec.to_builtins(taken.faults)}


def _rows(request: HttpRequest) -> list[Any]:
    if int(request.headers.get("content-length") or 0) > LONGEST_BODY:
        hint = f"A call holds at most {MOST} records and 16 MiB. Divide it."
        raise ProblemError(413, "The call is too large.", code="too_many_records", hint=hint)
    try:
        document = mend_json(request.body)
    except (ValueError, RecursionError):
        document = None
    rows = document.get("records") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        hint = 'The body is JSON of the form {"records": [...]}.'
        raise ProblemError(422, "The call holds no list of records.", code="request_wrong", hint=hint)
    if len(rows) > MOST:
        hint = f"A call holds at most {MOST} records. Divide it."
        raise ProblemError(422, f"The call holds {len(rows)} records.", code="too_many_records", hint=hint)
    return rows


def _declare(name: str, kind: type[Pushed]) -> None:
    async def operation(request: HttpRequest) -> dict[str, Any]:
        return await _take(request, kind)

    operation.__name__ = f"push_{name}"
    operation.__doc__ = kind.__doc__
    records = {"type": "array", "maxItems": MOST, "items": {"$ref": SCHEMA_PREFIX.format(name=kind.__name__)}}
    body = {"type": "object", "required": ["records"], "properties": {"records": records}}
    ROUTER.post(
        f"/ingest/{name}",
        auth=needs(Scope.INGEST),
        response={200: TakenOut, (400, 401, 403, 409, 413, 422, 429, 503): ProblemOut},
        summary=f"Push {name}",
        openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}},
    )(operation)


for _name, _kind in PATHS.items():
    _declare(_name, _kind)
