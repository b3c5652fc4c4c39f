"""Changes told by webhooks: often, in any order, not at all; and what was erased stays erased."""

from __future__ import annotations

import asyncio
import hmac
import random
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from uuid import UUID

import httpx2
import msgspec
import pytest

from landbridge.jobs import live
from landbridge.jobs.queue import JobBell
from landbridge.jobs.wiring import ATS, Works
from landbridge.sandbox.smartrecruiters.happenings import Happening
from landbridge.settings import load
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.store.secrets import Vault
from landbridge.store.webhooks import save_keys
from landbridge.web.hooks.ats import receivers
from tests.faults import truth
from tests.faults.company import Company
from tests.faults.conftest import FarSides
from tests.faults.drive import Drive

KEY = "a key of this test"
TIMES = 10
LOST = 0.1


class Told(msgspec.Struct, frozen=True):
    """One event, ready to be delivered as often as wanted."""

    event_id: str
    name: str
    body: bytes

    def headers(self) -> dict[str, str]:
        text = b".".join([b"1700000000", self.body, f"{self.event_id}.{self.name}.v201910.".encode()])
        return {
            "smartrecruiters-timestamp": "1700000000",
            "event-id": self.event_id,
            "event-name": self.name,
            "event-version": "v201910",
            "smartrecruiters-signature": "v1=" + hmac.digest(KEY.encode(), text, "sha256").hex(),
        }


class Live:
    """A company that has been synced once, its receiving address, and what its ATS tells from now on."""

    def __init__(self, works: Works, drive: Drive, far_sides: FarSides, http: httpx2.AsyncClient, address: str) -> None:
        self.works = works
        self.drive = drive
        self.far_sides = far_sides
        self.told: list[Told] = []
        self._http = http
        self._address = address
        far_sides.sandbox.smartrecruiters.state.tell = self._note

    def _note(self, happening: Happening) -> None:
        event_id = str(UUID(int=len(self.told)))
        self.told.append(Told(event_id, happening.name, msgspec.json.encode(happening.body())))

    def edit(self, rounds: int) -> None:
        """Edits of all kinds, and somebody erased in between."""
        for seed in range(rounds):
            self.far_sides.source.edit(percent=30, seed=seed)
            if seed % 2:
                self.far_sides.source.delete(candidate=self.far_sides.source.dump("candidates")[seed]["id"])

    async def deliver(self, events: list[Told]) -> None:
        gate = asyncio.Semaphore(40)

        async def one(event: Told) -> None:
            async with gate:
                answer = await self._http.post(self._address, content=event.body, headers=event.headers())
                assert answer.status_code == 202

        await asyncio.gather(*map(one, events))

    async def follow(self) -> None:
        end = await live.follow(self.works, self.drive.workspace, length=timedelta(seconds=60), stopping=lambda: False)
        if end.problem is not None:
            raise end.problem

    def findings(self) -> list[str]:
        source, network = self.far_sides.source, self.far_sides.network
        return truth.findings(source, network) + truth.regressions(network)


@pytest.fixture
def candidates() -> int:
    return 25


@pytest.fixture
async def company_live(
    drive: Drive,
    company: Company,
    far_sides: FarSides,
    environment: Mapping[str, str],
    database: Database,
    vault: Vault,
) -> AsyncIterator[Live]:
    await drive.sync()
    async with database.transaction() as connection:
        await save_keys(connection, company.workspace, ATS, [KEY], vault=vault)
    receiver = receivers(database, vault, drive.clock.now)[live.prefix_of(ATS)]
    transport = httpx2.ASGITransport(app=receiver)
    async with (
        CallJournal(database) as journal,
        httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http,
    ):
        works = Works(load(environment), database, vault, journal, JobBell(drive.clock), clock=drive.clock)
        try:
            yield Live(works, drive, far_sides, http, live.path_of(vault, ATS, company.workspace))
        finally:
            await works.close()


async def test_edits_are_on_linkedin_by_what_is_told_alone(company_live: Live) -> None:
    company_live.edit(3)
    await company_live.deliver(company_live.told)
    await company_live.follow()
    await company_live.drive.send()
    assert company_live.findings() == []


async def test_events_often_out_of_order_and_partly_lost_end_in_equal_sides(company_live: Live) -> None:
    chance = random.Random(7)
    company_live.edit(6)
    heard = [event for event in company_live.told if chance.random() >= LOST]
    assert len(heard) < len(company_live.told)
    crowd = heard * TIMES
    chance.shuffle(crowd)
    delivering = asyncio.create_task(company_live.deliver(crowd))
    while not delivering.done():
        await company_live.follow()
        await asyncio.sleep(0.01)
    await delivering
    await company_live.follow()
    async with company_live.works.database.connection() as connection:
        cursor = await connection.execute("SELECT count(*), count(*) FILTER (WHERE state = 'done') FROM inbox")
        assert await cursor.fetchall() == [(len(heard), len(heard))]
    await company_live.drive.sync("delta")
    await company_live.drive.sync("full")
    assert company_live.findings() == []


async def test_erased_person_stays_away_whatever_is_told_again(company_live: Live) -> None:
    company_live.edit(1)
    person = company_live.far_sides.source.dump("candidates")[0]["id"]
    before = list(company_live.told)
    company_live.far_sides.source.delete(candidate=person)
    await company_live.deliver(company_live.told)
    await company_live.follow()
    await company_live.drive.send()
    again = [msgspec.structs.replace(event, event_id=f"again-{event.event_id}") for event in before]
    await company_live.deliver(again)
    await company_live.follow()
    await company_live.drive.send()
    assert company_live.findings() == []
