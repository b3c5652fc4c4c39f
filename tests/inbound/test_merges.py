"""Two candidates of the ATS become one: so they do on LinkedIn, and what recruiters wrote is the survivor's."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest

from landbridge.jobs import live
from landbridge.sandbox import Sandbox
from landbridge.sandbox.smartrecruiters.changes import candidates as changes
from landbridge.sandbox.smartrecruiters.happenings import SYSTEM
from landbridge.sandbox.worlds.person import Candidate as Person
from landbridge.store import erasures
from tests.faults import truth
from tests.faults.control import FarSide
from tests.inbound.rig import Recruiting
from tests.inbound.told import Told


@pytest.fixture
async def ready(company: Recruiting) -> Recruiting:
    await company.sync()
    await company.link(company.seat)
    return company


async def hear(company: Recruiting) -> None:
    company.clock.advance(timedelta(minutes=2))
    await company.read()
    await company.work()


def two(company: Recruiting) -> tuple[Person, Person]:
    """A survivor, and somebody whose application is for a job the survivor has not applied for, and is on LinkedIn."""
    there = {row["atsJobApplicationId"] for row in company.drive.clock._far_side.dump("applications")}
    people = [one for one in company.candidates().values() if one.details_status == 200]
    for other in people:
        moving = {each.job_id for each in other.applications if each.id in there}
        for master in people:
            if master is not other and moving - {each.job_id for each in master.applications}:
                return master, other
    raise AssertionError("nobody in this company can be merged")


def findings(company: Recruiting, sandbox: Sandbox) -> list[str]:
    with httpx2.Client(trust_env=False, timeout=30) as http:
        return truth.findings(FarSide(http, sandbox.smartrecruiters_url), FarSide(http, sandbox.linkedin_url))


@pytest.mark.parametrize("by", ["event", "sweep"])
async def test_merged_candidate_goes_and_the_survivor_has_everything(
    ready: Recruiting, sandbox: Sandbox, by: str
) -> None:
    told, member, (master, other) = Told(ready, sandbox), ready.stranger, two(ready)
    await ready.know(member, other.id)
    ready.talent.inmails.send(ready.seat.urn, member, "A role", "Would you like to talk?")
    await hear(ready)
    moving = {each.id for each in other.applications} - {each.id for each in master.applications}
    changes.merge(sandbox.smartrecruiters.state, SYSTEM, master, other)
    if by == "event":
        await told.deliver(1)
        await ready.drive.send()
    else:
        await ready.drive.sync("full")
    assert findings(ready, sandbox) == []
    there = {row["atsJobApplicationId"]: row for row in ready.drive.clock._far_side.dump("applications")}
    assert {there[key]["atsCandidateId"] for key in moving & there.keys()} == {master.id}
    [matched] = await ready.rows(
        "SELECT r.key FROM match m JOIN record r ON r.id = m.record_id WHERE m.person_urn = %s", ready.person(member)
    )
    assert matched == (master.id,)
    assert set(await ready.arrivals("ats_id, state")) == {(master.id, "done")}
    assert await ready.rows("SELECT DISTINCT candidate FROM effect") == [(master.id,)]
    async with ready.works.database.connection() as connection:
        [receipt] = await erasures.load_receipts(connection, ready.workspace, key=other.id)
    assert (receipt.successor, receipt.told_by, receipt.waiting) == (master.id, by, 0)

    ready.clock.advance(timedelta(minutes=5))
    ready.talent.notes.write(ready.seat.urn, member, "Likes night trains")
    await hear(ready)
    assert [note for note in ready.notes(master.id) if "Likes night trains" in note]


async def test_application_goes_where_linkedin_does_not_take_the_survivor(
    company: Recruiting, sandbox: Sandbox
) -> None:
    state, people = sandbox.smartrecruiters.state, [one for one in company.candidates().values() if one.applications]
    nameless = people[-1]
    changes.edit(state, nameless, {"lastName": ""})
    await company.sync()
    network = company.drive.clock._far_side
    there = {row["atsJobApplicationId"]: row["atsCandidateId"] for row in network.dump("applications")}
    assert nameless.id not in there.values()
    taken = {each.job_id for each in nameless.applications}
    other = next(one for one in people if any(x.id in there and x.job_id not in taken for x in one.applications))
    moving = next(each.id for each in other.applications if each.id in there and each.job_id not in taken)

    told = Told(company, sandbox)
    changes.merge(state, SYSTEM, nameless, other)
    await told.deliver(1)
    await company.drive.send()
    assert moving not in {row["atsJobApplicationId"] for row in network.dump("applications")}
    assert other.id not in {row["atsCandidateId"] for row in network.dump("candidates")}
    assert network.broken_rules() == {}

    changes.edit(state, nameless, {"lastName": "Okafor"})
    await told.deliver(2)
    await company.drive.send()
    there = {row["atsJobApplicationId"]: row["atsCandidateId"] for row in network.dump("applications")}
    assert there[moving] == nameless.id
    assert findings(company, sandbox) == []


async def test_merge_nobody_may_know_of_still_ends_in_equal_sides(ready: Recruiting, sandbox: Sandbox) -> None:
    told, (master, other) = Told(ready, sandbox), two(ready)
    with httpx2.Client(trust_env=False, timeout=30) as http:
        FarSide(http, sandbox.smartrecruiters_url).take_permissions("audit_events_read")
    changes.merge(sandbox.smartrecruiters.state, SYSTEM, master, other)
    await told.deliver(1)
    await ready.drive.send()
    assert findings(ready, sandbox) == []
    async with ready.works.database.connection() as connection:
        [receipt] = await erasures.load_receipts(connection, ready.workspace, key=other.id)
    assert (receipt.successor, receipt.waiting) == ("", 0)


async def test_deletion_at_the_time_of_a_merge_is_a_deletion(ready: Recruiting, sandbox: Sandbox) -> None:
    told, (master, other) = Told(ready, sandbox), two(ready)
    third = next(one for one in ready.candidates().values() if one not in (master, other) and one.details_status == 200)
    changes.merge(sandbox.smartrecruiters.state, SYSTEM, master, other)
    changes.erase(sandbox.smartrecruiters.state, SYSTEM, third)
    await told.deliver(1)
    await ready.drive.send()
    assert findings(ready, sandbox) == []
    async with ready.works.database.connection() as connection:
        receipts = await erasures.load_receipts(connection, ready.workspace)
    assert {one.key: one.successor for one in receipts if one.kind == "candidate"} == {
        other.id: master.id,
        third.id: "",
    }


async def test_erasure_does_not_wait_for_long_until_the_trail_can_be_read(
    company: Recruiting, sandbox: Sandbox
) -> None:
    await company.drive.sweep()
    told, other = Told(company, sandbox), next(iter(company.candidates().values()))
    changes.erase(sandbox.smartrecruiters.state, SYSTEM, other)
    with httpx2.Client(trust_env=False, timeout=30) as http:
        source = FarSide(http, sandbox.smartrecruiters_url)
        source.fault("audit.list", "status", status=503, times=1_000)
        with pytest.raises(AssertionError):
            await told.deliver(1)
        assert await company.rows("SELECT gone FROM record WHERE key = %s", other.id) == [(False,)]
        company.clock.advance(timedelta(minutes=11))
        await live.follow(company.works, company.workspace, length=timedelta(seconds=60), stopping=lambda: False)
    assert await company.rows("SELECT gone FROM record WHERE key = %s", other.id) == [(True,)]
