"""What recruiters did, written into SmartRecruiters' sandbox over sockets, and read back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from landbridge.connectors import CONNECTORS, Wiring
from landbridge.connectors.smartrecruiters.writing import plain, profile_of
from landbridge.errors import (
    ExistsError,
    MissingError,
    NotPermittedError,
    RejectedError,
    SettingError,
    SignInRejectedError,
    UnavailableError,
)
from landbridge.http import LocalGate, SystemClock
from landbridge.ports.ats import AtsWriting, NewNote, NewPerson
from landbridge.records import Application, Candidate
from landbridge.sandbox import Sandbox
from landbridge.sandbox.smartrecruiters.changes import candidates
from landbridge.sandbox.smartrecruiters.happenings import SYSTEM
from landbridge.sandbox.worlds.person import Candidate as Person
from tests.conformance.test_smartrecruiters_account import Notes

SOURCE = "LinkedIn Recruiter"
MIRA = NewPerson(
    first_name="Mira",
    last_name="Okafor",
    email="mira@example.org",
    profile_url="https://www.linkedin.com/in/example-mira/",
    location="Utrecht",
    title="Hydrologist",
    employer="Delta Works Lab",
)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(candidates=20) as sandbox:
        yield sandbox


@pytest.fixture
async def writing(sandbox: Sandbox) -> AsyncIterator[AtsWriting]:
    connector = CONNECTORS["smartrecruiters"]
    assert connector.writing is not None
    writing = connector.writing(
        Wiring(
            settings={"base_url": sandbox.smartrecruiters_url},
            secrets={"api_key": sandbox.smartrecruiters.keys.api_key},
            gate=LocalGate(connector.allowances),
            journal=Notes(),
            clock=SystemClock(),
        )
    )
    yield writing
    await writing.close()


@pytest.fixture
def jobs(sandbox: Sandbox) -> list[str]:
    return list(sandbox.smartrecruiters.state.world.jobs)[:3]


def people(sandbox: Sandbox) -> dict[str, Person]:
    return sandbox.smartrecruiters.state.world.candidates


async def test_new_candidate_is_on_the_job_with_its_source_and_can_be_found(
    sandbox: Sandbox, writing: AtsWriting, jobs: list[str]
) -> None:
    key = await writing.create_candidate(MIRA, jobs[0], SOURCE)
    (application,) = people(sandbox)[key].applications
    source = sandbox.smartrecruiters.state.source_of(application)
    assert (application.job_id, source.label if source else None) == (jobs[0], SOURCE)
    assert await writing.is_on_job(key, jobs[0])
    assert not await writing.is_on_job(key, jobs[1])
    assert [one.key for one in await writing.find_by_email("Mira@Example.org")] == [key]
    other_spelling = "http://de.linkedin.com/in/Example-Mira?trk=x"
    assert [one.key for one in await writing.find_by_profile(other_spelling, "Mira", "Okafor")] == [key]
    assert not await writing.find_by_profile("https://www.linkedin.com/in/somebody-else", "Mira", "Okafor")
    records = [record for page in await writing.read_back(key, jobs[0]) for record in page.records]
    assert [record.id for record in records if isinstance(record, Candidate)] == [key]
    assert SOURCE in {record.source for record in records if isinstance(record, Application)}


async def test_known_candidate_gets_a_second_job_and_no_second_self(
    sandbox: Sandbox, writing: AtsWriting, jobs: list[str]
) -> None:
    key = await writing.create_candidate(MIRA, jobs[0], SOURCE)
    before = len(people(sandbox))
    known = await writing.read_candidate(key)
    assert known is not None
    assert await writing.attach_to_job(known, jobs[1], SOURCE) == key
    assert len(people(sandbox)) == before
    assert {each.job_id for each in people(sandbox)[key].applications} == {jobs[0], jobs[1]}


async def test_who_was_renamed_since_we_looked_gets_no_second_self(
    sandbox: Sandbox, writing: AtsWriting, jobs: list[str]
) -> None:
    key = await writing.create_candidate(MIRA, jobs[0], SOURCE)
    known = await writing.read_candidate(key)
    assert known is not None
    candidates.edit(sandbox.smartrecruiters.state, people(sandbox)[key], {"lastName": "Quist"})
    before = len(people(sandbox))
    assert await writing.attach_to_job(known, jobs[1], SOURCE) == key
    assert len(people(sandbox)) == before
    candidates.erase(sandbox.smartrecruiters.state, SYSTEM, people(sandbox)[key])
    with pytest.raises(RejectedError, match="gone"):
        await writing.attach_to_job(known, jobs[2], SOURCE)
    assert len(people(sandbox)) == before - 1


async def test_refusals_say_what_they_are_about(sandbox: Sandbox, writing: AtsWriting, jobs: list[str]) -> None:
    await writing.create_candidate(MIRA, jobs[0], SOURCE)
    with pytest.raises(ExistsError):
        await writing.create_candidate(MIRA, jobs[0], SOURCE)
    with pytest.raises(MissingError):
        await writing.create_candidate(MIRA, str(uuid4()), SOURCE)
    with pytest.raises(SettingError, match="no candidate source"):
        await writing.create_candidate(MIRA, jobs[0], "Carrier pigeon")
    with pytest.raises(RejectedError):
        await writing.post_note(NewNote(candidate=str(uuid4()), text="Nobody"))
    assert await writing.read_candidate(str(uuid4())) is None


async def test_contact_details_are_set_and_an_address_of_somebody_else_is_refused(
    sandbox: Sandbox, writing: AtsWriting, jobs: list[str]
) -> None:
    key = await writing.create_candidate(MIRA, jobs[0], SOURCE)
    await writing.create_candidate(
        NewPerson(first_name="Ada", last_name=MIRA.last_name, email="ada@example.org"), jobs[0], SOURCE
    )
    await writing.add_contact(key, phone="+31 30 555 0199")
    known = await writing.read_candidate(key)
    assert known is not None
    assert (known.phone, known.email) == ("+31 30 555 0199", MIRA.email)
    with pytest.raises(ExistsError):
        await writing.add_contact(key, email="ada@example.org")


async def test_note_is_found_by_its_marker_until_it_is_deleted(
    sandbox: Sandbox, writing: AtsWriting, jobs: list[str]
) -> None:
    key = await writing.create_candidate(MIRA, jobs[0], SOURCE)
    for number in range(120):
        await writing.post_note(NewNote(candidate=key, text=f"Filling {number}"))
    user = next(iter(sandbox.smartrecruiters.state.users_by_id))
    note = await writing.post_note(NewNote(candidate=key, text="For one pair of eyes, ref. LB-AAAA", users=(user,)))
    for number in range(120):
        await writing.post_note(NewNote(candidate=key, text=f"More {number}"))
    assert await writing.has_note(key, "LB-AAAA")
    kept = sandbox.smartrecruiters.state.messages.get(note)
    assert kept is not None
    assert (kept.users, kept.open_note) == ((user,), False)
    await writing.delete_note(note)
    await writing.delete_note(note)
    assert not await writing.has_note(key, "LB-AAAA")


async def test_what_others_wrote_neither_breaks_a_note_nor_writes_to_anybody(
    sandbox: Sandbox, writing: AtsWriting, jobs: list[str]
) -> None:
    key = await writing.create_candidate(MIRA, jobs[0], SOURCE)
    user = next(iter(sandbox.smartrecruiters.state.users_by_id))
    hostile = f"<b>Hi</b> @[USER:{user}] and #[CANDIDATE:{uuid4()}], 2 < 3 > 1 " + "x" * 8_500
    note = sandbox.smartrecruiters.state.messages.get(
        await writing.post_note(NewNote(candidate=key, text=hostile[: writing.longest_note]))
    )
    assert note is not None
    assert (note.users, note.candidates) == ((), (key,))
    assert "2 < 3 > 1" in note.content


async def test_credential_without_messages_cannot_look_or_post(
    sandbox: Sandbox, writing: AtsWriting, jobs: list[str]
) -> None:
    key = await writing.create_candidate(MIRA, jobs[0], SOURCE)
    sandbox.smartrecruiters.keys.removed = frozenset({"messages_read", "messages_write"})
    with pytest.raises(NotPermittedError):
        await writing.has_note(key, "LB-AAAA")
    with pytest.raises(NotPermittedError) as refused:
        await writing.post_note(NewNote(candidate=key, text="Hello"))
    assert refused.value.facts["permission"] == "Messages (messages_write)"


async def test_refusal_of_a_write_alone_is_told_from_that_of_the_credential(
    sandbox: Sandbox, writing: AtsWriting, jobs: list[str]
) -> None:
    key = await writing.create_candidate(MIRA, jobs[0], SOURCE)
    sandbox.smartrecruiters.faults.add({"operation": "messages.share", "kind": "status", "status": 401})
    with pytest.raises(NotPermittedError) as refused:
        await writing.post_note(NewNote(candidate=key, text="Hello"))
    assert refused.value.facts["permission"] == "Messages (messages_write)"
    sandbox.smartrecruiters.faults.add({"operation": "*", "kind": "status", "status": 401, "times": None})
    with pytest.raises(SignInRejectedError):
        await writing.post_note(NewNote(candidate=key, text="Hello"))


async def test_lost_answer_about_a_candidate_is_told_as_such_and_the_call_is_not_repeated(
    sandbox: Sandbox, writing: AtsWriting, jobs: list[str]
) -> None:
    before = len(people(sandbox))
    sandbox.smartrecruiters.faults.add({"operation": "candidates.add_to_job", "times": 1, "kind": "lost_answer"})
    with pytest.raises(UnavailableError):
        await writing.create_candidate(MIRA, jobs[1], SOURCE)
    assert len(people(sandbox)) == before + 1
    (found,) = await writing.find_by_email(str(MIRA.email))
    assert await writing.is_on_job(found.key, jobs[1])


async def test_lost_answer_about_a_note_is_told_as_such_and_the_call_is_not_repeated(
    sandbox: Sandbox, writing: AtsWriting, jobs: list[str]
) -> None:
    key = await writing.create_candidate(MIRA, jobs[0], SOURCE)
    sandbox.smartrecruiters.faults.add({"operation": "messages.share", "times": 1, "kind": "lost_answer"})
    with pytest.raises(UnavailableError):
        await writing.post_note(NewNote(candidate=key, text="Once, ref. LB-BBBB"))
    assert await writing.has_note(key, "LB-BBBB")
    assert len(sandbox.smartrecruiters.state.messages.about(key)) == 1


def test_profile_addresses_are_compared_by_what_tells_people_apart() -> None:
    assert profile_of("https://www.linkedin.com/in/example-mira/") == profile_of("linkedin.com/in/Example-Mira?x=1")
    assert profile_of("https://www.linkedin.com/company/acme") == ""
    assert profile_of(None) == ""
    assert "<b>" not in plain("<b>")
