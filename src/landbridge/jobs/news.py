"""How we hear of what happens on both sides, and how soon: the webhooks of the ATS, the reading of LinkedIn.

The console and ``landbridge status`` tell it from the same facts.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from landbridge.connectors import CONNECTORS
from landbridge.jobs.bucket import CALLS_PER_DAY
from landbridge.jobs.wiring import FAR_SIDE
from landbridge.settings import Settings
from landbridge.store.database import Connection
from landbridge.store.inbox import newest_event_at
from landbridge.store.scope import scoped
from landbridge.store.streams import StreamCounts, count_streams, count_wanted
from landbridge.store.webhooks import Webhook, load_webhook
from landbridge.sync.streams import Pace, pace_of

# So long without a word from webhooks that work is worth telling; a night at most companies is as long.
QUIET = timedelta(hours=24)

Way = Literal["told", "quiet", "looked_for", "pushed", "not_begun"]


class Changes(Struct, frozen=True, kw_only=True):
    """How we hear of changes in the ATS.

    ``way``: ``told`` by webhooks; ``quiet``: by webhooks that have said nothing for a day; ``looked_for`` in the lists
    since no webhook comes; ``pushed`` by an ATS of one's own; ``not_begun``. ``every``: how often the lists are read
    besides, ``every_told`` how often they would be with webhooks.
    """

    way: Way
    webhook: Webhook | None
    newest_at: datetime | None
    every: timedelta
    every_told: timedelta


class News(Struct, frozen=True, kw_only=True):
    """``streams`` by kind, empty where nothing is read from LinkedIn; ``pushed_at``: when LinkedIn pushed last."""

    changes: Changes
    pace: Pace
    streams: list[StreamCounts]
    pushed_at: datetime | None


@scoped
async def load_news(
    connection: Connection, workspace: int, *, systems: Collection[str], settings: Settings, now: datetime
) -> News:
    """``systems``: those that are connected."""
    webhook = await load_webhook(connection, workspace)
    ats = telling_ats(systems)
    newest_at = await newest_event_at(connection, workspace, ats) if ats else None
    count, with_past = await count_wanted(connection, workspace)
    way = way_of(webhook, newest_at, systems, now)
    return News(
        changes=Changes(
            way=way,
            webhook=webhook,
            newest_at=newest_at,
            every=settings.changes_poll_alone if way == "looked_for" else settings.changes_poll,
            every_told=settings.changes_poll,
        ),
        pace=pace_of(count, CALLS_PER_DAY, with_past, quickest=settings.inbound_quickest),
        streams=await count_streams(connection, workspace),
        pushed_at=await newest_event_at(connection, workspace, FAR_SIDE),
    )


def telling_ats(systems: Collection[str]) -> str | None:
    """The one of these that tells of changes by webhooks."""
    return next((name for name, one in CONNECTORS.items() if one.telling is not None and name in systems), None)


def way_of(webhook: Webhook | None, newest_at: datetime | None, systems: Collection[str], now: datetime) -> Way:
    """Pure: what the facts amount to."""
    if telling_ats(systems) is None:
        return "pushed" if set(systems) - {FAR_SIDE} else "not_begun"
    if webhook is None or webhook.look_at is None:
        return "not_begun"
    if not webhook.tells:
        return "looked_for"
    heard_at = max(filter(None, (newest_at, webhook.active_since)), default=None)
    return "quiet" if heard_at is not None and now - heard_at > QUIET else "told"
