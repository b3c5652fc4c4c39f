"""Candidates, applications and stages against LinkedIn's sandbox over sockets, in both generations of the API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from landbridge.connectors.linkedin.destination import LinkedIn
from landbridge.connectors.linkedin.reasons import REFUSED
from landbridge.errors import (
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    SettingError,
    SignInRejectedError,
    UnavailableError,
)
from landbridge.sandbox import Sandbox
from tests.conformance.linkedin_side import (
    CREATED,
    UPDATED,
    LinkedInSide,
    application,
    candidate,
    full_candidate,
    job,
    millis,
    rendered,
    row_of,
    send,
    stage,
    writer_of,
)

DIALECTS = ["v2", "rest"]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(candidates=20) as sandbox:
        yield sandbox


@pytest.fixture
async def side(sandbox: Sandbox) -> AsyncIterator[LinkedInSide]:
    side = LinkedInSide(sandbox)
    side.enable()
    yield side
    await side.close()


@pytest.fixture(params=DIALECTS)
def linkedin(side: LinkedInSide, request: pytest.FixtureRequest) -> LinkedIn:
    return side.open(dialect=request.param)


async def send_candidates(side: LinkedInSide, linkedin: LinkedIn, count: int) -> None:
    rows = [row_of(candidate(number), number) for number in range(1, count + 1)]
    outcomes = await send(writer_of(linkedin, "candidates"), rows, side.now)
    assert {outcome.status for outcome in outcomes.values()} == {"delivered"}


async def send_job(side: LinkedInSide, linkedin: LinkedIn) -> None:
    await send(writer_of(linkedin, "jobs"), [row_of(job())], side.now)
    side.sandbox.clock.advance(timedelta(minutes=6))


def application_row(number: int, **further: Any) -> Any:
    return row_of(
        application(number),
        number,
        parent=msgspec.json.encode(candidate(number)),
        job=msgspec.json.encode(job()),
        **further,
    )


async def with_two_applications(side: LinkedInSide, dialect: str) -> LinkedIn:
    """A destination that LinkedIn has two applications of, for what hangs on them."""
    side.enable()
    linkedin = side.open(dialect=dialect)
    await send(writer_of(linkedin, "jobs"), [row_of(job())], side.now)
    await send(writer_of(linkedin, "candidates"), [row_of(candidate(n), n) for n in (1, 2)], side.now)
    await send(writer_of(linkedin, "applications"), [application_row(1), application_row(2)], side.now)
    return linkedin


async def test_candidate_arrives_with_every_field_of_the_record(side: LinkedInSide, linkedin: LinkedIn) -> None:
    rows = [row_of(full_candidate(1), 1), row_of(candidate(2), 2)]
    outcomes = await send(writer_of(linkedin, "candidates"), rows, side.now)
    assert [outcomes[number].status for number in (1, 2)] == ["delivered", "delivered"]
    first, second = side.dump("candidates")
    assert pick_times(first) == (millis(CREATED), millis(UPDATED))
    assert first["firstName"] == "Ágnes"
    assert first["lastName"] == "小林 🚋"
    assert first["emailAddresses"] == ["person1@example.org"]
    assert first["externalProfileUrl"] == "https://ats.example.org/people/1"
    assert first["phoneNumbers"] == [{"number": "+420 777 000 111", "extension": "7"}]
    assert first["addresses"][0] == {
        "line1": "Tram 1",
        "city": "Brno",
        "geographicArea": "JM",
        "postalCode": "60200",
        "country": "Czechia",
    } | {name: None for name in first["addresses"][0] if first["addresses"][0][name] is None}
    assert first["linkedInProfileUrl"] == "https://www.linkedin.com/in/agnes-example"
    assert (first["currentCompanyName"], first["currentJobTitle"]) == ("Invented Trams", "Driver")
    assert (second["phoneNumbers"], second["addresses"]) == ([], [])
    assert side.organization in str(first)
    side.assert_no_violations()


def pick_times(row: dict[str, Any]) -> tuple[int, int]:
    prefix = "ats" if "atsCreatedAt" in row else "external"
    return row[f"{prefix}CreatedAt"], row[f"{prefix}LastModifiedAt"]


async def test_application_and_stages_arrive_with_every_field(side: LinkedInSide, linkedin: LinkedIn) -> None:
    await send_job(side, linkedin)
    await send_candidates(side, linkedin, 2)
    await send(writer_of(linkedin, "applications"), [application_row(1), application_row(2)], side.now)
    rows = [row_of(stage(1, 1), 1), row_of(stage(2, 1), 2), row_of(stage(1, 2), 3)]
    outcomes = await send(writer_of(linkedin, "stages"), rows, side.now)
    assert {outcome.status for outcome in outcomes.values()} == {"delivered"}

    first = side.dump("applications")[0]
    assert first["atsJobApplicationId"] == application(1).id
    assert first["atsCandidateId"] == candidate(1).id
    assert first["atsJobPostingId"] == job().id
    assert first["atsJobPostingName"] == "Tram Driver 1"
    assert (first["atsCreatedAt"], first["atsLastModifiedAt"]) == (millis(CREATED), millis(UPDATED))
    assert (first["firstName"], first["lastName"]) == ("Ágnes", "小林 🚋")
    assert first["candidateEmail"] == "person1@example.org"
    assert first["source"] == "Career site"
    stages = {(row["stage"], row["atsCreatedAt"]) for row in side.dump("stages")}
    assert stages == {
        ("Round 1", millis(CREATED + timedelta(days=1))),
        ("Round 2", millis(CREATED + timedelta(days=2))),
    }
    assert len(side.dump("stages")) == 3
    side.assert_no_violations()


async def test_full_batch_is_tunnelled_and_arrives_whole(side: LinkedInSide, linkedin: LinkedIn) -> None:
    await send_candidates(side, linkedin, 250)
    assert len(side.dump("candidates")) == 250
    sent = [note for note in side.notes if note.route.endswith("andidates")]
    assert [note.records for note in sent] == [100, 100, 50]
    assert {note.method for note in sent} == {"POST"}
    assert all(note.far_id for note in sent)
    side.assert_no_violations()


async def test_stages_of_many_applications_share_a_call_only_in_the_versioned_form(side: LinkedInSide) -> None:
    calls = {}
    for dialect in DIALECTS:
        linkedin = side.open(dialect=dialect)
        await send_job(side, linkedin) if dialect == "v2" else None
        await send_candidates(side, linkedin, 3)
        await send(writer_of(linkedin, "applications"), [application_row(n) for n in (1, 2, 3)], side.now)
        side.notes.clear()
        await send(writer_of(linkedin, "stages"), [row_of(stage(n), n) for n in (1, 2, 3)], side.now)
        calls[dialect] = len([note for note in side.notes if "tage" in note.route])
    assert calls == {"v2": 3, "rest": 1}
    side.assert_no_violations()


async def test_deleted_records_are_gone_and_deleting_again_is_fine(side: LinkedInSide, linkedin: LinkedIn) -> None:
    await send_job(side, linkedin)
    await send_candidates(side, linkedin, 2)
    await send(writer_of(linkedin, "applications"), [application_row(1), application_row(2)], side.now)
    await send(writer_of(linkedin, "stages"), [row_of(stage(1), 1), row_of(stage(2), 2)], side.now)
    for _ in range(2):
        for resource, row in (
            ("stages", row_of(stage(1), 1, gone=True)),
            ("applications", application_row(1, gone=True)),
            ("candidates", row_of(candidate(1), 1, gone=True)),
        ):
            outcomes = await send(writer_of(linkedin, resource), [row], side.now)
            assert outcomes[1].status == "delivered", resource
    assert [row["candidateEmail"] for row in side.dump("applications")] == ["person2@example.org"]
    assert [len(side.dump(name)) for name in ("candidates", "applications", "stages")] == [1, 1, 1]
    side.assert_no_violations()


async def test_large_deletion_is_tunnelled(side: LinkedInSide, linkedin: LinkedIn) -> None:
    await send_candidates(side, linkedin, 100)
    rows = [row_of(candidate(number), number, gone=True) for number in range(1, 101)]
    outcomes = await send(writer_of(linkedin, "candidates"), rows, side.now)
    assert {outcome.status for outcome in outcomes.values()} == {"delivered"}
    assert side.dump("candidates") == []


async def test_refused_elements_leave_their_neighbours_delivered(side: LinkedInSide, linkedin: LinkedIn) -> None:
    side.sandbox.linkedin.faults.add({"operation": "candidates.batch_update", "kind": "half_fail", "status": 422})
    rows = [row_of(candidate(number), number) for number in range(1, 11)]
    outcomes = await send(writer_of(linkedin, "candidates"), rows, side.now)
    refused = [number for number, outcome in outcomes.items() if outcome.status == "refused"]
    assert refused == [2, 4, 6, 8, 10]
    assert {outcomes[number].reason for number in refused} == {"linkedin_invalid"}
    assert "scripted" not in outcomes[2].detail
    assert len(side.dump("candidates")) == 5


async def test_elements_failing_on_linkedins_side_are_tried_again(side: LinkedInSide, linkedin: LinkedIn) -> None:
    side.sandbox.linkedin.faults.add({"operation": "candidates.batch_update", "kind": "half_fail", "status": 503})
    outcomes = await send(writer_of(linkedin, "candidates"), [row_of(candidate(n), n) for n in (1, 2)], side.now)
    assert [outcomes[number].status for number in (1, 2)] == ["delivered", "retry"]


async def test_stages_of_an_unknown_application_are_refused(side: LinkedInSide, linkedin: LinkedIn) -> None:
    outcomes = await send(writer_of(linkedin, "stages"), [row_of(stage(9, 1), 1), row_of(stage(9, 2), 2)], side.now)
    assert [(outcome.status, outcome.reason) for outcome in outcomes.values()] == [
        ("refused", "linkedin_not_found"),
        ("refused", "linkedin_not_found"),
    ]


async def test_same_record_renders_to_the_same_fingerprint_and_a_change_to_another(side: LinkedInSide) -> None:
    prints = {}
    for dialect in DIALECTS:
        writer = writer_of(side.open(dialect=dialect), "candidates")
        one, again, other = rendered(
            writer, [row_of(candidate(1)), row_of(candidate(1)), row_of(candidate(1, first_name="Ilse"))], side.now
        )
        assert one.fingerprint == again.fingerprint != other.fingerprint
        assert len(one.fingerprint) == 16
        prints[dialect] = one.fingerprint
    assert prints["v2"] != prints["rest"]


async def test_data_before_the_integration_is_enabled_asks_for_a_person(sandbox: Sandbox) -> None:
    side = LinkedInSide(sandbox)
    linkedin = side.open()
    assert set(await linkedin.check_access()) == {"ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN"}
    with pytest.raises(NotPermittedError) as refusal:
        await send(writer_of(linkedin, "candidates"), [row_of(candidate())], side.now)
    assert "Recruiter" in refusal.value.hint
    side.enable()
    assert await linkedin.check_access() == []
    await side.close()


async def test_wrong_secret_is_told_as_such(side: LinkedInSide) -> None:
    linkedin = side.open(secrets={"client_secret": "not the secret"})
    with pytest.raises(SignInRejectedError):
        await linkedin.check_access()


async def test_throttled_call_says_how_long_to_wait(side: LinkedInSide, linkedin: LinkedIn) -> None:
    side.sandbox.linkedin.faults.add(
        {"operation": "candidates.batch_update", "kind": "status", "status": 429, "retry_after": 17}
    )
    with pytest.raises(RateLimitedError) as refusal:
        await send(writer_of(linkedin, "candidates"), [row_of(candidate())], side.now)
    assert refusal.value.retry_after == timedelta(seconds=17)


async def test_server_error_says_that_the_data_may_be_the_cause(side: LinkedInSide, linkedin: LinkedIn) -> None:
    side.sandbox.linkedin.faults.add({"operation": "candidates.batch_update", "kind": "status", "status": 500})
    with pytest.raises(UnavailableError) as failure:
        await send(writer_of(linkedin, "candidates"), [row_of(candidate())], side.now)
    assert failure.value.code == "linkedin_server_error"


@pytest.mark.parametrize("status", [400, 402, 405, 409, 410, 413, 414, 418, 422, 451])
async def test_refused_call_carries_a_listed_reason(side: LinkedInSide, status: int) -> None:
    linkedin = side.open()
    side.sandbox.linkedin.faults.add({"operation": "candidates.batch_update", "kind": "status", "status": status})
    with pytest.raises(RejectedError) as refusal:
        await send(writer_of(linkedin, "candidates"), [row_of(candidate())], side.now)
    assert refusal.value.code in {reason.code for reason in REFUSED}


async def test_expired_token_is_renewed_on_the_way(side: LinkedInSide, linkedin: LinkedIn) -> None:
    await send_candidates(side, linkedin, 1)
    side.sandbox.clock.advance(timedelta(minutes=31))
    await send_candidates(side, linkedin, 1)
    side.sandbox.linkedin.faults.add({"operation": "candidates.batch_update", "kind": "status", "status": 401})
    await send_candidates(side, linkedin, 1)
    assert len([note for note in side.notes if note.route == "/oauth/v2/accessToken"]) == 3
    side.assert_no_violations()


async def test_ended_version_asks_for_a_newer_one(side: LinkedInSide) -> None:
    linkedin = side.open(dialect="rest", version="202001")
    with pytest.raises(SettingError) as refusal:
        await send(writer_of(linkedin, "candidates"), [row_of(candidate())], side.now)
    assert refusal.value.code == "linkedin_version_ended"


async def test_wrong_path_is_a_setting_and_not_the_fault_of_records(side: LinkedInSide) -> None:
    linkedin = side.open(dialect="rest", resources='{"candidates": {"path": "/rest/people"}}')
    with pytest.raises(SettingError) as refusal:
        await send(writer_of(linkedin, "candidates"), [row_of(candidate())], side.now)
    assert refusal.value.code == "linkedin_resource_unknown"


async def test_versioned_keys_in_protocol_one_work_as_well(side: LinkedInSide) -> None:
    linkedin = side.open(dialect="rest", resources='{"candidates": {"protocol": "1.0.0"}}')
    await send_candidates(side, linkedin, 100)
    assert len(side.dump("candidates")) == 100
    side.assert_no_violations()


async def test_matches_are_read_back_by_candidate(side: LinkedInSide, linkedin: LinkedIn) -> None:
    people = [member for member in side.sandbox.linkedin.state.network.members if member.emails][:3]
    rows = [row_of(candidate(n, emails=(person.emails[0],)), n) for n, person in enumerate(people, 1)]
    rows.append(row_of(candidate(9, emails=("nobody-at-all@example.org",)), 9))
    await send(writer_of(linkedin, "candidates"), rows, side.now)
    side.sandbox.clock.advance(timedelta(minutes=20))
    found = await linkedin.read_matches([row.key for row in rows] + ["c-never-sent"])
    child = side.sandbox.linkedin.state.child
    assert found == {candidate(n).id: child.persons.urn(person.number) for n, person in enumerate(people, 1)}
    assert await linkedin.read_matches([]) == {}
    side.assert_no_violations()


async def test_hundred_matches_are_one_tunnelled_read(side: LinkedInSide, linkedin: LinkedIn) -> None:
    await send_candidates(side, linkedin, 100)
    side.notes.clear()
    await linkedin.read_matches([candidate(number).id for number in range(1, 101)])
    assert [note.method for note in side.notes] == ["POST"]
    side.assert_no_violations()
