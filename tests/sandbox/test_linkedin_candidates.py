"""Candidates: every validation, full replacement, matches, attachment, deletion."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.linkedin_caller import (
    Caller,
    candidate,
    element_status,
    ids_query,
    rest_candidate,
    restli_2_key,
)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"emailAddresses": []},
        {"emailAddresses": ["a@b.c", "long.name+tag@sub.example.org"]},
        {"phoneNumbers": [{"number": "+420 600 123 456", "extension": "7"}]},
        {"addresses": [{"city": "Brno", "country": "CZ", "geographicAreaType": "STATE"}]},
        {"doNotContact": True, "currentCompanyName": "Tramworks", "currentJobTitle": "Driver"},
        {"linkedInProfileUrl": "https://www.linkedin.com/in/mirela", "middleInitial": "X", "prefix": "Dr."},
        {"firstName": "שלום", "lastName": "𝔘𝔫𝔦𝔠𝔬𝔡𝔢"},
        {"lastName": "with\u0000nul"},
        {"unheardOf": {"a": 1}},
    ],
)
async def test_valid_candidate_is_created(linkedin: Caller, changes: dict[str, Any]) -> None:
    assert element_status(await linkedin.put_candidates({"C1": candidate(**changes)})) == {"C1": 201}
    assert not linkedin.broken_rules()


@pytest.mark.parametrize(
    "changes",
    [
        {"firstName": None},
        {"firstName": ""},
        {"firstName": 5},
        {"lastName": None},
        {"lastName": ""},
        {"atsCreatedAt": None},
        {"atsCreatedAt": 0},
        {"atsCreatedAt": -5},
        {"atsCreatedAt": "1767225600000"},
        {"atsLastModifiedAt": None},
        {"atsLastModifiedAt": 0},
        {"atsLastModifiedAt": 1_767_225_599_999},
        {"emailAddresses": None},
        {"emailAddresses": "mirela@example.org"},
        {"emailAddresses": ["mirela"]},
        {"emailAddresses": ["mirela@example"]},
        {"emailAddresses": ["@example.org"]},
        {"emailAddresses": ["two words@example.org"]},
        {"emailAddresses": ["fine@example.org", ""]},
        {"phoneNumbers": None},
        {"phoneNumbers": [{"extension": "7"}]},
        {"phoneNumbers": ["+420600123456"]},
        {"addresses": None},
        {"addresses": ["Brno"]},
        {"externalProfileUrl": None},
        {"externalProfileUrl": "ats/people/1"},
        {"linkedInProfileUrl": "linkedin"},
        {"doNotContact": "no"},
    ],
)
async def test_invalid_candidate_is_refused_alone_and_on_record(linkedin: Caller, changes: dict[str, Any]) -> None:
    answer = await linkedin.put_candidates({"bad": candidate(**changes), "good": candidate()})
    assert answer.status_code == 200
    assert element_status(answer) == {"bad": 422, "good": 201}
    assert [row["atsCandidateId"] for row in linkedin.dump("candidates")] == ["good"]
    assert linkedin.broken_rules() == {"invalid_record"}


async def test_update_answers_204_and_replaces_the_whole_candidate(linkedin: Caller) -> None:
    await linkedin.put_candidates({"C1": candidate(currentCompanyName="Tramworks")})
    answer = await linkedin.put_candidates({"C1": candidate(firstName="Mira")})
    assert element_status(answer) == {"C1": 204}
    [kept] = linkedin.dump("candidates")
    assert kept["firstName"] == "Mira"
    assert "currentCompanyName" not in kept
    assert linkedin.broken_rules() == {"omitted_field"}


async def test_field_nulled_on_purpose_breaks_no_rule(linkedin: Caller) -> None:
    await linkedin.put_candidates({"C1": candidate(currentCompanyName="Tramworks")})
    nulled = {**candidate(), "currentCompanyName": None}
    assert element_status(await linkedin.put_candidates({"C1": nulled})) == {"C1": 204}
    assert "currentCompanyName" not in linkedin.dump("candidates")[0]
    assert not linkedin.broken_rules()


@pytest.mark.parametrize(
    "address",
    ["noemail@example.org", "unknown@x.org", "jo@corp.invalid", "placeholder-7@example.org", "x.placeholder@y.org"],
)
async def test_made_up_address_is_on_record(linkedin: Caller, address: str) -> None:
    await linkedin.put_candidates({"C1": candidate(emailAddresses=[address])})
    assert linkedin.broken_rules() == {"placeholder_address"}


async def test_older_state_after_a_newer_one_is_on_record(linkedin: Caller) -> None:
    await linkedin.put_candidates({"C1": candidate()})
    await linkedin.put_candidates({"C1": candidate(atsLastModifiedAt=1_767_311_999_999)})
    assert linkedin.broken_rules() == {"out_of_order"}


async def test_old_state_after_the_deletion_is_on_record(linkedin: Caller) -> None:
    await linkedin.put_candidates({"C1": candidate()})
    query = ids_query([linkedin.candidate_key("C1")])
    assert element_status(await linkedin.send("DELETE", "/v2/atsCandidates", query)) == {"C1": 204}
    await linkedin.put_candidates({"C1": candidate()})
    assert linkedin.broken_rules() == {"out_of_order"}


async def test_deleting_twice_answers_404_the_second_time(linkedin: Caller) -> None:
    await linkedin.put_candidates({"C1": candidate()})
    query = ids_query([linkedin.candidate_key("C1")])
    await linkedin.send("DELETE", "/v2/atsCandidates", query)
    assert element_status(await linkedin.send("DELETE", "/v2/atsCandidates", query)) == {"C1": 404}
    assert not linkedin.dump("candidates")


async def test_member_is_matched_by_email_and_by_profile_url(linkedin: Caller) -> None:
    by_email, by_url = linkedin.sandbox.linkedin.state.network.members[:2]
    await linkedin.put_candidates(
        {
            "mail": candidate(emailAddresses=[by_email.emails[0].upper()]),
            "url": candidate(linkedInProfileUrl=by_url.profile_url.replace("https://", "http://") + "/?trk=x"),
            "nobody": candidate(),
        }
    )
    keys = [linkedin.candidate_key(name) for name in ("mail", "url", "nobody", "absent")]
    answer = await linkedin.send("GET", "/v2/atsCandidates", ids_query(keys) + "&fields=matchedMembers")
    found = {key.rpartition("=")[2]: value for key, value in answer.json()["results"].items()}
    persons = linkedin.sandbox.linkedin.state.child.persons
    assert found == {
        "mail": {"matchedMembers": [persons.urn(by_email.number)]},
        "url": {"matchedMembers": [persons.urn(by_url.number)]},
        "nobody": {"matchedMembers": []},
    }
    assert element_status(await linkedin.send("GET", "/v2/atsCandidates", ids_query(keys[3:]))) == {"absent": 404}


async def test_match_shows_only_after_its_delay(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.set_limits({"mode": "relaxed", "match_delay_seconds": 60})
    member = linkedin.sandbox.linkedin.state.network.members[0]
    await linkedin.put_candidates({"C1": candidate(emailAddresses=list(member.emails))})
    query = ids_query([linkedin.candidate_key("C1")])

    async def matches() -> int:
        answer = await linkedin.send("GET", "/v2/atsCandidates", query)
        return len(next(iter(answer.json()["results"].values()))["matchedMembers"])

    assert await matches() == 0
    linkedin.advance(60)
    assert await matches() == 1


async def test_attached_person_stays_through_full_updates(linkedin: Caller) -> None:
    person = linkedin.sandbox.linkedin.state.child.persons.urn(
        linkedin.sandbox.linkedin.state.network.members[0].number
    )
    await linkedin.put_candidates({"C1": candidate()})
    patch = {"patch": {"$set": {"manualMatchedMember": person}}}
    keys = [linkedin.candidate_key("C1"), linkedin.candidate_key("absent")]
    answer = await linkedin.put_v2("/v2/atsCandidates", keys, [patch, patch], "batch_partial_update")
    assert element_status(answer) == {"C1": 204, "absent": 404}
    # With a person attached the addresses may be left out.
    answer = await linkedin.put_candidates({"C1": candidate(emailAddresses=None)})
    assert element_status(answer) == {"C1": 204}
    assert linkedin.dump("candidates")[0]["manualMatchedMember"] == person


@pytest.mark.parametrize(
    "patch",
    [
        {"patch": {"$set": {"manualMatchedMember": "urn:li:person:of-nobody"}}},
        {"patch": {"$set": {"manualMatchedMember": 7}}},
        {"patch": {"$set": {"firstName": "Mira"}}},
    ],
)
async def test_bad_patch_is_refused(linkedin: Caller, patch: dict[str, Any]) -> None:
    await linkedin.put_candidates({"C1": candidate()})
    answer = await linkedin.put_v2("/v2/atsCandidates", [linkedin.candidate_key("C1")], [patch], "batch_partial_update")
    assert element_status(answer) == {"C1": 422}


async def test_person_ids_of_two_applications_differ(linkedin: Caller) -> None:
    state = linkedin.sandbox.linkedin.state
    other = state.add_application("another-tenant")
    number = state.network.members[0].number
    assert state.child.persons.urn(number) != other.persons.urn(number)
    assert other.persons.member(state.child.persons.urn(number)) is None


async def test_rest_form_is_the_same_candidate_under_other_names(linkedin: Caller) -> None:
    key = {"externalCandidateId": "C1", "integrationContext": linkedin.organization}
    answer = await linkedin.put_rest("/rest/candidates", [key], [rest_candidate()])
    assert element_status(answer) == {"C1": 201}
    [kept] = linkedin.dump("candidates")
    assert kept["atsCreatedAt"] == candidate()["atsCreatedAt"]
    read = await linkedin.send(
        "GET", "/rest/candidates", f"ids=List({restli_2_key(key)})", x_restli_protocol_version="2.0.0"
    )
    [found] = read.json()["results"].values()
    assert found["externalLastModifiedAt"] == rest_candidate()["externalLastModifiedAt"]
    assert "dataProvider" not in found
    # The other generation continues where this one left off.
    assert element_status(await linkedin.put_candidates({"C1": candidate()})) == {"C1": 204}


async def test_v2_names_are_refused_in_the_rest_form(linkedin: Caller) -> None:
    key = {"externalCandidateId": "C1", "integrationContext": linkedin.organization}
    assert element_status(await linkedin.put_rest("/rest/candidates", [key], [candidate()])) == {"C1": 422}


async def test_rest_has_no_partial_update(linkedin: Caller) -> None:
    query = f"ids[0].externalCandidateId=C1&ids[0].integrationContext={linkedin.organization}"
    answer = await linkedin.send("POST", "/rest/candidates", query, {}, x_restli_method="batch_partial_update")
    assert answer.status_code == 405


async def test_candidate_is_read_back_as_it_was_sent(linkedin: Caller) -> None:
    sent = candidate(
        phoneNumbers=[{"number": "+420600123456", "extension": "7"}, {"number": "1"}],
        addresses=[{"line1": "Nádražní 1", "city": "Brno", "country": "CZ"}],
        doNotContact=False,
    )
    await linkedin.put_candidates({"C1": sent})
    answer = await linkedin.send("GET", "/v2/atsCandidates", ids_query([linkedin.candidate_key("C1")]))
    [found] = answer.json()["results"].values()
    assert found == {**linkedin.candidate_key("C1"), **sent, "matchedMembers": []}
    [dumped] = linkedin.dump("candidates")
    assert {name: dumped[name] for name in sent} == sent
