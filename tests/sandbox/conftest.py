"""A small sandbox per test, and a LinkedIn caller that shares no code with the connectors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from tests.sandbox.linkedin_caller import Caller


@pytest.fixture
def sandbox() -> Sandbox:
    """Not on any port; its clock stands still."""
    sandbox = Sandbox(candidates=12)
    sandbox.clock.freeze()
    return sandbox


@pytest.fixture
def running() -> Iterator[Sandbox]:
    """On free ports, in a thread of its own."""
    with Sandbox(candidates=12) as sandbox:
        yield sandbox


@pytest.fixture
async def linkedin(sandbox: Sandbox) -> AsyncIterator[Caller]:
    """The ready child application, signed in, its integration enabled."""
    transport = httpx2.ASGITransport(app=sandbox.linkedin)
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        caller = Caller(http, sandbox)
        caller.enable()
        await caller.sign_in()
        yield caller
