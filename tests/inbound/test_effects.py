"""InMails, notes, contact details and exports take their effect in the ATS, once and on the right candidate."""

from __future__ import annotations

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from landbridge.errors import SignInRejectedError
from landbridge.jobs.tick import look_after
from landbridge.sandbox import Sandbox
from landbridge.sandbox.smartrecruiters.changes import candidates
from landbridge.store import desk
from landbridge.store.connections import load_system_states
from landbridge.store.workspaces import load_workspace
from tests.inbound.rig import Recruiting


@pytest.fixture
async def ready(company: Recruiting) -> Recruiting:
    """Synced, and the seat linked."""
    await company.sync()
    await company.link(company.seat)
    return company


@pytest.fixture
def candidate(ready: Recruiting) -> str:
    """Somebody in the ATS whom every call may see."""
    return next(person.id for person in ready.candidates().values() if person.details_status == 200)


async def hear(company: Recruiting) -> None:
    """Read what recruiters did, and have it take effect."""
    company.clock.advance(timedelta(minutes=2))
    await company.read()
    await company.work()


def about(company: Recruiting, candidate: str, text: str) -> list[str]:
    return [note for note in company.notes(candidate) if text in note]


async def test_inmails_and_notes_stand_on_the_candidate_once_with_author_time_and_direction(
    ready: Recruiting, candidate: str
) -> None:
    member = ready.stranger
    await ready.know(member, candidate)
    thread = ready.talent.inmails.send(ready.seat.urn, member, "A role", "Would you like to talk?")
    ready.talent.inmails.reply(thread.urn, "Gladly.")
    ready.talent.notes.write(ready.seat.urn, member, "Likes night trains")
    await hear(ready)
    await hear(ready)
    ((name,),) = await ready.rows(
        "SELECT trim(u.first_name || ' ' || u.last_name) FROM ats_user u JOIN seat_link l ON l.user_id = u.id"
    )
    (asked,), (answered,) = about(ready, candidate, "like to talk?"), about(ready, candidate, "Gladly.")
    assert f"{name} wrote to the candidate" in asked
    assert "Subject: A role" in asked
    assert f"the candidate wrote to {name}" in answered
    (note,) = about(ready, candidate, "Likes night trains")
    assert f"by {name}" in note
    assert " UTC" in note
    states = await ready.rows(
        "SELECT DISTINCT kind, state FROM arrival WHERE person_urn = %s ORDER BY kind", ready.person(member)
    )
    assert states == [("inmail", "done"), ("note", "done")]


async def test_edit_of_a_note_takes_the_place_of_the_first_and_its_end_removes_it(
    ready: Recruiting, candidate: str
) -> None:
    member, notes = ready.stranger, ready.talent.notes
    await ready.know(member, candidate)
    note = notes.write(ready.seat.urn, member, "Likes trains")
    await hear(ready)
    ready.clock.advance(timedelta(hours=1))
    notes.edit(ready.seat.urn, note.id, "Likes night trains")
    await hear(ready)
    assert not about(ready, candidate, "Likes trains")
    assert len(about(ready, candidate, "Likes night trains")) == 1
    ready.clock.advance(timedelta(hours=1))
    notes.delete(ready.seat.urn, note.id)
    await hear(ready)
    assert not about(ready, candidate, "trains")


async def test_who_is_nobody_here_waits_on_the_desk_until_there_is_a_match(ready: Recruiting, candidate: str) -> None:
    member = ready.stranger
    ready.talent.notes.write(ready.seat.urn, member, "Likes trams")
    await hear(ready)
    assert ("note", ready.person(member), "desk", "unmatched") in await ready.arrivals(
        "kind, person_urn, state, reason"
    )
    await ready.know(member, candidate)
    await ready.work()
    assert len(about(ready, candidate, "Likes trams")) == 1


async def test_two_candidates_for_one_person_are_for_somebody_else_to_tell_apart(ready: Recruiting) -> None:
    member = ready.stranger
    one, other = [person.id for person in ready.candidates().values() if person.details_status == 200][:2]
    await ready.know(member, one)
    await ready.know(member, other)
    ready.talent.notes.write(ready.seat.urn, member, "Which of the two")
    await hear(ready)
    assert ("note", "desk", "ambiguous") in await ready.arrivals("kind, state, reason")
    await ready.say("note", candidate=other)
    await ready.work()
    assert (len(about(ready, one, "Which")), len(about(ready, other, "Which"))) == (0, 1)


