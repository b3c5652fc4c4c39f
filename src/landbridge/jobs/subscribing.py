"""Seeing to it that the ATS tells of changes, and looking for them where it does not: subscriptions and sweeps."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from msgspec import structs

from landbridge.connectors import Telling
from landbridge.errors import LandbridgeError
from landbridge.jobs import control
from landbridge.jobs.live import keep, path_of
from landbridge.jobs.queue import Wish, webhooks_wish
from landbridge.jobs.wiring import Works
from landbridge.ports.telling import Subscription, Subscriptions
from landbridge.store import sweeps
from landbridge.store.database import Connection, raise_if_ours
from landbridge.store.inbox import Taken, newest_event_at
from landbridge.store.webhooks import Webhook, load_keys, load_webhook, save_keys, save_webhook

log = structlog.get_logger(__name__)

# How often a subscription is looked at: it may have been suspended or deleted without a word.
LOOK = timedelta(minutes=5)
KEY_LASTS = timedelta(days=30)
LOG_OVERLAP = timedelta(minutes=10)
# Removals that nobody told of show only in a complete list.
FULL_EVERY = timedelta(days=1)
# A subscription that was silent about a change is not relied on for so long, unless something is heard of it.
DISTRUSTED = timedelta(hours=1)
UNTOLD = "untold"


async def wishes(connection: Connection, workspace: int, now: datetime) -> list[Wish]:
    """What the tick has to ask for, from the beginning of the first sync on: what changes during it is told as well."""
    newest = await sweeps.newest(connection, workspace)
    webhook = await load_webhook(connection, workspace)
    if newest is None or newest.state not in {"running", "done"}:
        return []
    due = webhook is None or webhook.look_at is None or webhook.look_at <= now
    return [webhooks_wish(workspace)] if due else []


async def tend(works: Works, workspace: int) -> None:
    """Make, activate, renew or heal the subscription; then look for changes in the lists when it is time for that."""
    connector = await works.connector(workspace)
    if connector.telling is None:
        return
    async with works.database.connection() as connection:
        webhook = await load_webhook(connection, workspace) or Webhook()
    webhook = await _subscribed(works, workspace, connector.name, connector.telling, webhook)
    webhook = await _trusted(works, workspace, connector.name, webhook)
    webhook = await _swept(works, workspace, webhook)
    webhook = structs.replace(webhook, look_at=works.clock.now() + min(LOOK, _pause(works, webhook)))
    await _save(works, workspace, webhook)


def address_of(works: Works, workspace: int, ats: str, base_url: str) -> str | None:
    """Where the ATS can deliver; None where it cannot reach us. An ATS on this machine needs no public address."""
    origin = works.settings.public_url
    if origin is None and _is_here(base_url) and works.settings.web_port:
        origin = f"http://127.0.0.1:{works.settings.web_port}"
    if origin is None or not (origin.startswith("https://") or _is_here(origin)):
        return None
    return origin + path_of(works.vault, ats, workspace)


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _subscribed(works: Works, workspace: int, ats: str, telling: Telling, webhook: Webhook) -> Webhook:
    """Trouble here costs quickness only: the lists are read more often until it has passed."""
    try:
        wiring = await works.wiring(workspace, ats)
        address = address_of(works, workspace, ats, str(wiring.settings.get("base_url", "")))
        if address is None:
            return structs.replace(webhook, state="absent", problem="public_address_missing")
        async with telling.subscriptions(wiring) as subscriptions:
            return await _Care(works, workspace, ats, subscriptions, telling.events).ensure(webhook, address)
    except LandbridgeError as error:
        raise_if_ours(error)
        log.warning("webhooks_in_trouble", workspace=workspace, code=error.code)
        return structs.replace(webhook, state="absent", problem=error.code)


class _Care:
    def __init__(
        self, works: Works, workspace: int, ats: str, subscriptions: Subscriptions, events: Sequence[str]
    ) -> None:
        self._works = works
        self._workspace = workspace
        self._ats = ats
        self._subscriptions = subscriptions
        self._events = events

    async def ensure(self, webhook: Webhook, address: str) -> Webhook:
        now = self._works.clock.now()
        current = await self._current(webhook, address)
        if current is None:
            current = await self._subscriptions.create(address, self._events)
            webhook = structs.replace(webhook, subscription=current.id, callback_url=address, keyed_at=None)
            # Lost between the making and this save, it would be found by its address, and made anew.
            await _save(self._works, self._workspace, webhook)
        if webhook.keyed_at is None or now - webhook.keyed_at >= KEY_LASTS:
            webhook = await self._keyed(webhook, current, now)
        return await self._heard(await self._active(webhook, current, now), current, now)

    async def _current(self, webhook: Webhook, address: str) -> Subscription | None:
        """Our subscription as it should be; whatever else has our address, or was ours, is removed."""
        current: Subscription | None = None
        for one in await self._subscriptions.list_all():
            ours = one.id == webhook.subscription
            if ours and one.callback_url == address and one.events == frozenset(self._events):
                current = one
            elif ours or one.callback_url == address:
                await self._subscriptions.delete(one.id)
        return current

    async def _keyed(self, webhook: Webhook, current: Subscription, now: datetime) -> Webhook:
        key = await self._subscriptions.make_key(current.id)
        async with self._works.database.transaction() as connection:
            older = await load_keys(connection, self._workspace, self._ats, vault=self._works.vault)
            await save_keys(connection, self._workspace, self._ats, [key, *older[:1]], vault=self._works.vault)
        return structs.replace(webhook, keyed_at=now)

    async def _active(self, webhook: Webhook, current: Subscription, now: datetime) -> Webhook:
        if current.is_active:
            return structs.replace(webhook, state="active", problem="", active_since=webhook.active_since or now)
        if not await self._subscriptions.activate(current.id):
            return structs.replace(webhook, state="unreached", problem="callback_unreached")
        webhook = structs.replace(webhook, state="active", problem="")
        if webhook.active_since is not None:
            # It heard nothing until now: what it has missed is looked for at once.
            webhook = structs.replace(webhook, healed=webhook.healed + 1, swept_at=now - FULL_EVERY)
        return structs.replace(webhook, active_since=now)

    async def _heard(self, webhook: Webhook, current: Subscription, now: datetime) -> Webhook:
        """Take in events of the log that could not be delivered; those that came in later count once."""
        since = (webhook.heard_until or now) - LOG_OVERLAP
        missed = await self._subscriptions.undelivered(current.id, since)
        events = [
            Taken(workspace=self._workspace, event_id=one.event_id, type=one.name, body=one.body) for one in missed
        ]
        if events:
            await keep(self._works.database, self._ats, events, now)
        return structs.replace(webhook, heard_until=now)


async def _trusted(works: Works, workspace: int, ats: str, webhook: Webhook) -> Webhook:
    """An active subscription may be silent all the same: then the lists show changes that nobody told of."""
    if not webhook.tells or webhook.active_since is None:
        return webhook
    async with works.database.connection() as connection:
        told_at = await newest_event_at(connection, workspace, ats)
        heard_at = max(told_at or webhook.active_since, webhook.active_since)
        untold = await sweeps.found_untold(
            connection, workspace, heard_at=heard_at, after=works.clock.now() - DISTRUSTED
        )
    return structs.replace(webhook, problem=UNTOLD) if untold else webhook


def _pause(works: Works, webhook: Webhook) -> timedelta:
    """Between two looks at the lists."""
    return works.settings.changes_poll if webhook.tells else works.settings.changes_poll_alone


async def _swept(works: Works, workspace: int, webhook: Webhook) -> Webhook:
    now = works.clock.now()
    async with works.database.connection() as connection:
        newest = await sweeps.newest(connection, workspace)
        full_at = await sweeps.newest_full_at(connection, workspace)
    if newest is None or newest.state != "done" or newest.finished_at is None:
        return webhook
    if now - (webhook.swept_at or newest.finished_at) < _pause(works, webhook):
        return webhook
    is_full = full_at is None or now - full_at >= FULL_EVERY
    await control.start_sync(works, workspace, "full" if is_full else "delta")
    return structs.replace(webhook, swept_at=now)


async def _save(works: Works, workspace: int, webhook: Webhook) -> None:
    async with works.database.connection() as connection:
        await save_webhook(connection, workspace, webhook)
