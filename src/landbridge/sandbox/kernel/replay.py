"""Send recorded requests once more, exactly as they came, and compare the answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import orjson
from msgspec import Struct

from landbridge.sandbox.kernel.exchange import App, Message
from landbridge.sandbox.kernel.journal import Journal
from landbridge.sandbox.kernel.recording import Exchange, replayed
from landbridge.sandbox.kernel.search import HIDDEN, is_secret

SHOWN_DIFFERENCES: Final = 20


class Replayed(Struct):
    """One request sent again. ``differences`` name places in the JSON, with what was there and what is there now."""

    number: int
    method: str
    path: str
    same: bool
    was: int
    now: int
    differences: list[dict[str, Any]]


def chosen(journal: Journal, first: int, last: int) -> list[Exchange]:
    """The recorded exchanges of these calls. Raises ``ValueError`` when one of them was not kept."""
    found = []
    for number in range(first, last + 1):
        exchange = journal.exchanges.find(number)
        if exchange is None or not exchange.whole:
            raise ValueError(f"the journal does not hold the whole of call {number}")
        found.append(exchange)
    return found


async def replay(app: App, exchanges: Sequence[Exchange]) -> list[Replayed]:
    """One after another, into the running app: they change its state and stand in its journal."""
    return [await _again(app, exchange) for exchange in exchanges]


async def _again(app: App, exchange: Exchange) -> Replayed:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": exchange.method,
        "scheme": "http",
        "path": exchange.path.decode("latin-1"),
        "raw_path": exchange.path,
        "query_string": exchange.query,
        "headers": list(exchange.headers),
        "server": ("127.0.0.1", 0),
        "client": ("127.0.0.1", 0),
    }
    status, parts = 0, []

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            parts.append(message.get("body", b""))

    try:
        await app(scope, replayed(exchange.body), send)
    except ConnectionResetError:
        # A scripted fault dropped the connection there is not.
        status = 0
    differences = list(_differences(exchange.answer, b"".join(parts)))[:SHOWN_DIFFERENCES]
    return Replayed(
        number=exchange.number,
        method=exchange.method,
        path=exchange.path.decode("latin-1"),
        same=status == exchange.status and not differences,
        was=exchange.status,
        now=status,
        differences=differences,
    )


def _differences(was: bytes, now: bytes) -> list[dict[str, Any]]:
    if was == now:
        return []
    try:
        return _compare(orjson.loads(was), orjson.loads(now), "$")
    except orjson.JSONDecodeError:
        return [{"at": "body", "was": f"{len(was)} bytes", "now": f"{len(now)} bytes"}]


def _compare(was: Any, now: Any, at: str) -> list[dict[str, Any]]:
    if isinstance(was, dict) and isinstance(now, dict):
        names = dict.fromkeys([*was, *now])
        return [each for name in names for each in _compare(was.get(name), now.get(name), f"{at}.{name}")]
    if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        pairs = enumerate(zip(was, now, strict=True))
        return [each for place, (old, new) in pairs for each in _compare(old, new, f"{at}[{place}]")]
    if was == now:
        return []
    hidden = is_secret(at.rpartition(".")[2])
    return [{"at": at, "was": HIDDEN if hidden else was, "now": HIDDEN if hidden else now}]
