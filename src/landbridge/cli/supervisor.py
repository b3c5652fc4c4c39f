"""Running Landbridge's processes as children: start, wait until ready, watch, restart, stop."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from landbridge.errors import UnavailableError

T = TypeVar("T")

READY_WITHIN = 30.0  # seconds until a child has to answer
STOP_WITHIN = 10.0  # seconds a child has to end by itself
RESTARTS = 5  # within ``RESTART_WINDOW`` seconds; more often is not a crash but a fault to be told
RESTART_WINDOW = 60.0


class Child(Struct, frozen=True, kw_only=True):
    """One process to keep running. ``ready`` answers whether it can be used; None: it is ready when it runs."""

    name: str
    arguments: Sequence[str]  # after ``python -m landbridge``
    environment: Mapping[str, str] = {}
    ready: Callable[[], Awaitable[bool]] | None = None


# What people have just done has a process of its own: beside a busy first sync it would have to wait for its turns.
WORKERS = (
    Child(name="worker", arguments=["worker", "--only", "rest"]),
    Child(name="worker-live", arguments=["worker", "--only", "live"]),
)


class Supervisor:
    """Keeps children running until :meth:`stop`. Each child's output goes to ``<logs>/<name>.log``.

    Children are in sessions of their own, so Ctrl-C reaches only the supervisor, which then stops them in order.
    """

    def __init__(self, logs: Path, say: Callable[[str], object]) -> None:
        self._logs = logs
        self._say = say
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._watchers: dict[str, asyncio.Task[None]] = {}
        self._stopping = False
        self.failed: asyncio.Event = asyncio.Event()
        self.failure = ""

    async def start(self, child: Child) -> None:
        """Start a child and wait until it is ready. Raises UnavailableError when it is not in time."""
        await self._spawn(child)
        await self._wait_until_ready(child)
        watcher = asyncio.create_task(self._watch(child), name=f"watch {child.name}")
        watcher.add_done_callback(self._note_end)
        self._watchers[child.name] = watcher

    def pid_of(self, name: str) -> int:
        return self._running[name].pid

    async def stop(self) -> None:
        """Stop the children, youngest first: politely, and after a while not so politely."""
        self._stopping = True
        for name in reversed(list(self._running)):
            await self._stop_one(self._running[name])
        for watcher in self._watchers.values():
            watcher.cancel()
        await asyncio.gather(*self._watchers.values(), return_exceptions=True)

    async def during(self, work: Coroutine[Any, Any, T]) -> T:
        """Do ``work`` while the children run. Raises UnavailableError as soon as one cannot be kept running."""
        doing = asyncio.ensure_future(work)
        failing = asyncio.ensure_future(self.wait())
        try:
            await asyncio.wait([doing, failing], return_when=asyncio.FIRST_COMPLETED)
            if not doing.done():
                await failing
            return await doing
        finally:
            doing.cancel()
            failing.cancel()
            await asyncio.gather(doing, failing, return_exceptions=True)

    async def wait(self) -> None:
        """Wait until a child cannot be kept running. Raises UnavailableError then."""
        await self.failed.wait()
        raise UnavailableError(self.failure, code="process_fails", hint=f"Its log is in {self._logs}.")

    async def _spawn(self, child: Child) -> None:
        self._logs.mkdir(parents=True, exist_ok=True)
        with (self._logs / f"{child.name}.log").open("ab") as log:
            self._running[child.name] = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "landbridge",
                *child.arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **child.environment},
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )

    async def _wait_until_ready(self, child: Child) -> None:
        process, deadline = self._running[child.name], time.monotonic() + READY_WITHIN
        while process.returncode is None and time.monotonic() < deadline:
            if child.ready is None or await child.ready():
                return
            await asyncio.sleep(0.05)
        what = "does not answer" if process.returncode is None else f"ended with status {process.returncode}"
        raise UnavailableError(
            f"{child.name} {what}: {self._last_words(child.name)}",
            code="process_fails",
            hint=f"Its log is {self._logs / child.name}.log.",
        )

    async def _watch(self, child: Child) -> None:
        crashes: deque[float] = deque(maxlen=RESTARTS)
        while True:
            status = await self._running[child.name].wait()
            if self._stopping:
                return
            now = time.monotonic()
            if len(crashes) == RESTARTS and now - crashes[0] < RESTART_WINDOW:
                last_words = self._last_words(child.name)
                self.failure = f"{child.name} ended {RESTARTS + 1} times within {RESTART_WINDOW:.0f} s: {last_words}"
                self.failed.set()
                return
            crashes.append(now)
            self._say(f"{child.name} ended with status {status}; starting it again")
            await self._spawn(child)

    def _note_end(self, watcher: asyncio.Task[None]) -> None:
        """A watcher that failed must not leave everybody waiting for it."""
        error = None if watcher.cancelled() else watcher.exception()
        if error is not None:
            self.failure = f"The {watcher.get_name()} failed: {type(error).__name__}: {error}"
            self.failed.set()

    async def _stop_one(self, process: asyncio.subprocess.Process) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), STOP_WITHIN)
            except TimeoutError:
                process.kill()
                await process.wait()

    def _last_words(self, name: str) -> str:
        file = self._logs / f"{name}.log"
        lines = file.read_text(errors="replace").strip().splitlines() if file.exists() else []
        return lines[-1][:300] if lines else "it left no message"


def _end_with_parent() -> None:
    """Ask Linux to end this child when its supervisor dies, so that even ``kill -9`` leaves nobody behind."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
