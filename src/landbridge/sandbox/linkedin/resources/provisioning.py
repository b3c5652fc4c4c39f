"""``provisionedApplications``: the partner's parent application makes and maintains one child per customer."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

import msgspec

from landbridge.sandbox.kernel import Answer, json_answer
from landbridge.sandbox.linkedin.batches import patch_of
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import PROVISIONED_STATUS
from landbridge.sandbox.linkedin.refusals import InvalidError, RefusalError
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import parameter
from landbridge.sandbox.linkedin.rules.provisioning import (
    ApplicationChanges,
    NewApplication,
    check_callbacks,
    check_domains,
    check_name,
)
from landbridge.sandbox.linkedin.state import DeveloperApplication


def create(call: Call) -> Answer:
    """A new child application. Its secret is told here and never again."""
    try:
        wanted = msgspec.json.decode(call.body, type=NewApplication)
    except msgspec.ValidationError as problem:
        raise InvalidError(422, str(problem)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusalError(400, "the body is not JSON") from None
    check_name(wanted.name)
    check_domains(wanted.sdk_domains)
    check_callbacks(wanted.callback_urls)
    if call.state.by_foreign_id(wanted.unique_foreign_id):
        raise RefusalError(409, "an application with this uniqueForeignId exists")
    child = call.state.add_application(wanted.unique_foreign_id)
    child.name, child.description = wanted.name, wanted.description
    child.callback_urls, child.sdk_domains = wanted.callback_urls, wanted.sdk_domains
    credentials = {"client_id": child.client_id, "client_secret": child.client_secret}
    entity_id = (b"x-restli-id", quote(child.urn, safe="").encode())
    return json_answer(PROVISIONED_STATUS, {"key": child.urn, "credentials": credentials}, [entity_id])


def partial_update(call: Call) -> Answer:
    child = _child_by_urn(call)
    try:
        patch, deletions = patch_of(msgspec.Raw(call.body))
        changes = msgspec.convert(patch, ApplicationChanges)
    except msgspec.ValidationError as problem:
        raise InvalidError(422, str(problem)) from None
    if deletions:
        raise RefusalError(400, "$delete is not supported")
    if changes.callback_urls is not None:
        check_callbacks(changes.callback_urls)
        child.callback_urls = changes.callback_urls
    if changes.sdk_domains is not None:
        check_domains(changes.sdk_domains)
        child.sdk_domains = changes.sdk_domains
    return Answer(204)


def _child_by_urn(call: Call) -> DeveloperApplication:
    child = call.state.child_by_urn(call.keys[0][0])
    if child is None:
        raise RefusalError(404, "no such developer application")
    return child


def finder(call: Call) -> Answer:
    if parameter(call.query, "q") != "credentialsByUniqueForeignId":
        raise RefusalError(400, "the only finder is q=credentialsByUniqueForeignId")
    foreign_id = parameter(call.query, "uniqueForeignId")
    if not foreign_id:
        raise RefusalError(400, "uniqueForeignId is missing")
    child = call.state.by_foreign_id(foreign_id)
    elements = [] if child is None else [_shown(child)]
    return json_answer(200, {"elements": elements, "paging": {"start": 0, "count": 10, "total": len(elements)}})


def _shown(child: DeveloperApplication) -> dict[str, Any]:
    return {
        "key": child.urn,
        "credentials": {"client_id": child.client_id},
        "uniqueForeignId": child.foreign_id,
        "name": child.name,
        "description": child.description,
        "validJsSdkDomains": child.sdk_domains,
        "oauth2AuthorizedCallbackUrls": child.callback_urls,
    }


V2: Final = Resource(
    name="provisioning",
    generation="v2",
    path="provisionedApplications",
    methods={"create": create, "partial_update": partial_update, "finder": finder},
    parent=True,
)
