"""Serve one or more ASGI apps from one event loop, in the foreground or in a background thread."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import uvicorn

from landbridge.sandbox.kernel.exchange import App

MAX_REQUEST_HEAD = 512 * 1024


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: several servers share a loop, and whoever runs them decides when to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. From here on connections queue, so nobody meets a closed port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's delay off only where the socket names its protocol; with it every answer takes 40 ms.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(512)
    except OSError:
        sock.close()
        raise
    sock.setblocking(False)
    return sock


def url_of(sock: socket.socket) -> str:
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(apps: Sequence[tuple[App, socket.socket]], stop: asyncio.Event) -> None:
    """Serve each app on its socket until ``stop`` is set; open requests (a scripted hang, say) are not waited for."""
    servers = [_Server(_config(app)) for app, _ in apps]
    pairs = zip(servers, apps, strict=True)
    tasks = [asyncio.create_task(server.serve(sockets=[sock])) for server, (_, sock) in pairs]
    try:
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
    finally:
        for server in servers:
            server.should_exit = True
            server.force_exit = True
        await asyncio.gather(*tasks)


def _config(app: App) -> uvicorn.Config:
    config: dict[str, Any] = {
        "lifespan": "off",
        "log_level": "error",
        "log_config": None,
        "access_log": False,
        "ws": "none",
        "server_header": False,
        "proxy_headers": False,
        "date_header": False,
        # A pooled connection must outlive a client's pause between batches, or its next call races with our close.
        "timeout_keep_alive": 75,
        # A URL far over 8 KB has to reach the app, which owes it a 414.
        "h11_max_incomplete_event_size": MAX_REQUEST_HEAD,
    }
    return uvicorn.Config(app, **config)


class BackgroundServer:
    """The same in a daemon thread with its own event loop, for tests and notebooks."""

    def __init__(self, apps: Sequence[tuple[App, socket.socket]]) -> None:
        self._apps = apps
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="landbridge-sandbox", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 10) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(timeout)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(serve(self._apps, self._stop))
            self._loop.run_until_complete(self._cancel_rest())
        finally:
            self._loop.close()

    async def _cancel_rest(self) -> None:
        """End requests that still hang, so that the loop closes without complaint."""
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
