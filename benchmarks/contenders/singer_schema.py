"""The SCHEMA message of the Singer stream."""

from __future__ import annotations

from typing import Any

from benchmarks.people import COLUMNS, Shape, columns_of

STREAM = "people"
# No "format": the SDK would parse every instant in Python, and the rendering reads ISO 8601 as it is.
TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "jsonb": {"type": ["array", "null"]},
    "timestamptz": {"type": ["string", "null"]},
}


def schema(shape: Shape) -> dict[str, Any]:
    properties = {name: TYPES[COLUMNS[name].split(" ")[0]] for name in columns_of(shape)}
    return {
        "type": "SCHEMA",
        "stream": STREAM,
        "key_properties": ["id"],
        "schema": {"type": "object", "properties": properties},
    }
