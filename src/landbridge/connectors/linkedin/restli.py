"""Rest.li's keys and batch answers, in protocol 1.0 (``a=1&b=2``) and 2.0 (``(a:1,b:2)``).

A key is a mapping from field name to value; a key without fields (a plain id) has the one field ``""``.
Source: LinkedIn's page on protocol versions; 1.0 says nothing about escaping, so it is percent-encoding there too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from urllib.parse import quote, unquote

import msgspec
from msgspec import Raw, Struct

from landbridge.http import Answer
from landbridge.http.decoding import decode_json

Key = Mapping[str, str]
SIMPLE = ""  # the field name of a key that has none


class Protocol(StrEnum):
    ONE = "1.0.0"
    TWO = "2.0.0"


# Values that need no escaping, which is what ids and URNs nearly always are.
_PLAIN_IN_ONE = re.compile(r"[A-Za-z0-9._~:-]*").fullmatch
_PLAIN_IN_TWO = re.compile(r"[A-Za-z0-9._~-]+").fullmatch


def encode_key(key: Key, protocol: Protocol) -> str:
    """The key as it stands in ``entities`` and, in 2.0, in a query."""
    return _encode_in_two(key) if protocol is Protocol.TWO else _encode_in_one(key)


def encode_path_key(key: Key, protocol: Protocol) -> str:
    """The key as one path segment: what the key form leaves readable stays so, a ``%`` of its own is escaped again."""
    return quote(encode_key(key, protocol), safe="=&:(),'")


class Keys:
    """The keys of one call, spelled once for its query, its body and its answer."""

    def __init__(self, keys: Sequence[Key], protocol: Protocol) -> None:
        self.keys = keys
        self.texts = [encode_key(key, protocol) for key in keys]
        self._protocol = protocol

    @property
    def query(self) -> str:
        """The query ``ids`` of a batch."""
        if self._protocol is Protocol.TWO:
            return f"ids=List({','.join(self.texts)})"
        if self.keys and SIMPLE in self.keys[0]:
            return "&".join([f"ids={text}" for text in self.texts])
        # Values are escaped, so an ampersand always stands between two fields.
        placed = enumerate(self.texts)
        return "&".join([f"ids[{place}].{text.replace('&', f'&ids[{place}].')}" for place, text in placed])

    def entities(self, bodies: Sequence[bytes]) -> bytes:
        """``{"entities": ...}`` from bodies that are JSON already."""
        encode = msgspec.json.encode
        pairs = [b"%b:%b" % (encode(text), body) for text, body in zip(self.texts, bodies, strict=True)]
        return b'{"entities":{' + b",".join(pairs) + b"}}"


def _encode_in_one(key: Key) -> str:
    if SIMPLE in key:
        return _escape_in_one(key[SIMPLE])
    return "&".join([f"{name}={_escape_in_one(value)}" for name, value in key.items()])


def _encode_in_two(key: Key) -> str:
    if SIMPLE in key:
        return _escape_in_two(key[SIMPLE])
    return "(" + ",".join([f"{name}:{_escape_in_two(value)}" for name, value in key.items()]) + ")"


# Cached because the organization's URN and the constants stand in every key, and each id twice in a batch.
@lru_cache(maxsize=1024)
def _escape_in_one(value: str) -> str:
    return value if _PLAIN_IN_ONE(value) else quote(value, safe=":")


@lru_cache(maxsize=1024)
def _escape_in_two(value: str) -> str:
    return value if _PLAIN_IN_TWO(value) else quote(value, safe="") or "''"  # 2.0 spells the empty string as two quotes


def parse_key(text: str) -> dict[str, str]:
    """The fields of a key in either protocol, whatever their order and escaping.

    A field whose value is an object (``$params:()`` in newer answers) carries no identity and is left out.
    """
    if text.startswith("(") and text.endswith(")"):
        return dict(_fields_of_two(text[1:-1]))
    if "=" in text:
        fields = dict(piece.partition("=")[::2] for piece in text.split("&"))
        return fields if "%" not in text else {unquote(name): unquote(value) for name, value in fields.items()}
    return {SIMPLE: _unescaped(text)}


def _fields_of_two(inner: str) -> Iterator[tuple[str, str]]:
    for piece in _split_outside_parentheses(inner):
        name, _, value = piece.partition(":")
        if name and not value.startswith("("):
            yield unquote(name), _unescaped(value)


def _split_outside_parentheses(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for place, character in enumerate(text):
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == "," and depth == 0:
            yield text[start:place]
            start = place + 1
    yield text[start:]


def _unescaped(value: str) -> str:
    return "" if value == "''" else unquote(value)


class Fault(Struct, frozen=True, kw_only=True):
    """Why one element failed. The message is not kept: it may quote what was sent."""

    status: int
    code: str = ""
    service_code: int | None = None

    @property
    def detail(self) -> str:
        """Safe to show: numbers and codes, no text of the far side."""
        parts = [f"status {self.status}"]
        if self.code:
            parts.append(f"code {self.code}")
        if self.service_code is not None:
            parts.append(f"serviceErrorCode {self.service_code}")
        return ", ".join(parts)


class ErrorBody(Struct, rename="camel"):
    """LinkedIn's error object, as far as it is worth reading."""

    status: int | None = None
    code: str | None = None
    service_error_code: int | None = None

    def fault(self, status: int | None = None) -> Fault:
        code = self.code if self.code and self.code.isascii() and self.code.replace("_", "").isalnum() else ""
        return Fault(status=self.status or status or 500, code=code[:80], service_code=self.service_error_code or None)


