"""``atsIntegrations`` (v2) and ``integrations`` (rest): naming, status, what changed."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from landbridge.sandbox.kernel import Answer, json_answer
from landbridge.sandbox.linkedin.batches import patch_of, read_all, write_all
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import INTEGRATION_STATUS_FIELD
from landbridge.sandbox.linkedin.refusals import InvalidError, RefusalError
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import Key, KeyShape, parameter
from landbridge.sandbox.linkedin.state import DeveloperApplication, Integration

FIELDS: Final = ("integrationContext", "integrationType", "tenantType")
SHAPES: Final = {"v2": KeyShape(FIELDS, {"dataProvider": "ATS"}), "rest": KeyShape(FIELDS)}


def find_integration(application: DeveloperApplication, key: Key) -> Integration:
    """Raises a 404 :class:`RefusalError`."""
    integration = application.integrations.get((key[0], key[1], key[2]))
    if integration is None:
        raise RefusalError(404, "no such integration was requested")
    return integration


def batch_partial_update(call: Call) -> Answer:
    """Give integrations the name the Recruiter admin will see."""

    def write(key: Key, raw: msgspec.Raw) -> tuple[int, int | None]:
        integration = find_integration(call.application, key)
        changes, deletions = patch_of(raw)
        name = changes.get("integrationName")
        if changes.keys() != {"integrationName"} or deletions:
            raise InvalidError(422, "integrationName is what can be updated")
        if not isinstance(name, str) or not name.strip():
            raise InvalidError(422, "integrationName must be a non-empty string")
        integration.name = name
        return 204, None

    return write_all(call, SHAPES[call.generation], "integrations", write)


def batch_get(call: Call) -> Answer:
    def read(key: Key) -> dict[str, Any] | None:
        integration = call.application.integrations.get((key[0], key[1], key[2]))
        return None if integration is None else shown_integration(integration, call.generation)

    return read_all(call, SHAPES[call.generation], read)


def finder(call: Call) -> Answer:
    """``q=request``: the integrations a push told about."""
    if parameter(call.query, "q") != "request":
        raise RefusalError(400, "the only finder is q=request")
    request_id = parameter(call.query, "requestId")
    if not request_id:
        raise RefusalError(400, "requestId is missing")
    found = call.state.status_requests.get(request_id)
    elements = []
    if found and found.client_id == call.application.client_id and call.at < found.expires_at:
        elements.append(shown_integration(call.application.integrations[found.key], call.generation))
    return json_answer(200, {"elements": elements, "paging": {"start": 0, "count": 10, "total": len(elements)}})


def shown_integration(integration: Integration, generation: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "integrationContext": integration.context,
        "integrationType": integration.type,
        "tenantType": integration.tenant,
        **SHAPES[generation].constants,
        INTEGRATION_STATUS_FIELD: integration.status,
    }
    if integration.name:
        shown["integrationName"] = integration.name
    return shown


METHODS: Final = {"batch_partial_update": batch_partial_update, "batch_get": batch_get, "finder": finder}
V2: Final = Resource(name="integrations", generation="v2", path="atsIntegrations", shape=SHAPES["v2"], methods=METHODS)
REST: Final = Resource(
    name="integrations", generation="rest", path="integrations", shape=SHAPES["rest"], methods=METHODS, since=202602
)
