"""One-Click Export: what a recruiter can choose, what is pushed, and what the ATS reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.refusals import RefusalError
from tests.sandbox.callback import Callback, eventually
from tests.sandbox.linkedin_caller import Caller, job
from tests.sandbox.recruiting import DAY, Office


@pytest.fixture
def callback() -> Iterator[Callback]:
    callback = Callback()
    yield callback
    callback.stop()


@pytest.fixture
async def office(linkedin: Caller) -> Office:
    office = Office(linkedin)
    await linkedin.create_job("J1", title="Tram Driver", companyJobCode="REQ-7")
    return office


def refusal(status: int) -> Any:
    return pytest.raises(RefusalError, check=lambda problem: problem.status == status)


async def test_export_is_pushed_signed_and_read_by_its_request_id(linkedin: Caller, callback: Callback) -> None:
    office = Office(linkedin, callback.url)
    await linkedin.create_job("J1")
    office.talent.exports.export(office.seat, office.stranger, "J1")
    eventually(lambda: len(callback.got) == 3)
    told = json.loads(callback.got[-1][0])
    assert told["type"] == "EXPORT_CANDIDATE_PROFILE"
    assert told["expiresAt"] == office.now + DAY
    [exported] = await office.elements("/v2/exportedCandidates", q="request", requestId=told["id"])
    member = office.linkedin.state.directory.members[office.stranger]
    assert exported["integrationContext"] == linkedin.organization
    assert exported["externalJobPostingId"] == "J1"
    assert exported["exporter"] == office.seat
    assert exported["candidate"]["firstName"] == member.first_name
    assert exported["candidate"]["profileUrl"] == member.profile_url
    assert exported["candidate"]["member"] == office.person(office.stranger)
    assert "email" not in json.dumps(exported).lower()
    again = await office.elements("/rest/exportedCandidates", q="request", requestId=told["id"])
    assert again == [exported]
    assert not linkedin.broken_rules()


async def test_exported_person_can_be_attached_to_a_candidate(office: Office) -> None:
    export = office.talent.exports.export(office.seat, office.stranger, "J1")
    [exported] = await office.elements("/v2/exportedCandidates", q="request", requestId=export.request_id)
    person = exported["candidate"]["member"]
    caller = office.caller
    await caller.put_candidates({"C9": {**_unreachable(), "emailAddresses": []}})
    patch = {"patch": {"$set": {"manualMatchedMember": person}}}
    await caller.put_v2("/v2/atsCandidates", [caller.candidate_key("C9")], [patch], "batch_partial_update")
    [link] = office.talent.links.of_member(office.stranger)
    assert (link.candidate, link.by_hand, link.client_id) == ("C9", True, export.client_id)


def _unreachable() -> dict[str, Any]:
    return {
        "firstName": "Ada",
        "lastName": "Moss",
        "atsCreatedAt": 1_767_225_600_000,
        "atsLastModifiedAt": 1_767_225_600_000,
        "phoneNumbers": [],
        "addresses": [],
        "externalProfileUrl": "https://ats.example.org/people/9",
    }


async def test_request_expires_after_a_day(office: Office) -> None:
    export = office.talent.exports.export(office.seat, office.stranger, "J1")
    office.caller.advance(86_399)
    await office.caller.sign_in()
    assert (await office.ask("/v2/exportedCandidates", q="request", requestId=export.request_id))[0] == 200
    office.caller.advance(1)
    assert (await office.ask("/v2/exportedCandidates", q="request", requestId=export.request_id))[0] == 404
    assert office.caller.broken_rules() == {"request_expired"}


async def test_request_of_another_application_is_unknown(office: Office) -> None:
    other = office.linkedin.state.add_application("elsewhere")
    office.linkedin.recruiter.request(client_id=other.client_id)
    export = office.talent.exports.export(office.seat, office.stranger, "J1")
    office.caller.token = office.linkedin.tokens.issue(other.client_id, office.now, 1800)
    assert (await office.ask("/v2/exportedCandidates", q="request", requestId=export.request_id))[0] == 404


async def test_nothing_is_read_once_the_feature_is_off_or_the_member_gone(office: Office) -> None:
    export = office.talent.exports.export(office.seat, office.stranger, "J1")
    office.talent.accounts.close(office.stranger)
    assert (await office.ask("/v2/exportedCandidates", q="request", requestId=export.request_id))[0] == 404
    office.caller.enable("ONE_CLICK_EXPORT", "DISABLED")
    other = office.linkedin.state.network.members[-2].number
    with refusal(403):
        office.talent.exports.export(office.seat, other, "J1")


async def test_seat_exports_three_hundred_a_month_and_no_more(office: Office) -> None:
    office.caller.sandbox.clock.set(datetime(2027, 3, 31, 23, 59, tzinfo=UTC))
    for _ in range(300):
        office.talent.exports.export(office.seat, office.stranger, "J1")
    with refusal(429):
        office.talent.exports.export(office.seat, office.stranger, "J1")
    assert office.talent.exports.left(office.colleague) == 300
    office.caller.advance(60)
    assert office.talent.exports.left(office.seat) == 300


async def test_type_ahead_lists_open_jobs_by_title_id_and_code(office: Office) -> None:
    caller = office.caller
    await caller.create_job("J2", title="Senior Tram Driver")
    await caller.create_job("J3", title="Tram Mechanic")
    await caller.post_jobs(job(caller.organization, "J3", "CLOSE", title="Tram Mechanic"))
    caller.settle()
    jobs = office.talent.exports.jobs
    assert [target.job for target in jobs(office.seat, "tram")] == ["J1", "J2"]
    assert [target.job for target in jobs(office.seat, "req-7")] == ["J1"]
    assert [target.job for target in jobs(office.seat, "J2")] == ["J2"]
    assert len(jobs(office.seat, "", most=1)) == 1
    with refusal(404):
        office.talent.exports.export(office.seat, office.stranger, "J3")


async def test_job_that_changes_is_found_by_its_new_title_at_once(office: Office) -> None:
    jobs = office.talent.exports.jobs
    assert jobs(office.seat, "harbour pilot") == []
    await office.caller.create_job("J9", title="Harbour Pilot")
    assert [target.job for target in jobs(office.seat, "harbour pilot")] == ["J9"]
    assert [target.job for target in jobs(office.seat, "j9")] == ["J9"]


async def test_restricted_job_is_listed_for_people_on_its_list_only(office: Office) -> None:
    office.settings(JOB_POSTING_VIEWERS=None)
    assert office.talent.exports.jobs(office.seat) == []
    caller = office.caller
    holder = office.seats(office.contract)[0]
    kind = {"dataProvider": "ATS", "integrationContext": caller.organization, "atsEntityType": "JOB_POSTING"}
    on_list = {"atsEntityAclId": "crew", **kind, "atsEntityId": "J1"}
    may_see = {"atsEntityAclId": "crew", **kind, "assignee": office.person(holder.member)}
    await caller.put_v2("/v2/atsEntityAcls", [on_list], [{}])
    await caller.put_v2("/v2/atsEntityAclAssignees", [may_see], [{}])
    assert [target.job for target in office.talent.exports.jobs(office.seat)] == ["J1"]
    assert office.talent.exports.jobs(office.colleague) == []
    with refusal(404):
        office.talent.exports.export(office.colleague, office.stranger, "J1")


async def test_lite_and_sleeping_seats_export_nothing(office: Office) -> None:
    lite = office.seats(office.lite_contract)[0].urn
    left = office.seats(office.contract, "INACTIVE")[0].urn
    assert office.talent.exports.jobs(lite) == []
    for seat in (lite, left):
        with refusal(403):
            office.talent.exports.export(seat, office.stranger, "J1")


async def test_systems_are_those_with_export_enabled(office: Office) -> None:
    child = office.linkedin.state.child
    child.integrations[office.caller.organization, "ONE_CLICK_EXPORT", "RECRUITER"].name = "Harbour ATS"
    office.linkedin.state.add_application("another").name = "Unused"
    assert [system.name for system in office.talent.exports.systems()] == ["Harbour ATS"]
    assert {target.system for target in office.talent.exports.jobs(office.seat)} == {"Harbour ATS"}


@pytest.mark.parametrize(("kind", "received"), [("lost", 0), ("duplicated", 2)])
async def test_pushes_of_exports_are_lost_and_doubled_as_scripted(
    linkedin: Caller, callback: Callback, kind: str, received: int
) -> None:
    office = Office(linkedin, callback.url)
    await linkedin.create_job("J1")
    eventually(lambda: len(callback.got) == 2)
    linkedin.sandbox.linkedin.faults.add({"operation": "push.EXPORT_CANDIDATE_PROFILE", "kind": kind})
    office.talent.exports.export(office.seat, office.stranger, "J1")
    states = {"lost": "lost", "duplicated": "delivered"}
    eventually(partial(_last_push_is, linkedin, states[kind]))
    assert len(callback.got) == 2 + received
    assert len({body for body, _ in callback.got[2:]}) <= 1


def _last_push_is(linkedin: Caller, state: str) -> bool:
    return linkedin.sandbox.linkedin.pushes.log()[-1].state == state


async def test_same_world_and_same_acts_give_the_same_ids(sandbox: Sandbox) -> None:
    found = []
    for _ in range(2):
        sandbox.site.reset()
        sandbox.clock.freeze()
        sandbox.clock.set(datetime(2027, 1, 4, tzinfo=UTC))
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=sandbox.linkedin), base_url="http://sandbox"
        ) as http:
            caller = Caller(http, sandbox)
            caller.enable()
            await caller.sign_in()
            office = Office(caller)
            await caller.create_job("J1")
            export = office.talent.exports.export(office.seat, office.stranger, "J1")
            answer = await caller.send("GET", "/v2/exportedCandidates", f"q=request&requestId={export.request_id}")
            found.append((export.request_id, answer.content))
    assert found[0] == found[1]
