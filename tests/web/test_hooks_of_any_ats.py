"""An ATS nobody has heard of tells of changes by one line in the list of connectors, and in its own way."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

import httpx2
import msgspec
import pytest

from landbridge.connectors import CONNECTORS, Connector, Telling, Wiring
from landbridge.jobs import live, subscribing
from landbridge.jobs.queue import JobBell
from landbridge.jobs.wiring import Works
from landbridge.ports.source import Gone, Item, Page, Pass
from landbridge.ports.telling import Delivery, Subscription, Told
from landbridge.records import Kind
from landbridge.store import mirror
from landbridge.store.connections import save_credentials
from landbridge.store.database import Database
from landbridge.store.inbox import waiting_events
from landbridge.store.journal import CallJournal
from landbridge.store.secrets import Vault
from landbridge.store.webhooks import load_webhook
from landbridge.store.workspaces import create_workspace
from landbridge.web.application import build
from landbridge.web.rooms import Room
from tests.conftest import settings_for
from tests.unit.sync.fakes import Ats, ManualClock, application, candidate, job
from tests.web.test_hooks_smartrecruiters import delivery as of_smartrecruiters
from tests.web.test_hooks_smartrecruiters import no_database

NAME = "ledger_of_people"
KEY = "what it signs with"
PASSES = (
    Pass(name="folk", reads="list", of=Kind.CANDIDATE, title="", calls=1, concurrency=1, notices_absence=True),
    Pass(name="openings", reads="items", of=Kind.JOB, title="", calls=1, concurrency=1),
    Pass(name="entries", reads="items", of=Kind.APPLICATION, title="", calls=1, concurrency=1),
    Pass(name="opinions", reads="items", of=Kind.FEEDBACK, title="", calls=1, concurrency=1),
)


class Event(msgspec.Struct):
    """Id and name stand in the body, and the whole of it is signed."""

    number: int
    what: str
    who: str
    where: str = ""


def greeted(headers: Mapping[str, str]) -> Mapping[str, str] | None:
    return {"hello": headers["hello"][::-1]} if "hello" in headers else None


def delivered(headers: Mapping[str, str], body: bytes, keys: Sequence[str]) -> Delivery | None:
    if not any(hmac.compare_digest(headers.get("seal", ""), seal(body, key)) for key in keys):
        return None
    event = msgspec.json.decode(body, type=Event)
    return Delivery(event_id=str(event.number), name=event.what, body=body)


def seal(body: bytes, key: str) -> str:
    return hmac.digest(key.encode(), body, "sha512").hex()


def told(name: str, body: bytes) -> Told | None:
    event = msgspec.json.decode(body, type=Event)
    match name:
        case "entered":
            items = (Item("entries", f"{event.who}.{event.where}"), Item("folk", event.who))
            return Told(items=items, jobs=(Item("openings", event.where),))
        case "judged":
            return Told(children=(Item("opinions", event.who), Item("no such pass", event.who)))
        case "left":
            return Told(gone=(event.who,))
    return None


class Account:
    """``ports.telling.Subscriptions`` of the one account there is."""

    def __init__(self) -> None:
        self.made: list[Subscription] = []

    async def list_all(self) -> Sequence[Subscription]:
        return self.made

    async def create(self, callback_url: str, events: Sequence[str]) -> Subscription:
        self.made.append(Subscription(id="S1", callback_url=callback_url, events=frozenset(events), is_active=False))
        return self.made[-1]

    async def activate(self, subscription: str) -> bool:
        self.made = [msgspec.structs.replace(one, is_active=True) for one in self.made]
        return True

    async def delete(self, subscription: str) -> None:
        self.made = []

    async def make_key(self, subscription: str) -> str:
        return KEY

    async def undelivered(self, subscription: str, after: datetime) -> Sequence[Delivery]:
        body = msgspec.json.encode(Event(0, "entered", "c1", "j1"))
        return [Delivery(event_id="0", name="entered", body=body)]


@pytest.fixture
def ats() -> Ats:
    ats = Ats(*PASSES)
    ats.items["entries", "c1.j1"] = Page(records=(application("a1", "c1", "j1"),))
    ats.items["folk", "c1"] = Page(records=(candidate("c1"),))
    ats.items["openings", "j1"] = Page(records=(job("j1"),))
    return ats


@pytest.fixture
def account(ats: Ats, monkeypatch: pytest.MonkeyPatch) -> Account:
    account = Account()

    @asynccontextmanager
    async def subscriptions(wiring: Wiring) -> AsyncIterator[Account]:
        assert wiring.secrets == {"password": "x"}
        yield account

    telling = Telling(
        events=("entered", "judged", "left"),
        subscriptions=subscriptions,
        longest_body=100,
        accepted=204,
        greeted=greeted,
        delivered=delivered,
        told=told,
    )
    connector = Connector(name=NAME, title="", fields=(), source=lambda _: ats, telling=telling)
    monkeypatch.setitem(cast("dict[str, Connector]", CONNECTORS), NAME, connector)
    return account


@pytest.fixture
async def works(account: Account, database_url: str, database: Database, vault: Vault) -> AsyncIterator[Works]:
    settings = settings_for(database_url, LANDBRIDGE_PUBLIC_URL="https://landbridge.example.org")
    clock = ManualClock()
    async with CallJournal(database) as journal:
        works = Works(settings, database, vault, journal, JobBell(clock), clock=clock)
        yield works
        await works.close()


@pytest.fixture
async def workspace(works: Works) -> int:
    async with works.database.transaction() as connection:
        number = await create_workspace(connection, slug="a", name="A", foreign_id="lb-a", now=works.clock.now())
        await save_credentials(connection, number, NAME, vault=works.vault, settings={}, secrets={"password": "x"})
    return number


@pytest.fixture
async def sender(works: Works) -> AsyncIterator[httpx2.AsyncClient]:
    app = build(Room(settings=works.settings, database=works.database, clock=works.clock.now), works.vault)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as sender:
        yield sender


async def follow(works: Works, workspace: int) -> None:
    end = await live.follow(works, workspace, length=timedelta(seconds=60), stopping=lambda: False)
    assert (end.problem, end.resume_at) == (None, None)


async def kept(works: Works, workspace: int) -> list[str]:
    async with works.database.connection() as connection:
        found = await waiting_events(connection, workspace, works.clock.now(), system=NAME)
    return [one.event_id for one in found]


async def is_alive(works: Works, workspace: int, kind: Kind, key: str) -> bool:
    async with works.database.connection() as connection:
        return await mirror.is_alive(connection, workspace, kind, key)


async def test_unheard_of_ats_is_subscribed_to_and_what_it_tells_is_kept_and_read(
    works: Works, workspace: int, ats: Ats, account: Account, sender: httpx2.AsyncClient
) -> None:
    await subscribing.tend(works, workspace)
    async with works.database.connection() as connection:
        webhook = await load_webhook(connection, workspace)
    assert webhook is not None
    assert (webhook.state, webhook.subscription) == ("active", "S1")
    address = urlsplit(account.made[0].callback_url).path
    assert address.startswith(f"/{NAME}/{workspace}/")

    # What could not be delivered came by the log.
    assert await kept(works, workspace) == ["0"]
    await follow(works, workspace)
    assert sorted(ats.reads) == [("entries", "c1.j1"), ("folk", "c1"), ("openings", "j1")]
    for kind, key in ((Kind.CANDIDATE, "c1"), (Kind.JOB, "j1"), (Kind.APPLICATION, "a1")):
        assert await is_alive(works, workspace, kind, key)

    ats.reads.clear()
    ats.items["folk", "c1"] = Page(gone=(Gone(Kind.CANDIDATE, "c1"),))
    for event in (Event(1, "judged", "a1"), Event(2, "judged", "nobody's"), Event(2, "judged", "nobody's")):
        body = msgspec.json.encode(event)
        assert (await sender.post(address, content=body, headers={"seal": seal(body, KEY)})).status_code == 204
    assert await kept(works, workspace) == ["1", "2"]
    await follow(works, workspace)
    assert ats.reads == [("opinions", "c1.j1.a1")]

    body = msgspec.json.encode(Event(3, "left", "c1"))
    assert (await sender.post(address, content=body, headers={"seal": seal(body, KEY)})).status_code == 204
    await follow(works, workspace)
    assert not await is_alive(works, workspace, Kind.CANDIDATE, "c1")


async def test_its_address_takes_only_what_it_signs_itself_in_its_own_way(
    works: Works, workspace: int, account: Account, sender: httpx2.AsyncClient
) -> None:
    await subscribing.tend(works, workspace)
    address = urlsplit(account.made[0].callback_url).path
    body = msgspec.json.encode(Event(1, "judged", "a1"))
    good = {"seal": seal(body, KEY)}
    assert (await sender.post(address, content=body, headers=good)).status_code == 204
    answer = await sender.post(address, headers={"hello": "abc"})
    assert (answer.status_code, answer.headers["hello"]) == (200, "cba")
    with no_database(works.database):
        for headers in ({"seal": seal(body, "another")}, {"seal": hashlib.sha512(body).hexdigest()}, {}):
            assert (await sender.post(address, content=body, headers=headers)).status_code == 401
        assert (await sender.post(address, content=body * 3, headers=good)).status_code == 413
        assert (await sender.post(address[:-1] + "!", content=body, headers=good)).status_code == 401
    # The same key and the end of the same address open no other ATS's door.
    elsewhere = address.replace(f"/{NAME}/", "/smartrecruiters/")
    answer = await sender.post(elsewhere, content=b'{"id":"c-1"}', headers=of_smartrecruiters(key=KEY))
    assert answer.status_code == 401
    assert await kept(works, workspace) == ["0", "1"]
