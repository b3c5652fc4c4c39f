"""What recruiters do, one flow each, for workers that may die or stand still at any place on the way.

A flow is a generator: up to its first ``yield`` it prepares, in peace; then it does the thing; behind the second
``yield``, when all has come to rest, it says what has to be there, once.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from landbridge.connectors.linkedin.push import Push
from landbridge.jobs import control
from landbridge.jobs.onboarding import inbox
from landbridge.jobs.queue import ARRIVALS, INBOX, arrivals_wish, ask
from landbridge.records.incoming import ClosedProfile, ExportedPerson, Incoming, InMail, ProspectNote, SharedContact
from landbridge.store import arrivals
from landbridge.sync.failpoints import EXPORT_KEPT, EXPORT_READ
from landbridge.sync.streams import arrived
from tests.inbound.nursery import Nursery
from tests.inbound.rig import Recruiting

RESTS_WITHIN = 120.0
WORKERS = 2
LOOK_AGAIN_SECONDS = 0.03
# Longer than one note may be: it takes two.
LONG = "A long story. " * 900

Flow = Callable[["Stage"], AsyncIterator[None]]


class Stage:
    """The company, its workers, and members of LinkedIn nobody has used yet."""

    def __init__(self, company: Recruiting, nursery: Nursery) -> None:
        self.company = company
        self.nursery = nursery
        self._buried: int | None = None
        self._numbers = count(1)
        network = company.sandbox.linkedin.state.network
        taken = {seat.member for seat in network.seats}
        known = {(one.first_name, one.last_name) for one in company.candidates().values()}
        self._members = iter(
            member.number
            for member in reversed(network.members)
            if member.number not in taken and (member.first_name, member.last_name) not in known
        )
        self.person = company.person(self.member())
        self.candidate = next(one.id for one in company.candidates().values() if one.details_status == 200)

    async def open(self) -> None:
        """The first sync, by the workers, so that there are jobs to export to."""
        company = self.company
        for integration in company.sandbox.linkedin.state.child.integrations.values():
            integration.configurations["JOB_POSTING_VIEWERS"] = "ALL_PRODUCT_USERS"
        await company.link(company.seat)
        await company.rows('UPDATE workspace SET choices = choices || \'{"export_address": "in+{id}@acme.example"}\'')
        await self.nursery.keep(WORKERS)
        await control.start_sync(company.works, company.workspace)
        await self.until(lambda: bool(company.jobs()), "no job has arrived")

    # -- what happens

    def number(self) -> int:
        return next(self._numbers)

    async def keep(self, element: Incoming, *, choice: dict[str, Any] | None = None) -> None:
        """As a window that was read brings it, and what somebody has said on the desk about it."""
        company, row = self.company, arrived(element, "urn:li:contract:1")
        async with company.works.database.transaction() as connection:
            await arrivals.keep(connection, company.workspace, [row], now=datetime.now(UTC))
            await connection.execute(
                "UPDATE arrival SET choice = coalesce(%s, choice) WHERE kind = %s AND far_id = %s",
                [Jsonb(choice) if choice else None, row.kind, row.far_id],
            )
            await ask(connection, [arrivals_wish(company.workspace)])

    async def about(self, element: InMail | ProspectNote) -> None:
        """Something about a member whom somebody has said to be the candidate."""
        await self.keep(element, choice={"candidate": self.candidate})

    def note(self, number: int, text: str, *, version: int = 0, active: bool = True, person: str = "") -> ProspectNote:
        at = datetime(2026, 3, 4, 12, tzinfo=UTC)
        return ProspectNote(
            id=f"n{number}", contract="urn:li:contract:1", seat=self.company.seat.urn, text=text, active=active,
            person_urn=person or self.person, created_at=at, modified_at=at + timedelta(seconds=version),
        )  # fmt: skip

    async def export(self, member: int, job: str) -> None:
        """An export in Recruiter and LinkedIn's push of it, as the receiving address keeps it."""
        export = self.company.talent.exports.export(self.company.seat.urn, member, job)
        push = Push(type="EXPORT_CANDIDATE_PROFILE", request_id=export.request_id, event_id=export.request_id)
        body = msgspec.json.encode({"id": export.request_id, "type": push.type})
        await inbox.take(self.company.works.database, self.company.workspace, push, body, datetime.now(UTC))

    def member(self) -> int:
        """One whom nobody has exported yet; there are not many."""
        return next(self._members)

    def exported_person(self, name: str, job: str) -> ExportedPerson:
        """An export as it was read from LinkedIn; of these there are as many as one likes."""
        return ExportedPerson(
            id=f"e{self.number()}", integration_context=self.company.company.organization, job_id=job,
            person_urn=f"urn:li:person:{name}", first_name="Mira", last_name=f"Okafor-{name}",
            profile_url=f"https://www.linkedin.com/in/mira-{name}",
        )  # fmt: skip

    # -- what came of it

    def notes(self, text: str) -> int:
        return sum(text in note for note in self.company.notes(self.candidate))

    async def exported(self, person: str) -> list[str]:
        """The candidates that an exported member became."""
        rows = await self.company.rows(
            "SELECT DISTINCT ats_id FROM arrival WHERE kind = 'export' AND person_urn = %s", person
        )
        matched = await self.company.rows(
            "SELECT r.key FROM match m JOIN record r ON r.id = m.record_id WHERE m.person_urn = %s", person
        )
        assert {key for (key,) in rows} == {key for (key,) in matched}
        return [key for (key,) in rows]

    # -- waiting

    async def rest(self) -> None:
        """Until nothing is left to do, whoever of the workers lives."""
        deadline = time.monotonic() + RESTS_WITHIN
        while left := await self._left():
            assert time.monotonic() < deadline, f"it does not come to rest: {left}\n{self.nursery.last_words()}"
            await self.nursery.keep(WORKERS)
            await self._bury()
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        assert not self.nursery.unguarded, "called without failpoints"

    async def until(self, holds: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + RESTS_WITHIN
        while not holds():
            assert time.monotonic() < deadline, f"{otherwise}\n{self.nursery.last_words()}"
            await self.nursery.keep(WORKERS)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _bury(self) -> None:
        """Have the process that was struck be silent for long already: so nobody has to wait until that is certain,
        and who lives may be as slow as the machine is. Whatever else it had to do is noticed in its own time."""
        struck = self.nursery.struck
        if struck is None or struck == self._buried:
            self._buried = struck
            return
        task = INBOX if self.nursery.place in {EXPORT_READ, EXPORT_KEPT} else ARRIVALS
        await self.company.rows(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour' "
            "WHERE id IN (SELECT worker_id FROM procrastinate_jobs WHERE status = 'doing' AND task_name = %s)",
            task,
        )
        self._buried = struck

    async def _left(self) -> list[tuple[object, ...]]:
        return await self.company.rows(
            "SELECT kind, state, reason FROM arrival WHERE state IN ('due', 'desk') "
            "UNION ALL SELECT type, state, problem FROM inbox WHERE system = 'linkedin' AND state <> 'done'"
        )


async def export_of_a_stranger(stage: Stage) -> AsyncIterator[None]:
    before, member, job = set(stage.company.candidates()), stage.member(), stage.company.jobs()[0]
    yield
    await stage.export(member, job)
    yield
    made = set(stage.company.candidates()) - before
    assert [*made] == await stage.exported(stage.company.person(member))
    assert [one.job_id for one in stage.company.candidates()[made.pop()].applications] == [job]


async def export_to_a_job(stage: Stage) -> AsyncIterator[None]:
    before, name, job = set(stage.company.candidates()), f"x{stage.number()}", stage.company.jobs()[0]
    yield
    await stage.keep(stage.exported_person(name, job))
    yield
    made = set(stage.company.candidates()) - before
    assert [*made] == await stage.exported(f"urn:li:person:{name}")
    assert [one.job_id for one in stage.company.candidates()[made.pop()].applications] == [job]


async def export_to_a_second_job(stage: Stage) -> AsyncIterator[None]:
    before, name, jobs = set(stage.company.candidates()), f"x{stage.number()}", stage.company.jobs()[:2]
    await stage.keep(stage.exported_person(name, jobs[0]))
    await stage.rest()
    yield
    await stage.keep(stage.exported_person(name, jobs[1]))
    yield
    made = set(stage.company.candidates()) - before
    assert [*made] == await stage.exported(f"urn:li:person:{name}")
    assert sorted(one.job_id for one in stage.company.candidates()[made.pop()].applications) == sorted(jobs)


async def note(stage: Stage) -> AsyncIterator[None]:
    number = stage.number()
    yield
    await stage.about(stage.note(number, f"Said {number}."))
    yield
    assert stage.notes(f"Said {number}.") == 1


async def note_that_is_edited(stage: Stage) -> AsyncIterator[None]:
    number = stage.number()
    await stage.about(stage.note(number, f"First {number}."))
    await stage.rest()
    yield
    await stage.about(stage.note(number, f"Second {number}.", version=5))
    yield
    assert [stage.notes(f"{word} {number}.") for word in ("First", "Second")] == [0, 1]


async def note_that_is_taken_away(stage: Stage) -> AsyncIterator[None]:
    number = stage.number()
    await stage.about(stage.note(number, f"Gone {number}."))
    await stage.rest()
    yield
    await stage.about(stage.note(number, f"Gone {number}.", version=5, active=False))
    yield
    assert stage.notes(f"Gone {number}.") == 0


async def inmail_of_two_notes(stage: Stage) -> AsyncIterator[None]:
    number = stage.number()
    yield
    await stage.about(
        InMail(
            id=f"m{number}", seat=stage.company.seat.urn, subject=f"About {number}.", body=LONG, outgoing=True,
            person_urn=stage.person, at=datetime(2026, 3, 4, 12, tzinfo=UTC),
        )
    )  # fmt: skip
    yield
    texts = [text for text in stage.company.notes(stage.candidate) if f"About {number}." in text]
    assert [sum(part in text for text in texts) for part in ("(1 of 2)", "(2 of 2)")] == [1, 1]
    assert len(texts) == 2


async def contact_of_a_stub(stage: Stage) -> AsyncIterator[None]:
    before, number = set(stage.company.candidates()), stage.number()
    await stage.keep(stage.exported_person(f"x{number}", stage.company.jobs()[0]))
    await stage.rest()
    person, email = f"urn:li:person:x{number}", f"shared{number}@example.org"
    yield
    await stage.keep(SharedContact(id=f"c{number}", contract="urn:li:contract:1", person_urn=person, emails=(email,)))
    yield
    (made,) = set(stage.company.candidates()) - before
    assert stage.company.candidates()[made].email == email


async def closed_account(stage: Stage) -> AsyncIterator[None]:
    """Somebody whose account is closed, and whom an admin has told to forget."""
    number, person = stage.number(), stage.company.person(stage.member())
    await stage.about(stage.note(number, f"Said {number}.", person=person))
    await stage.rest()
    yield
    await stage.keep(ClosedProfile(id=f"a{number}", person_urn=person), choice={"clear": True})
    yield
    assert stage.notes(f"Said {number}.") == 0


FLOWS: dict[str, Flow] = {
    flow.__name__: flow
    for flow in (
        export_of_a_stranger,
        export_to_a_job,
        export_to_a_second_job,
        note,
        note_that_is_edited,
        note_that_is_taken_away,
        inmail_of_two_notes,
        contact_of_a_stub,
        closed_account,
    )
}


async def passed_by(stage: Stage, flow: Flow) -> list[str]:
    """The places a flow passes when nobody dies, in their order."""
    going = flow(stage)
    await anext(going)
    stage.nursery.arm("kill", "nowhere")
    await _through(stage, going)
    return stage.nursery.passed


async def struck_at(stage: Stage, flow: Flow, how: str, place: str, time: int = 1) -> None:
    """Go through a flow; whoever passes a place for the so manieth time is killed, or frozen until the flow is over."""
    going = flow(stage)
    await anext(going)
    stage.nursery.arm(how, place, time)
    await anext(going)
    await stage.rest()
    # In peace it may have been passed once more, because the ATS asked to come again.
    assert stage.nursery.struck is not None or time > 1, f"{place} is never passed"
    if how == "freeze" and stage.nursery.struck is not None:
        await _wake(stage)
    async for _ in going:
        raise AssertionError("a flow has two parts")


async def _wake(stage: Stage) -> None:
    """Let the frozen process go on, and wait until it has done what it can."""
    frozen = stage.nursery.struck
    assert frozen is not None
    os.kill(frozen, signal.SIGCONT)
    await stage.until(lambda: stage.nursery.ended, "the frozen worker does not go on")
    await stage.rest()


async def _through(stage: Stage, going: AsyncIterator[None]) -> None:
    await anext(going)
    await stage.rest()
    async for _ in going:
        raise AssertionError("a flow has two parts")
