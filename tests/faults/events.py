"""Ten thousand changes, each told ten times, mixed up, a tenth of them never: after a sweep both sides are equal.

Everything is real but the post office in between: worker and console processes, PostgreSQL, the sandbox that signs.
While the ATS changes, recruiters export people; the pushes of that are delivered as often and as mixed up, and none is
lost, since nothing ever tells of an export again.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import random
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from msgspec import Struct

from landbridge.connectors.smartrecruiters.writing import profile_of
from landbridge.jobs.queue import ask, webhooks_wish
from landbridge.sandbox import Sandbox
from landbridge.sandbox.worlds.network import Member
from landbridge.store.database import Database
from tests.faults import truth
from tests.faults.post_office import Letter, PostOffice, letter, open_on
from tests.faults.rig import Rig, running
from tests.faults.storm import findings

TIMES, LOST = 10, 0.1
EDITED_PERCENT = 20
ERASED_EVERY = 3
EXPORTED_TO = "in+{id}@acme.example"
UNTAKEN = "(SELECT count(*) FROM inbox WHERE state = 'waiting')"
UNDONE = "(SELECT count(*) FROM arrival WHERE state = 'due')"
UNREAD = "(SELECT count(*) FROM reading WHERE state = 'due')"
UNMATCHED = """SELECT count(*) FROM delivery d LEFT JOIN match m ON m.record_id = d.record_id
    WHERE d.kind = 'candidate' AND d.state = 'delivered' AND (m.record_id IS NULL OR m.read_at < d.sent_at)"""


class Told(Struct, frozen=True, kw_only=True):
    """What went through the post office. Rates are of copies per second."""

    events: int
    lost: int
    delivered: int
    exports: int
    seconds: float
    found: list[str]


async def flood(*, events: int, candidates: int, exports: int, seed: int) -> Told:
    """So many events at least, and so many exports. Raises AssertionError where it does not come to rest."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        port = listener.getsockname()[1]
        # The ATS is told of this address, so all it says comes through the post office.
        environment = {"LANDBRIDGE_PUBLIC_URL": f"http://127.0.0.1:{port}", "LANDBRIDGE_ALLOWED_HOSTS": "localhost"}
        async with running(candidates=candidates, seed=seed % 7, further=environment) as rig:
            office = PostOffice(rig.console, seed, times=TIMES, lost=LOST)
            async with open_on(listener, office):
                return await _flood(rig, office, events, exports, seed)


async def _flood(rig: Rig, office: PostOffice, events: int, exports: int, seed: int) -> Told:
    within = 120 + events / 20
    await rig.sync()
    await rig.until(rig.unsettled, within)
    await _listen(rig)
    await rig.until(lambda: _unmatched(rig), within)
    recruiters = await Recruiters.ready(rig, exports, seed)
    began = time.monotonic()
    await _change(rig, office, recruiters, events, seed)
    await office.empty()
    delivered_in = time.monotonic() - began
    await rig.until(lambda: _unheard(rig), within)
    # A sweep that is under way may have passed by what changed since: the one that counts begins afterwards. It reads
    # all there is, because nothing but its absence there tells of somebody whose erasure was never told of.
    await rig.until(rig.unsettled, within)
    await rig.sync("--full")
    await rig.until(rig.unsettled, within)
    found = [
        *await findings(rig),
        *truth.revivals(rig.network),
        *recruiters.findings(),
        *(f"{count} deliveries were answered {status}" for status, count in Counter(office.refused).items()),
        *_kept(rig, office, exports),
    ]
    return Told(
        events=office.heard, lost=office.lost, delivered=office.delivered, exports=exports, seconds=delivered_in,
        found=found,
    )  # fmt: skip


async def _listen(rig: Rig) -> None:
    """Have the subscription made now, not at the next full minute, and wait for it."""
    async with _database(rig) as database, database.transaction() as connection:
        await ask(connection, [webhooks_wish(rig.company.workspace)])

    def deaf() -> str:
        state = rig.query("SELECT state, problem FROM webhook")
        return "" if state and state[0][0] == "active" else f"the subscription is {state}"

    await rig.until(deaf, 60)


async def _change(rig: Rig, office: PostOffice, recruiters: Recruiters, events: int, seed: int) -> None:
    """People work in the ATS and in Recruiter until it has told of so many changes."""
    number = seed
    while office.heard < events:
        number += 1
        await asyncio.to_thread(rig.source.edit, percent=EDITED_PERCENT, seed=number)
        if number % ERASED_EVERY == 0:
            await asyncio.to_thread(_erase, rig, recruiters, number)
        for push in await asyncio.to_thread(recruiters.export_some):
            office.take(push, may_be_lost=False)
        before = -1
        while before < office.heard < events:
            before = office.heard
            await asyncio.sleep(0.3)
    for push in await asyncio.to_thread(recruiters.export_rest):
        office.take(push, may_be_lost=False)


def _erase(rig: Rig, recruiters: Recruiters, number: int) -> None:
    """Somebody whom no recruiter exports: who is erased and exported at the same time may be either."""
    people = [
        one["id"]
        for one in rig.source.dump("candidates")
        if not any(recruiters.is_of(one, member) for member in recruiters.members)
    ]
    rig.source.delete(candidate=people[number % len(people)])


def _unmatched(rig: Rig) -> str:
    """Of whom Landbridge has not asked yet whom LinkedIn has linked them with."""
    [(unread,)] = rig.query(UNMATCHED)
    return f"{unread} candidates may be linked without our knowing" if unread else ""


