"""The reference page of the JSON API, from its OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landbridge.settings import load
from landbridge.store.project import configure

INTRODUCTION = (
    "What the console offers, for programs, and the door through which",
    "[an ATS of your own](../how-to/connect-your-own-ats.md) pushes. A token (console, *API access*) belongs to one",
    "workspace; it goes into `Authorization: Bearer`. Landbridge serves the whole OpenAPI document at",
    "`/api/v1/openapi.json`. Whatever goes wrong is answered as `application/problem+json` (RFC 9457) with a `code`",
    "([all of them](errors.md)), a `hint` and, where it can be said, the `fields`. A token may make 600 calls a",
    "minute.",
)
PUSHED = (
    "PushedJob", "JobLocation", "PushedCandidate", "PushedApplication", "PushedStages", "Step", "PushedUser",
    "Deletion",
)  # fmt: skip
NUMBER_OF_ANYTHING = 2**63 - 1


def document() -> Mapping[str, Any]:
    """The document needs Django configured, and no database."""
    url = "postgresql://localhost/none"
    configure(load({"LANDBRIDGE_DATABASE_URL": url}), url, secret_key="-" * 60)
    from landbridge.web.api.document import document as served

    return served()


def api_page() -> Iterator[str]:
    told = document()
    yield "# The JSON API"
    yield ""
    yield from INTRODUCTION
    tag = ""
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            if operation["tags"][0] != tag:
                tag = operation["tags"][0]
                yield from ("", f"## {tag}")
            yield from _operation(method.upper(), path, operation)
    yield from ("", "## What is pushed")
    for name, schema in told["components"]["schemas"].items():
        if name in PUSHED:
            yield from _record(name, schema)


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", f"### `{method} {path}`", "", operation.get("description", operation["summary"]).replace("``", "`"))
    if "application/json" in (content := operation.get("requestBody", {}).get("content", {})):
        body = content["application/json"]["schema"]
        records = body.get("properties", {}).get("records", {}).get("items", body)
        if name := records.get("$ref", "").rpartition("/")[2]:
            yield from ("", f"Takes {'up to 1,000 records ' if 'properties' in body else ''}`{name}`.")
    if operation["parameters"]:
        yield from ("", "| parameter | form |", "|---|---|")
    for one in operation["parameters"]:
        needed = ", required" if one["required"] else ""
        yield f"| `{one['name']}` | {form_of(one['schema'])}{needed} |"


def _record(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", f"### `{name}`", "", schema.get("description", "A part of the above.").replace("``", "`"), "")
    yield from ("| field | form |", "|---|---|")
    for field, part in schema["properties"].items():
        needed = ", required" if field in schema.get("required", ()) else ""
        yield f"| `{field}` | {form_of(part)}{needed} |"


def form_of(schema: Mapping[str, Any]) -> str:
    """A schema in a few words."""
    if choices := schema.get("anyOf"):
        return " or ".join(form_of(one) for one in choices)
    if schema.get("allOf"):
        return form_of(schema["allOf"][0])
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {form_of(schema['items'])}"
    words = str(schema.get("format") or schema.get("type", "anything"))
    bounds = {"maxLength": "at most {} characters", "maximum": "at most {:,}"}
    limits = [
        text.format(schema[name])
        for name, text in bounds.items()
        if schema.get(name, NUMBER_OF_ANYTHING) != NUMBER_OF_ANYTHING
    ]
    return ", ".join([words, *limits])