class _Envelope(Struct):
    results: dict[str, Raw] = {}
    statuses: dict[str, int] = {}
    errors: dict[str, Raw] = {}


class _Written(Struct):
    status: int | None = None
    error: ErrorBody | None = None


class _PlainlyWritten(Struct):
    status: int
    error: None = None


class _PlainEnvelope(Struct):
    results: dict[str, _PlainlyWritten]
    statuses: dict[str, int] = {}
    errors: dict[str, Raw] = {}


Identity = tuple[str | None, ...]


class _Lookup:
    """Finds the asked keys among the answered ones: by the values of the asked fields, never by the raw text."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self._names = tuple(keys[0]) if keys else ()

    def asked(self, key: Key) -> Identity:
        return tuple([key[name] for name in self._names])

    def answered(self, text: str) -> Identity:
        fields = {SIMPLE: _unescaped(text)} if self._names == (SIMPLE,) else parse_key(text)
        return tuple([fields.get(name) for name in self._names])


def read_statuses(answer: Answer, keys: Keys) -> list[int | Fault | None]:
    """What became of each key of a batch that writes: its 2xx status, its fault, or None where the answer is silent.

    A failure may stand under ``errors`` or as an ``error`` inside ``results``; a status in ``results`` or ``statuses``.
    """
    lookup = _Lookup(keys.keys)
    plain = _plain_statuses(answer)
    if plain is not None:
        # Mostly the keys come back spelled as they were sent, and need no taking apart.
        direct: list[int | Fault | None] = [plain.get(text) for text in keys.texts]
        if None not in direct:
            return direct
        known = {lookup.answered(text): status for text, status in plain.items()}
        return [known.get(lookup.asked(key)) for key in keys.keys]
    envelope = answer.decode(_Envelope)
    found: dict[Identity, int | Fault] = {}
    for text, status in envelope.statuses.items():
        found[lookup.answered(text)] = _judged(status, None)
    for text, raw in envelope.results.items():
        written = decode_json(raw, _Written)
        status = written.status or envelope.statuses.get(text, 0)
        if status or written.error:
            found[lookup.answered(text)] = _judged(status, written.error)
    for text, raw in envelope.errors.items():
        found[lookup.answered(text)] = decode_json(raw, ErrorBody).fault(envelope.statuses.get(text))
    return [found.get(lookup.asked(key)) for key in keys.keys]


def _plain_statuses(answer: Answer) -> dict[str, int] | None:
    """The statuses of an answer in which all went well, read in one go; None where it takes a closer look."""
    try:
        envelope = msgspec.json.decode(answer.content, type=_PlainEnvelope)
    except ValueError:
        return None
    statuses = {text: written.status for text, written in envelope.results.items()}
    well = not envelope.statuses and not envelope.errors and all(200 <= each < 300 for each in statuses.values())
    return statuses if well else None


def _judged(status: int, error: ErrorBody | None) -> int | Fault:
    if error is not None:
        return error.fault(status)
    return status if 200 <= status < 300 else Fault(status=status)


def read_entities(answer: Answer, keys: Sequence[Key]) -> list[Raw | Fault | None]:
    """What a batch get brought for each key: the entity as it came, a fault, or None where the answer is silent."""
    envelope, lookup = answer.decode(_Envelope), _Lookup(keys)
    found: dict[Identity, Raw | Fault] = {}
    for text, status in envelope.statuses.items():
        if not 200 <= status < 300:
            found[lookup.answered(text)] = Fault(status=status)
    for text, raw in envelope.results.items():
        found[lookup.answered(text)] = raw
    for text, raw in envelope.errors.items():
        found[lookup.answered(text)] = decode_json(raw, ErrorBody).fault(envelope.statuses.get(text))
    return [found.get(lookup.asked(key)) for key in keys]


def join_elements(bodies: Sequence[bytes]) -> bytes:
    """``{"elements": ...}`` from bodies that are JSON already."""
    return b'{"elements":[' + b",".join(bodies) + b"]}"
