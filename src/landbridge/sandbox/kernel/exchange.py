"""One HTTP exchange at ASGI level: read the body, send an answer, or break the connection on purpose."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

import orjson
from msgspec import Struct

from landbridge.sandbox.kernel.faults import Fault

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class ClientGoneError(Exception):
    """The client went away before its request was complete."""


class HeldError(Exception):
    """A scripted fault wants this request to be served after the next one of its operation."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.kind)
        self.fault = fault


class Answer(Struct):
    """Status, body and headers (lower-case names) of one answer."""

    status: int
    body: bytes = b""
    headers: Sequence[tuple[bytes, bytes]] = ()
    content_type: bytes = b"application/json"


def json_answer(status: int, content: object, headers: Sequence[tuple[bytes, bytes]] = ()) -> Answer:
    return Answer(status=status, body=orjson.dumps(content), headers=headers)


async def read_body(receive: Receive) -> bytes:
    """The whole request body; raises :class:`ClientGoneError`."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        whole: bytes = message.get("body", b"")
        return whole
    parts = []
    while message["type"] == "http.request":
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()
    raise ClientGoneError


async def send_answer(send: Send, answer: Answer) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": _headers(answer)})
    await send({"type": "http.response.body", "body": answer.body})


async def send_broken(send: Send, answer: Answer, fault: Fault) -> None:
    """Play the part of ``fault`` that comes after the work: the answer is late, cut off or lost."""
    if fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
        await send_answer(send, answer)
    elif fault.kind == "truncated":
        await send({"type": "http.response.start", "status": answer.status, "headers": _headers(answer)})
        await send({"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True})
        drop_connection(send, reset=False)
    elif fault.kind == "lost_answer":
        drop_connection(send)
    elif fault.kind == "wrong":
        await send_answer(send, _wrong(answer, fault))
    else:
        await send_answer(send, answer)


async def play_silence(send: Send, fault: Fault) -> None:
    """Play a fault after which nothing was done and nothing is answered (``hang``, ``reset``).

    Raises :class:`HeldError` for ``reorder``: the recorder comes back with the request.
    """
    if fault.kind == "reorder":
        raise HeldError(fault)
    if fault.kind == "hang":
        await asyncio.sleep(fault.seconds)
    drop_connection(send)


def drop_connection(send: Send, *, reset: bool = True) -> None:
    """Close the client's connection, with a TCP reset or quietly.

    ASGI has no word for this. uvicorn's ``send`` is a method of the object that holds the transport; any other server
    gets an exception, which closes the connection as well.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionResetError("the sandbox was told to drop this connection")
    if not reset:
        transport.close()
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        # Linger 0 makes the kernel send RST instead of FIN.
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _wrong(answer: Answer, fault: Fault) -> Answer:
    """Something else than what was answered, under the same status."""
    bodies = {
        "html": (b"<!doctype html><title>Please wait</title><h1>We will be right back</h1>", b"text/html"),
        "not_json": (answer.body[: len(answer.body) // 2] + b"\x00", answer.content_type),
        "shape": (b'[{"unexpected": true}]', answer.content_type),
        "empty": (b"", answer.content_type),
    }
    body, content_type = bodies[fault.wrong]
    return Answer(answer.status, body, answer.headers, content_type)


def _headers(answer: Answer) -> list[tuple[bytes, bytes]]:
    headers = [(b"content-length", str(len(answer.body)).encode())]
    if answer.body:
        headers.append((b"content-type", answer.content_type))
    headers.extend(answer.headers)
    return headers