async def test_private_inmail_is_for_the_eyes_of_its_recruiter(ready: Recruiting, candidate: str) -> None:
    member = ready.stranger
    await ready.know(member, candidate)
    ready.talent.inmails.send(ready.seat.urn, member, "Between us", "A private word", private=True)
    await hear(ready)
    found = [
        one for one in ready.sandbox.smartrecruiters.state.messages.about(candidate) if "private word" in one.content
    ]
    ((user,),) = await ready.rows("SELECT u.key FROM ats_user u JOIN seat_link l ON l.user_id = u.id")
    assert [(one.users, one.open_note, one.everyone) for one in found] in ([], [((user,), False, False)])


async def test_export_without_an_address_waits_and_becomes_a_candidate_when_one_is_entered(
    ready: Recruiting, sandbox: Sandbox
) -> None:
    member, (job, other) = ready.stranger, ready.jobs()[:2]
    before = set(ready.candidates())
    await ready.export(member, job)
    await ready.work()
    assert ("export", "desk", "needs_email") in await ready.arrivals("kind, state, reason")
    assert set(ready.candidates()) == before
    await ready.say("export", email="exported@example.org")
    await ready.work()
    (made,) = set(ready.candidates()) - before
    (application,) = ready.candidates()[made].applications
    source = sandbox.smartrecruiters.state.source_of(application)
    assert (application.job_id, source.label if source else "") == (job, "LinkedIn Recruiter")
    assert ready.candidates()[made].email == "exported@example.org"
    # The connected user is credited: an ATS without a place for that has it in a note.
    ((name,),) = await ready.rows(
        "SELECT trim(u.first_name || ' ' || u.last_name) FROM ats_user u JOIN seat_link l ON l.user_id = u.id"
    )
    assert len(about(ready, made, f"LinkedIn export · by {name}")) == 1
    # It is in the mirror, known by the person's URN, and on its way to LinkedIn.
    ((urn, state),) = await ready.rows(
        "SELECT m.person_urn, d.state FROM record r JOIN match m ON m.record_id = r.id "
        "JOIN delivery d ON d.record_id = r.id WHERE r.key = %s",
        made,
    )
    assert (urn, state) == (ready.person(member), "due")
    await ready.drive.send()
    assert made in {row["atsCandidateId"] for row in await sent(ready)}
    # Again to another job, after somebody has edited the candidate.
    ready.candidates()[made].first_name = "Edited"
    await ready.export(member, other)
    await ready.work()
    assert set(ready.candidates()) - before == {made}
    assert {each.job_id for each in ready.candidates()[made].applications} == {job, other}
    # Once more to the same job: nobody is credited with what was there.
    await ready.export(member, other)
    await ready.work()
    assert len(about(ready, made, f"LinkedIn export · by {name}")) == 2


async def sent(company: Recruiting) -> list[dict[str, str]]:
    return company.drive.clock._far_side.dump("candidates")


async def test_export_goes_on_by_itself_when_the_member_shares_an_address(ready: Recruiting) -> None:
    member, (job, *_) = ready.stranger, ready.jobs()
    before = set(ready.candidates())
    thread = ready.talent.inmails.send(ready.seat.urn, member, "A role", "Would you like to talk?")
    await ready.export(member, job)
    await ready.work()
    ready.talent.inmails.reply(thread.urn, "Gladly.", share_contact=True)
    await hear(ready)
    (made,) = set(ready.candidates()) - before
    ((emails,),) = await ready.rows(
        "SELECT body->'emails' FROM arrival WHERE kind = 'contact' AND person_urn = %s", ready.person(member)
    )
    assert ready.candidates()[made].email in emails
    assert len(about(ready, made, "Gladly.")) == 1


async def test_export_for_another_customer_is_not_taken(ready: Recruiting) -> None:
    await ready.rows("UPDATE workspace SET organization_urn = 'urn:li:organization:1'")
    await ready.rows("UPDATE contract SET organization_urn = 'urn:li:organization:1'")
    await ready.export(ready.stranger, ready.jobs()[0])
    assert not await ready.arrivals()
    assert await ready.rows("SELECT state, problem FROM inbox") == [("failed", "export_of_strangers")]


