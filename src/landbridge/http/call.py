"""One request and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TypeVar
from urllib.parse import quote

from msgspec import Struct

from landbridge.errors import CannotTranslateError
from landbridge.http.decoding import decode_json

T = TypeVar("T")

READING = frozenset({"GET", "HEAD", "OPTIONS"})
REPEATABLE = READING | {"PUT", "DELETE"}


class Call(Struct, frozen=True, kw_only=True):
    """One request, relative to the client's base URL.

    ``route`` is the path's template and the only form of it that is ever written down: no ids, no query.
    ``query`` is encoded already, because each vendor has its own rules. ``records`` is how many records travel.
    ``allowance`` names the gate's class for routes that have limits of their own.
    ``accepts`` lists statuses beyond 2xx that the caller wants as an answer instead of an error.
    """

    method: str
    path: str
    route: str
    query: str = ""
    headers: Mapping[str, str] = {}
    content: bytes = b""
    content_type: str | None = None
    records: int = 0
    timeout: timedelta | None = None
    allowance: str = ""
    accepts: frozenset[int] = frozenset()
    # None: what HTTP says of the method. A POST of which the far side is known to be repeatable says True.
    repeatable: bool | None = None

    @property
    def verb(self) -> str:
        """What the call means: a query tunnelled through POST is still the method it overrides."""
        for name, value in self.headers.items():
            if name.lower() == "x-http-method-override":
                return value.upper()
        return self.method.upper()

    @property
    def reads_only(self) -> bool:
        return self.verb in READING

    @property
    def may_repeat(self) -> bool:
        return self.verb in REPEATABLE if self.repeatable is None else self.repeatable


class Answer(Struct, frozen=True, kw_only=True):
    """What came back. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def __repr__(self) -> str:
        # Bodies are personal data and some headers are secrets: neither may ride along in a traceback.
        return f"Answer(status={self.status}, {len(self.content)} bytes)"

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def decode(self, kind: type[T]) -> T:
        """Read the JSON body as ``kind``, forgiving what can be forgiven; SurpriseError where the shape is another."""
        return decode_json(self.content, kind)


def path_segment(value: str) -> str:
    """Quote one id for use in a path.

    ``.`` and ``..`` would climb out of the path on the way, and an empty id would name the collection.
    """
    if value in {"", ".", ".."}:
        raise CannotTranslateError("an id cannot be used in an address", code="unusable_id")
    return quote(value, safe="")
