"""Documents of a far system, made worse: as systems change, and as people type."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx2

Mangle = Callable[[Any], Any]

HOSTILE = "\x00N\ud800ul \u202eeman\u202c '; DROP TABLE record; -- <b>" + "x" * 5_000
TEXTS = ("firstName", "lastName", "first_name", "last_name", "title", "name")
# One record in so many is made worse; the others must come through untouched.
ONE_IN = 3


def as_it_is(document: Any) -> Any:
    return document


def with_unknown_fields(document: Any) -> Any:
    """Every object has a field that nobody has documented."""
    return _each(document, lambda one: {**one, "neverSeenBefore": {"deep": [1, None, "x"]}})


def with_unknown_values(document: Any) -> Any:
    """Some records have a status that nobody has documented."""
    return _some(document, lambda one: {**one, **({"status": "NEVER_SEEN_BEFORE"} if "status" in one else {})})


def with_hostile_text(document: Any) -> Any:
    """Some records hold text that no database likes."""
    return _some(document, lambda one: {key: HOSTILE if key in TEXTS else value for key, value in one.items()})


def with_wrong_types(document: Any) -> Any:
    """Some records hold an object where there was text."""
    return _some(document, lambda one: {key: {"a": 1} if key in TEXTS else value for key, value in one.items()})


def _each(value: Any, change: Mangle) -> Any:
    if isinstance(value, dict):
        return change({key: _each(part, change) for key, part in value.items()})
    return [_each(part, change) for part in value] if isinstance(value, list) else value


def _some(document: Any, change: Mangle) -> Any:
    """Change records whose id says so, so that it is the same ones in lists and on their own."""

    def chosen(one: dict[str, Any]) -> Any:
        return change(one) if "id" in one and is_chosen(str(one["id"])) else one

    return _each(document, chosen)


def is_chosen(key: str) -> bool:
    return sum(key.encode()) % ONE_IN == 0


class MangledTransport(httpx2.AsyncBaseTransport):
    """The network, with every JSON answer made worse. ``mangle`` may be changed between calls."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner
        self.mangle: Mangle = as_it_is

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._inner.handle_async_request(request)
        content = await answer.aread()
        if answer.is_success and "json" in answer.headers.get("content-type", ""):
            content = json.dumps(self.mangle(json.loads(content))).encode()
        headers = [(name, value) for name, value in answer.headers.multi_items() if name.lower() != "content-length"]
        return httpx2.Response(answer.status_code, headers=headers, content=content)

    async def aclose(self) -> None:
        await self._inner.aclose()