async def test_policy_of_the_workspace_gives_an_address_of_its_own(ready: Recruiting) -> None:
    await ready.rows('UPDATE workspace SET choices = choices || \'{"export_address": "linkedin+{id}@acme.example"}\'')
    before = set(ready.candidates())
    await ready.export(ready.stranger, ready.jobs()[0])
    await ready.work()
    (made,) = set(ready.candidates()) - before
    email = ready.candidates()[made].email or ""
    assert email.startswith("linkedin+lb-")
    assert email.endswith("@acme.example")


async def test_shared_contact_fills_in_what_is_missing_and_asks_about_what_differs(
    ready: Recruiting, candidate: str
) -> None:
    member = ready.stranger
    await ready.know(member, candidate)
    email = ready.candidates()[candidate].email
    thread = ready.talent.inmails.send(ready.seat.urn, member, "A role", "Would you like to talk?")
    ready.talent.inmails.reply(thread.urn, "Gladly.", share_contact=True)
    await hear(ready)
    assert ("contact", "desk", "differs") in await ready.arrivals("kind, state, reason")
    assert ready.candidates()[candidate].email == email
    await ready.say("contact", replace=True)
    await ready.work()
    ((emails,),) = await ready.rows("SELECT body->'emails' FROM arrival WHERE kind = 'contact' AND state = 'done'")
    assert ready.candidates()[candidate].email in emails


async def test_lost_answer_leaves_one_note(ready: Recruiting, candidate: str, sandbox: Sandbox) -> None:
    member = ready.stranger
    await ready.know(member, candidate)
    note = ready.talent.notes.write(ready.seat.urn, member, "Posted, but nobody heard")
    ready.clock.advance(timedelta(minutes=2))
    await ready.read()
    sandbox.smartrecruiters.faults.add({"operation": "messages.share", "times": 1, "kind": "lost_answer"})
    await ready.work()
    assert len(about(ready, candidate, "nobody heard")) == 1
    # The answer told the id, and nothing else does: an edit cannot be followed, so a person is asked.
    ready.clock.advance(timedelta(hours=1))
    ready.talent.notes.edit(ready.seat.urn, note.id, "Edited since")
    await hear(ready)
    assert ("note", "desk", "remove_by_hand") in await ready.arrivals("kind, state, reason")


async def test_missing_permission_to_write_stops_nothing_else_and_ends_when_it_is_given(
    ready: Recruiting, candidate: str, sandbox: Sandbox
) -> None:
    member = ready.stranger
    await ready.know(member, candidate)
    for text in ("First words", "Second words", "Third words"):
        ready.talent.notes.write(ready.seat.urn, member, text)
    sandbox.smartrecruiters.keys.removed = frozenset({"messages_write"})
    await hear(ready)
    assert await waiting(ready) == {"Messages (messages_write)": 3}
    async with ready.works.database.connection() as connection:
        (case,) = await desk.load_cases(connection, ready.workspace)
        assert (case.reason, case.lacking) == ("not_permitted", "Messages (messages_write)")
        states = {one.system: one.state for one in await load_system_states(connection, ready.workspace)}
        facts = await load_workspace(connection, ready.workspace)
    assert "needs_person" not in states.values()
    # The safety net tries one of them, not all, and nothing that was tried a moment ago.
    await look_after(ready.works, facts)
    assert ("note", "due") not in await ready.arrivals("kind, state")
    ready.clock.advance(timedelta(minutes=3))
    await look_after(ready.works, facts)
    assert (await ready.arrivals("kind, state")).count(("note", "due")) == 1
    await ready.work()
    assert await waiting(ready) == {"Messages (messages_write)": 3}
    sandbox.smartrecruiters.keys.removed = frozenset()
    ready.clock.advance(timedelta(minutes=3))
    await look_after(ready.works, facts)
    await ready.work()
    assert await waiting(ready) == {}
    assert all(len(about(ready, candidate, text)) == 1 for text in ("First words", "Second words", "Third words"))


