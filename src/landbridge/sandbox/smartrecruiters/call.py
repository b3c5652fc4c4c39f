"""One request as the handlers see it, and how they refuse it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qs

import orjson
from msgspec import Struct, field

from landbridge.sandbox.kernel import Answer, Rule


class RefusalError(Exception):
    """The call is answered with an error of the documented shape."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.status = status
        self.code = code
        self.message = message or code.replace("_", " ").lower()

    def answer(self) -> Answer:
        body = {"message": self.message, "errors": [{"code": self.code, "message": self.message}]}
        return Answer(status=self.status, body=orjson.dumps(body))


class Call(Struct, kw_only=True):
    """A request. Handlers note how many ``records`` they answer with, and which rules it has ``broken``."""

    number: int
    method: str
    path: str
    query_string: bytes
    headers: Mapping[bytes, bytes]
    base_url: str
    body: bytes = b""
    operation: str = ""
    client: str = "nobody"
    arguments: tuple[str, ...] = ()
    records: int = 0
    broken: list[tuple[Rule, str]] = field(default_factory=list)
    parsed_query: dict[str, list[str]] | None = None

    @property
    def query(self) -> dict[str, list[str]]:
        if self.parsed_query is None:
            text = self.query_string.decode("utf-8", "replace")
            self.parsed_query = parse_qs(text, keep_blank_values=True) if text else {}
        return self.parsed_query

    def value(self, name: str) -> str | None:
        """The last value of a query parameter."""
        values = self.query.get(name)
        return values[-1] if values else None

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a repeatable query parameter; a list with commas counts as repeated."""
        return tuple(part for value in self.query.get(name, ()) for part in value.split(",") if part)

    def broke(self, rule: Rule, detail: str = "") -> None:
        self.broken.append((rule, detail))


def encode(content: object) -> bytes:
    """JSON of ``content``. Texts with lone surrogates, which a hostile world has, become escapes as JSON allows."""
    try:
        return orjson.dumps(content)
    except TypeError:
        return json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def ok(content: object) -> Answer:
    return Answer(status=200, body=encode(content))


def link(url: str) -> dict[str, str]:
    return {"url": url, "method": "GET"}


def present(fields: Mapping[str, object]) -> dict[str, object]:
    """Without the fields that have no value: SmartRecruiters leaves those out."""
    return {name: value for name, value in fields.items() if value is not None}
