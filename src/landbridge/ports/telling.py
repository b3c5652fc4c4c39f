"""What the engine needs from an ATS that tells of changes by webhooks: what a delivery names, and who subscribes to it.

A connector joins both in its ``Telling`` (``connectors/description.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from landbridge.ports.source import Item


class Delivery(Struct, frozen=True, kw_only=True):
    """One event as it came. ``event_id`` is the same however often it comes."""

    event_id: str
    name: str
    body: bytes


class Told(Struct, frozen=True, kw_only=True):
    """What an event means for us: never what has changed, only what to read again because of it.

    ``items`` are read in any case. ``gone`` are candidates who are no more, by their keys; they are forgotten at once.
    ``jobs`` are items, by a job's own key, of jobs that are read where we have never heard of them. ``children`` are
    items of passes that read something of an application, where an event names the application alone: each has the
    application's own key, and is read by ``records.kinship.child_key`` where the mirror knows the application and the
    workspace's choices have the pass.
    """

    items: tuple[Item, ...] = ()
    gone: tuple[str, ...] = ()
    jobs: tuple[Item, ...] = ()
    children: tuple[Item, ...] = ()


class Subscription(Struct, frozen=True, kw_only=True):
    """Where the ATS delivers which ``events``, by their names. One that is not active is silent."""

    id: str
    callback_url: str
    events: frozenset[str]
    is_active: bool


class Subscriptions(Protocol):
    """Those of one account. All raise what the ATS's refusals mean; MissingError where a subscription is no more."""

    async def list_all(self) -> Sequence[Subscription]: ...

    async def create(self, callback_url: str, events: Sequence[str]) -> Subscription:
        """Not repeatable: look for one of this address first."""
        ...

    async def activate(self, subscription: str) -> bool:
        """Whether it is active now; False where the ATS did not find us at the address."""
        ...

    async def delete(self, subscription: str) -> None:
        """Removed, or not there any more."""
        ...

    async def make_key(self, subscription: str) -> str:
        """A new key to sign with. What was signed with the one before it may still be on its way for a while."""
        ...

    async def undelivered(self, subscription: str, after: datetime) -> Sequence[Delivery]:
        """Events whose delivery failed since ``after``, each once, as far back as the ATS can tell."""
        ...
