"""Events are kept once, and stay until they are worked off."""

from __future__ import annotations

from datetime import timedelta

from landbridge.store.database import Connection, Database
from landbridge.store.inbox import (
    newest_event_at,
    next_event_at,
    put_off_event,
    settle_event,
    take_event,
    waiting_events,
)
from tests.store.conftest import NOW

BODY = b'{"type": "X", "id":"1"}\x00\xff'


async def take(connection: Connection, workspace: int, event_id: str) -> bool:
    return await take_event(
        connection, workspace, "linkedin", event_id=event_id, type="X", body=BODY, expires_at=None, now=NOW
    )


async def test_same_event_again_is_no_second_one_but_another_workspace_has_its_own(
    database: Database, acme: int, globex: int
) -> None:
    async with database.transaction() as connection:
        assert await take(connection, acme, "1")
        assert not await take(connection, acme, "1")
        assert await take(connection, globex, "1")
        [event] = await waiting_events(connection, acme, NOW)
    assert (event.event_id, bytes(event.body), event.state) == ("1", BODY, "waiting")


async def test_event_put_off_comes_when_its_time_has_come(database: Database, acme: int) -> None:
    later = NOW + timedelta(minutes=5)
    async with database.transaction() as connection:
        await take(connection, acme, "1")
        [event] = await waiting_events(connection, acme, NOW)
        await put_off_event(connection, acme, event.id, again_at=later, problem="unavailable")
        assert await waiting_events(connection, acme, NOW) == []
        assert await next_event_at(connection, acme) == later
        [event] = await waiting_events(connection, acme, later)
        assert (event.attempts, event.problem) == (1, "unavailable")
        await settle_event(connection, acme, event.id, "done", now=later)
        assert await next_event_at(connection, acme) is None
        assert not await take(connection, acme, "1")
        assert await newest_event_at(connection, acme, "linkedin") == NOW
