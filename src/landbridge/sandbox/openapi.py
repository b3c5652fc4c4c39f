"""OpenAPI documents of imitated APIs: what both far sides' descriptions share.

A system lists its :class:`Described` operations and serves :func:`document` of them under ``/_sandbox/openapi.json``
(:func:`document_route`). Schemas of bodies are derived from the very types that check them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from landbridge.sandbox.kernel import PREFIX
from landbridge.sandbox.kernel.control import answer

VERSION: Final = "3.1.0"
REF: Final = "#/components/schemas/{name}"


class Described(Struct, frozen=True, kw_only=True):
    """One operation. ``path`` has its parameters in braces.

    parameters  OpenAPI parameter objects (see :func:`parameter`)
    body        OpenAPI ``content`` of the request by media type; None: there is none
    answers     status -> JSON schema of the body; None: an answer without one
    """

    path: str
    method: str
    name: str
    summary: str
    parameters: Sequence[Mapping[str, Any]] = ()
    body: Mapping[str, Any] | None = None
    answers: Mapping[int, Mapping[str, Any] | None]
    open: bool = False


def parameter(
    name: str, place: str, schema: Mapping[str, Any], *, required: bool = False, example: object = None
) -> dict[str, Any]:
    """``place`` is query, header or path."""
    shown: dict[str, Any] = {"name": name, "in": place, "schema": dict(schema), "required": required or place == "path"}
    if example is not None:
        shown["example"] = example
    return shown


def content(schema: Mapping[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    return {media_type: {"schema": dict(schema)}}


def schemas_of(types: Iterable[Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """A reference per type, and the schemas they refer to."""
    references, components = msgspec.json.schema_components(types, ref_template=REF)
    return list(references), dict(components)


def document(
    title: str, described: Iterable[Described], *, schemas: Mapping[str, Any], security: Mapping[str, Any]
) -> dict[str, Any]:
    """The whole document; ``security`` names one scheme every operation takes that is not ``open``."""
    paths: dict[str, dict[str, Any]] = {}
    for one in described:
        paths.setdefault(one.path, {})[one.method.lower()] = _shown(one, [{name: []} for name in security])
    return {
        "openapi": VERSION,
        "info": {
            "title": title,
            "version": "sandbox",
            "description": "What this sandbox imitates, from its own tables.",
        },
        "paths": paths,
        "components": {"schemas": dict(schemas), "securitySchemes": dict(security)},
    }


def _shown(one: Described, security: list[dict[str, Any]]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [dict(parameter) for parameter in one.parameters],
        "responses": {
            str(status): {"description": f"status {status}", **({} if schema is None else {"content": content(schema)})}
            for status, schema in one.answers.items()
        },
        "security": [] if one.open else security,
    }
    if one.body is not None:
        shown["requestBody"] = {"content": dict(one.body), "required": True}
    return shown


def document_route(make: Callable[[], dict[str, Any]]) -> Route:
    async def show(_: Request) -> Response:
        return answer(make())

    return Route(f"{PREFIX}/openapi.json", show, methods=["GET"])
