"""What could not be matched is settled on the desk: each reason as LinkedIn really makes it, and each answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from landbridge.jobs import desk as counter
from landbridge.jobs.desk import By
from landbridge.store import desk
from landbridge.store.decisions import Answer, Did, Said
from landbridge.store.desk import Case
from landbridge.store.settled import Decision, load_decisions
from landbridge.sync import matches
from tests.inbound.rig import Recruiting

pytestmark = pytest.mark.timeout(300)

ANN, BEA = By(name="ann"), By(name="bea")


@pytest.fixture
async def ready(company: Recruiting) -> Recruiting:
    """Synced, and the seat linked."""
    await company.sync()
    await company.link(company.seat)
    return company


def everybody(company: Recruiting) -> list[str]:
    """Candidates whom every call may see."""
    return [person.id for person in company.candidates().values() if person.details_status == 200]


def others(company: Recruiting, *but: int) -> list[int]:
    """Members who are neither colleagues nor candidates."""
    network = company.sandbox.linkedin.state.network
    taken = {seat.member for seat in network.seats} | {*but}
    known = {(one.first_name, one.last_name) for one in company.candidates().values()}
    return [
        one.number
        for one in network.members
        if one.number not in taken and (one.first_name, one.last_name) not in known and one.emails
    ]


async def hear(company: Recruiting) -> None:
    company.clock.advance(timedelta(hours=1))
    await company.read()
    await company.work()


async def cases(company: Recruiting, *reasons: str) -> list[Case]:
    async with company.works.database.connection() as connection:
        return await desk.load_cases(connection, company.workspace, reasons=reasons or None)


async def case_of(company: Recruiting, member: int) -> Case:
    (found,) = [one for one in await cases(company) if one.whose == company.person(member)]
    return found


async def say(company: Recruiting, case: Case, did: Did, *, by: By = ANN, stamp: str = "", **named: Any) -> Said:
    """An answer, and the engine following it."""
    said = await counter.answer(
        company.works.database,
        company.workspace,
        case.number,
        Answer(did=did, **named),
        by=by,
        now=company.now(),
        stamp=stamp,
    )
    await company.work()
    return said


async def undo(company: Recruiting, decision: int | None) -> Said:
    assert decision is not None
    said = await counter.undo(company.works.database, company.workspace, decision, by=BEA, now=company.now())
    await company.work()
    return said


def about(company: Recruiting, candidate: str, text: str) -> int:
    return sum(text in note for note in company.notes(candidate))


async def match(company: Recruiting) -> None:
    async with company.works.matching(company.workspace) as matching:
        end = await matches.read_slice(matching, length=timedelta(seconds=20))
    assert end.problem is None


async def decision(company: Recruiting, number: int | None) -> Decision:
    async with company.works.database.connection() as connection:
        (found,) = await load_decisions(connection, company.workspace, decision=number)
    return found


async def test_one_answer_settles_all_of_a_person_is_followed_and_can_be_taken_back(ready: Recruiting) -> None:
    member, (candidate, other, *_) = ready.stranger, everybody(ready)
    thread = ready.talent.inmails.send(ready.seat.urn, member, "A role", "Would you like to talk?")
    ready.talent.inmails.reply(thread.urn, "Gladly.")
    ready.talent.notes.write(ready.seat.urn, member, "Likes trams")
    await hear(ready)
    case = await case_of(ready, member)
    assert (case.reason, case.kinds, case.answers[0]) == ("unmatched", {"inmail": 2, "note": 1}, "attach")
    assert case.seats != []

    # Two admins at once: the second is told who was first and what was said; saying the same twice is no harm.
    first = await say(ready, case, "attach", candidate=candidate, stamp=case.stamp)
    second = await say(ready, case, "attach", candidate=other, by=BEA, stamp=case.stamp)
    again = await say(ready, case, "attach", candidate=candidate, stamp=case.stamp)
    assert (first.status, first.elements) == ("done", 3)
    assert (second.status, second.by, second.did) == ("taken", "ann", "attach")
    assert again.status == "same"
    assert [about(ready, candidate, text) for text in ("like to talk?", "Gladly.", "Likes trams")] == [1, 1, 1]
    assert about(ready, other, "Gladly.") == 0

    # LinkedIn is told as well, and what comes later follows.
    await ready.drive.send()
    await match(ready)
    ((told,),) = [
        (row["manualMatchedMember"],)
        for row in ready.drive.clock._far_side.dump("candidates")
        if row["atsCandidateId"] == candidate
    ]
    assert told == ready.person(member)
    ready.talent.inmails.reply(thread.urn, "When?")
    await hear(ready)
    assert about(ready, candidate, "When?") == 1

    # Taken back, the one that followed included; it waits again, and LinkedIn is told that it was a mistake.
    assert (await decision(ready, first.decision)).notes == 4
    assert (await undo(ready, first.decision)).status == "done"
    assert not any(about(ready, candidate, text) for text in ("like to talk?", "Gladly.", "Likes trams", "When?"))
    case = await case_of(ready, member)
    assert (case.reason, case.kinds) == ("unmatched", {"inmail": 3, "note": 1})
    assert (await undo(ready, first.decision)).status == "same"
    await match(ready)
    assert [
        row["manualMatchedMember"]
        for row in ready.drive.clock._far_side.dump("candidates")
        if row["atsCandidateId"] == candidate
    ] == [None]


async def test_dismissed_made_anew_and_taken_off(ready: Recruiting) -> None:
    member = ready.stranger
    thread = ready.talent.inmails.send(ready.seat.urn, member, "A role", "Would you like to talk?")
    ready.talent.inmails.reply(thread.urn, "Gladly.")
    await hear(ready)
    case = await case_of(ready, member)
    # Something came since somebody looked: the answer was about something else.
    ready.talent.notes.write(ready.seat.urn, member, "Plays chess")
    await hear(ready)
    assert (await say(ready, case, "dismiss", stamp=case.stamp)).status == "changed"
    dismissed = await say(ready, await case_of(ready, member), "dismiss")
    ready.talent.notes.write(ready.seat.urn, member, "Plays go")
    await hear(ready)
    assert not [one for one in await cases(ready) if one.whose == ready.person(member)]
    await undo(ready, dismissed.decision)
    assert (await case_of(ready, member)).kinds == {"inmail": 2, "note": 2}

    # Nobody has this person yet: made anew, on a job, and everything else of the person goes there.
    before = set(ready.candidates())
    person = {"first_name": "Mira", "last_name": "Stranger", "email": "mira@example.org", "job": ready.jobs()[0]}
    made_by = await say(ready, await case_of(ready, member), "create", person=person)
    assert made_by.status == "done"
    (made,) = set(ready.candidates()) - before
    assert (about(ready, made, "Plays chess"), about(ready, made, "Gladly.")) == (1, 1)
    assert not [one for one in await cases(ready) if one.whose == ready.person(member)]

    # The wrong person after all: it comes off, and later arrivals ask instead of being placed.
    ((placed,),) = await ready.rows("SELECT max(id) FROM arrival WHERE ats_id = %s", made)
    off = await counter.take_off(ready.works.database, ready.workspace, placed, by=ANN, now=ready.now())
    await ready.work()
    assert (off.status, about(ready, made, "Gladly.")) == ("done", 0)
    ready.talent.inmails.reply(thread.urn, "Hello?")
    await hear(ready)
    case = await case_of(ready, member)
    assert (case.reason, case.kinds) == ("wrong_person", {"inmail": 3, "note": 2})
    assert {act for (act,) in await ready.rows("SELECT act FROM audit_event WHERE act LIKE 'desk.%%'")} == {
        "desk.undone", "desk.dismiss", "desk.create", "desk.take_off"
    }  # fmt: skip


async def test_exports_wait_for_an_address_a_choice_or_a_policy(ready: Recruiting) -> None:
    member, (job, *_) = ready.stranger, ready.jobs()
    before = set(ready.candidates())
    await ready.export(member, job)
    ready.talent.inmails.send(ready.seat.urn, member, "A role", "Would you like to talk?")
    await hear(ready)
    case = await case_of(ready, member)
    assert (case.reason, case.kinds, case.answers[0]) == ("needs_email", {"export": 1, "inmail": 1}, "email")
    assert case.name != ""
    said = await say(ready, case, "email", email="exported@example.org")
    (made,) = set(ready.candidates()) - before
    assert (said.elements, about(ready, made, "like to talk?")) == (2, 1)
    # Taken back: what was written and who exported comes off; the candidate stays, which is said beforehand.
    found = await decision(ready, said.decision)
    assert (found.created, found.notes, found.undoable) == (1, 2, True)
    await undo(ready, said.decision)
    assert (about(ready, made, "like to talk?"), made in ready.candidates()) == (0, True)
    assert (await case_of(ready, member)).reason == "needs_email"
    # A policy is used for those who wait as well, and for nobody before it was chosen. Who is in the ATS by now is
    # found there and keeps the address.
    second, twin = others(ready, member)[:2]
    await ready.export(second, job)
    await ready.work()
    assert (await case_of(ready, second)).reason == "needs_email"
    count = await counter.set_policy(
        ready.works.database, ready.workspace, "in+{id}@acme.example", by=ANN, now=ready.now()
    )
    assert count == 2
    await ready.work()
    (other,) = set(ready.candidates()) - before - {made}
    assert (ready.candidates()[other].email or "").endswith("@acme.example")
    assert (about(ready, made, "like to talk?"), ready.candidates()[made].email) == (1, "exported@example.org")
    assert not {one.whose for one in await cases(ready)} & {ready.person(member), ready.person(second)}

    # LinkedIn has matched two candidates with one member. Both have the address the member has shared, and one bears
    # the name, which is certain.
    one, two = everybody(ready)[:2]
    await ready.know(twin, one)
    await ready.know(twin, two)
    thread = ready.talent.inmails.send(ready.seat.urn, twin, "A role", "Are you there?")
    ready.talent.inmails.reply(thread.urn, "Here.", share_contact=True)
    await hear(ready)
    case = await case_of(ready, twin)
    assert (case.reason, sorted(case.offered)) == ("ambiguous", sorted([one, two]))
    for key, first, last in ((one, case.first_name, case.last_name), (two, "Somebody", "Else")):
        await ready.rows(
            "UPDATE record SET body = body || jsonb_build_object('emails', jsonb_build_array(%s::text), 'first_name', "
            "%s::text, 'last_name', %s::text) WHERE key = %s",
            case.emails[0],
            first,
            last,
            key,
        )
    async with ready.works.database.connection() as connection:
        certain = await counter.certain(connection, ready.workspace)
    assert [(each.number, each.candidate.key, each.reason) for each in certain] == [
        (case.number, one, "same_email_and_name")
    ]
    assert await counter.accept_certain(ready.works.database, ready.workspace, by=ANN, now=ready.now()) == 1
    await ready.work()
    assert (about(ready, one, "Here."), about(ready, two, "Here.")) == (1, 0)


async def test_export_to_a_job_that_is_gone_goes_to_another_one(ready: Recruiting) -> None:
    member, (job, other, *_) = ready.stranger, ready.jobs()
    before = set(ready.candidates())
    await ready.export(member, job)
    await ready.rows(
        'UPDATE arrival SET body = body || \'{"job_id": "no-such-job"}\', choice = \'{"email": "a@example.org"}\' '
        "WHERE kind = 'export'"
    )
    await ready.work()
    (case,) = await cases(ready, "job_unknown")
    assert case.answers[0] == "job"
    assert (await say(ready, case, "job", job=other)).status == "done"
    # The address that was entered before still counts, and would the other way round.
    (made,) = set(ready.candidates()) - before
    assert [each.job_id for each in ready.candidates()[made].applications] == [other]
    assert ready.candidates()[made].email == "a@example.org"
    assert not [one for one in await cases(ready) if one.whose == ready.person(member)]


async def test_contact_details_that_differ_and_accounts_that_are_closed(ready: Recruiting) -> None:
    member, candidate = ready.stranger, everybody(ready)[0]
    await ready.know(member, candidate)
    ours = ready.candidates()[candidate].email
    thread = ready.talent.inmails.send(ready.seat.urn, member, "A role", "Would you like to talk?")
    ready.talent.inmails.reply(thread.urn, "Gladly.", share_contact=True)
    await hear(ready)
    (case,) = await cases(ready, "differs")
    assert (case.ours["email"], case.candidate) == (ours, candidate)
    assert case.emails
    assert case.emails != [ours]
    replaced = await say(ready, case, "replace")
    assert ready.candidates()[candidate].email in case.emails
    await undo(ready, replaced.decision)
    assert ready.candidates()[candidate].email == ours
    (case,) = await cases(ready, "differs")
    kept = await say(ready, case, "keep")
    assert ready.candidates()[candidate].email == ours
    assert not await cases(ready, "differs")
    await undo(ready, kept.decision)
    count, left = await counter.answer_group(
        ready.works.database, ready.workspace, "conflict", Answer(did="replace"), by=ANN, now=ready.now()
    )
    await ready.work()
    assert (count, left, ready.candidates()[candidate].email in case.emails) == (1, 0, True)

    # The account is closed. Nothing goes unasked; then everything that can, with a receipt of counts.
    stranger_job = ready.jobs()[0]
    await ready.export(member, stranger_job)
    await ready.work()
    ready.talent.accounts.close(member)
    ready.clock.advance(timedelta(days=1, minutes=5))
    await hear(ready)
    (case,) = await cases(ready, "closed")
    assert about(ready, candidate, "Gladly.") == 1
    cleared = await say(ready, case, "clear")
    assert not any(about(ready, candidate, text) for text in ("like to talk?", "Gladly."))
    receipt = (await decision(ready, cleared.decision)).facts["receipt"]
    # Two InMails, and who has exported the person.
    assert (receipt["notes"], receipt["kinds"], receipt["by_hand"]) == (3, {"inmail": 2, "contact": 1, "export": 1}, [])
    assert (receipt["contacts"], receipt["candidates"]) == (1, [candidate])
    kept_texts = await ready.rows(
        "SELECT count(*) FROM arrival WHERE person_urn = %s OR body::text LIKE '%%Gladly%%' OR raw LIKE '%%Gladly%%'",
        ready.person(member),
    )
    assert kept_texts == [(0,)]
    # What is read again does not bring it back.
    await ready.rows("UPDATE stream SET past_until = began_at, past_next_at = next_at")
    await hear(ready)
    assert not any(about(ready, candidate, text) for text in ("like to talk?", "Gladly."))
    assert not await cases(ready, "closed")
