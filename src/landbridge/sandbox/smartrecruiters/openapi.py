"""The imitated SmartRecruiters as an OpenAPI document, generated from the table of routes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from landbridge.sandbox.openapi import Described, content, document, parameter, schemas_of
from landbridge.sandbox.smartrecruiters.application_writes import StatusChange
from landbridge.sandbox.smartrecruiters.attachments import KINDS
from landbridge.sandbox.smartrecruiters.audit import AUTHORS, ENTITIES
from landbridge.sandbox.smartrecruiters.candidate_writes import (
    CandidateEdit,
    ConsentRequests,
    NewCandidate,
    SourceDetails,
)
from landbridge.sandbox.smartrecruiters.candidates import APPLICATION_STATUSES, CONSENTS
from landbridge.sandbox.smartrecruiters.choices import AUDIT_RANGE, CONSENT_REQUESTS_STATUS
from landbridge.sandbox.smartrecruiters.job_writes import PATCH_TYPE, Note, Operation, StatusWish
from landbridge.sandbox.smartrecruiters.jobs import JOB_STATUSES, POSTING_STATUSES
from landbridge.sandbox.smartrecruiters.messages import Share
from landbridge.sandbox.smartrecruiters.properties import Batch, Value
from landbridge.sandbox.smartrecruiters.reviews import NewReview, ReviewEdit
from landbridge.sandbox.smartrecruiters.routes import ROUTES, Route
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.smartrecruiters.users import UserIds
from landbridge.sandbox.smartrecruiters.webhooks.subscriptions import NewSubscription

TEXT: Final = {"type": "string"}
INSTANT: Final = {"type": "string", "format": "date-time"}
ERROR: Final = {"$ref": "#/components/schemas/Error"}
REFUSALS: Final = (400, 401, 403, 404, 405, 409, 415, 422, 424, 429)

BODIES: Final[Mapping[str, Any]] = {
    "jobs.patch": list[Operation],
    "jobs.change_status": StatusWish,
    "jobs.write_note": Note,
    "candidates.create": NewCandidate,
    "candidates.add_to_job": NewCandidate,
    "candidates.ask_consent": ConsentRequests,
    "candidates.patch": CandidateEdit,
    "candidates.write_property": Value,
    "applications.change_status": StatusChange,
    "applications.change_source": SourceDetails,
    "applications.write_properties": Batch,
    "applications.write_property": Value,
    "messages.share": Share,
    "reviews.create": NewReview,
    "reviews.patch": ReviewEdit,
    "webhooks.create": NewSubscription,
    "access_groups.add": UserIds,
}
#: Status of success where it is not 200 for a GET, PATCH or note and 204 for any other call.
SUCCESS: Final[Mapping[str, int]] = {
    "oauth.token": 200,
    "jobs.write_note": 200,
    "candidates.create": 201,
    "candidates.add_to_job": 201,
    "candidates.ask_consent": CONSENT_REQUESTS_STATUS,
    "attachments.create": 201,
    "messages.share": 201,
    "reviews.create": 201,
    "webhooks.create": 201,
    "webhooks.make_key": 201,
    "reports.run": 201,
    "jobads.publish": 202,
    "jobads.unpublish": 202,
}


def _enum(values: frozenset[str] | tuple[str, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": sorted(set(values))}


def _many(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(schema)}


def _limit(most: int = 100) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": most}


PLACE: Final = {"type": "integer", "minimum": 0}
PAGED: Final = {"limit": _limit(), "pageId": TEXT}
#: Operation -> its query parameters.
QUERIES: Final[Mapping[str, Mapping[str, Mapping[str, Any]]]] = {
    "jobs.list": {
        **PAGED, "q": TEXT, "sort": _enum(("default", "job_id")), "city": _many(TEXT), "department": _many(TEXT),
        "updatedAfter": INSTANT, "lastActivityAfter": INSTANT, "language": TEXT, "statuses": _many(_enum(JOB_STATUSES)),
        "postingStatus": _enum(POSTING_STATUSES), "hiringTeamMemberId": _many(TEXT),
    },
    "jobs.publication": {"activeOnly": _enum(("true", "false"))},
    "jobads.postings": {"activeOnly": _enum(("true", "false"))},
    "candidates.list": {
        **PAGED, "q": TEXT, "jobId": _many(TEXT), "status": _many(_enum(APPLICATION_STATUSES)), "subStatus": TEXT,
        "updatedAfter": INSTANT, "tag": _many(TEXT), "location": _many(TEXT), "consentStatus": _many(_enum(CONSENTS)),
        "propertyId": _many(TEXT), "propertyValueId": _many(TEXT), "sourceType": _many(TEXT),
        "sourceSubType": _many(TEXT), "sourceValueId": _many(TEXT),
    },
    "users.list": {**PAGED, "q": {"type": "string", "minLength": 3}, "updatedAfter": INSTANT},
    "messages.list": {**PAGED, "candidateId": TEXT, "jobId": TEXT},
    "reviews.list": {"candidateId": TEXT, "jobId": TEXT},
    "reviews.delete": {"reviewerId": TEXT},
    "audit.list": {
        "limit": _limit(), "nextPageId": TEXT, "eventName": _many(TEXT), "authorType": _many(_enum(AUTHORS)),
        "authorId": TEXT, "entityType": _many(_enum(ENTITIES)), "entityId": TEXT,
        **dict.fromkeys(AUDIT_RANGE, INSTANT),
    },
    "webhooks.list": {"limit": _limit(), "page_id": TEXT},
    "webhooks.log": {
        "limit": _limit(), "page_id": TEXT, "callbackStatus": _enum(("successful", "failed")), "after": INSTANT,
        "before": INSTANT,
    },
    "reports.list": {"limit": _limit(1000), "page": TEXT},
    "configuration.source_values": {"limit": _limit(), "offset": PLACE, "sourceSubType": TEXT},
    "postings.list": {
        "limit": _limit(), "offset": PLACE, "q": TEXT, "country": TEXT, "city": TEXT,
        "language": TEXT, "destination": _enum(("PUBLIC", "INTERNAL", "INTERNAL_OR_PUBLIC")),
    },
}  # fmt: skip
#: What a segment in braces is, by the segment before it.
NAMES: Final = {
    "jobs": "jobId", "jobads": "jobAdId", "candidates": "candidateId", "job-applications": "jobApplicationId",
    "attachments": "attachmentId", "properties": "propertyId", "candidate-properties": "propertyId",
    "shares": "messageId", "reviews": "reviewId", "subscriptions": "subscriptionId", "users": "userId",
    "access-groups": "accessGroupId", "departments": "departmentId", "hiring-processes": "processId",
    "sources": "source", "values": "sourceValueId", "reports": "reportId", "companies": "companyIdentifier",
    "postings": "postingId",
}  # fmt: skip


def smartrecruiters_document(state: State) -> dict[str, Any]:
    """Ids of the present world stand as examples, so that whoever makes calls from the document meets something."""
    types = list(dict.fromkeys(kind for kind in BODIES.values() if kind != list[Operation]))
    references, schemas = schemas_of([*types, Operation])
    known = dict(zip([*types, Operation], references, strict=True))
    examples = _examples(state)
    described = [_described(route, known, examples) for route in ROUTES]
    security = {
        "key": {"type": "apiKey", "in": "header", "name": "X-SmartToken"},
        "token": {"type": "http", "scheme": "bearer"},
    }
    error = {"type": "object", "properties": {"code": TEXT, "message": TEXT}, "required": ["code"]}
    refused = {"type": "object", "properties": {"message": TEXT, "errors": _many(error)}, "required": ["errors"]}
    return document("SmartRecruiters, imitated", described, schemas={**schemas, "Error": refused}, security=security)


def _examples(state: State) -> dict[str, str]:
    world = state.world
    found = {
        "companyIdentifier": world.company.identifier,
        "userId": world.users[0].id,
        "departmentId": world.company.departments[0].id,
        "processId": world.company.processes[0].id,
        "source": world.company.sources[0].type,
        "sourceValueId": world.company.sources[0].id,
        "accessGroupId": next(iter(state.access_groups)),
    }
    application = next(iter(world.applications.values()), None)
    if application is not None:
        found |= {
            "candidateId": application.candidate_id,
            "jobId": application.job_id,
            "jobApplicationId": application.id,
        }
        job = world.jobs.get(application.job_id)
        if job is not None and job.ads:
            found["jobAdId"] = job.ads[0].id
    return found


def _described(route: Route, known: Mapping[Any, dict[str, Any]], examples: Mapping[str, str]) -> Described:
    path, names = _named(route.path)
    parameters = [parameter(name, "path", TEXT, example=examples.get(name)) for name in names]
    parameters += [parameter(name, "query", schema) for name, schema in QUERIES.get(route.operation, {}).items()]
    status = SUCCESS.get(route.operation, 200 if route.method in {"GET", "PATCH"} else 204)
    answer: dict[str, Any] | None = None if status == 204 else {}
    refusals: dict[int, Any] = dict.fromkeys(REFUSALS, ERROR)
    if route.operation == "oauth.token":
        refusals |= {status: {"type": "object"} for status in (400, 401)}
    return Described(
        path=path,
        method=route.method,
        name=route.operation,
        summary=f"needs {' or '.join(route.scopes)}" if route.scopes else "for everybody",
        parameters=parameters,
        body=_body(route, known),
        answers={status: answer, **refusals},
        open=not route.scopes,
    )


def _named(path: str) -> tuple[str, list[str]]:
    """The path with names in its braces, and the names; one that comes up twice gets a number."""
    names: list[str] = []
    parts = path.split("/")
    for place, part in enumerate(parts):
        if part == "{}":
            name = NAMES[parts[place - 1]]
            names.append(name if name not in names else f"{name}{len(names) + 1}")
            parts[place] = f"{{{names[-1]}}}"
    return "/".join(parts), names


def _body(route: Route, known: Mapping[Any, dict[str, Any]]) -> dict[str, Any] | None:
    kind = BODIES.get(route.operation)
    if kind == list[Operation]:
        return content(_many(known[Operation]), PATCH_TYPE.decode())
    if kind is not None:
        return content(known[kind])
    if route.operation == "oauth.token":
        fields = {"grant_type": _enum(("client_credentials",)), "client_id": TEXT, "client_secret": TEXT, "scope": TEXT}
        return content({"type": "object", "properties": fields}, "application/x-www-form-urlencoded")
    if route.operation == "attachments.create":
        file = {"type": "string", "format": "binary"}
        form = {"attachmentType": _enum(KINDS), "file": file}
        return content({"type": "object", "properties": form, "required": [*form]}, "multipart/form-data")
    return None