def _unheard(rig: Rig) -> str:
    """What Landbridge still has to do about what it was told."""
    [left] = rig.query(f"SELECT {UNTAKEN}, {UNREAD}, {UNDONE}")
    return "" if not any(left) else f"{left[0]} events, {left[1]} items, {left[2]} exports are left"


def _kept(rig: Rig, office: PostOffice, exports: int) -> list[str]:
    """Each event that was delivered is kept once."""
    kept = {str(system): count for system, count in rig.query("SELECT system, count(*) FROM inbox GROUP BY system")}
    wanted = {"smartrecruiters": office.heard - office.lost, "linkedin": exports}
    return [
        f"{kept.get(system, 0)} events of {system} are kept instead of {count}"
        for system, count in wanted.items()
        if kept.get(system, 0) != count
    ]


class Recruiters:
    """People in Recruiter who export members to jobs that are there; some of them the ATS knows, others nobody does."""

    def __init__(self, rig: Rig, push: Push, seat: str, members: list[Member], jobs: list[str]) -> None:
        self.members = members
        self._rig = rig
        self._push = push
        self._seat = seat
        self._jobs = jobs
        self._waiting = list(members)
        self._asked: dict[int, str] = {}
        self._links = {
            one.number: {link["candidate"] for link in rig.network.act("links", member=one.number)} for one in members
        }

    @classmethod
    async def ready(cls, rig: Rig, count: int, seed: int) -> Recruiters:
        """With an address for those whose e-mail nobody knows, so that none of them has to wait for a person."""
        rig.query(f"""UPDATE workspace SET choices = choices || '{{"export_address": "{EXPORTED_TO}"}}' RETURNING id""")
        [(foreign_id,)] = rig.query("SELECT foreign_id FROM workspace")
        seats = [one for one in rig.network.credentials()["seats"] if one["contract"] == rig.company.contract]
        seat = seats[0]["urn"]
        jobs = [target["job"] for target in rig.network.act("jobs", seat=seat, most=5)]
        secret = rig.network.credentials()["child"]["client_secret"]
        # The same world once more, for a look at the members: they are on nobody's page.
        network = Sandbox(candidates=rig.candidates, seed=rig.seed).linkedin.state.network
        # Everybody is renamed and moves to another address all the time, and the ATS is searched by those alone: whose
        # profile stands there without LinkedIn's link, which Landbridge has read by now, is found or not as it happens.
        people = rig.source.dump("candidates")
        known = {profile_of((one.get("web") or {}).get("linkedin")) for one in people}
        surely = [
            one
            for one in network.members
            if profile_of(one.profile_url) not in known or rig.network.act("links", member=one.number)
        ]
        members = random.Random(seed).sample(surely, count)
        return cls(rig, Push(f"/linkedin/{foreign_id}", secret), seat, members, jobs)

    def export_some(self, most: int = 2) -> list[Letter]:
        """A few more exports; LinkedIn's pushes of them."""
        chosen, self._waiting = self._waiting[:most], self._waiting[most:]
        return [self._export(member) for member in chosen]

    def export_rest(self) -> list[Letter]:
        return self.export_some(len(self._waiting))

    def _export(self, member: Member) -> Letter:
        job = self._jobs[member.number % len(self._jobs)]
        told = self._rig.network.act("export", seat=self._seat, member=member.number, job=job)
        self._asked[member.number] = told["request_id"]
        return self._push.of(told["request_id"])

    def findings(self) -> list[str]:
        """What is wrong with the exported people in the ATS."""
        people = self._rig.source.dump("candidates")
        jobs = {row["applicationId"]: row["jobId"] for row in self._rig.source.dump("histories")}
        found = []
        for member in self.members:
            theirs = [one for one in people if self.is_of(one, member)]
            job = self._jobs[member.number % len(self._jobs)]
            times = [sum(jobs.get(key) == job for key in one["applications"]) for one in theirs]
            if times != [1]:
                said = self._rig.query(
                    f"""SELECT state, reason, array(SELECT name || ' ' || e.state FROM effect e WHERE arrival_id = a.id)
                        FROM arrival a WHERE kind = 'export' AND far_id = '{self._asked[member.number]}'"""
                )
                found.append(
                    f"member {member.number}, exported to {job}, is {len(theirs)} candidates there {times}: {said}"
                )
        return found

    def is_of(self, person: dict[str, Any], member: Member) -> bool:
        """Whether a candidate of the ATS is this member: by an address, or because LinkedIn knows it."""
        leads_to = profile_of((person.get("web") or {}).get("linkedin"))
        by_address = leads_to == profile_of(member.profile_url) or person.get("email") in member.emails
        return by_address or person["id"] in self._links[member.number]


class Push(Struct, frozen=True):
    """How LinkedIn tells of an export."""

    path: str
    secret: str

    def of(self, request_id: str) -> Letter:
        body = msgspec.json.encode({"id": request_id, "type": "EXPORT_CANDIDATE_PROFILE"})
        signature = hmac.new(self.secret.encode(), b"hmacsha256=" + body, hashlib.sha256).hexdigest()
        headers = {"x-li-signature": signature, "content-type": "application/json"}
        return letter(self.path, headers, body, 200)


@asynccontextmanager
async def _database(rig: Rig) -> AsyncIterator[Database]:
    database = Database(rig.url)
    await database.start()
    async with database:
        yield database
