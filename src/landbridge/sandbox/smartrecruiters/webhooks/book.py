"""Subscriptions, their keys, what still has to be delivered and the log of what was tried."""

from __future__ import annotations

import heapq
from collections import deque
from typing import Final, Literal

from msgspec import Struct

from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.happenings import Happening
from landbridge.sandbox.worlds.draw import Draw

DAY_MS: Final = 86_400_000
LOG_MS: Final = 30 * DAY_MS
# Thirty days of a busy account would fill the memory; what is older than this many tries is forgotten before.
LOG_KEPT: Final = 20_000


class Basic(Struct, frozen=True, tag_field="type", tag="basic"):
    username: str
    password: str


class Header(Struct, frozen=True, tag_field="type", tag="header", rename="camel"):
    header_name: str
    header_value: str


class OAuth2(Struct, frozen=True, tag_field="type", tag="oauth2", rename="camel"):
    client_id: str
    client_secret: str
    token_service_url: str


Authentication = Basic | Header | OAuth2


class SecretKey(Struct, frozen=True):
    """A key for signatures; a newer one leaves it ``expires_at`` 24 hours later."""

    value: str
    expires_at: int | None = None


class Attempt(Struct, frozen=True, kw_only=True):
    """One try to deliver. ``status`` 0 and a ``problem`` where no answer came; ``at`` is epoch ms of the sandbox."""

    number: int
    at: int
    event_id: str
    happening: Happening
    status: int
    problem: str
    signature: str
    successful: bool


class Subscription(Struct, kw_only=True, eq=False):
    """``base_url`` is how the subscriber reaches this account: links begin with it. ``suspended`` is an inactive
    subscription that was active until its deliveries failed too often."""

    id: str
    callback_url: str
    events: tuple[str, ...]
    base_url: str
    alert_address: str | None = None
    authentication: Authentication | None = None
    active: bool = False
    suspended: bool = False
    succeeded_at: int = 0
    keys: tuple[SecretKey, ...] = ()
    token: tuple[str, int] | None = None  # of its OAuth service, and until when
    log: deque[Attempt] = deque()

    def living_keys(self, at: int) -> list[SecretKey]:
        return [key for key in self.keys if key.expires_at is None or key.expires_at > at]


class Delivery(Struct, kw_only=True, eq=False):
    """One happening on its way to one subscriber; ``tries`` have failed so far, ``copies`` go out at the next one."""

    number: int
    event_id: str
    happening: Happening
    tries: int = 0
    copies: int = 1


Waiting = list[tuple[int, int, Delivery]]
Outcome = Literal["delivered", "repeated", "given_up", "lost", "withheld", "dropped"]


class Book:
    """Plain state, so that a snapshot holds it. Heaps of what waits run by time, then by number."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._made = 0
        self.subscriptions: dict[str, Subscription] = {}
        self.waiting: dict[str, Waiting] = {}
        self.outcomes: dict[str, int] = {}

    def draw(self, kind: str) -> Draw:
        self._made += 1
        return Draw("smartrecruiters", "webhooks", kind, self._seed, self._made)

    def add(self, subscription: Subscription) -> None:
        subscription.log = deque(maxlen=LOG_KEPT)
        self.subscriptions[subscription.id] = subscription
        self.waiting[subscription.id] = []

    def forget(self, subscription: Subscription) -> None:
        del self.subscriptions[subscription.id]
        self.drop(subscription)
        del self.waiting[subscription.id]

    def drop(self, subscription: Subscription) -> None:
        """What waits for a subscriber who hears nothing any more is never sent."""
        waiting = self.waiting.get(subscription.id, [])
        self.count("dropped", len(waiting))
        waiting.clear()

    def count(self, outcome: Outcome, times: int = 1) -> None:
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + times

    def queue(self, subscription: Subscription, delivery: Delivery, due_at: int) -> None:
        heapq.heappush(self.waiting[subscription.id], (due_at, delivery.number, delivery))

    def next_due(self, subscription: Subscription, at: int) -> Delivery | None:
        """Take out what is to be sent next, if its time has come."""
        waiting = self.waiting.get(subscription.id)
        if not waiting or waiting[0][0] > at:
            return None
        return heapq.heappop(waiting)[2]

    def next_due_at(self) -> int | None:
        return min((waiting[0][0] for waiting in self.waiting.values() if waiting), default=None)

    def note(self, subscription: Subscription, attempt: Attempt) -> None:
        subscription.log.append(attempt)

    def log(self, subscription: Subscription, at: int) -> list[Attempt]:
        """The last 30 days, newest first."""
        while subscription.log and subscription.log[0].at < at - LOG_MS:
            subscription.log.popleft()
        return list(reversed(subscription.log))

    def next_number(self) -> int:
        self._made += 1
        return self._made


def wait_after(tries: int) -> int | None:
    """Milliseconds until the next try after that many failed ones; None: it was the last."""
    ladder = choices.WEBHOOK_RETRY_MINUTES
    return ladder[tries - 1] * 60_000 if tries <= len(ladder) else None
