"""One sandbox: both imitated systems on their ports, in this event loop, in a thread, or without any port."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Collection
from datetime import timedelta
from types import TracebackType
from typing import Literal, Self

from landbridge.sandbox.kernel import App, Clock, Site, WorldChoice
from landbridge.sandbox.kernel.lengths import parse_length
from landbridge.sandbox.kernel.server import BackgroundServer, listen, serve, url_of
from landbridge.sandbox.linkedin import LinkedIn
from landbridge.sandbox.room.rooms import page_routes
from landbridge.sandbox.scenarios.rooms import scenario_routes
from landbridge.sandbox.smartrecruiters import SmartRecruiters
from landbridge.sandbox.worlds import make_world

SystemName = Literal["linkedin", "smartrecruiters"]
BOTH: tuple[SystemName, ...] = ("linkedin", "smartrecruiters")


class Sandbox:
    """LinkedIn and SmartRecruiters living in one world.

    In a test::

        with Sandbox(candidates=50) as sandbox:          # a thread of its own, free ports
            client = httpx2.Client(base_url=sandbox.linkedin_url)
            ...
            assert not sandbox.linkedin.journal.violations()

    ``linkedin`` and ``smartrecruiters`` are the ASGI apps themselves (usable without any port through an ASGI
    transport); what the control room offers over HTTP is there as attributes: ``clock``, ``linkedin.journal``,
    ``linkedin.faults``, ``linkedin.recruiter``, ``linkedin.talent``, ``linkedin.set_limits(...)``, ``site.reset()``,
    ``site.seed(...)``.
    """

    def __init__(
        self,
        *,
        world: str = "plain",
        seed: int = 1,
        candidates: int = 200,
        limits: str = "relaxed",
        journal_size: int | None = None,
        push_outside: bool = False,
    ) -> None:
        """``push_outside`` lets pushes go to callbacks on other machines than this one."""
        self.site = Site(make_world, WorldChoice(world=world, seed=seed, candidates=candidates))
        self.site.rooms += [scenario_routes, page_routes]
        self.linkedin = LinkedIn(self.site)
        self.linkedin.pushes.outside = push_outside
        self.smartrecruiters = SmartRecruiters(self.site)
        self.smartrecruiters.courier.outside = push_outside
        for system in self.site.systems:
            system.set_limits({"mode": limits})
            if journal_size is not None:
                system.journal.resize(journal_size)
        self._sockets: dict[SystemName, socket.socket] = {}
        self._thread: BackgroundServer | None = None

    @property
    def clock(self) -> Clock:
        return self.site.clock

    def advance(self, length: str | timedelta) -> None:
        """Move the clock on by "90m", "2d", "PT1H"; what falls due on the way has happened when this returns."""
        self.site.advance(parse_length(length) if isinstance(length, str) else length)

    @property
    def linkedin_url(self) -> str:
        return url_of(self._sockets["linkedin"])

    @property
    def smartrecruiters_url(self) -> str:
        return url_of(self._sockets["smartrecruiters"])

    def listen(
        self,
        *,
        host: str = "127.0.0.1",
        linkedin_port: int = 0,
        smartrecruiters_port: int = 0,
        systems: Collection[SystemName] = BOTH,
    ) -> None:
        """Take the ports (0: any free one). Raises ``OSError`` when one is taken."""
        ports: dict[SystemName, int] = {"linkedin": linkedin_port, "smartrecruiters": smartrecruiters_port}
        try:
            for name in BOTH:
                if name in systems:
                    self._sockets[name] = listen(host, ports[name])
                    self.site.urls[name] = url_of(self._sockets[name])
        except OSError:
            self._close()
            raise

    def start(
        self,
        *,
        host: str = "127.0.0.1",
        linkedin_port: int = 0,
        smartrecruiters_port: int = 0,
        systems: Collection[SystemName] = BOTH,
    ) -> Self:
        """Serve from a background thread; requests sent from here on are answered."""
        self.listen(host=host, linkedin_port=linkedin_port, smartrecruiters_port=smartrecruiters_port, systems=systems)
        self._thread = BackgroundServer(self._served())
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop the background thread and give the ports back."""
        self.linkedin.pushes.clear()
        self.smartrecruiters.courier.clear()
        if self._thread is not None:
            self._thread.stop()
            self._thread = None
        self._close()

    async def serve(self, stop: asyncio.Event) -> None:
        """Serve in the current event loop until ``stop`` is set; call :meth:`listen` first."""
        try:
            await serve(self._served(), stop)
        finally:
            self._close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _served(self) -> list[tuple[App, socket.socket]]:
        apps: dict[SystemName, App] = {"linkedin": self.linkedin, "smartrecruiters": self.smartrecruiters}
        return [(apps[name], sock) for name, sock in self._sockets.items()]

    def _close(self) -> None:
        for sock in self._sockets.values():
            sock.close()
        self._sockets.clear()
