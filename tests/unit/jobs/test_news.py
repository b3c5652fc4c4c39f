"""How news of both sides are said to arrive: what the facts amount to, and the words of ``landbridge status``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from landbridge.cli.status import news_lines
from landbridge.jobs.news import Changes, News, Way, way_of
from landbridge.store.streams import StreamCounts
from landbridge.store.webhooks import Webhook
from landbridge.sync.streams import pace_of

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
BOTH = ("smartrecruiters", "linkedin")
LONG_AGO = NOW - timedelta(days=3)
MINUTES = timedelta(minutes=1)
ACTIVE = Webhook(state="active", active_since=LONG_AGO, look_at=NOW)


@pytest.mark.parametrize(
    ("webhook", "newest_at", "systems", "way"),
    [
        (None, None, (), "not_begun"),
        (None, None, BOTH, "not_begun"),
        (Webhook(), None, BOTH, "not_begun"),  # its keys are kept before anybody has looked after it
        (ACTIVE, NOW - MINUTES, BOTH, "told"),
        (Webhook(state="active", active_since=NOW, look_at=NOW), None, BOTH, "told"),
        (ACTIVE, None, BOTH, "quiet"),
        (ACTIVE, LONG_AGO, BOTH, "quiet"),
        (Webhook(state="unreached", look_at=NOW), NOW, BOTH, "looked_for"),
        (Webhook(problem="public_address_missing", look_at=NOW), None, BOTH, "looked_for"),
        (Webhook(state="active", problem="untold", look_at=NOW), NOW, BOTH, "looked_for"),
        (None, None, ("rest_ats", "linkedin"), "pushed"),
    ],
)
def test_way_follows_from_what_is_known(
    webhook: Webhook | None, newest_at: datetime | None, systems: tuple[str, ...], way: Way
) -> None:
    assert way_of(webhook, newest_at, systems, NOW) == way


def news(streams: int, webhook: Webhook | None = ACTIVE, **changes: object) -> News:
    facts = {"way": "told", "webhook": webhook, "newest_at": None, "every": 15 * MINUTES, "every_told": 15 * MINUTES}
    read = StreamCounts(kind="inmails", streams=streams, oldest_read_until=NOW, past=0.4, troubled=2)
    return News(
        changes=Changes(**{**facts, **changes}),  # type: ignore[arg-type]  # checked by what is asserted
        pace=pace_of(streams, 100_000),
        streams=[read] if streams else [],
        pushed_at=None,
    )


def test_status_tells_how_changes_come_and_how_often_linkedin_is_read() -> None:
    first, second = news_lines(news(2_000, newest_at=NOW))
    assert first == (
        "Changes: told by webhooks since 2026-03-01 12:00 UTC, last one 2026-03-04 12:00 UTC; "
        "the lists are read every 15 min besides"
    )
    assert second == (
        "InMails: 2,000 read every 30 min, complete until 2026-03-04 12:00 UTC, 40 % of the history read, "
        "2 could not be read last time"
    )


def test_status_tells_that_the_lists_are_read_more_often_while_no_webhooks_come() -> None:
    silent = Webhook(state="absent", problem="public_address_missing", look_at=NOW, healed=2)
    [line] = news_lines(news(0, silent, way="looked_for", every=2 * MINUTES))
    assert (
        line == "Changes: no webhooks (public_address_missing), healed 2 times; the lists are read every 2 min instead"
    )


def test_status_warns_with_numbers_where_streams_are_too_many_for_the_promise() -> None:
    *_, stream, warning = news_lines(news(2_400))
    assert "every 35 min" in stream
    assert "2,400 seats and contracts share 100,000 calls a day" in warning
    assert "Disconnect 359 seats" in warning
