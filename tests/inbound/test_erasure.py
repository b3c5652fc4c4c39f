"""Somebody is erased while history is still being read, and then all history is told once more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.smartrecruiters.changes import candidates as changes
from landbridge.sandbox.smartrecruiters.happenings import SYSTEM
from landbridge.store import erasures
from landbridge.sync import sweep
from landbridge.sync.bell import SilentBell
from landbridge.sync.sweep import Sweeping
from tests.inbound.dump import everything
from tests.inbound.rig import Recruiting
from tests.inbound.told import Told

WORDS = ("Would you like to talk?", "Gladly.", "Likes night trains")


async def hear(company: Recruiting) -> None:
    company.clock.advance(timedelta(minutes=2))
    await company.read()
    await company.work()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A small company: all of its history is read several times."""
    with Sandbox(candidates=5) as sandbox:
        yield sandbox


@pytest.fixture
async def ready(company: Recruiting) -> Recruiting:
    await company.sync()
    await company.link(company.seat)
    return company


async def test_erased_person_reappears_on_neither_side_when_all_history_is_told_again(
    ready: Recruiting, sandbox: Sandbox
) -> None:
    told, member = Told(ready, sandbox), ready.stranger
    person = next(one for one in ready.candidates().values() if one.details_status == 200 and one.applications)
    email = str(person.email)
    canaries = {email, f'"last_name": "{person.last_name}", "first_name": "{person.first_name}"', *WORDS}
    await ready.know(member, person.id)
    thread = ready.talent.inmails.send(ready.seat.urn, member, "A role", WORDS[0])
    ready.talent.inmails.reply(thread.urn, WORDS[1])
    ready.talent.notes.write(ready.seat.urn, member, WORDS[2])
    await hear(ready)
    changes.edit(sandbox.smartrecruiters.state, person, {"lastName": f"{person.last_name}-Neu"})
    await told.deliver(1)
    before = await everything(ready.works.database)
    assert all(word in before for word in (email, *WORDS)), "the canaries have to be there to be gone"

    # In the middle of reading everything anew: the list of people is read, nothing behind it.
    sweeping = Sweeping(
        database=ready.works.database, workspace=ready.workspace, source=ready.drive.source, bell=SilentBell(),
        clock=ready.clock,
    )  # fmt: skip
    await sweep.start(sweeping, "full", reread=True)
    entered = False

    def has_read_people() -> bool:
        nonlocal entered
        was, entered = entered, True
        return was

    await sweep.run_slice(sweeping, length=timedelta(seconds=20), stopping=has_read_people)
    changes.erase(sandbox.smartrecruiters.state, SYSTEM, person)
    await told.deliver(2)
    while not (await sweep.run_slice(sweeping, length=timedelta(seconds=20))).done:
        pass
    await ready.drive.send()

    # All of history once more: webhooks, lists, and LinkedIn's streams from their beginning.
    await told.deliver(3)
    await ready.drive.sync("full")
    await ready.rows(
        "UPDATE stream SET began_at = read_until, past_until = read_until, past_next_at = next_at "
        "WHERE workspace_id = %s",
        ready.workspace,
    )
    await hear(ready)
    await ready.drive.send()

    assert person.id not in ready.candidates()
    network = ready.drive.clock._far_side
    assert person.id not in {row["atsCandidateId"] for row in network.dump("candidates")}
    assert person.id not in {row["atsCandidateId"] for row in network.dump("applications")}
    after = await everything(ready.works.database)
    assert [word for word in canaries if word in after] == []
    assert ready.person(member) not in after
    async with ready.works.database.connection() as connection:
        [listed] = await erasures.load_receipts(connection, ready.workspace, key=person.id)
        receipt = await erasures.load_receipt(connection, ready.workspace, listed.id)
    assert receipt is not None
    assert (receipt.told_by, receipt.waiting) == ("event", 0)
    own = {item.kind: item.count for item in receipt.items if item.place == "landbridge"}
    assert own["match"] == 1
    assert (own["inmail"], own["note"]) == (2, 1)


async def test_what_is_written_after_the_erasure_is_taken_in(ready: Recruiting, sandbox: Sandbox) -> None:
    told, member = Told(ready, sandbox), ready.stranger
    person = next(one for one in ready.candidates().values() if one.details_status == 200)
    await ready.know(member, person.id)
    changes.erase(sandbox.smartrecruiters.state, SYSTEM, person)
    await told.deliver(1)
    ready.clock.advance(timedelta(minutes=5))
    ready.talent.inmails.send(ready.seat.urn, member, "A role", WORDS[0])
    await hear(ready)
    assert ("inmail", "desk", "unmatched") in await ready.arrivals("kind, state, reason")


async def test_somebody_who_is_another_candidate_as_well_is_not_forgotten(ready: Recruiting, sandbox: Sandbox) -> None:
    told, member = Told(ready, sandbox), ready.stranger
    one, other = [each for each in ready.candidates().values() if each.details_status == 200][:2]
    await ready.know(member, one.id)
    ready.talent.inmails.send(ready.seat.urn, member, "A role", WORDS[0])
    await hear(ready)
    await ready.know(member, other.id)
    changes.erase(sandbox.smartrecruiters.state, SYSTEM, one)
    await told.deliver(1)
    ready.clock.advance(timedelta(minutes=5))
    ready.talent.notes.write(ready.seat.urn, member, WORDS[2])
    await hear(ready)
    assert [note for note in ready.notes(other.id) if WORDS[2] in note]
