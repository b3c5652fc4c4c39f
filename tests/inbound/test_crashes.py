"""A process dies at every named place around every effect; afterwards everything is there once.

The crash is an exception no handler catches, so nothing of ours tidies up behind it: what is left is what the database
and the ATS hold, as after a kill.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from landbridge.connectors.smartrecruiters.writing import SmartRecruitersWriting
from landbridge.jobs.onboarding import inbox
from landbridge.ports.ats import AtsWriting
from landbridge.records.incoming import ClosedProfile, ExportedPerson, ProspectNote, SharedContact
from landbridge.sandbox import Sandbox
from landbridge.store import arrivals
from landbridge.sync import failpoints
from landbridge.sync.failpoints import EXPORT_KEPT, EXPORT_READ, FORGOTTEN, MERGED, MOMENTS, NAMES, EffectName
from landbridge.sync.streams import arrived
from tests.inbound.rig import Recruiting

READING = ("read_", "find_", "is_", "has_", "close", "_", "longest_")
Check = Callable[[], Awaitable[None]]
Scene = Callable[["Stage"], Awaitable[Check]]


class CrashError(BaseException):
    """Nobody's to catch."""


class Death:
    """Dies at one place, the first time it is passed; remembers every place passed."""

    def __init__(self) -> None:
        self.at = ""
        self.died = False
        self.last = ""

    def __call__(self, name: str) -> None:
        self.last = name
        if name == self.at and not self.died:
            self.died = True
            raise CrashError(name)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(candidates=12) as sandbox:
        yield sandbox


@pytest.fixture
def death() -> Iterator[Death]:
    death = Death()
    failpoints.arm(death)
    yield death
    failpoints.arm(None)


@pytest.fixture(autouse=True)
def _guarded(monkeypatch: pytest.MonkeyPatch, death: Death) -> None:
    """Every call that changes the ATS has to come right after the place that bears its name."""
    for name in EffectName:
        monkeypatch.setattr(SmartRecruitersWriting, name, _between(getattr(SmartRecruitersWriting, name), name, death))


def _between(call: Callable[..., Awaitable[Any]], name: str, death: Death) -> Callable[..., Awaitable[Any]]:
    async def guarded(*arguments: Any, **named: Any) -> Any:
        assert death.last == f"{name}.intended", f"{name} is called without its failpoints"
        return await call(*arguments, **named)

    return guarded


class Stage:
    """The company, with members nobody has used yet."""

    def __init__(self, company: Recruiting) -> None:
        self.company = company
        self.numbers = count(1)
        network = company.sandbox.linkedin.state.network
        taken = {seat.member for seat in network.seats}
        known = {(one.first_name, one.last_name) for one in company.candidates().values()}
        self._members = iter(
            [
                member.number
                for member in reversed(network.members)
                if member.number not in taken and (member.first_name, member.last_name) not in known
            ]
        )
        self.candidate = next(one.id for one in company.candidates().values() if one.details_status == 200)

    def member(self) -> int:
        return next(self._members)

    async def keep(self, element: ProspectNote | SharedContact | ClosedProfile) -> None:
        async with self.company.works.database.transaction() as connection:
            await arrivals.keep(
                connection, self.company.workspace, [arrived(element, "urn:li:contract:1")], now=self.company.now()
            )

    async def note(self, number: int, text: str, version: int = 0) -> None:
        at = self.company.now() + timedelta(seconds=version)
        await self.keep(
            ProspectNote(
                id=f"n{number}", contract="urn:li:contract:1", seat=self.company.seat.urn, text=text,
                person_urn=f"urn:li:person:p{number}", created_at=at, modified_at=at,
            )
        )  # fmt: skip

    async def exported(self, person: str, job: str) -> None:
        """An export as it lies in the database; ``announced`` goes the way before that."""
        name = person.rpartition(":")[2]
        element = ExportedPerson(
            id=f"e{next(self.numbers)}", integration_context=self.company.company.organization, job_id=job,
            person_urn=person, first_name="Mira", last_name=f"Okafor-{name}",
            profile_url=f"https://www.linkedin.com/in/mira-{name}",
        )  # fmt: skip
        async with self.company.works.database.transaction() as connection:
            await arrivals.keep(connection, self.company.workspace, [arrived(element, "")], now=self.company.now())

    async def announced(self, job: str) -> str:
        """The push about an export, and its worker, who may die; the person."""
        member = self.member()
        try:
            await self.company.export(member, job)
        except CrashError:
            self.company.clock.advance(timedelta(minutes=1))
            await inbox.work(self.company.works, self.company.workspace)
        return self.company.person(member)

    async def work(self) -> None:
        """What workers do, one after another as each dies."""
        for _ in range(3):
            try:
                await self.company.work()
            except CrashError:
                continue
            return

    def person(self) -> str:
        """A member of LinkedIn's whom nobody knows."""
        return f"urn:li:person:x{next(self.numbers)}"

    async def candidates_of(self, person: str) -> list[str]:
        rows = await self.company.rows(
            "SELECT DISTINCT ats_id FROM arrival WHERE kind = 'export' AND person_urn = %s", person
        )
        return [key for (key,) in rows]

    def applications(self, candidate: str) -> list[str]:
        return sorted(one.job_id for one in self.company.candidates()[candidate].applications)


async def posts(stage: Stage) -> Check:
    number = next(stage.numbers)
    await stage.note(number, f"Posted {number}.")
    await stage.company.rows(
        "UPDATE arrival SET choice = jsonb_build_object('candidate', %s::text) WHERE far_id = %s",
        stage.candidate,
        f"n{number}",
    )
    await stage.work()

    async def check() -> None:
        assert sum(f"Posted {number}." in text for text in stage.company.notes(stage.candidate)) == 1

    return check


