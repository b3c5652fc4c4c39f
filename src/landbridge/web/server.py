"""Serving the console until the process is told to stop."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

import psycopg
import uvicorn

from landbridge.errors import SettingError
from landbridge.settings import Settings
from landbridge.store.accounts import ensure_admin, make_sign_in_token, needs_first_admin
from landbridge.store.database import Database
from landbridge.store.migrate import check_migrated
from landbridge.store.secrets import unlock
from landbridge.web.application import build
from landbridge.web.rooms import Room, machine_time

GRACE_SECONDS = 5


async def serve(
    settings: Settings,
    *,
    on_ready: Callable[[str], object] | None = None,
    on_first_run: Callable[[str], object] | None = None,
) -> None:
    """Serve the console until SIGINT or SIGTERM; ``on_ready`` gets its address once it answers, ``on_first_run`` the
    link by which the first admin comes in, as long as there is none.

    Raises SettingError where the database is not migrated, the key is wrong or the port is taken.
    """
    async with await Database.open(settings) as database:
        await asyncio.to_thread(_check, database.url)
        vault = await unlock(settings, database)
        listener = listen(settings)
        with listener:
            app = build(Room(settings=settings, database=database), vault)
            keep_what_is_loaded()
            where = address(settings, listener)
            server = _Server(_config(settings, app), on_ready=lambda: on_ready and on_ready(where))
            if on_first_run and (link := await first_run_link(where, database)):
                on_first_run(link)
            await _until_told(server, listener)


def keep_what_is_loaded() -> None:
    """Take what the start has loaded out of the search for garbage, which would stop every page for a tenth of a second
    each time it looks through all of Django. Once in a process."""
    gc.collect()
    gc.freeze()


def listen(settings: Settings) -> socket.socket:
    """The socket of the console. Raises SettingError where host or port cannot be had."""
    family = socket.AF_INET6 if ":" in settings.web_host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.web_host, settings.web_port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise SettingError(
            f"The console cannot listen on {settings.web_host} port {settings.web_port}: {error.strerror}.",
            hint="Stop what listens there, or set LANDBRIDGE_WEB_HOST and LANDBRIDGE_WEB_PORT.",
        ) from None
    return listener


HERE = frozenset({"0.0.0.0", "::", "127.0.0.1"})  # noqa: S104 - told apart, not bound to


def address(settings: Settings, listener: socket.socket | None = None) -> str:
    """Where browsers reach the console, without a slash at the end. On this machine by name: passkeys need one."""
    if settings.public_url:
        return settings.public_url
    port = listener.getsockname()[1] if listener else settings.web_port
    host = "localhost" if settings.web_host in HERE else settings.web_host
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def make_sign_in_link(settings: Settings, database: Database) -> str:
    """An address that signs the first admin in once, within 15 minutes. Whoever has it is that admin."""
    return await _link(address(settings), database)


async def first_run_link(where: str, database: Database) -> str:
    """The same where nobody can come in without one yet; else ""."""
    async with database.connection() as connection:
        needed = await needs_first_admin(connection)
    return await _link(where, database) if needed else ""


async def _link(where: str, database: Database) -> str:
    now = machine_time()
    async with database.transaction() as connection:
        token = await make_sign_in_token(connection, await ensure_admin(connection, now), now)
    return f"{where}/sign-in/{quote(token)}"


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone: uvicorn would end the process by the signal, with the database still open."""
        yield

    def stop(self) -> None:
        self.should_exit = True


async def _until_told(server: _Server, listener: socket.socket) -> None:
    """Serve until SIGTERM, or until cancelled (which is what Ctrl-C does); requests under way are finished first."""
    loop = asyncio.get_running_loop()
    in_main_thread = threading.current_thread() is threading.main_thread()
    if in_main_thread:
        loop.add_signal_handler(signal.SIGTERM, server.stop)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.stop()
        await serving
        raise
    finally:
        if in_main_thread:
            loop.remove_signal_handler(signal.SIGTERM)


def _config(settings: Settings, app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # uvicorn has its own names for the same ASGI types
        lifespan="off",
        log_config=None,
        # Paths can hold one-time tokens, and what matters is in our own log.
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        forwarded_allow_ips=",".join(settings.trusted_proxies),
    )


def _check(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        check_migrated(connection)
