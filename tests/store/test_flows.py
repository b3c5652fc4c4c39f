"""What came and what went: the newest of both ways, with nothing of a private message."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from landbridge.ports.source import Page
from landbridge.records import Kind
from landbridge.store import arrivals
from landbridge.store.arrivals import Arrived
from landbridge.store.database import Database
from landbridge.store.flows import Flow, load_flows
from landbridge.store.seats import SeatFound, save_seats
from landbridge.sync import mirror
from landbridge.sync.mirror import Arrival
from tests.store.conftest import NOW
from tests.unit.sync.fakes import candidate

SEAT = "urn:li:seat:1"


def inmail(number: int, **body: Any) -> Arrived:
    return Arrived(
        kind="inmail", far_id=f"m{number}", subject=SEAT, raw=b"", body={"seat": SEAT, "body": "Hello", **body}
    )


async def put(database: Database, workspace: int, key: str, name: str, *, priority: int) -> None:
    arrival = Arrival(pass_name="live", of=Kind.CANDIDATE, priority=priority)
    async with database.transaction() as connection:
        pages = [Page(records=(candidate(key, name),))]
        await mirror.merge(connection, workspace, pages, arrival, NOW + timedelta(minutes=1))


async def flows(database: Database, workspace: int) -> list[Flow]:
    async with database.connection() as connection:
        return await load_flows(connection, workspace)


async def test_live_changes_and_arrivals_are_told_and_history_is_not(
    database: Database, acme: int, globex: int
) -> None:
    await put(database, acme, "old", "Otto", priority=2)
    await put(database, acme, "new", "Nora", priority=1)
    async with database.transaction() as connection:
        await save_seats(
            connection, acme, "urn:li:contract:7", [SeatFound(urn=SEAT, first_name="Lena", last_name="Brandt")], NOW
        )
        await arrivals.keep(connection, acme, [inmail(1)], now=NOW)
        [due] = await arrivals.due_arrivals(connection, acme, now=NOW, limit=9)
        later = NOW + timedelta(minutes=2)
        await arrivals.settle_arrival(connection, acme, due, "done", candidate="new", now=later)
    found = await flows(database, acme)
    assert [(one.way, one.kind, one.state, one.whom.split()[0], one.by) for one in found] == [
        ("in", "inmail", "done", "Nora", "Lena Brandt"),
        ("out", "candidate", "due", "Nora", ""),
    ]
    assert found[0].key == "new"
    assert await flows(database, globex) == []


async def test_private_message_is_told_without_whom_it_is_about(database: Database, acme: int) -> None:
    await put(database, acme, "new", "Nora", priority=2)
    async with database.transaction() as connection:
        await arrivals.keep(connection, acme, [inmail(1, private=True)], now=NOW)
        [due] = await arrivals.due_arrivals(connection, acme, now=NOW, limit=9)
        await arrivals.settle_arrival(connection, acme, due, "done", candidate="new", now=NOW)
    assert [(one.kind, one.whom, one.key) for one in await flows(database, acme)] == [("inmail", "", "")]
