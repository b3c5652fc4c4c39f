"""Where a sweep stands, and what is left to read."""

from __future__ import annotations

from datetime import timedelta

from landbridge.store import readings, sweeps
from landbridge.store.database import Database
from landbridge.store.readings import SetAside
from tests.store.conftest import NOW

PASSES = (("people", "Reading people"), ("jobs", "Reading jobs"))


async def test_cursor_moves_only_from_where_it_was_read(database: Database, acme: int, globex: int) -> None:
    async with database.connection() as connection:
        sweep = await sweeps.start(connection, acme, "full", since=None, reread=False, passes=PASSES, now=NOW)
        await sweeps.enter_pass(connection, acme, sweep.id, leaving="", entering="people", now=NOW)
        assert await sweeps.move(connection, acme, sweep.id, expected=("people", None), cursor="p2")
        assert not await sweeps.move(connection, acme, sweep.id, expected=("people", None), cursor="p2")
        assert not await sweeps.move(connection, globex, sweep.id, expected=("people", "p2"), cursor="p3")
        newest = await sweeps.newest(connection, acme)
        assert newest is not None
        assert (newest.pass_name, newest.cursor, newest.state) == ("people", "p2", "running")
        assert await sweeps.newest(connection, globex) is None


async def test_entering_a_pass_twice_changes_nothing(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        sweep = await sweeps.start(connection, acme, "full", since=None, reread=False, passes=PASSES, now=NOW)
        await sweeps.enter_pass(connection, acme, sweep.id, leaving="", entering="people", now=NOW)
        await sweeps.count(connection, acme, sweep.id, "people", done=3, calls=2)
        for hours in (1, 2):
            at = NOW + timedelta(hours=hours)
            await sweeps.enter_pass(connection, acme, sweep.id, leaving="people", entering="jobs", now=at)
        people, jobs = await sweeps.progress(connection, acme, sweep.id)
        assert (people.total, people.done, people.calls) == (3, 3, 2)
        assert people.finished_at == jobs.started_at == NOW + timedelta(hours=1)


async def test_watermark_is_when_the_newest_finished_sweep_began(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        assert await sweeps.watermark(connection, acme) is None
        for hours, state in ((0, "done"), (1, "done"), (2, "stopped"), (3, None)):
            at = NOW + timedelta(hours=hours)
            sweep = await sweeps.start(connection, acme, "full", since=None, reread=False, passes=(), now=at)
            if state is not None:
                await sweeps.finish(connection, acme, sweep.id, state=state, now=at)  # type: ignore[arg-type]
        assert await sweeps.watermark(connection, acme) == NOW + timedelta(hours=1)


async def test_items_are_picked_by_urgency_and_age_and_listed_once(database: Database, acme: int, globex: int) -> None:
    async with database.connection() as connection:
        items = [("jobs", f"j{number}") for number in range(4)]
        assert await readings.add(connection, acme, [*items, *items], sweep=1, priority=2) == 4
        assert await readings.add(connection, globex, items, sweep=1, priority=2) == 4
        assert await readings.add(connection, acme, items[3:], sweep=1, priority=1) == 0
        picked = await readings.pick(connection, acme, "jobs", now=NOW, limit=3)
        assert [item.key for item in picked] == ["j3", "j0", "j1"]
        await readings.finish(connection, acme, [item.id for item in picked])
        await readings.finish(connection, globex, [item.id for item in picked])
        assert await readings.count_due(connection, acme) == {"jobs": 1}
        assert await readings.count_due(connection, globex) == {"jobs": 4}


async def test_postponed_item_waits_and_counts_its_tries(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        await readings.add(connection, acme, [("jobs", "j1")], sweep=1, priority=2)
        [item] = await readings.pick(connection, acme, "jobs", now=NOW, limit=9)
        until = NOW + timedelta(minutes=1)
        await readings.postpone(connection, acme, item.id, until=until)
        assert await readings.pick(connection, acme, "jobs", now=NOW, limit=9) == []
        assert await readings.next_due_at(connection, acme, "jobs") == until
        [item] = await readings.pick(connection, acme, "jobs", now=until, limit=9)
        assert item.attempts == 1


async def test_item_set_aside_comes_back_when_it_is_listed_again(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        await readings.add(connection, acme, [("jobs", "j1")], sweep=1, priority=2)
        await readings.set_aside(connection, acme, [SetAside("jobs", "j1", "not_readable")], sweep=1, now=NOW)
        assert await readings.pick(connection, acme, "jobs", now=NOW, limit=9) == []
        assert await readings.count_set_aside(connection, acme) == {("jobs", "not_readable"): 1}
        await readings.add(connection, acme, [("jobs", "j1")], sweep=2, priority=2)
        [item] = await readings.pick(connection, acme, "jobs", now=NOW, limit=9)
        assert (item.key, item.attempts) == ("j1", 0)
        assert await readings.count_set_aside(connection, acme) == {}
