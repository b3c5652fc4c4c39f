"""The single forms of the batch methods, for one entity named by the key at the end of the path."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

import orjson

from landbridge.sandbox.kernel import Answer, json_answer
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import SINGLE_FORMS_EXIST
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import KeyWriter

#: Single method -> the batch method that does the same to many.
BATCH_OF: Final = {
    "get": "batch_get",
    "update": "batch_update",
    "partial_update": "batch_partial_update",
    "delete": "batch_delete",
}


def single_methods(resource: Resource) -> frozenset[str]:
    """What the resource does to one entity by its key, its own methods and those its batch methods imply."""
    implied = {single for single, batch in BATCH_OF.items() if SINGLE_FORMS_EXIST and batch in resource.methods}
    own = resource.methods.keys() & {"partial_update"}
    return frozenset(implied | own)


def takes_key(resource: Resource) -> bool:
    return bool(single_methods(resource))


def serves(resource: Resource, method: str, *, with_key: bool) -> bool:
    """Whether the method exists there: single ones need the key, all others must not have one."""
    return method in single_methods(resource) if with_key else method in resource.methods


def handle(call: Call, resource: Resource) -> Answer:
    """Serve the call with the resource's own handler, or as a batch of one."""
    own = resource.methods.get(call.method)
    if own is not None:
        return own(call)
    batch = resource.methods[BATCH_OF[call.method]]
    if call.method in ("update", "partial_update"):
        call.body = _entities_of_one(call, resource)
    maps = orjson.loads(batch(call).body)
    return _only_answer(maps, with_entity=call.method == "get")


def _entities_of_one(call: Call, resource: Resource) -> bytes:
    """The body as a batch would carry it; raises a 400 :class:`RefusalError` for what is no JSON."""
    key = call.keys[0]
    name = KeyWriter(resource.shape, call.protocol).write(key) if resource.shape.fields else quote(key[0], safe="")
    try:
        orjson.loads(call.body)
    except orjson.JSONDecodeError:
        raise RefusalError(400, "the body is not JSON") from None
    return orjson.dumps({"entities": {name: orjson.Fragment(call.body)}})


def _only_answer(maps: dict[str, dict[str, dict[str, object]]], *, with_entity: bool) -> Answer:
    for problem in maps["errors"].values():
        return json_answer(int(str(problem["status"])), problem)
    [result] = maps["results"].values()
    return json_answer(200, result) if with_entity else Answer(int(str(result["status"])))