@pytest.mark.parametrize("status", [401, 403])
async def test_candidate_who_is_closed_to_the_credential_holds_up_nobody_else(
    ready: Recruiting, candidate: str, sandbox: Sandbox, status: int
) -> None:
    """SmartRecruiters answers a closed record as it does a missing permission."""
    person, member = ready.candidates()[candidate], ready.stranger
    await ready.know(member, candidate)
    taken = {application.job_id for application in person.applications}
    job = next(job for job in ready.jobs() if job not in taken)
    person.details_status = status
    await ready.export(member, job)
    await ready.work()
    assert await ready.arrivals("kind, state, reason") == [("export", "desk", "not_readable")]
    person.details_status = 200
    await ready.say("export")
    await ready.work()
    assert await ready.arrivals("kind, state") == [("export", "done")]
    assert job in {application.job_id for application in person.applications}


@pytest.mark.parametrize("status", [401, 403])
async def test_who_was_just_made_and_cannot_be_read_back_waits_and_is_made_once(
    ready: Recruiting, sandbox: Sandbox, status: int
) -> None:
    before = set(ready.candidates())
    await ready.export(ready.stranger, ready.jobs()[0])
    await ready.work()
    sandbox.smartrecruiters.faults.add({"operation": "candidates.get", "kind": "status", "status": status, "times": 1})
    for state in ("desk", "done"):
        await ready.say("export", email="exported@example.org")
        await ready.work()
        assert await ready.arrivals("kind, state") == [("export", state)]
        assert len(set(ready.candidates()) - before) == 1


async def test_credential_that_was_taken_back_pauses_the_connection(
    ready: Recruiting, candidate: str, sandbox: Sandbox
) -> None:
    await ready.know(ready.stranger, candidate)
    taken = {application.job_id for application in ready.candidates()[candidate].applications}
    await ready.export(ready.stranger, next(job for job in ready.jobs() if job not in taken))
    sandbox.smartrecruiters.faults.add({"operation": "candidates.*", "kind": "status", "status": 401, "times": 10})
    with pytest.raises(SignInRejectedError):
        await ready.work()
    assert await ready.arrivals("kind, state") == [("export", "due")]


async def waiting(company: Recruiting) -> dict[str, int]:
    async with company.works.database.connection() as connection:
        return await desk.count_lacking(connection, company.workspace)


def link_of(company: Recruiting, member: int) -> str:
    """The candidate LinkedIn knows the member as, where there is exactly one."""
    links = company.talent.links.of_member(member)
    return links[0].candidate if len(links) == 1 else ""


async def test_who_is_exported_before_the_match_was_heard_of_is_the_candidate_linkedin_knows(ready: Recruiting) -> None:
    """Recruiters see that somebody is in the ATS as soon as LinkedIn has matched; it tells us when it is asked."""
    await ready.rows("DELETE FROM match")
    state = ready.sandbox.smartrecruiters.state
    member, candidate = next(
        (member, ready.candidates()[link])
        for member in ready.sandbox.linkedin.state.network.members
        if (link := link_of(ready, member.number)) and ready.candidates()[link].details_status == 200
    )
    # By the name the ATS is searched for, this is nobody any more.
    candidates.edit(state, candidate, {"lastName": "Quist"})
    taken = {application.job_id for application in candidate.applications}
    job = next(job for job in ready.jobs() if job not in taken)
    before = set(ready.candidates())
    await ready.export(member.number, job)
    await ready.work()
    assert ("export", "done") in await ready.arrivals("kind, state")
    assert set(ready.candidates()) == before
    assert job in {application.job_id for application in candidate.applications}


async def test_trouble_of_linkedin_does_not_keep_an_export_from_the_ats(ready: Recruiting, sandbox: Sandbox) -> None:
    network = sandbox.linkedin.state.network
    last_names = {person.last_name for person in ready.candidates().values()}
    member = next(one for one in network.members if one.last_name in last_names and not link_of(ready, one.number))
    sandbox.linkedin.faults.add({"operation": "candidates.batch_get", "kind": "status", "status": 503, "times": 50})
    await ready.export(member.number, ready.jobs()[0])
    with capture_logs() as told:
        await ready.work()
    assert [line["log_level"] for line in told if line["event"] == "namesakes_not_asked"] == ["warning"]
    assert ("export", "desk", "needs_email") in await ready.arrivals("kind, state, reason")
    async with ready.works.database.connection() as connection:
        states = {one.system: one.state for one in await load_system_states(connection, ready.workspace)}
    assert states["linkedin"] == "ok"
