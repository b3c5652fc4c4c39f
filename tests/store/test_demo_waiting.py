"""What the demo says when something has not arrived in time."""

from __future__ import annotations

from datetime import timedelta

from landbridge.cli.demo.waiting import what_waits
from landbridge.http import SystemClock
from landbridge.jobs.queue import arrivals_wish, ask
from landbridge.records.incoming import ProspectNote
from landbridge.store import arrivals
from landbridge.store.database import Database
from landbridge.sync.streams import arrived, want
from tests.store.conftest import NOW

CONTRACT = "urn:li:contract:7"


async def test_what_waits_is_told_with_its_reason_and_its_time(database: Database, acme: int, globex: int) -> None:
    notes = [ProspectNote(id=f"n{number}", contract=CONTRACT, text="Met at the spring fair") for number in range(3)]
    await want(database, acme, seats=[], contracts=[CONTRACT], organization=None, history=timedelta(days=1), now=NOW)
    async with database.transaction() as connection:
        await arrivals.keep(connection, acme, [arrived(note, CONTRACT) for note in notes], now=NOW)
        first, second, third = await arrivals.due_arrivals(connection, acme, now=NOW, limit=9)
        await arrivals.settle_arrival(connection, acme, first, "desk", now=NOW, reason="unmatched")
        await arrivals.put_off_arrival(connection, acme, second, until=NOW + timedelta(seconds=15), problem="slow")
        await arrivals.settle_arrival(connection, acme, third, "done", now=NOW)
        await ask(connection, [arrivals_wish(acme, SystemClock().now())])
        lines = await what_waits(connection, acme)
        assert not any("from LinkedIn" in line for line in await what_waits(connection, globex))
    assert [line for line in lines if line.startswith("note")] == [
        "note from LinkedIn: desk, unmatched",
        f"note from LinkedIn: due, slow, tried 1 times, again at {NOW + timedelta(seconds=15):%H:%M:%S}",
    ]
    assert any(line.startswith("reading of notes: up to") for line in lines)
    assert any(line.startswith("job work_arrivals: todo, at") for line in lines)
    assert not any("spring" in line for line in lines)
