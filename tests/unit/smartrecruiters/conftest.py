"""A SmartRecruiters account on a transport that answers from a table of paths."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from landbridge.connectors import CONNECTORS, Wiring
from landbridge.http import JournalEntry, OpenGate
from landbridge.ports.source import Source

Answer = tuple[int, Any]


class Notes(list[JournalEntry]):
    def note(self, entry: JournalEntry) -> None:
        self.append(entry)


class Clock:
    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        self.passed += seconds


class Account:
    """What each path answers: status and body. Others answer 404 in SmartRecruiters' own words."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[httpx2.URL] = []
        self.notes = Notes()
        self.clock = Clock()
        self.opened: list[Source] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url)
        status, body = self.answers.get(request.url.path, (404, {"errors": [{"code": "JOB_NOT_FOUND"}]}))
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return httpx2.Response(status, content=content)

    @property
    def paths(self) -> list[str]:
        return [url.path for url in self.asked]

    def source(
        self, *, credential: dict[str, str] | None = None, choices: dict[str, Any] | None = None, **settings: Any
    ) -> Source:
        opener = CONNECTORS["smartrecruiters"].source
        assert opener is not None
        wiring = Wiring(
            settings=settings,
            secrets=credential or {"api_key": "canary-key"},
            gate=OpenGate(),
            journal=self.notes,
            clock=self.clock,
            transport=httpx2.MockTransport(self),
            choices=choices or {},
        )
        self.opened.append(opener(wiring))
        return self.opened[-1]


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    account = Account()
    yield account
    for source in account.opened:
        await source.close()
