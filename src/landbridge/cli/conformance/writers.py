"""The connectors whose writing half is checked, each with an ATS of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx2

from landbridge.cli.conformance.home_grown import SECRET, URL, HomeGrown
from landbridge.cli.conformance.subject import Ground, Silent
from landbridge.cli.conformance.writing import WritingSubject
from landbridge.connectors import CONNECTORS, Wiring
from landbridge.connectors.rest_ats.source import NAME
from landbridge.connectors.rest_ats.wire import Pushed, PushedApplication, PushedCandidate
from landbridge.http import LocalGate, SystemClock
from landbridge.jobs.pushing import push
from landbridge.ports.ats import AtsWriting
from landbridge.sandbox import Sandbox
from landbridge.store.pushed import PushedMirror

KINDS: Mapping[str, type[Pushed]] = {"candidates": PushedCandidate, "applications": PushedApplication}


class _Hasty(SystemClock):
    """Nobody waits between two tries: here they are lost on purpose."""

    async def sleep(self, seconds: float) -> None:
        """At once."""


class LosingTransport(httpx2.AsyncBaseTransport):
    """The network, in which the answer to a creation may get lost."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner
        self.losing = False

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._inner.handle_async_request(request)
        if self.losing and request.method == "POST":
            self.losing = False
            await answer.aread()
            raise httpx2.ReadError("the answer was lost")
        return answer


class SmartRecruitersWorld(WritingSubject):
    """Its sandbox, in this process."""

    def __init__(self, sandbox: Sandbox, transport: LosingTransport, writing: AtsWriting) -> None:
        self._state, self._transport, self.writing = sandbox.smartrecruiters.state, transport, writing
        self.jobs = list(self._state.world.jobs)[:2]

    def on_jobs(self, candidate: str) -> list[str]:
        person = self._state.world.candidates.get(candidate)
        return [one.job_id for one in person.applications] if person else []

    def notes(self, candidate: str) -> list[str]:
        return [message.content for message in self._state.messages.about(candidate)]

    async def contact(self, candidate: str) -> tuple[list[str], str | None]:
        known = await self.writing.read_candidate(candidate)
        return ([known.email] if known and known.email else [], known.phone if known else None)

    def lose_answer(self) -> None:
        self._transport.losing = True


class HomeGrownWorld(WritingSubject):
    """An ATS that takes signed events and pushes what it makes of them."""

    def __init__(self, ats: HomeGrown, writing: AtsWriting) -> None:
        self._ats, self.writing, self.jobs = ats, writing, ats.jobs

    def on_jobs(self, candidate: str) -> list[str]:
        return list(self._ats.on_jobs.get(candidate, ()))

    def notes(self, candidate: str) -> list[str]:
        return [note["text"] for note in self._ats.notes.values() if note["candidate_id"] == candidate]

    async def contact(self, candidate: str) -> tuple[list[str], str | None]:
        person = self._ats.people[candidate]
        return list(person["emails"]), person["phone"]

    def lose_answer(self) -> None:
        # The try at once after it is lost as well: what comes back later is for the next attempt.
        self._ats.losing = 3


@asynccontextmanager
async def smartrecruiters(ground: Ground) -> AsyncIterator[WritingSubject]:
    del ground  # it is asked what it has
    sandbox = Sandbox(candidates=12)
    transport = LosingTransport(httpx2.ASGITransport(app=sandbox.smartrecruiters))
    key = sandbox.smartrecruiters.keys.api_key
    async with _opened("smartrecruiters", {"base_url": "http://localhost"}, {"api_key": key}, transport) as writing:
        yield SmartRecruitersWorld(sandbox, transport, writing)


@asynccontextmanager
async def home_grown(ground: Ground) -> AsyncIterator[WritingSubject]:
    async def pushes(kind: str, record: dict[str, Any]) -> None:
        await push(ground.database, SystemClock(), ground.workspace, [record], KINDS[kind])

    ats = HomeGrown(["J0", "J1"], pushes)
    mirror = PushedMirror(ground.database, ground.workspace)
    async with _opened(NAME, {"url": URL}, {"secret": SECRET}, ats, mirror) as writing:
        yield HomeGrownWorld(ats, writing)


@asynccontextmanager
async def _opened(
    name: str,
    settings: dict[str, str],
    secrets: dict[str, str],
    transport: httpx2.AsyncBaseTransport,
    mirror: PushedMirror | None = None,
) -> AsyncIterator[AtsWriting]:
    connector = CONNECTORS[name]
    assert connector.writing is not None
    writing = connector.writing(
        Wiring(
            settings=settings,
            secrets=secrets,
            gate=LocalGate({}),
            journal=Silent(),
            clock=_Hasty(),
            transport=transport,
            mirror=mirror,
        )
    )
    try:
        yield writing
    finally:
        await writing.close()


WRITERS: Mapping[str, Callable[[Ground], AbstractAsyncContextManager[WritingSubject]]] = {
    "smartrecruiters": smartrecruiters,
    NAME: home_grown,
}
