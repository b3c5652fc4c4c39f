"""The imitated LinkedIn as an OpenAPI document, generated from the table of resources.

Keys are described in protocol 2.0, which OpenAPI can say; 1.0 (``ids[0].field=...``) works as well and is what most
samples of LinkedIn show. Tunnelling is left out: it is another way to send the same calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from landbridge.sandbox.linkedin.oauth import INTROSPECTION, PATH, REQUIRED
from landbridge.sandbox.linkedin.resources.acls import ASSIGNEES, ENTITIES
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import KeyShape
from landbridge.sandbox.linkedin.routing import RESOURCES
from landbridge.sandbox.linkedin.rules.applications import Application
from landbridge.sandbox.linkedin.rules.attachments import Attachment, MediaWanted
from landbridge.sandbox.linkedin.rules.candidates import RestCandidate, V2Candidate
from landbridge.sandbox.linkedin.rules.feedback import Feedback
from landbridge.sandbox.linkedin.rules.notes import RestNote, V2Note
from landbridge.sandbox.linkedin.rules.provisioning import ApplicationChanges, NewApplication
from landbridge.sandbox.linkedin.rules.stages import Stage
from landbridge.sandbox.linkedin.singles import single_methods
from landbridge.sandbox.openapi import Described, content, document, parameter, schemas_of

TEXT: Final = {"type": "string"}
OBJECT: Final = {"type": "object"}
ERROR: Final = {"$ref": "#/components/schemas/Error"}
MAPS: Final = {"$ref": "#/components/schemas/Maps"}
PAGE: Final = {"$ref": "#/components/schemas/Page"}
REFUSALS: Final = (400, 401, 402, 403, 404, 405, 409, 410, 411, 413, 414, 422, 426, 429)
ORGANIZATION: Final = "urn:li:organization:1337"

#: Resource and generation -> the type that checks one entity.
ENTITIES_OF: Final[Mapping[tuple[str, str], Any]] = {
    ("candidates", "v2"): V2Candidate,
    ("candidates", "rest"): RestCandidate,
    ("applications", "v2"): Application,
    ("applications", "rest"): Application,
    ("stages", "v2"): Stage,
    ("stages", "rest"): Stage,
    ("candidate_notes", "v2"): V2Note,
    ("candidate_notes", "rest"): RestNote,
    ("application_notes", "v2"): V2Note,
    ("application_notes", "rest"): RestNote,
    ("interview_feedback", "v2"): Feedback,
    ("interview_feedback", "rest"): Feedback,
    ("attachments", "rest"): Attachment,
    ("media", "v2"): MediaWanted,
    ("provisioning", "v2"): NewApplication,
}
#: Resource -> the fields of ``$set``.
PATCHES: Final[Mapping[str, Mapping[str, Any]]] = {
    "candidates": {"manualMatchedMember": {"type": ["string", "null"]}},
    "integrations": {"integrationName": TEXT},
    "provisioning": {"validJsSdkDomains": {"type": "array", "items": TEXT}},
}
CONFIGURATION: Final = {
    "type": "object",
    "properties": {"configurationValue": {"type": "object", "properties": {"string": TEXT}, "required": ["string"]}},
    "required": ["configurationValue"],
}
#: Resource -> what its finder is asked with.
FINDERS: Final[Mapping[str, Mapping[str, str]]] = {
    "provisioning": {"q": "credentialsByUniqueForeignId", "uniqueForeignId": "sandbox-tenant"},
    "integrations": {"q": "request", "requestId": "req-000001"},
    "exported_candidates": {"q": "request", "requestId": "req-000001"},
    "evaluations": {"q": "request", "requestId": "req-000001"},
    "seats": {"q": "attributes", "contracts": "urn:li:contract:7770200", "start": "0"},
    "retired_seats": {"q": "attributes"},
    "conversation_events": {"q": "criteria", "viewer": "urn:li:seat:1"},
    "mail_stubs": {"q": "contract", "contract": "urn:li:contract:7770200"},
    "prospect_notes": {"q": "criteria", "contract": "urn:li:contract:7770200"},
    "closed_profiles": {"q": "criteria", "integrationContext": ORGANIZATION},
    ENTITIES.name: {"q": "criteria", "integrationContext": ORGANIZATION},
    ASSIGNEES.name: {"q": "criteria", "integrationContext": ORGANIZATION},
}
#: HTTP method -> the Rest.li methods it carries, on a collection and behind a key.
COLLECTION: Final = {
    "GET": ("batch_get", "finder", "get"),
    "POST": ("batch_create", "batch_partial_update", "create", "action"),
    "PUT": ("batch_update",),
    "DELETE": ("batch_delete",),
}
SINGLE: Final = {"GET": ("get",), "POST": ("partial_update",), "PUT": ("update",), "DELETE": ("delete",)}


@lru_cache(1)
def linkedin_document() -> dict[str, Any]:
    types = list(dict.fromkeys([*ENTITIES_OF.values(), ApplicationChanges]))
    references, schemas = schemas_of(types)
    known = dict(zip(types, references, strict=True))
    described = [*_sign_in(), *(one for resource in RESOURCES for one in _operations(resource, known))]
    security = {"token": {"type": "http", "scheme": "bearer"}}
    return document("LinkedIn, imitated", described, schemas={**schemas, **_common()}, security=security)


def _common() -> dict[str, Any]:
    status = {"type": "integer", "minimum": 200, "maximum": 599}
    body = {"status": status, "message": TEXT, "serviceErrorCode": {"type": "integer"}}
    by_key = {"type": "object", "additionalProperties": OBJECT}
    return {
        "Error": {"type": "object", "properties": body, "required": ["status", "message"]},
        "Maps": {
            "type": "object",
            "properties": {"results": by_key, "statuses": OBJECT, "errors": by_key},
            "required": ["results", "statuses", "errors"],
        },
        "Page": {
            "type": "object",
            "properties": {"elements": {"type": "array", "items": OBJECT}, "paging": OBJECT},
            "required": ["elements", "paging"],
        },
        "SignInError": {"type": "object", "properties": {"error": TEXT, "error_description": TEXT}},
    }


def _sign_in() -> Iterator[Described]:
    refused = {status: {"$ref": "#/components/schemas/SignInError"} for status in (400, 401, 405)}
    refused[411] = refused[414] = ERROR
    fields = {name: TEXT for names in REQUIRED.values() for name in names}
    grant_types = {"type": "string", "enum": [*REQUIRED]}
    for path, name, form in (
        (PATH, "accessToken", {**fields, "grant_type": grant_types}),
        (INTROSPECTION, "introspectToken", {"client_id": TEXT, "client_secret": TEXT, "token": TEXT}),
    ):
        schema = {"type": "object", "properties": form}
        yield Described(
            path=path,
            method="POST",
            name=name,
            summary=name,
            body=content(schema, "application/x-www-form-urlencoded"),
            answers={200: OBJECT, **refused},
            open=True,
        )


def _operations(resource: Resource, known: Mapping[Any, dict[str, Any]]) -> Iterator[Described]:
    parent, _, child = resource.path.partition("/")
    base = f"/{resource.generation}/{parent}" + (f"/{{parentKey}}/{child}" if child else "")
    for path, table, there in (
        (
            base,
            COLLECTION,
            frozenset(resource.methods) - ({"partial_update"} if resource.name == "provisioning" else set()),
        ),
        (f"{base}/{{key}}", SINGLE, single_methods(resource)),
    ):
        for http, methods in table.items():
            served = [method for method in methods if method in there]
            if served:
                yield _operation(resource, path, http, served, known)


def _operation(
    resource: Resource, path: str, http: str, served: list[str], known: Mapping[Any, dict[str, Any]]
) -> Described:
    bodies = [schema for method in served if (schema := _body(resource, method, known)) is not None]
    # Keys that cannot be parsed are a 400 of the whole call; a status of one element stands in the maps.
    answers = {200: _answer(served), **({201: OBJECT, 204: None} if _writes_one(served) else {})}
    return Described(
        path=path,
        method=http,
        name=f"{resource.generation}_{resource.name}_{'_or_'.join(served)}",
        summary=f"{resource.path}: {', '.join(served)}",
        parameters=list(_parameters(resource, path, served)),
        body=content(bodies[0] if len(bodies) == 1 else {"anyOf": bodies}) if bodies else None,
        answers={**answers, **dict.fromkeys(REFUSALS, ERROR)},
    )


def _writes_one(served: list[str]) -> bool:
    return bool({"create", "update", "partial_update", "delete"} & set(served))


def _answer(served: list[str]) -> Mapping[str, Any]:
    if served == ["finder"]:
        return PAGE
    return MAPS if all(method.startswith("batch_") and method != "batch_create" for method in served) else OBJECT


def _parameters(resource: Resource, path: str, served: list[str]) -> Iterator[dict[str, Any]]:
    yield parameter("X-RestLi-Protocol-Version", "header", {"const": "2.0.0"}, required=True)
    if resource.generation == "rest":
        yield parameter("LinkedIn-Version", "header", {"type": "string", "enum": ["202603"]}, required=True)
    if "{parentKey}" in path:
        yield parameter("parentKey", "path", TEXT, example=_key_example(_parent_shape(resource)))
    if path.endswith("{key}"):
        yield parameter("key", "path", TEXT, example=_key_example(resource.shape))
        return
    named = [method for method in served if method.startswith("batch_") or method == "action"]
    if named and "get" not in served and "create" not in served and served[0] != "batch_get":
        yield parameter("X-RestLi-Method", "header", {"type": "string", "enum": named}, required=True)
    if any(method.startswith("batch_") and method != "batch_create" for method in served):
        yield parameter("ids", "query", TEXT, example=f"List({_key_example(resource.shape)})")
    if "finder" in served:
        for name, example in FINDERS.get(resource.name, {"q": "criteria"}).items():
            yield parameter(name, "query", TEXT, example=example)
    if "action" in served:
        actions = {"type": "string", "enum": ["rollDeveloperApplicationSecret"]}
        yield parameter("action", "query", actions, required=True)


def _parent_shape(resource: Resource) -> KeyShape:
    parent = resource.path.partition("/")[0]
    return next(one.shape for one in RESOURCES if one.generation == resource.generation and one.path == parent)


def _key_example(shape: KeyShape) -> str:
    if not shape.fields:
        return "N1"
    values = {name: ORGANIZATION if name == "integrationContext" else "C1" for name in shape.fields} | dict(
        shape.constants
    )
    return "(" + ",".join(f"{name}:{quote(value, safe='')}" for name, value in sorted(values.items())) + ")"


def _body(resource: Resource, method: str, known: Mapping[Any, dict[str, Any]]) -> dict[str, Any] | None:
    """The JSON schema of what the method is sent; None where it is sent nothing."""
    kind = ENTITIES_OF.get((resource.name, resource.generation))
    entity = CONFIGURATION if resource.name == "configurations" else OBJECT if kind is None else known[kind]
    if method in ("batch_update", "batch_partial_update"):
        value = entity if method == "batch_update" else _patch(resource)
        entities = {"type": "object", "additionalProperties": value}
        return {"type": "object", "properties": {"entities": entities}, "required": ["entities"]}
    if method == "batch_create":
        elements = {"type": "array", "items": OBJECT}
        return {"type": "object", "properties": {"elements": elements}, "required": ["elements"]}
    if method == "partial_update":
        return _patch(resource)
    return {"create": entity, "update": entity, "action": OBJECT}.get(method)


def _patch(resource: Resource) -> dict[str, Any]:
    changes = {"type": "object", "properties": dict(PATCHES.get(resource.name, {}))}
    inner = {"type": "object", "properties": {"$set": changes}, "required": ["$set"]}
    return {"type": "object", "properties": {"patch": inner}, "required": ["patch"]}
