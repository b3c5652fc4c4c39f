"""A company with both far sides, an enabled contract and one linked seat, and short ways to be its people."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx2
import msgspec

from landbridge.connectors.linkedin.push import Push
from landbridge.errors import TryLaterError
from landbridge.jobs import incoming
from landbridge.jobs.onboarding import inbox
from landbridge.jobs.queue import JobBell
from landbridge.jobs.wiring import Works
from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.talent import Talent
from landbridge.sandbox.worlds.network import Seat
from landbridge.sandbox.worlds.person import Candidate as Person
from landbridge.settings import load
from landbridge.store import seats
from landbridge.store.consents import give_consent
from landbridge.store.contracts import load_contracts, move_contract, save_requested
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.store.matches import save as save_match
from landbridge.store.seats import SeatFound
from landbridge.store.secrets import Vault
from landbridge.sync.effects import EffectsEnd
from landbridge.sync.streams import StreamsEnd
from tests.faults.company import Company, connect
from tests.faults.control import FarSide
from tests.faults.drive import Drive, SharedClock, driving

Environment = Mapping[str, str]
CLOSED = '{"closed_profiles": {"path": "/v2/closedCandidateProfiles"}}'


class Recruiting:
    """One workspace. ``seat`` is linked with ``user``; ``stranger`` is a member nobody in the ATS is."""

    def __init__(self, sandbox: Sandbox, works: Works, company: Company, drive: Drive, clock: SharedClock) -> None:
        self.sandbox = sandbox
        self.works = works
        self.company = company
        self.workspace = company.workspace
        self.drive = drive
        self.clock = clock
        self.seat, self.colleague = self.seats()[:2]

    @property
    def talent(self) -> Talent:
        return self.sandbox.linkedin.talent

    def seats(self) -> list[Seat]:
        contract, found = self.company.contract, self.sandbox.linkedin.state.network.seats
        return [seat for seat in found if (seat.contract, seat.state) == (contract, "ACTIVE")]

    def person(self, member: int) -> str:
        return self.sandbox.linkedin.state.child.persons.urn(member)

    @property
    def stranger(self) -> int:
        """A member nobody has written to, who is no colleague and no candidate."""
        network, inmails = self.sandbox.linkedin.state.network, self.talent.inmails
        taken = {seat.member for seat in network.seats} | {
            thread.member for seat in network.seats for thread in inmails.of_seat(seat.urn)
        }
        return next(member.number for member in reversed(network.members) if member.number not in taken)

    async def enable(self) -> None:
        """What an admin does in the console: consent, the contract, and its being enabled in Recruiter."""
        now = self.clock.now()
        async with self.works.database.transaction() as connection:
            await give_consent(
                connection, self.workspace, by="admin", text_version="1", text="Yes.", fields=[], choices={},
                counts={}, now=now,
            )  # fmt: skip
            await save_requested(
                connection,
                self.workspace,
                urn=self.company.contract,
                organization_urn=self.company.organization,
                by="admin",
                now=now,
            )
            (contract,) = await load_contracts(connection, self.workspace)
            await move_contract(connection, self.workspace, contract.id, "enabled", now=now)

    async def link(self, seat: Seat, place: int = 0) -> str:
        """Say that a seat is a user of the ATS; the user's key."""
        async with self.works.source(self.workspace) as source:
            users, _ = await source.read_users(None)
        user = users[place]
        async with self.works.database.transaction() as connection:
            found = [
                SeatFound(urn=one.urn, first_name="Seat", last_name=one.urn, person_urn=self.person(one.member))
                for one in self.seats()
            ]
            await seats.save_seats(connection, self.workspace, seat.contract, found, self.clock.now())
            await seats.save_users(connection, self.workspace, users, self.clock.now())
            numbers = await (
                await connection.execute(
                    "SELECT s.id, u.id FROM seat s, ats_user u WHERE s.workspace_id = %s AND s.urn = %s AND u.key = %s",
                    [self.workspace, seat.urn, user.id],
                )
            ).fetchone()
            assert numbers is not None
            await seats.link_seat(
                connection, self.workspace, *numbers, reason="chosen", by="admin", now=self.clock.now()
            )
        return user.id

    async def read(self, *, windows: int | None = None) -> StreamsEnd:
        """Slices of reading until nothing more is due for some minutes."""
        for _ in range(200):
            end = await incoming.read(self.works, self.workspace, stopping=lambda: False)
            if end.problem is not None:
                raise end.problem
            if end.resume_at is None or end.resume_at > self.clock.now() + timedelta(minutes=1):
                return end
            self.clock.advance(max(end.resume_at - self.clock.now(), timedelta(0)) + timedelta(seconds=1))
        raise AssertionError("reading does not come to rest")

    async def sync(self) -> None:
        """Jobs and people to LinkedIn, and jobs shown to every recruiter."""
        child = self.sandbox.linkedin.state.child
        for integration in child.integrations.values():
            integration.configurations["JOB_POSTING_VIEWERS"] = "ALL_PRODUCT_USERS"
        await self.drive.sync()
        self.clock.advance(timedelta(minutes=6))

    def jobs(self) -> list[str]:
        """Jobs people can be exported to."""
        return [target.job for target in self.talent.exports.jobs(self.seat.urn)]

    async def export(self, member: int, job: str) -> str:
        """What a recruiter does, and LinkedIn's push about it; the id of the request."""
        export = self.talent.exports.export(self.seat.urn, member, job)
        push = Push(type="EXPORT_CANDIDATE_PROFILE", request_id=export.request_id, event_id=export.request_id)
        body = msgspec.json.encode({"id": export.request_id, "type": push.type})
        await inbox.take(self.works.database, self.workspace, push, body, self.clock.now())
        await inbox.work(self.works, self.workspace)
        return export.request_id

    async def know(self, member: int, candidate: str) -> None:
        """That LinkedIn has matched a candidate with a member."""
        ((record,),) = await self.rows(
            "SELECT id FROM record WHERE workspace_id = %s AND kind = 'candidate' AND key = %s",
            self.workspace,
            candidate,
        )
        async with self.works.database.connection() as connection:
            await save_match(connection, self.workspace, [record], {record: self.person(member)}, now=self.now())

    async def say(self, kind: str, **choice: Any) -> None:
        """What a person says on the desk about everything of a kind that waits there."""
        await self.rows(
            "UPDATE arrival SET state = 'due', choice = %s::jsonb WHERE kind = %s AND state = 'desk'",
            json.dumps(choice),
            kind,
        )

    async def work(self) -> EffectsEnd:
        """Slices until nothing is left that happens by itself."""
        for _ in range(60):
            end = await incoming.take_effect(self.works, self.workspace, stopping=lambda: False)
            if end.problem is not None and not isinstance(end.problem, TryLaterError):
                raise end.problem
            if end.resume_at is None:
                return end
            self.clock.advance(max(end.resume_at - self.clock.now(), timedelta(0)) + timedelta(seconds=1))
        raise AssertionError("effects do not come to rest")

    def candidates(self) -> dict[str, Person]:
        return self.sandbox.smartrecruiters.state.world.candidates

    def notes(self, candidate: str) -> list[str]:
        return [message.content for message in self.sandbox.smartrecruiters.state.messages.about(candidate)]

    async def arrivals(self, columns: str = "kind, far_id, state, reason") -> list[tuple[Any, ...]]:
        return await self.rows(f"SELECT {columns} FROM arrival WHERE workspace_id = %s ORDER BY id", self.workspace)

    async def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        async with self.works.database.connection() as connection:
            cursor = await connection.execute(statement.encode(), parameters)
            return list(await cursor.fetchall()) if cursor.description else []

    def now(self) -> datetime:
        return self.clock.now()


@asynccontextmanager
async def recruiting(
    sandbox: Sandbox, environment: Environment, database: Database, vault: Vault
) -> AsyncIterator[Recruiting]:
    """The company with its contract enabled and nobody linked."""
    with httpx2.Client(trust_env=False, timeout=30) as http:
        source, network = FarSide(http, sandbox.smartrecruiters_url), FarSide(http, sandbox.linkedin_url)
        company = await connect(environment, source, network, put={"resources": CLOSED})
        async with CallJournal(database) as journal, driving(database, vault, company.workspace, network) as drive:
            works = Works(load(environment), database, vault, journal, JobBell(drive.clock), clock=drive.clock)
            recruiting = Recruiting(sandbox, works, company, drive, drive.clock)
            try:
                await recruiting.enable()
                yield recruiting
            finally:
                await works.close()
