"""What Recruiter knows of a member from the ATS, and to whom it shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from landbridge.sandbox.linkedin.in_ats import InAts, KnownCandidate
from landbridge.sandbox.worlds.network import Member, Seat
from tests.sandbox.linkedin_caller import Caller, application, candidate, element_status, ids_query, stage, text_key

DAY = 86_400_000


def member(caller: Caller, place: int = 0) -> Member:
    """One of those who are candidates and can be matched by their address."""
    people = caller.sandbox.linkedin.state.directory.members.values()
    return [one for one in people if 200_000_000 < one.number < 300_000_000][place]


def viewer(caller: Caller, place: int = 0) -> Seat:
    return caller.sandbox.linkedin.state.network.seats[place]


def look(caller: Caller, seat: Seat | None = None, *, delay: int = 0) -> InAts:
    at = caller.sandbox.clock.ms()
    state = caller.sandbox.linkedin.state
    return InAts(state, caller.organization, (seat or viewer(caller)).member, at=at, ripe_at=at - delay)


def read(caller: Caller, who: Member, seat: Seat | None = None) -> list[KnownCandidate]:
    return look(caller, seat).read(who.number)


def open_to_all(caller: Caller) -> None:
    for integration in caller.sandbox.linkedin.state.child.integrations.values():
        if integration.type == "IN_ATS_INDICATOR":
            integration.configurations["APPLICATION_VIEWERS"] = "ALL_PRODUCT_USERS"


async def put_children(caller: Caller, parent: Mapping[str, str], path: str, children: Mapping[str, Any]) -> None:
    base = "atsCandidates" if "atsCandidateId" in parent else "atsApplications"
    query = "&".join(f"ids={name}" for name in children)
    address = f"/v2/{base}/{text_key(parent)}/{path}"
    answer = await caller.send("PUT", address, query, {"entities": children}, x_restli_method="batch_update")
    assert answer.json()["errors"] == {}


async def test_everything_sent_about_a_candidate_is_shown(linkedin: Caller) -> None:
    open_to_all(linkedin)
    who = member(linkedin)
    sent = candidate(
        emailAddresses=[who.emails[0].upper()],
        phoneNumbers=[{"number": "+31 1", "extension": "7"}],
        addresses=[{"line1": "Quay 3", "city": "Utrecht", "country": "NL"}],
        currentJobTitle="Pilot",
        currentCompanyName="Harbour",
        doNotContact=True,
        prefix="Dr",
        externalProfileUrl="https://ats.example.org/people/1",
    )
    await linkedin.put_candidates({"C1": sent})
    await linkedin.create_job("J1")
    await linkedin.put_applications({"A1": application(source="Referral", dispositionReason="Better match")})
    await linkedin.put_stages(
        "A1", {"S1": stage(), "S2": stage(stage="Offer", atsCreatedAt=stage()["atsCreatedAt"] + DAY)}
    )
    author = {"firstName": "Pavel", "lastName": "Moss"}
    note = {"atsCreatedAt": 1_767_225_600_000, "author": author, "note": "Knows harbours."}
    await put_children(linkedin, linkedin.application_key("A1"), "notes", {"N1": note})
    said = {"interviewer": author, "evaluations": [{"attribute": "Calm", "result": "yes"}], "interviewType": "ONSITE"}
    await put_children(linkedin, linkedin.application_key("A1"), "interviewFeedback", {"F1": said})
    await put_children(linkedin, linkedin.candidate_key("C1"), "notes", {"N2": {"note": "Call in the morning."}})

    [known] = read(linkedin, who)
    assert (known.id, known.name, known.do_not_contact) == ("C1", "Dr Mirela Novotna", True)
    assert known.profile_url == "https://ats.example.org/people/1"
    assert {text for _, text in known.facts} == {
        "Pilot", "Harbour", who.emails[0].upper(), "+31 1 ext. 7", "Quay 3, Utrecht, NL",
    }  # fmt: skip
    assert [note.text for note in known.notes] == ["Call in the morning."]
    [applied] = known.applications
    assert (applied.job_name, applied.job_state, applied.source) == ("Tram Driver", "open", "Referral")
    assert [step.name for step in applied.stages] == ["Offer", "Phone Screen"]
    assert [(one.text, one.author) for one in applied.notes] == [("Knows harbours.", "Pavel Moss")]
    assert [(one.interviewer, one.kind, one.evaluations) for one in applied.feedback] == [
        ("Pavel Moss", "Onsite", (("Calm", "yes"),))
    ]
    assert applied.disposition == "Better match"


async def test_indicator_follows_what_the_candidate_is_matched_with(linkedin: Caller) -> None:
    first, second = member(linkedin, 0), member(linkedin, 1)

    async def known_with(**changes: Any) -> list[bool]:
        await linkedin.put_candidates({"C1": candidate(**changes)})
        seen = look(linkedin).known()
        return [first.number in seen, second.number in seen]

    assert await known_with(emailAddresses=[]) == [False, False]
    assert await known_with(emailAddresses=[first.emails[0]]) == [True, False]
    assert await known_with(emailAddresses=[second.emails[0]]) == [False, True]
    assert await known_with(linkedInProfileUrl=first.profile_url) == [True, False]
    deleted = await linkedin.send("DELETE", "/v2/atsCandidates", ids_query([linkedin.candidate_key("C1")]))
    assert element_status(deleted) == {"C1": 204}
    assert first.number not in look(linkedin).known()


async def test_person_chosen_by_hand_replaces_what_was_matched(linkedin: Caller) -> None:
    matched, chosen = member(linkedin, 0), member(linkedin, 1)
    await linkedin.put_candidates({"C1": candidate(emailAddresses=[matched.emails[0]])})
    urn = linkedin.sandbox.linkedin.state.child.persons.urn(chosen.number)

    async def attach(person: str | None) -> list[bool]:
        patch = {"patch": {"$set": {"manualMatchedMember": person}}}
        key = linkedin.candidate_key("C1")
        await linkedin.put_v2("/v2/atsCandidates", [key], [patch], "batch_partial_update")
        seen = look(linkedin).known()
        return [matched.number in seen, chosen.number in seen]

    assert await attach(urn) == [False, True]
    assert await attach(None) == [True, False]


async def test_applications_are_found_by_candidate_or_else_by_address(linkedin: Caller) -> None:
    open_to_all(linkedin)
    who = member(linkedin)
    await linkedin.put_candidates({"C1": candidate(emailAddresses=[who.emails[0]])})
    await linkedin.put_applications(
        {
            "A1": application(),
            "A2": application(atsCandidateId=None, candidateEmail=who.emails[0].upper()),
            "A3": application(atsCandidateId="C2"),
        }
    )
    assert {one.id for one in read(linkedin, who)[0].applications} == {"A1", "A2"}
    await linkedin.put_applications({"A1": application(atsCandidateId="C2"), "A3": application(atsCandidateId="C1")})
    assert {one.id for one in read(linkedin, who)[0].applications} == {"A2", "A3"}
    await linkedin.send("DELETE", "/v2/atsApplications", ids_query([linkedin.application_key("A3")]))
    assert {one.id for one in read(linkedin, who)[0].applications} == {"A2"}


async def test_one_candidate_may_have_very_many_applications(linkedin: Caller) -> None:
    open_to_all(linkedin)
    who = member(linkedin)
    await linkedin.put_candidates({"C1": candidate(emailAddresses=[who.emails[0]])})
    ids = {f"A{number:02}" for number in range(40)}
    await linkedin.put_applications(dict.fromkeys(sorted(ids), application()))
    assert {one.id for one in read(linkedin, who)[0].applications} == ids
    doomed = sorted(ids)[:37]
    for name in doomed:
        await linkedin.send("DELETE", "/v2/atsApplications", ids_query([linkedin.application_key(name)]))
    assert {one.id for one in read(linkedin, who)[0].applications} == ids - set(doomed)


async def test_lists_decide_who_sees_an_application(linkedin: Caller) -> None:
    who, insider, outsider = member(linkedin), viewer(linkedin, 0), viewer(linkedin, 1)
    await linkedin.put_candidates({"C1": candidate(emailAddresses=[who.emails[0]])})
    await linkedin.put_applications({"A1": application()})

    def seen() -> list[int]:
        return [len(read(linkedin, who, seat)[0].applications) for seat in (insider, outsider)]

    assert seen() == [0, 0]  # a job on no list is hidden from everybody
    entity = {
        "atsEntityAclId": "crew",
        "dataProvider": "ATS",
        "integrationContext": linkedin.organization,
        "atsEntityType": "JOB_POSTING",
        "atsEntityId": "J1",
    }
    await linkedin.put_v2("/v2/atsEntityAcls", [entity], [{}])
    assert seen() == [0, 0]
    person = linkedin.sandbox.linkedin.state.child.persons.urn(insider.member)
    assignee = {**{name: text for name, text in entity.items() if name != "atsEntityId"}, "assignee": person}
    await linkedin.put_v2("/v2/atsEntityAclAssignees", [assignee], [{}])
    assert seen() == [1, 0]
    await linkedin.send("DELETE", "/v2/atsEntityAclAssignees", ids_query([assignee]))
    assert seen() == [0, 0]
    open_to_all(linkedin)
    assert seen() == [1, 1]


@pytest.mark.parametrize("status", ["REQUESTED", "DISABLED"])
async def test_nothing_shows_unless_the_indicator_is_enabled(linkedin: Caller, status: str) -> None:
    who = member(linkedin)
    await linkedin.put_candidates({"C1": candidate(emailAddresses=[who.emails[0]])})
    assert who.number in look(linkedin).known()
    linkedin.enable(status=status)
    assert who.number not in look(linkedin).known()
    assert read(linkedin, who) == []


async def test_match_shows_once_linkedin_has_had_time_to_find_it(linkedin: Caller) -> None:
    who = member(linkedin)
    await linkedin.put_candidates({"C1": candidate(emailAddresses=[who.emails[0]])})
    assert who.number not in look(linkedin, delay=60_000).known()
    linkedin.advance(60)
    assert who.number in look(linkedin, delay=60_000).known()
