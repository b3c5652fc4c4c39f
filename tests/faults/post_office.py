"""A post office between the ATS and Landbridge that loses letters, copies the others and mixes them all up.

The ATS delivers here and is told 202 each time, so it never repeats what is lost; greetings are passed on. What is kept
goes to Landbridge's own address as it came, with the ATS's signature.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx2
import uvicorn
from msgspec import Struct
from starlette.types import Receive, Scope, Send

COUNTERS = 24
HOP_BY_HOP = {"host", "connection", "content-length", "accept-encoding", "accept", "user-agent"}


class Letter(Struct, frozen=True):
    """One delivery, ready to be sent as often as wanted. ``accepts`` is the answer that says it is kept."""

    wire: bytes
    accepts: int


def letter(path: str, headers: Mapping[str, str], body: bytes, accepts: int) -> Letter:
    lines = [f"{name}: {value}" for name, value in headers.items() if name.lower() not in HOP_BY_HOP]
    head = "\r\n".join([f"POST {path} HTTP/1.1", "host: localhost", f"content-length: {len(body)}", *lines, "", ""])
    return Letter(head.encode("latin-1") + body, accepts)


class PostOffice:
    """``heard``: different letters that came in; ``lost`` of them; ``delivered`` copies and what was answered else."""

    def __init__(self, landbridge: str, seed: int, *, times: int, lost: float) -> None:
        self.heard = self.lost = self.delivered = 0
        self.refused: list[int] = []
        self._landbridge = landbridge
        self._chance = random.Random(seed)
        self._times, self._share_lost = times, lost
        self._pool: list[Letter] = []
        self._some = asyncio.Event()
        self._closed = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What the ATS meets."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        status, told = 202, list[tuple[bytes, bytes]]()
        if "x-hook-secret" in headers:
            status, told = await self._greet(scope["path"], headers, body)
        else:
            self.heard += 1
            self.take(letter(scope["path"], headers, body, 202))
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0"), *told]})
        await send({"type": "http.response.body", "body": b""})

    def take(self, kept: Letter, *, may_be_lost: bool = True) -> None:
        if may_be_lost and self._chance.random() < self._share_lost:
            self.lost += 1
            return
        self._pool += [kept] * self._times
        self._some.set()

    async def empty(self) -> None:
        """Until every copy of everything heard so far is delivered."""
        while self._pool:
            await asyncio.sleep(0.05)

    async def run(self) -> None:
        """Deliver, at many counters at once, whichever letter comes to hand."""
        await asyncio.gather(*(self._counter() for _ in range(COUNTERS)))

    async def _counter(self) -> None:
        where = urlsplit(self._landbridge)
        assert where.hostname is not None
        while True:
            try:
                reader, writer = await asyncio.open_connection(where.hostname, where.port)
                with contextlib.closing(writer):
                    await self._serve(reader, writer)
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.2)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            while not self._pool:
                self._some.clear()
                await self._some.wait()
            place = self._chance.randrange(len(self._pool))
            self._pool[place], self._pool[-1] = self._pool[-1], self._pool[place]
            copy = self._pool.pop()
            try:
                writer.write(copy.wire)
                status = int((await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1])
            except (OSError, asyncio.IncompleteReadError):
                self._pool.append(copy)
                raise
            self.delivered += 1
            if status != copy.accepts:
                self.refused.append(status)

    async def _greet(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, list[tuple[bytes, bytes]]]:
        kept = {name: value for name, value in headers.items() if name not in HOP_BY_HOP}
        async with httpx2.AsyncClient(trust_env=False, timeout=30) as http:
            answer = await http.post(f"{self._landbridge}{path}", content=body, headers=kept)
        secret = answer.headers.get("x-hook-secret")
        return answer.status_code, [(b"x-hook-secret", secret.encode())] if secret else []


@asynccontextmanager
async def open_on(listener: socket.socket, office: PostOffice) -> AsyncIterator[None]:
    """Have it serve and deliver until the block ends."""
    server = uvicorn.Server(uvicorn.Config(office, lifespan="off", log_config=None, access_log=False))
    serving = asyncio.create_task(server._serve([listener]))
    delivering = asyncio.create_task(office.run())
    try:
        yield
    finally:
        delivering.cancel()
        server.should_exit = True
        await asyncio.gather(delivering, serving, return_exceptions=True)
