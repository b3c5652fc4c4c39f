"""What went over the wire: each request and answer as they were, for the journal's detail, for replays and exports.

:func:`recorded` stands around a system's ``__call__``. It listens, plays the two faults that concern the way and not
the work (a request that arrives twice, one that is overtaken), and touches nothing else.
"""

from __future__ import annotations

import asyncio
import functools
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, Protocol

from msgspec import Struct

from landbridge.sandbox.kernel.exchange import App, HeldError, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from landbridge.sandbox.kernel.journal import Entry, Journal

PREFIX: Final = "/_sandbox"
KEPT_BYTES: Final = 32 * 1024 * 1024
ONE_EXCHANGE: Final = 4 * 1024 * 1024
Headers = Sequence[tuple[bytes, bytes]]


class Exchange(Struct):
    """One request and its answer, raw. ``status`` 0: nothing was answered. Not ``whole``: a body was too large."""

    number: int
    method: str
    path: bytes
    query: bytes
    headers: Headers
    body: bytes
    status: int = 0
    answer_headers: Headers = ()
    answer: bytes = b""
    whole: bool = True

    def size(self) -> int:
        return len(self.body) + len(self.answer) + 500


class Exchanges:
    """The last exchanges, as many as fit into ``kept_bytes`` (0: none are kept)."""

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self.kept_bytes = kept_bytes
        self.clear()

    def clear(self) -> None:
        self._by_number: dict[int, Exchange] = {}
        self._order: deque[int] = deque()
        self._bytes = 0

    def keep(self, exchange: Exchange) -> None:
        if exchange.size() > ONE_EXCHANGE:
            exchange.body, exchange.answer, exchange.whole = exchange.body[:1000], exchange.answer[:1000], False
        self._by_number[exchange.number] = exchange
        self._order.append(exchange.number)
        self._bytes += exchange.size()
        while self._bytes > self.kept_bytes and self._order:
            self._bytes -= self._by_number.pop(self._order.popleft()).size()

    def find(self, number: int) -> Exchange | None:
        return self._by_number.get(number)


class Recorded(Protocol):
    """What a system with recorded calls has."""

    journal: Journal


class Recording:
    """One exchange while it happens. ``send`` looks like the server's own, down to the transport that faults break."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.entry: Entry | None = None
        self._scope = scope
        self._receive = receive
        self._send = send
        self._body: list[bytes] = []
        self._answer: list[bytes] = []
        self._status = 0
        self._headers: Headers = ()

    @property
    def transport(self) -> Any:
        return getattr(getattr(self._send, "__self__", None), "transport", None)

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._body.append(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status, self._headers = message["status"], message.get("headers", ())
        else:
            self._answer.append(message.get("body", b""))
        await self._send(message)

    @property
    def body(self) -> bytes:
        return b"".join(self._body)

    def exchange(self, number: int) -> Exchange:
        scope = self._scope
        return Exchange(
            number=number,
            method=scope["method"],
            path=scope.get("raw_path") or scope["path"].encode(),
            query=scope["query_string"],
            headers=scope["headers"],
            body=self.body,
            status=self._status,
            answer_headers=self._headers,
            answer=b"".join(self._answer),
        )


#: The recording of the call being served; the journal ties its entry to it.
CURRENT: ContextVar[Recording | None] = ContextVar("recording", default=None)


def recorded(
    call: Callable[[Any, Scope, Receive, Send], Coroutine[Any, Any, None]],
) -> Callable[[Any, Scope, Receive, Send], Coroutine[Any, Any, None]]:
    """Around a system's ``__call__``: keep what went over the wire, for calls that come into the journal."""

    @functools.wraps(call)
    async def serve(system: Recorded, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(PREFIX):
            await call(system, scope, receive, send)
            return
        await _record(functools.partial(call, system), system.journal, Recording(scope, receive, send), scope)

    return serve


async def _record(call: App, journal: Journal, recording: Recording, scope: Scope) -> None:
    token = CURRENT.set(recording)
    receive: Receive = recording.receive
    try:
        while True:
            try:
                await call(scope, receive, recording.send)
                break
            except HeldError as held:
                await _let_pass(journal, recording, held.fault.seconds)
                receive = replayed(recording.body)
    finally:
        CURRENT.reset(token)
        if recording.entry is not None and journal.exchanges.kept_bytes:
            journal.exchanges.keep(recording.exchange(recording.entry.number))
    if recording.entry is not None and recording.entry.fault == "duplicate":
        await call(scope, replayed(recording.body), _nowhere)


async def _let_pass(journal: Journal, recording: Recording, seconds: float) -> None:
    """Until another call of the same operation has been served, or that many seconds are over."""
    operation = recording.entry.operation if recording.entry is not None else ""
    served = journal.times_served(operation)
    deadline = asyncio.get_running_loop().time() + seconds
    while journal.times_served(operation) == served and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.01)


def replayed(body: bytes) -> Receive:
    """A ``receive`` that gives this body, once."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


async def _nowhere(_: Message) -> None:
    """The answer to a request nobody waits for."""
