"""An ATS of one's own behind the engine: whatever dies or gets lost, it has everything once; and it can say no."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace

from landbridge.cli.conformance.home_grown import SECRET, URL, HomeGrown
from landbridge.connectors.rest_ats.source import NAME
from landbridge.connectors.rest_ats.wire import Deletion, Pushed, PushedApplication, PushedCandidate, PushedJob
from landbridge.http import SystemClock
from landbridge.jobs import incoming
from landbridge.jobs.pushing import push
from landbridge.jobs.queue import JobBell
from landbridge.jobs.wiring import Works
from landbridge.records.incoming import ExportedPerson, InMail, ProspectNote, SharedContact
from landbridge.settings import Settings
from landbridge.store import arrivals
from landbridge.store.connections import save_credentials
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import create_workspace
from landbridge.sync import failpoints
from landbridge.sync.effects import EffectsEnd
from landbridge.sync.failpoints import MOMENTS, EffectName
from landbridge.sync.streams import arrived
from tests.inbound.dump import everything

PERSON = "urn:li:person:noor"
KINDS: dict[str, type[Pushed]] = {"candidates": PushedCandidate, "applications": PushedApplication}


class CrashError(BaseException):
    """Nobody's to catch."""


class Time(SystemClock):
    """Moves when a test says so, and by what is waited for."""

    def __init__(self) -> None:
        self.at = datetime(2026, 5, 6, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class OwnAts:
    """The workspace, the ATS behind it and what happens in LinkedIn."""

    def __init__(self, works: Works, ats: HomeGrown, clock: Time, workspace: int) -> None:
        self.works, self.ats, self.clock, self.workspace = works, ats, clock, workspace

    async def happen(self, *elements: Any) -> None:
        self.clock.at += timedelta(seconds=1)
        async with self.works.database.transaction() as connection:
            rows = [arrived(one, "urn:li:contract:1") for one in elements]
            await arrivals.keep(connection, self.workspace, rows, now=self.clock.now())

    async def work(self) -> EffectsEnd:
        return await incoming.take_effect(self.works, self.workspace, stopping=lambda: False)

    async def settle(self, death: str = "") -> bool:
        """Slices until nothing is due any more; at ``death`` a worker dies, once. Whether one did."""
        died: list[str] = []

        def pass_by(name: str) -> None:
            if name == death and not died:
                died.append(name)
                raise CrashError(name)

        for _ in range(60):
            failpoints.arm(pass_by)
            try:
                end = await self.work()
            except CrashError:
                continue
            finally:
                failpoints.arm(None)
            if end.resume_at is None:
                return bool(died)
            self.clock.at = max(self.clock.at, end.resume_at) + timedelta(seconds=1)
        raise AssertionError("effects do not come to rest")

    async def states(self) -> set[tuple[str, str]]:
        async with self.works.database.connection() as connection:
            cursor = await connection.execute("SELECT state, reason FROM arrival")
            return set(await cursor.fetchall())

    def note(self, text: str, version: int = 0, *, active: bool = True) -> ProspectNote:
        at = datetime(2026, 5, 1, tzinfo=UTC)
        return ProspectNote(
            id="n1", contract="urn:li:contract:1", seat="urn:li:seat:1", person_urn=PERSON, text=text, active=active,
            created_at=at, modified_at=at + timedelta(seconds=version),
        )  # fmt: skip


EXPORT = ExportedPerson(
    id="e1", integration_context="urn:li:organization:1", job_id="J0", person_urn=PERSON, first_name="Noor",
    last_name="Haddad",
)  # fmt: skip
MAIL = InMail(id="m1", seat="urn:li:seat:1", person_urn=PERSON, outgoing=True, body="Come aboard.")
CONTACT = SharedContact(id="c1", contract="urn:li:contract:1", person_urn=PERSON, emails=("noor@example.org",))


@pytest.fixture
async def own(settings: Settings, database: Database, vault: Vault) -> AsyncIterator[OwnAts]:
    clock = Time()
    async with database.transaction() as connection:
        workspace = await create_workspace(connection, slug="own", name="Own", foreign_id="own", now=clock.now())
        await save_credentials(
            connection, workspace, NAME, vault=vault, settings={"url": URL}, secrets={"secret": SECRET}
        )

    async def pushes(kind: str, record: dict[str, Any]) -> None:
        await push(database, clock, workspace, [record], KINDS[kind])

    ats = HomeGrown(["J0", "J1"], pushes)
    jobs = [{"id": name, "title": name, "status": "open"} for name in ats.jobs]
    await push(database, clock, workspace, jobs, PushedJob)
    async with CallJournal(database) as journal:
        works = Works(settings, database, vault, journal, JobBell(clock), clock=clock, transport=ats)
        yield OwnAts(works, ats, clock, workspace)
        await works.close()


@pytest.mark.parametrize("losing", [0, 3], ids=["heard", "lost"])
async def test_death_at_every_place_leaves_everything_once(own: OwnAts, losing: int) -> None:
    """``lost``: before that, three times nobody hears what the ATS answers."""
    number = count(1)
    for effect in EffectName:
        for moment in MOMENTS if not losing else ("intended", "answered"):
            died = await Scene(own, next(number)).play(effect, f"{effect}.{moment}", losing)
            # Somebody who is on the job, as the ATS has pushed, need not be put there again.
            assert died or (losing and effect is EffectName.ATTACH), f"{effect}.{moment} is never passed"


class Scene:
    """One person, exported and written to; each moment of death gets another."""

    def __init__(self, own: OwnAts, number: int) -> None:
        self.own, self.number, self.person = own, number, f"{PERSON}{number}"

    def named(self, element: Any, **changes: Any) -> Any:
        return replace(element, id=f"{element.id}-{self.number}", person_urn=self.person, **changes)

    async def play(self, effect: EffectName, death: str, losing: int) -> bool:
        own, name = self.own, f"Haddad-{self.number}"
        before = set(own.ats.people)
        steps: dict[EffectName, Any] = {
            EffectName.CREATE: self.named(EXPORT, last_name=name),
            EffectName.POST: self.named(own.note("First.")),
            EffectName.DELETE: self.named(own.note("Second.", 5)),
            EffectName.CONTACT: self.named(CONTACT, emails=(f"noor{self.number}@example.org",)),
            EffectName.ATTACH: replace(self.named(EXPORT, last_name=name, job_id="J1"), id=f"again-{self.number}"),
        }
        died = False
        for step, element in steps.items():
            await own.happen(element)
            own.ats.losing = losing if step is effect else 0
            died |= await own.settle(death if step is effect else "")
        assert await own.states() == {("done", "")}
        (made,) = set(own.ats.people) - before
        assert sorted(own.ats.on_jobs[made]) == ["J0", "J1"]
        assert own.ats.people[made]["emails"] == [f"noor{self.number}@example.org"]
        notes = [note["words"] for note in own.ats.notes.values() if note["candidate_id"] == made]
        assert notes == ["Second."]
        return died


async def test_answer_of_410_stops_everything_until_a_person_has_seen_to_it(own: OwnAts) -> None:
    gone = httpx2.MockTransport(lambda _: httpx2.Response(410))
    await own.happen(EXPORT, MAIL)
    own.works._transport = gone
    end = await own.work()
    assert end.problem is not None
    assert end.problem.code == "endpoint_gone"
    assert await own.states() == {("due", "")}
    await own.works.close()
    own.works._transport = own.ats
    await own.settle()
    assert await own.states() == {("done", "")}
    assert len(own.ats.people) == len(own.ats.notes) == 1


async def test_ats_that_fails_for_hours_gets_everything_once_it_is_back(own: OwnAts) -> None:
    await own.happen(EXPORT, MAIL)
    began, own.ats.losing = own.clock.at, 36
    await own.settle()
    assert own.clock.at - began > timedelta(hours=3)
    assert await own.states() == {("done", "")}
    assert len(own.ats.people) == len(own.ats.notes) == 1


async def test_edited_note_takes_the_place_of_the_old_one_and_may_come_back(own: OwnAts) -> None:
    await own.happen(EXPORT)
    for version, text in enumerate(("First.", "Second.", "First.")):
        await own.happen(own.note(text, version))
        await own.settle()
        assert [note["words"] for note in own.ats.notes.values()] == [text]
    await own.happen(own.note("First.", 9, active=False))
    await own.settle()
    assert own.ats.notes == {}


async def test_what_arrives_waits_while_there_is_no_address_for_it(own: OwnAts, vault: Vault) -> None:
    async with own.works.database.transaction() as connection:
        await save_credentials(connection, own.workspace, NAME, vault=vault, settings={}, secrets={})
    await own.happen(EXPORT)
    assert (await own.work()).problem is None
    assert await own.states() == {("due", "")}


async def test_nothing_of_somebody_who_was_erased_is_kept_for_an_event_that_is_still_to_go(own: OwnAts) -> None:
    await own.happen(EXPORT, MAIL, CONTACT)
    await own.settle()
    own.ats.losing = 1_000
    await own.happen(own.note("Likes night trains."))
    await own.work()
    assert ("due", "connection_broken") in await own.states()
    canaries = ("Noor", "Haddad", "noor@example.org", "Come aboard.", "Likes night trains.", PERSON)
    before = await everything(own.works.database)
    assert all(word in before for word in canaries), "the canaries have to be there to be gone"

    (key,) = own.ats.people
    await push(own.works.database, own.clock, own.workspace, [{"kind": "candidate", "id": key}], Deletion)
    after = await everything(own.works.database)
    assert [word for word in canaries if word in after] == []
    losing = own.ats.losing
    own.clock.at += timedelta(hours=2)
    await own.settle()
    assert own.ats.losing == losing, "an event was sent after the erasure"
