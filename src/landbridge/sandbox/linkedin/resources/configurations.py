"""Settings of one integration: a child path in v2, ``integrationConfigurations`` in rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.linkedin.batches import delete_all, json_of, read_all, write_all
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import REST_CONFIGURATION_KEY
from landbridge.sandbox.linkedin.refusals import InvalidError, RefusalError
from landbridge.sandbox.linkedin.resources.integrations import FIELDS, find_integration
from landbridge.sandbox.linkedin.resources.integrations import SHAPES as INTEGRATION_SHAPES
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import Key, KeyShape, parse_path_key
from landbridge.sandbox.linkedin.rules.configurations import CALLBACK_URL, check_setting
from landbridge.sandbox.linkedin.state import Integration

SHAPES: Final = {"v2": KeyShape(), "rest": KeyShape((REST_CONFIGURATION_KEY, *FIELDS))}


def batch_update(call: Call) -> Answer:
    find = _finder(call)

    def write(key: Key, raw: msgspec.Raw) -> tuple[int, int | None]:
        integration, setting, value = find(key), key[0], _value_of(raw)
        check_setting(setting, integration.type, value)
        if setting == CALLBACK_URL:
            _check_unique(call, value)
        status = 204 if setting in integration.configurations else 201
        integration.configurations[setting] = value
        return status, None

    return write_all(call, SHAPES[call.generation], "configurations", write)


def _value_of(raw: msgspec.Raw) -> str:
    """The value sits under the name of its type; every known one is a string."""
    body = json_of(raw)
    holder = body.get("configurationValue") if isinstance(body, dict) else None
    value = holder.get("string") if isinstance(holder, dict) else None
    if not isinstance(value, str) or not value:
        raise InvalidError(422, 'a configuration is {"configurationValue": {"string": "..."}}')
    return value


def _check_unique(call: Call, url: str) -> None:
    for other in call.state.applications.values():
        taken = any(integration.configurations.get(CALLBACK_URL) == url for integration in other.integrations.values())
        if taken and other is not call.application:
            raise InvalidError(422, "CALLBACK_URL must be unique per customer")


def batch_get(call: Call) -> Answer:
    find = _finder(call)

    def read(key: Key) -> dict[str, Any] | None:
        value = find(key).configurations.get(key[0])
        return None if value is None else {"configurationValue": {"string": value}}

    return read_all(call, SHAPES[call.generation], read)


def batch_delete(call: Call) -> Answer:
    find = _finder(call)

    def delete(key: Key) -> int | None:
        if find(key).configurations.pop(key[0], None) is None:
            raise RefusalError(404, "Not found")
        return None

    return delete_all(call, SHAPES[call.generation], "configurations", delete)


def _finder(call: Call) -> Callable[[Key], Integration]:
    if call.generation == "rest":
        return lambda key: find_integration(call.application, key[1:])
    path_key = parse_path_key(call.parents[0], INTEGRATION_SHAPES["v2"], call.protocol)
    integration = find_integration(call.application, path_key)
    return lambda _: integration


V2: Final = Resource(
    name="configurations",
    generation="v2",
    path="atsIntegrations/configurations",
    shape=SHAPES["v2"],
    methods={"batch_update": batch_update, "batch_get": batch_get, "batch_delete": batch_delete},
)
REST: Final = Resource(
    name="configurations",
    generation="rest",
    path="integrationConfigurations",
    shape=SHAPES["rest"],
    methods={"batch_update": batch_update, "batch_get": batch_get},
    since=202602,
)
