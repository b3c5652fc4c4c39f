"""A far side that is as fast as one Python process can be, so that a measurement shows the sender and not the receiver.

It speaks just enough HTTP/1.1 to take LinkedIn's batch update of candidates, answers each element with its own status
as LinkedIn does, and keeps count: which keys arrived, and a checksum of every JSON body. Two senders that report the
same checksum have sent the same bytes.

    python -m benchmarks.sink        prints its port on the first line, serves until it is terminated
"""

from __future__ import annotations

import asyncio
import json
import re
import zlib

ENTITY_KEY = b'"atsCandidateId='
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
TOKEN = b'{"access_token":"benchmark","expires_in":1799}'


class Tally:
    """What has arrived since the last reset."""

    def __init__(self) -> None:
        self.requests = 0
        self.records = 0
        self.keys: set[bytes] = set()
        self.checksum = 0

    def take(self, body: bytes) -> bytes:
        """Count one batch and answer it: status 201 for each element, under the key it was sent with."""
        payload = body[body.index(b'{"entities"') : body.rindex(b"}") + 1]
        # Split, not searched with a regular expression: that would take longer than everything else here.
        keys = [b"atsCandidateId=" + rest[: rest.index(b'"')] for rest in payload.split(ENTITY_KEY)[1:]]
        self.requests += 1
        self.records += len(keys)
        self.keys.update(keys)
        # A sum, not a chain: the same batches in another order still count as the same bytes.
        self.checksum = (self.checksum + zlib.crc32(payload)) & 0xFFFFFFFF
        results = b",".join(b'"%b":{"status":201}' % key for key in keys)
        return b'{"results":{%b},"statuses":{},"errors":{}}' % results

    def report(self) -> bytes:
        facts = {
            "requests": self.requests,
            "records": self.records,
            "distinct": len(self.keys),
            "checksum": self.checksum,
        }
        return json.dumps(facts).encode()


class Conversation(asyncio.Protocol):
    """One keep-alive connection. Requests of one connection are answered in order."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.received = bytearray()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        while (request := self._next_request()) is not None:
            body = self.counter.answer(*request)
            head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
            assert self.transport is not None
            self.transport.write(head + body)

    def _next_request(self) -> tuple[bytes, bytes] | None:
        """The path and body of the next complete request, or None while bytes are missing."""
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        length = CONTENT_LENGTH.search(self.received, 0, end)
        stop = end + 4 + (int(length.group(1)) if length else 0)
        if len(self.received) < stop:
            return None
        path = bytes(self.received[: self.received.find(b"\r\n")]).split(b" ")[1]
        body = bytes(self.received[end + 4 : stop])
        del self.received[:stop]
        return path, body


class Counter:
    """The sink's routes."""

    def __init__(self) -> None:
        self.tally = Tally()

    def answer(self, path: bytes, body: bytes) -> bytes:
        if path == b"/_count":
            return self.tally.report()
        if path == b"/_reset":
            self.tally = Tally()
            return b"{}"
        if path.startswith(b"/oauth/"):
            return TOKEN
        return self.tally.take(body)


async def serve() -> None:
    counter = Counter()
    server = await asyncio.get_running_loop().create_server(lambda: Conversation(counter), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
