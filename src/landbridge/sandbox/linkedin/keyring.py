"""The keys of a whole batch, read and written in a few passes in C, where they are all of one form.

A client writes all keys of a batch alike: the same fields in the same order. The first one shows the form; where every
other has it too, this module reads them all. Whatever is unlike makes it give up (None), and :mod:`restli` reads them
one by one, which is slower, knows every form and tells what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from landbridge.sandbox.linkedin.restli import Key, KeyShape, KeyWriter, keys_in_query, parse_key

_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]+")
_decoded: Final = lru_cache(4096)(unquote)
_quoted: Final = lru_cache(4096)(lambda value: quote(value, safe=""))
#: By the identity of the shape (held by the form, so nobody else gets it), the protocol and the order of the fields.
_FORMS: Final[dict[tuple[int, int, tuple[str, ...]], Form]] = {}
_WRITERS: Final[dict[tuple[int, int], KeyringWriter]] = {}


class Form(NamedTuple):
    """How all keys of a batch are written: patterns for the query and for a line per key, and where which field is."""

    shape: KeyShape
    in_query: re.Pattern[str]
    in_line: re.Pattern[str]
    pieces: int
    columns: tuple[int, ...]


def read_query(query: str, shape: KeyShape, protocol: int) -> list[Key]:
    """The keys named by ``ids``, in order, duplicates included."""
    found = _uniform_query(query, shape, protocol) if shape.fields else None
    return keys_in_query(query, shape, protocol) if found is None else found


def read_keys(texts: Sequence[str], shape: KeyShape, protocol: int) -> list[Key]:
    """The keys of ``entities``."""
    found = _uniform_lines(texts, shape, protocol) if shape.fields and texts else None
    return [parse_key(text, shape, protocol) for text in texts] if found is None else found


def writer_of(shape: KeyShape, protocol: int) -> KeyringWriter:
    writer = _WRITERS.get((id(shape), protocol))
    if writer is None:
        writer = _WRITERS[id(shape), protocol] = KeyringWriter(shape, protocol)
    return writer


class KeyringWriter:
    """Writes keys for answers: as :class:`KeyWriter` does, column by column."""

    def __init__(self, shape: KeyShape, protocol: int) -> None:
        self.shape = shape
        self._one = KeyWriter(shape, protocol)

    def write(self, keys: Sequence[Key]) -> list[str]:
        if not self.shape.fields:
            return [key[0] for key in keys]
        if not keys:
            return []
        columns = map(_escaped, zip(*keys, strict=True))
        return [*map(self._one.fill, *columns)]


def _escaped(column: Sequence[str]) -> Sequence[str]:
    """The values of one field, escaped; mostly none has to be, or all are the same organization."""
    if _UNRESERVED.fullmatch("".join(column)):
        return column
    first = column[0]
    if column.count(first) == len(column):
        return [_quoted(first)] * len(column)
    return [value if _UNRESERVED.fullmatch(value) else quote(value, safe="") for value in column]


def _uniform_query(query: str, shape: KeyShape, protocol: int) -> list[Key] | None:
    if protocol == 2:
        return _uniform_list(query, shape)
    if "%5" in query:
        query = query.replace("%5B", "[").replace("%5D", "]")
    form = _form(shape, 1, tuple(piece.partition("=")[0] for piece in query.partition("&ids[1].")[0].split("&")))
    if form is None:
        return None
    found = form.in_query.findall(query)
    if len(found) * form.pieces != query.count("&") + 1:
        return None
    indices, *columns = zip(*found, strict=True)
    return _rows(form, columns) if len(set(indices)) == len(indices) else None


def _uniform_list(query: str, shape: KeyShape) -> list[Key] | None:
    if not (query.startswith("ids=List((") and query.endswith("))")) or "&" in query or "$" in query:
        return None
    inner = query[9:-1]
    first = inner[1 : inner.index(")")]
    form = _form(shape, 2, tuple(piece.partition(":")[0] for piece in first.split(",")))
    if form is None:
        return None
    found = form.in_query.findall(inner)
    count = len(found)
    if inner.count("(") != count or inner.count(")") != count or inner.count(",") != count * form.pieces - 1:
        return None
    return _rows(form, list(zip(*found, strict=True))) if found else None


def _uniform_lines(texts: Sequence[str], shape: KeyShape, protocol: int) -> list[Key] | None:
    between, within = (",", ":") if protocol == 2 else ("&", "=")
    first = texts[0][1:-1] if protocol == 2 else texts[0]
    form = _form(shape, protocol, tuple(piece.partition(within)[0] for piece in first.split(between)))
    if form is None:
        return None
    lines = "\n".join(texts)
    found = form.in_line.findall(lines)
    if len(found) != len(texts) or lines.count("\n") != len(texts) - 1:
        return None
    return _rows(form, list(zip(*found, strict=True)))


def _rows(form: Form, columns: Sequence[Sequence[str]]) -> list[Key]:
    read = [_read(columns[place]) for place in form.columns]
    return list(zip(*read, strict=True))


def _read(column: Sequence[str]) -> Sequence[str]:
    first = column[0]
    if column.count(first) == len(column):
        # One organization for all: the same text object for all saves memory as well.
        return [_decoded(first)] * len(column)
    return [_decoded(value) for value in column] if "%" in "".join(column) else column


def _form(shape: KeyShape, protocol: int, names: tuple[str, ...]) -> Form | None:
    """The form of a first key with its fields in this order; None where they are not those of the shape."""
    bare = tuple(name.rpartition(".")[2] for name in names)
    if len(bare) != len(shape.fields) + len(shape.constants):
        return None
    key = (id(shape), protocol, bare)
    if key not in _FORMS:
        if set(bare) != {*shape.fields, *shape.constants}:
            return None
        _FORMS[key] = _new_form(shape, protocol, bare)
    return _FORMS[key]


def _new_form(shape: KeyShape, protocol: int, names: tuple[str, ...]) -> Form:
    value = r"([^,:()&=\n]+)" if protocol == 2 else r"([^&=\n]+)"
    within, between = (":", ",") if protocol == 2 else ("=", "&")
    parts = [f"{name}{within}{re.escape(shape.constants.get(name, '')) or value}" for name in names]
    order = [name for name in names if name in shape.fields]
    columns = tuple(order.index(name) for name in shape.fields)
    whole = between.join(parts)
    if protocol == 2:
        pattern = rf"\({whole}\)"
        return Form(shape, re.compile(rf"(?<![^,]){pattern}(?![^,])"), _lines(pattern), len(names), columns)
    first, *rest = parts
    joined = "".join(rf"&ids\[\1\]\.{part}" for part in rest)
    in_query = rf"(?<![^&])ids\[([^\]&=]*)\]\.{first}{joined}(?![^&])"
    return Form(shape, re.compile(in_query), _lines(whole), len(names), columns)


def _lines(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"^{pattern}$", re.MULTILINE)