async def deletes(stage: Stage) -> Check:
    number = next(stage.numbers)
    await stage.note(number, f"First {number}.")
    await stage.company.rows(
        "UPDATE arrival SET choice = jsonb_build_object('candidate', %s::text) WHERE far_id = %s",
        stage.candidate,
        f"n{number}",
    )
    await stage.work()
    await stage.note(number, f"Second {number}.", version=5)
    await stage.work()

    async def check() -> None:
        texts = stage.company.notes(stage.candidate)
        assert [sum(f"{word} {number}." in text for text in texts) for word in ("First", "Second")] == [0, 1]

    return check


async def announces(stage: Stage) -> Check:
    before, job = set(stage.company.candidates()), stage.company.jobs()[0]
    person = await stage.announced(job)
    await stage.work()
    once = _one_candidate(stage, before, person, [job])

    async def check() -> None:
        await once()
        (made,) = set(stage.company.candidates()) - before
        assert sum("LinkedIn export · by" in text for text in stage.company.notes(made)) == 1

    return check


async def creates(stage: Stage) -> Check:
    before, job, person = set(stage.company.candidates()), stage.company.jobs()[0], stage.person()
    await stage.exported(person, job)
    await stage.work()
    return _one_candidate(stage, before, person, [job])


async def attaches(stage: Stage) -> Check:
    before, jobs, person = set(stage.company.candidates()), stage.company.jobs()[:2], stage.person()
    for job in jobs:
        await stage.exported(person, job)
        await stage.work()
    return _one_candidate(stage, before, person, jobs)


def _one_candidate(stage: Stage, before: set[str], person: str, jobs: list[str]) -> Check:
    async def check() -> None:
        (made,) = set(stage.company.candidates()) - before
        assert stage.applications(made) == sorted(jobs)
        assert await stage.candidates_of(person) == [made]
        (match,) = await stage.company.rows(
            "SELECT m.person_urn FROM match m JOIN record r ON r.id = m.record_id WHERE r.key = %s AND NOT r.gone", made
        )
        assert match == (person,)

    return check


async def adds(stage: Stage) -> Check:
    before, person = set(stage.company.candidates()), stage.person()
    await stage.exported(person, stage.company.jobs()[0])
    await stage.work()
    number = next(stage.numbers)
    email = f"shared{number}@example.org"
    await stage.keep(SharedContact(id=f"c{number}", contract="urn:li:contract:1", person_urn=person, emails=(email,)))
    await stage.work()

    async def check() -> None:
        (made,) = set(stage.company.candidates()) - before
        assert stage.company.candidates()[made].email == email

    return check


async def forgets(stage: Stage) -> Check:
    """An account is closed, and somebody has said on the desk that what it left has to go."""
    numbers = [next(stage.numbers), next(stage.numbers)]
    person = f"urn:li:person:p{numbers[0]}"
    for number in numbers:
        await stage.note(number, f"Left {number}.")
    await stage.company.rows(
        "UPDATE arrival SET person_urn = %s, choice = jsonb_build_object('candidate', %s::text) "
        "WHERE far_id = ANY(%s) RETURNING id",
        person,
        stage.candidate,
        [f"n{number}" for number in numbers],
    )
    await stage.work()
    await stage.keep(ClosedProfile(id=person, person_urn=person))
    await stage.company.rows("UPDATE arrival SET choice = '{\"clear\": true}' WHERE far_id = %s RETURNING id", person)
    await stage.work()

    async def check() -> None:
        assert not any(f"Left {number}." in text for number in numbers for text in stage.company.notes(stage.candidate))
        rows = await stage.company.rows(
            "SELECT reason, body::text, person_urn FROM arrival WHERE far_id = ANY(%s)",
            [f"n{number}" for number in numbers],
        )
        assert rows == [("forgotten", "{}", None)] * 2

    return check


SCENES: dict[str, Scene] = {
    "closed": forgets,
    "export": announces,
    "mirror": creates,
    EffectName.POST: posts,
    EffectName.DELETE: deletes,
    EffectName.CREATE: creates,
    EffectName.ATTACH: attaches,
    EffectName.CONTACT: adds,
}


def test_everything_the_port_can_do_is_an_effect_with_failpoints() -> None:
    doing = {name for name in vars(AtsWriting) if not name.startswith(READING)}
    assert doing == set(EffectName) == set(SCENES) - {"export", "mirror", "closed"}
    alone = {EXPORT_READ, EXPORT_KEPT, MERGED, FORGOTTEN}
    assert set(NAMES) == alone | {f"{each}.{at}" for each in EffectName for at in MOMENTS}


@pytest.mark.timeout(300)
async def test_death_at_every_place_leaves_everything_done_once(company: Recruiting, death: Death) -> None:
    await company.sync()
    await company.link(company.seat)
    await company.rows('UPDATE workspace SET choices = choices || \'{"export_address": "in+{id}@acme.example"}\'')
    stage = Stage(company)
    places = [(name, SCENES[name.partition(".")[0]]) for name in NAMES]
    # The note that says who exported somebody is one effect more of the export.
    places += [(f"{EffectName.POST}.{moment}", announces) for moment in MOMENTS]
    for name, scene in places:
        death.at, death.died = name, False
        check = await scene(stage)
        assert death.died, f"{name} is never passed"
        await check()
        waiting = await company.arrivals("kind, state, reason")
        assert {state for _, state, reason in waiting if reason != "forgotten"} == {"done"}, (name, waiting)
    assert not company.sandbox.linkedin.journal.violations()
