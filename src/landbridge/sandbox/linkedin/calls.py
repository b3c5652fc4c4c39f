"""One API call as the resources see it: size checked, tunnelling undone, Rest.li method known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from landbridge.sandbox.kernel import Fault, Rule, Writes
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.restli import Key

if TYPE_CHECKING:
    from landbridge.sandbox.linkedin.limits import Limits
    from landbridge.sandbox.linkedin.state import DeveloperApplication, State

URL_BYTES: Final = 8 * 1024
QUERY_BYTES: Final = 4 * 1024
SEGMENT_BYTES: Final = 4 * 1024
HEAD_BYTES: Final = 28 * 1024

_BATCH_OF_HTTP: Final = {"PUT": "batch_update", "DELETE": "batch_delete"}
_SINGLE_OF_HTTP: Final = {"PUT": "update", "DELETE": "delete"}
_HTTP_OF_METHOD: Final = {
    "batch_get": "GET",
    "finder": "GET",
    "get": "GET",
    "batch_update": "PUT",
    "batch_delete": "DELETE",
    "batch_create": "POST",
    "batch_partial_update": "POST",
    "create": "POST",
    "partial_update": "POST",
    "update": "PUT",
    "delete": "DELETE",
    "action": "POST",
}
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)


class Request(Struct, kw_only=True):
    """What came over the wire; ``headers`` by lower-case name, path and query still encoded."""

    method: str
    path: str
    query: str
    headers: Mapping[bytes, bytes]
    body: bytes

    def header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1").strip()


def _no_fault(_: str) -> None:
    return None


class Call(Struct, kw_only=True):
    """One call by a known application on one resource.

    ``method`` is the Rest.li method, ``parents`` the raw keys of the path above the collection, ``keys`` the parsed
    ``ids`` of the query or the one key at the end of the path. ``member`` is the LinkedIn member a 3-legged token
    speaks for (with what ``scope``), ``host`` what the client called us. ``violate`` records a broken rule.
    ``records`` and ``writes`` are filled in for the journal.
    ``held`` gives the same text as the sandbox holds it already.
    ``half_fail`` is a scripted fault that refuses elements, ``strike_task`` gives the one that meets a job task.
    """

    at: int
    state: State
    limits: Limits
    application: DeveloperApplication
    generation: str
    method: str
    query: str
    body: bytes
    protocol: int
    parents: tuple[str, ...]
    violate: Callable[[Rule, str], None]
    member: int | None = None
    scope: frozenset[str] = frozenset()
    host: str = ""
    keys: list[Key] = []
    elements: list[Any] = []
    records: int = 0
    writes: Writes | None = None
    half_fail: Fault | None = None
    strike_task: Callable[[str], Fault | None] = _no_fault
    held: Callable[[str], str] = str


def check_size(request: Request) -> None:
    """414 for what LinkedIn has refused since April 2022, 411 for a POST that does not say how long it is."""
    if request.method == "POST" and not request.headers.keys() & {b"content-length", b"transfer-encoding"}:
        raise RefusalError(411, "Content-Length is missing")
    url = len(request.path) + len(request.query) + 1
    head = url + sum(len(name) + len(value) + 4 for name, value in request.headers.items())
    if (
        url > URL_BYTES
        or len(request.query) > QUERY_BYTES
        or head > HEAD_BYTES
        or any(len(segment) > SEGMENT_BYTES for segment in request.path.split("/"))
    ):
        finding = f"path of {len(request.path)}, query of {len(request.query)}, head of {head} bytes"
        raise RefusalError(414, "Request-URI Too Long", rule=audit.URL_LENGTH, finding=finding)


def undo_tunnelling(request: Request) -> Request:
    """The request the client meant, where it used ``X-HTTP-Method-Override``."""
    override = request.headers.get(b"x-http-method-override")
    if override is None:
        return request
    if request.method != "POST":
        raise RefusalError(400, "X-HTTP-Method-Override needs a POST")
    method = override.decode("latin-1").strip().upper()
    content_type = request.header(b"content-type")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        query, body = _text(request.body), b""
    elif kind == "multipart/mixed":
        query, body = _split_multipart(content_type, request.body)
    else:
        raise RefusalError(400, "a tunnelled request is a form or multipart/mixed")
    return Request(method=method, path=request.path, query=query, headers=request.headers, body=body)


def _split_multipart(content_type: str, body: bytes) -> tuple[str, bytes]:
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise RefusalError(400, "multipart/mixed without a boundary")
    query: str | None = None
    payload = b""
    delimiter = b"--" + found[1].strip().encode("latin-1")
    for part in body.split(delimiter)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        content = content.removesuffix(b"\n").removesuffix(b"\r")
        if b"x-www-form-urlencoded" in head.lower():
            query = _text(content)
        else:
            payload = content
    if query is None:
        raise RefusalError(400, "the first part must be the query string as application/x-www-form-urlencoded")
    return query, payload


def _text(raw: bytes) -> str:
    try:
        return raw.decode("ascii").strip()
    except UnicodeDecodeError:
        raise RefusalError(400, "the query string is not ASCII") from None


def restli_method(request: Request, *, with_key: bool) -> str | None:
    """The Rest.li method of a (de-tunnelled) request, ``with_key`` at the end of its path or without; None where a
    POST does not say it.

    Raises a 400 where header and HTTP method contradict each other.
    """
    named = request.header(b"x-restli-method").lower()
    if named:
        if _HTTP_OF_METHOD.get(named) != request.method:
            raise RefusalError(400, f"x-restli-method {named} does not go with {request.method}")
        return named
    if request.method == "GET":
        return "get" if with_key else _read_method(request.query)
    if request.method == "POST":
        return "action" if _names_action(request.query) else None
    return (_SINGLE_OF_HTTP if with_key else _BATCH_OF_HTTP).get(request.method)


def _names_action(query: str) -> bool:
    return query.startswith("action=") or "&action=" in query


def _read_method(query: str) -> str:
    if query.startswith("q=") or "&q=" in query:
        return "finder"
    return "batch_get" if "ids" in query else "get"
