"""Showing the form of an answer and none of its values, so that a surprise can be told without telling on anybody."""

from __future__ import annotations

import json
import re
from typing import Any

_FIELD_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.-]{0,39}")
_CODE = re.compile(r"[A-Za-z0-9_.:/+=-]{1,100}")
_LONGEST = 400
_DEEPEST = 6
_WIDEST = 20


def shape_of(content: bytes) -> str:
    """The form of a body: field names, types and lengths, shortened."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return f"{len(content)} bytes that are no JSON"
    return _shape(document, _DEEPEST)[:_LONGEST]


def plain_code(value: object) -> str:
    """A code or request id from outside as it may be written down; "" where it is none and so might be anything."""
    text = str(value) if isinstance(value, str | int) else ""
    return text if _CODE.fullmatch(text) else ""


def _shape(value: Any, depth: int) -> str:
    if isinstance(value, dict):
        return _shape_of_object(value, depth)
    if isinstance(value, list):
        inner = _shape(value[0], depth - 1) if value and depth else "…" if value else ""
        return f"[{inner}]x{len(value)}"
    if isinstance(value, str):
        return f"str({len(value)})"
    return "null" if value is None else type(value).__name__


def _shape_of_object(value: dict[str, Any], depth: int) -> str:
    if not depth:
        return "{…}"
    fields = (f"{_field(name)}:{_shape(inner, depth - 1)}" for name, inner in list(value.items())[:_WIDEST])
    return "{" + ",".join(fields) + ("…}" if len(value) > _WIDEST else "}")


def _field(name: str) -> str:
    # A name that does not look like a field may be a key made of an id or an address.
    return name if _FIELD_NAME.fullmatch(name) else f"<key({len(name)})>"
