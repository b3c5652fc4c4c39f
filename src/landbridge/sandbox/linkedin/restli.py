"""Rest.li keys in protocol 1.0 (``a=1&b=2``) and 2.0 (``(a:1,b:2)``): parsed into fields, written in our own order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

from msgspec import Struct

from landbridge.sandbox.linkedin.choices import ANSWER_FIELDS_REVERSED
from landbridge.sandbox.linkedin.refusals import RefusalError

Key = tuple[str, ...]

# A prefix newer samples show inside a 2.0 complex key; it carries nothing.
EMPTY_PARAMS: Final = "$params:()"

# A batch of 100 keys has 300 such pieces, so they are found by one pass in C.
_PIECE: Final = re.compile(r"(?:^|&)ids\[([^\]&=]*)\]\.([^&=]*)=([^&]*)")
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]+")
# The same few URNs come in every key: decoding and encoding them once is most of the cost saved.
_decoded: Final = lru_cache(4096)(unquote)


class KeyShape(Struct, frozen=True):
    """The fields of one resource's key; ``constants`` are required with exactly that value and are not kept.

    A parsed key is the tuple of the values of ``fields`` in that order. No fields at all: a simple key, one value.
    """

    fields: tuple[str, ...] = ()
    constants: Mapping[str, str] = {}

    def key_of(self, parts: dict[str, str]) -> Key:
        """Raises a 400 :class:`RefusalError` for missing, unknown or wrong fields."""
        try:
            key = tuple([parts[name] for name in self.fields])
            for name, value in self.constants.items():
                if parts[name] != value:
                    raise bad_key(f"{name} must be {value}")
        except KeyError as missing:
            raise bad_key(f"{missing.args[0]} is missing") from None
        if len(parts) != len(self.fields) + len(self.constants):
            raise bad_key("unknown field")
        if "" in key:
            raise bad_key("empty field")
        return key


def bad_key(why: str) -> RefusalError:
    return RefusalError(400, f"Invalid batch key: {why}", code="INVALID_KEY")


def parameters(query: str) -> Iterator[tuple[str, str]]:
    """The still-encoded values by decoded name."""
    for piece in query.split("&"):
        name, _, value = piece.partition("=")
        yield (unquote(name) if "%" in name else name), value


def parameter(query: str, wanted: str) -> str | None:
    """One decoded parameter, the first of that name."""
    for name, value in parameters(query):
        if name == wanted:
            return unquote(value)
    return None


def keys_in_query(query: str, shape: KeyShape, protocol: int) -> list[Key]:
    """The keys named by ``ids``, in order, duplicates included."""
    if protocol == 2:
        return _keys_in_list(query, shape)
    if not shape.fields:
        return [(unquote(value),) for name, value in parameters(query) if name == "ids" and value]
    if "%5" in query:
        query = query.replace("%5B", "[").replace("%5D", "]").replace("%5b", "[").replace("%5d", "]")
    groups: dict[str, dict[str, str]] = {}
    for index, field, value in _PIECE.findall(query):
        parts = groups.get(index)
        if parts is None:
            parts = groups[index] = {}
        parts[field] = _decoded(value) if "%" in value else value
    return [shape.key_of(parts) for parts in groups.values()]


def _keys_in_list(query: str, shape: KeyShape) -> list[Key]:
    raw = next((value for name, value in parameters(query) if name == "ids"), "")
    if not raw:
        return []
    if not (raw.startswith("List(") and raw.endswith(")")):
        # Some clients encode the whole value; then one level of escaping is theirs.
        raw = unquote(raw)
    if not (raw.startswith("List(") and raw.endswith(")")):
        raise bad_key("ids must be a List(...)")
    inner = raw[5:-1]
    if not inner:
        return []
    if not shape.fields:
        return [(unquote(value),) for value in inner.split(",")]
    if EMPTY_PARAMS in inner:
        inner = inner.replace(f"{EMPTY_PARAMS},", "").replace(f",{EMPTY_PARAMS}", "")
    if not (inner.startswith("(") and inner.endswith(")")):
        raise bad_key("each key must stand in parentheses")
    return [shape.key_of(_parts(one, ",", ":")) for one in inner[1:-1].split("),(")]


def parse_key(text: str, shape: KeyShape, protocol: int) -> Key:
    """One key as it stands in ``entities`` or in a path segment."""
    if not shape.fields:
        return (unquote(text),)
    if protocol == 2:
        if not (text.startswith("(") and text.endswith(")")):
            raise bad_key("the key must stand in parentheses")
        inner = text[1:-1]
        if EMPTY_PARAMS in inner:
            inner = inner.replace(f"{EMPTY_PARAMS},", "").replace(f",{EMPTY_PARAMS}", "")
        return shape.key_of(_parts(inner, ",", ":"))
    return shape.key_of(_parts(text, "&", "="))


def parse_path_key(segment: str, shape: KeyShape, protocol: int) -> Key:
    """One key as a raw path segment, whose own separators a client may have escaped."""
    opening = "(" if protocol == 2 else "="
    return parse_key(segment if opening in segment else unquote(segment), shape, protocol)


def _parts(text: str, between: str, within: str) -> dict[str, str]:
    parts = {}
    for piece in text.split(between):
        name, _, value = piece.partition(within)
        parts[name] = _decoded(value) if "%" in value else value
    return parts


@lru_cache(4096)
def _quoted(value: str) -> str:
    return quote(value, safe="")


class KeyWriter:
    """Writes the keys of one shape for answers, fast: all but the varying values is prepared once."""

    def __init__(self, shape: KeyShape, protocol: int) -> None:
        self._simple = not shape.fields
        names = sorted([*shape.fields, *shape.constants], reverse=ANSWER_FIELDS_REVERSED)
        between, within = (",", ":") if protocol == 2 else ("&", "=")
        slots = []
        for name in names:
            value = shape.constants[name] if name in shape.constants else f"{{{shape.fields.index(name)}}}"
            slots.append(f"{name}{within}{value}")
        text = between.join(slots)
        #: The text of a key from its escaped values.
        self.fill = (f"({text})" if protocol == 2 else text).format

    def write(self, key: Key) -> str:
        if self._simple:
            return key[0]
        return self.fill(*[value if _UNRESERVED.fullmatch(value) else _quoted(value) for value in key])
