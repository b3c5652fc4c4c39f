"""What LinkedIn asks of a client by a certain time: closed accounts, jobs sent again, what a push announced."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.refusals import RefusalError
from tests.sandbox.callback import Callback, eventually
from tests.sandbox.linkedin_caller import Caller, application, candidate, job
from tests.sandbox.recruiting import DAY, Office

CLOSED = "/v2/closedCandidateProfiles"


@pytest.fixture
def callback() -> Iterator[Callback]:
    callback = Callback()
    yield callback
    callback.stop()


@pytest.fixture
async def office(linkedin: Caller, callback: Callback) -> Office:
    office = Office(linkedin, callback.url)
    await linkedin.create_job("J1")
    return office


def delivered(office: Office, type_: str) -> None:
    """Wait until the newest push of this type has arrived."""
    pushes = office.linkedin.pushes
    eventually(lambda: [push.state for push in pushes.log() if push.type == type_][-1:] == ["delivered"])


async def closed(office: Office, **changes: Any) -> list[dict[str, Any]]:
    return await office.elements(CLOSED, q="criteria", integrationContext=office.caller.organization, **changes)


async def test_closed_account_of_an_exported_member_is_told_to_those_who_exported(office: Office) -> None:
    other = office.linkedin.state.network.members[-2].number
    for job_id in ("J1", "J2"):
        await office.caller.create_job(job_id)
        office.talent.exports.export(office.seat, office.stranger, job_id)
    office.talent.accounts.close(office.stranger)
    office.talent.accounts.close(other)
    [found] = await closed(office)
    assert found["member"] == office.person(office.stranger)
    assert found["externalJobPostingIds"] == ["J1", "J2"]
    assert found["closedAt"] == office.now
    assert await closed(office, closedDateStart=office.now + 1) == []
    assert await closed(office, closedDateEnd=office.now) == []
    assert await closed(office, closedDateStart=office.now, closedDateEnd=office.now + 1) == [found]


async def test_nothing_more_happens_to_a_member_who_left(office: Office) -> None:
    talent = office.talent
    thread = talent.inmails.send(office.seat, office.stranger, "Trams", "One")
    talent.inmails.reply(thread.urn, "Yes.", share_contact=True)
    note = talent.notes.write(office.seat, office.stranger, "Promising.")
    talent.accounts.close(office.stranger)
    assert talent.accounts.is_closed(office.stranger)
    for act in (
        lambda: talent.accounts.close(office.stranger),
        lambda: talent.inmails.send(office.seat, office.stranger, "Trams", "Two"),
        lambda: talent.inmails.reply(thread.urn, "Still here."),
        lambda: talent.notes.write(office.seat, office.stranger, "Gone."),
        lambda: talent.exports.export(office.seat, office.stranger, "J1"),
    ):
        with pytest.raises(RefusalError):
            act()
    assert not note.active
    wanted = {"q": "contract", "contract": office.contract, "owners": office.seat, "createdDateStart": office.now}
    assert await office.elements("/v2/mailStubs", **wanted) == []


async def test_candidate_is_matched_with_nobody_once_the_account_is_closed(office: Office) -> None:
    member = office.linkedin.state.directory.members[office.stranger]
    person = {"C1": candidate(emailAddresses=list(member.emails), linkedInProfileUrl=member.profile_url)}
    await office.caller.put_candidates(person)
    assert [link.candidate for link in office.talent.links.of_member(office.stranger)] == ["C1"]
    office.talent.accounts.close(office.stranger)
    assert office.talent.links.of_member(office.stranger) == []
    await office.caller.put_candidates({"C1": {**person["C1"], "lastName": "Changed"}})
    assert office.talent.links.of_member(office.stranger) == []
    assert office.caller.dump("candidates")[0]["matchedMembers"] == []


def test_somebody_with_a_seat_cannot_leave(sandbox: Sandbox) -> None:
    linkedin = sandbox.linkedin
    with pytest.raises(RefusalError):
        linkedin.talent.accounts.close(linkedin.state.network.seats[0].member)


async def test_thirty_days_without_asking_for_closed_accounts_are_on_record(office: Office) -> None:
    export = office.talent.exports.export(office.seat, office.stranger, "J1")
    await office.read("/v2/exportedCandidates", q="request", requestId=export.request_id)
    office.caller.advance(29 * 86_400)
    assert not office.caller.broken_rules()
    await office.caller.sign_in()
    await closed(office)
    office.caller.advance(29 * 86_400)
    assert not office.caller.broken_rules()
    office.caller.advance(2 * 86_400)
    assert office.caller.broken_rules() == {"missed_sweep"}
    office.caller.advance(30 * 86_400)
    assert missed(office) == 2
    await office.caller.sign_in()
    await closed(office)
    assert missed(office) == 2


def missed(office: Office) -> int:
    return [violation.rule for violation in office.linkedin.journal.violations()].count("missed_sweep")


async def test_asking_too_late_is_on_record_without_anybody_looking_before(office: Office) -> None:
    export = office.talent.exports.export(office.seat, office.stranger, "J1")
    await office.read("/v2/exportedCandidates", q="request", requestId=export.request_id)
    office.caller.advance(31 * 86_400)
    await office.caller.sign_in()
    await closed(office)
    assert missed(office) == 1


def test_who_never_exported_owes_nothing(sandbox: Sandbox) -> None:
    sandbox.linkedin.recruiter.request()
    sandbox.clock.freeze()
    for _ in range(3):
        sandbox.clock._jump(40 * DAY)
        assert not sandbox.linkedin.journal.violations()


async def test_export_nobody_fetched_is_on_record_once_it_was_delivered(office: Office) -> None:
    office.talent.exports.export(office.seat, office.stranger, "J1")
    delivered(office, "EXPORT_CANDIDATE_PROFILE")
    office.linkedin.faults.add({"operation": "push.*", "kind": "lost"})
    office.talent.exports.export(office.seat, office.stranger, "J1")
    office.caller.advance(86_401)
    found = [one for one in office.linkedin.journal.violations() if one.rule == "request_unread"]
    assert [(one.detail, one.call) for one in found] == [("exp-000001", 0)]


async def test_jobs_are_asked_for_again_and_sent_as_updates(office: Office, callback: Callback) -> None:
    resync = office.talent.resyncs.ask(["J1"])
    delivered(office, "RESYNC_JOBS")
    told = json.loads(callback.got[-1][0])
    assert told == {
        "developerApplicationUrn": office.linkedin.state.child.urn,
        "type": "RESYNC_JOBS",
        "syncAllOpenJobs": False,
        "externalJobPostingIds": ["J1"],
    }
    office.caller.advance(29 * 60)
    await office.caller.post_jobs(job(office.caller.organization, "J1", "UPDATE"))
    office.caller.advance(2 * 60)
    assert office.now > resync.due_at
    assert not office.caller.broken_rules()


@pytest.mark.parametrize("jobs", [["J1", "J2"], None])
async def test_jobs_not_sent_again_within_half_an_hour_are_on_record(office: Office, jobs: list[str] | None) -> None:
    await office.caller.create_job("J2")
    office.talent.resyncs.ask(jobs)
    delivered(office, "RESYNC_JOBS")
    await office.caller.post_jobs(job(office.caller.organization, "J1", "UPDATE"))
    office.caller.advance(30 * 60)
    found = office.linkedin.journal.violations()
    assert [one.rule for one in found] == ["late_resync"]
    assert "J2" in found[0].detail


async def test_application_is_evaluated_pushed_and_read_in_both_spellings(office: Office, callback: Callback) -> None:
    await office.caller.put_applications({"A1": application()})
    evaluation = office.talent.evaluations.evaluate("A1")
    delivered(office, "EXPORT_APPLICATION_EVALUATION")
    told = json.loads(callback.got[-1][0])
    assert told["id"] == evaluation.request_id
    found = [
        await office.elements(f"/rest/exportedApplicationEvaluation{end}", q="request", requestId=told["id"])
        for end in ("", "s")
    ]
    assert found[0] == found[1]
    assert found[0][0]["externalJobApplicationId"] == "A1"
    with pytest.raises(RefusalError):
        office.talent.evaluations.evaluate("A1")
    office.caller.advance(24 * 3600)
    await office.caller.sign_in()
    late = await office.ask("/rest/exportedApplicationEvaluation", q="request", requestId=told["id"])
    assert late[0] == 404
    assert office.talent.evaluations.evaluate("A1").request_id != told["id"]
    with pytest.raises(RefusalError):
        office.talent.evaluations.evaluate("unknown")


async def test_everything_is_counted_and_dumped(office: Office) -> None:
    before = dict(office.linkedin.state_counts())
    thread = office.talent.inmails.send(office.seat, office.stranger, "Trams", "One")
    office.talent.inmails.reply(thread.urn, "Yes.", share_contact=True)
    office.talent.notes.write(office.seat, office.stranger, "Promising.")
    office.talent.exports.export(office.seat, office.stranger, "J1")
    office.talent.resyncs.ask()
    office.talent.accounts.close(office.stranger)
    after = office.linkedin.state_counts()
    grown = {name for name, count in after.items() if count > before[name]}
    assert grown == {
        "inmail_threads", "inmail_events", "mail_stubs", "prospect_notes", "exports", "job_resyncs", "closed_accounts"
    }  # fmt: skip
    for name in grown - {"inmail_events"}:
        assert len(office.caller.dump(name)) == after[name]
    assert len(office.caller.dump("seats")) == after["seats"]


def test_control_room_acts_for_people(running: Sandbox) -> None:
    linkedin = running.linkedin
    seat = next(seat for seat in linkedin.state.network.seats if seat.state == "ACTIVE")
    member = linkedin.state.network.members[-1]
    with httpx2.Client(base_url=f"{running.linkedin_url}/_sandbox") as room:
        sent = room.post(
            "/talent/send-inmail",
            json={"seat": seat.urn, "member": member.emails[0], "subject": "Trams", "body": "Shall we talk?"},
        )
        thread = sent.json()["urn"]
        answered = room.post("/talent/reply", json={"thread": thread, "body": "Yes.", "share_contact": True})
        assert answered.json()["by_member"] is True
        note = room.post(
            "/talent/write-note", json={"seat": seat.urn, "member": member.number, "text": "Promising."}
        ).json()
        edited = room.post("/talent/edit-note", json={"seat": seat.urn, "note": note["id"], "private": True})
        assert edited.json()["private"] is True
        assert room.post("/talent/links", json={"member": member.profile_url}).json() == []
        shown = room.get("/talent").json()
        assert shown["threads"][-1]["urn"] == thread
        assert shown["stubs"][-1]["email"] == member.emails[0]
        assert shown["actions"]["decline"] == ["thread", "body"]
        person = linkedin.state.child.persons.urn(member.number)
        assert room.post("/talent/close-account", json={"member": person}).json()["member"] == member.number


@pytest.mark.parametrize(
    ("action", "wanted", "status"),
    [
        ("dance", {}, 404),
        ("send-inmail", {}, 400),
        ("decline", {"thread": "x", "mood": "bad"}, 400),
        ("decline", {"thread": 5}, 400),
        ("decline", {"thread": "x"}, 404),
        ("close-account", {"member": "nobody@example.org"}, 400),
        ("close-account", {"member": 1}, 404),
        ("write-note", {"seat": "x", "member": 1, "text": "y"}, 404),
        ("resync-jobs", {"jobs": []}, 422),
        ("resync-jobs", {"client_id": "77nobody"}, 404),
        ("evaluate", {"application": "A1"}, 404),
    ],
)
async def test_control_room_says_what_cannot_be(
    linkedin: Caller, action: str, wanted: dict[str, Any], status: int
) -> None:
    answer = await linkedin.http.post(f"/_sandbox/talent/{action}", json=wanted)
    assert answer.status_code == status
    assert answer.json()["error"]


@pytest.mark.parametrize(("subject", "body"), [("", "One"), ("Trams", "  "), ("s" * 201, "One"), ("Trams", "b" * 1901)])
async def test_texts_have_a_length(office: Office, subject: str, body: str) -> None:
    with pytest.raises(RefusalError, check=lambda problem: problem.status == 422):
        office.talent.inmails.send(office.seat, office.stranger, subject, body)
