"""Looking things up in a journal, and showing what was found without its secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any, Final

import orjson
from msgspec import Struct

from landbridge.sandbox.kernel.journal import Entry, Journal
from landbridge.sandbox.kernel.recording import Exchange

HIDDEN: Final = "[hidden]"
_SECRET_HEADERS: Final = frozenset({b"authorization", b"x-smarttoken", b"cookie", b"set-cookie"})
_NAMES: Final = (
    "(?:client_?secret|secret|access_?token|refresh_?token|id_?token|token|api_?key|password|code|code_verifier)"
)
_SECRET_NAME: Final = re.compile(rf"(?i){_NAMES}")
_IN_FORM: Final = re.compile(rf"(?i)((?:^|[&?\s]){_NAMES}=)[^&\s\"]+")
_IN_JSON: Final = re.compile(rf'(?i)("{_NAMES}"\s*:\s*")[^"]*')


class Search(Struct, kw_only=True, frozen=True):
    """What to look for. ``status`` is a number or a class ("4xx"); ``operation`` and ``client`` are patterns.

    ``text`` (no matter the case) is looked for in address, operation, client, error, written ids and bodies;
    ``since`` and ``until`` are epoch ms of the sandbox clock.
    """

    text: str = ""
    operation: str = ""
    status: str = ""
    client: str = ""
    since: int | None = None
    until: int | None = None
    after: int = 0
    before: int | None = None
    violations: bool = False

    def fits(self, entry: Entry, exchange: Exchange | None) -> bool:
        return (
            entry.number > self.after
            and (self.before is None or entry.number < self.before)
            and (not self.violations or entry.violations > 0)
            and (not self.operation or fnmatchcase(entry.operation, self.operation))
            and (not self.status or has_status(entry.status, self.status))
            and (not self.client or fnmatchcase(entry.client, self.client))
            and (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at <= self.until)
            and (not self.text or _mentions(entry, exchange, self.text.lower()))
        )


def search_of(query: Mapping[str, str]) -> Search:
    """A search from the parameters of a URL. Raises ``ValueError``."""

    def number(name: str) -> int | None:
        return int(query[name]) if query.get(name) else None

    return Search(
        text=query.get("q", ""),
        operation=query.get("operation", ""),
        status=query.get("status", ""),
        client=query.get("client", ""),
        since=_instant(query.get("since", "")),
        until=_instant(query.get("until", "")),
        after=number("after") or 0,
        before=number("before"),
        violations=query.get("violations") == "1",
    )


def _instant(text: str) -> int | None:
    if not text:
        return None
    if text.isdigit():
        return int(text)
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("since and until are instants with their time zone, or epoch ms")
    return round(instant.timestamp() * 1000)


def found(journal: Journal, search: Search, limit: int, *, newest: bool = False) -> list[Entry]:
    """The first ``limit`` entries that fit, oldest first; with ``newest`` the last ones, newest first."""
    entries = journal.latest(len(journal)) if newest else journal.entries(search.after)
    hits: list[Entry] = []
    for entry in entries:
        if search.fits(entry, journal.exchanges.find(entry.number) if search.text else None):
            hits.append(entry)
            if len(hits) >= limit:
                break
    return hits


def has_status(status: int, wanted: str) -> bool:
    """Whether a status is the number or of the class ("4xx") that is wanted."""
    if wanted.lower().endswith("xx"):
        return str(status)[0] == wanted[0] and status >= 100
    return str(status) == wanted


def _mentions(entry: Entry, exchange: Exchange | None, text: str) -> bool:
    words = (entry.path, entry.query, entry.operation, entry.client, entry.error, entry.method, entry.far_id)
    if any(text in word.lower() for word in words):
        return True
    if entry.writes is not None and any(text in key.lower() for key in entry.writes.keys):
        return True
    if exchange is None:
        return False
    return text in shown_body(exchange.body).lower() or text in shown_body(exchange.answer).lower()


def shown_body(body: bytes) -> str:
    """A body as text, its secrets hidden."""
    text = body.decode("utf-8", "replace")
    return _IN_JSON.sub(rf"\g<1>{HIDDEN}", _IN_FORM.sub(rf"\g<1>{HIDDEN}", text))


def is_secret(name: str) -> bool:
    return _SECRET_NAME.fullmatch(name) is not None


def shown_headers(headers: Sequence[tuple[bytes, bytes]]) -> list[list[str]]:
    return [
        [name.decode("latin-1"), HIDDEN if name.lower() in _SECRET_HEADERS else value.decode("latin-1")]
        for name, value in headers
    ]


def shown_entry(journal: Journal, entry: Entry) -> dict[str, Any]:
    """All there is about one call: entry, request and answer (where they were kept), and the rules it broke."""
    [shown] = journal.as_json([entry])
    exchange = journal.exchanges.find(entry.number)
    broken = [violation for violation in journal.violations() if violation.call == entry.number]
    shown["broken"] = [
        {"rule": each.rule, "says": each.says, "source": each.source, "detail": each.detail} for each in broken
    ]
    if exchange is not None:
        shown["request"] = {"headers": shown_headers(exchange.headers), "body": shown_body(exchange.body)}
        shown["answer"] = {"headers": shown_headers(exchange.answer_headers), "body": shown_body(exchange.answer)}
        shown["whole"] = exchange.whole
    return shown


def as_ndjson(journal: Journal, entries: Sequence[Entry]) -> Iterator[bytes]:
    """One JSON line per call, bodies and all."""
    return (orjson.dumps(shown_entry(journal, entry), option=orjson.OPT_APPEND_NEWLINE) for entry in entries)


def as_har(journal: Journal, entries: Sequence[Entry], base_url: str) -> bytes:
    """HTTP Archive 1.2, as browsers and API tools read it."""
    rows = [_har_entry(journal, entry, base_url) for entry in entries]
    log = {"version": "1.2", "creator": {"name": "landbridge sandbox", "version": "1"}, "entries": rows}
    return orjson.dumps({"log": log})


def _har_entry(journal: Journal, entry: Entry, base_url: str) -> dict[str, Any]:
    exchange = journal.exchanges.find(entry.number)
    request_headers = shown_headers(exchange.headers) if exchange else []
    answer_headers = shown_headers(exchange.answer_headers) if exchange else []
    body = shown_body(exchange.body) if exchange else ""
    answer = shown_body(exchange.answer) if exchange else ""
    types = {name.lower(): value for name, value in request_headers}
    kinds = {name.lower(): value for name, value in answer_headers}
    milliseconds = entry.duration_us / 1000
    query = [part.partition("=") for part in entry.query.split("&") if part]
    request: dict[str, Any] = {
        "method": entry.method,
        "url": f"{base_url}{entry.path}" + (f"?{entry.query}" if entry.query else ""),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(request_headers),
        "queryString": [{"name": name, "value": value} for name, _, value in query],
        "headersSize": -1,
        "bodySize": len(exchange.body) if exchange else -1,
    }
    if body:
        request["postData"] = {"mimeType": types.get("content-type", ""), "text": body}
    return {
        "startedDateTime": datetime.fromtimestamp(entry.at / 1000, UTC).isoformat(),
        "time": milliseconds,
        "request": request,
        "response": {
            "status": entry.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _named(answer_headers),
            "content": {"size": len(answer), "mimeType": kinds.get("content-type", ""), "text": answer},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": len(exchange.answer) if exchange else -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": entry.operation,
    }


def _named(headers: list[list[str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]
