"""Subscriptions to SmartRecruiters' webhooks, over sockets against the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from landbridge.connectors import CONNECTORS, Wiring
from landbridge.connectors.smartrecruiters.subscriptions import Subscriptions, subscriptions_of
from landbridge.connectors.smartrecruiters.webhooks import EVENTS, read_event
from landbridge.errors import MissingError, NotPermittedError, RejectedError
from landbridge.http import JournalEntry, LocalGate, SystemClock
from landbridge.sandbox import Sandbox

SMARTRECRUITERS = CONNECTORS["smartrecruiters"]
# A port of this machine on which nobody listens.
NOBODY = "http://127.0.0.1:9/hooks"


class Notes(list[JournalEntry]):
    def note(self, entry: JournalEntry) -> None:
        self.append(entry)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(candidates=5) as sandbox:
        yield sandbox


@pytest.fixture
async def subscriptions(sandbox: Sandbox) -> AsyncIterator[Subscriptions]:
    wiring = Wiring(
        settings={"base_url": sandbox.smartrecruiters_url},
        secrets={"api_key": sandbox.smartrecruiters.keys.api_key},
        gate=LocalGate(SMARTRECRUITERS.allowances),
        journal=Notes(),
        clock=SystemClock(),
    )
    async with subscriptions_of(wiring) as opened:
        yield opened


async def test_subscription_is_made_found_and_removed(subscriptions: Subscriptions) -> None:
    made = await subscriptions.create(NOBODY, EVENTS)
    [found] = await subscriptions.list_all()
    assert (found.id, found.callback_url, found.events) == (made.id, NOBODY, frozenset(EVENTS))
    assert not found.is_active
    await subscriptions.delete(made.id)
    await subscriptions.delete(made.id)
    assert await subscriptions.list_all() == []


async def test_activation_fails_where_nobody_greets_back(subscriptions: Subscriptions) -> None:
    made = await subscriptions.create(NOBODY, EVENTS)
    assert not await subscriptions.activate(made.id)


async def test_subscription_that_is_no_more_is_missing(subscriptions: Subscriptions) -> None:
    for call in (subscriptions.activate, subscriptions.make_key):
        with pytest.raises(MissingError):
            await call("0b8e8a52-6d1f-4a6e-9a56-6c0b9b6f2a11")


async def test_keys_differ_and_come_as_they_are_made(subscriptions: Subscriptions) -> None:
    made = await subscriptions.create(NOBODY, EVENTS)
    first, second = await subscriptions.make_key(made.id), await subscriptions.make_key(made.id)
    assert first != second


async def test_address_without_https_is_refused(subscriptions: Subscriptions) -> None:
    with pytest.raises((RejectedError, NotPermittedError)):
        await subscriptions.create("http://landbridge.example.com/hooks", EVENTS)


async def test_log_tells_what_was_not_delivered(sandbox: Sandbox, subscriptions: Subscriptions) -> None:
    made = await subscriptions.create(NOBODY, EVENTS)
    webhooks = sandbox.smartrecruiters.book.subscriptions[made.id]
    webhooks.active = True
    since = datetime.now(UTC) - timedelta(minutes=1)
    httpx2.post(
        f"{sandbox.smartrecruiters_url}/_sandbox/edit", json={"percent": 20}, trust_env=False
    ).raise_for_status()
    sandbox.smartrecruiters.courier.settle()
    told = await subscriptions.undelivered(made.id, since)
    assert told
    assert len({one.event_id for one in told}) == len(told)
    assert all(read_event(one.name, one.body) is not None for one in told)
