"""A client on a transport that answers by script, and an event loop that does not wait."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from landbridge.http import Call, Client, JournalEntry, KeyHeader, OpenGate

START = datetime(2026, 3, 1, tzinfo=UTC)
GET = Call(method="GET", path="/things/1", route="/things/{id}")


class Notes(list[JournalEntry]):
    def note(self, entry: JournalEntry) -> None:
        self.append(entry)


class StillClock:
    """Time that only sleeping moves."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


class Script:
    """Answers requests in turn, the last one for ever, and keeps what was asked."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)


class Bench:
    """Builds clients around one script."""

    def __init__(self) -> None:
        self.notes = Notes()
        self.clock = StillClock()

    def client(self, script: Script, **options: Any) -> Client:
        defaults: dict[str, Any] = {
            "base_url": "https://far.example",
            "system": "far",
            "auth": KeyHeader("X-Key", "canary-key"),
            "journal": self.notes,
            "gate": OpenGate(),
            "transport": httpx2.MockTransport(script),
            "clock": self.clock,
            "chance": lambda: 0.5,
        }
        return Client(**{**defaults, **options})


@pytest.fixture
def bench() -> Bench:
    return Bench()


class _Skipping(selectors.DefaultSelector):
    """Never waits; adds up what it would have waited."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.skipped += timeout or 0.0
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._waits = _Skipping()
        super().__init__(self._waits)

    def time(self) -> float:
        return self._waits.skipped


class VirtualClock:
    """The running virtual loop as a clock."""

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


Main = Callable[[VirtualClock], Coroutine[Any, Any, Any]]


def run(main: Main) -> Any:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main(VirtualClock()))


@pytest.fixture(scope="session")
def run_virtually() -> Callable[[Main], Any]:
    """Runs ``main(clock)`` on a loop whose waits take no time."""
    return run


@pytest.fixture
def script() -> type[Script]:
    return Script
