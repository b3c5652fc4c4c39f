"""What recruiters do in LinkedIn, read by the connector from the sandbox over sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

import pytest

from landbridge.connectors.linkedin.incoming import LinkedInIncoming, open_incoming
from landbridge.errors import NotPermittedError, SettingError
from landbridge.ports.incoming import LONGEST_WINDOW, Window
from landbridge.sandbox import Sandbox
from landbridge.sandbox.worlds.network import Seat
from tests.conformance.linkedin_side import LinkedInSide, job, row_of, send, writer_of

CLOSED = {"closed_profiles": {"path": "/v2/closedCandidateProfiles"}}


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


@pytest.fixture
async def incoming(side: LinkedInSide) -> AsyncIterator[LinkedInIncoming]:
    opened = open_incoming(side.wiring(resources=CLOSED))
    yield opened
    await opened.close()


@pytest.fixture
def seat(sandbox: Sandbox) -> Seat:
    contract = sandbox.linkedin.state.network.contracts[0].urn
    return next(seat for seat in sandbox.linkedin.state.network.seats if seat.contract == contract)


def person_of(sandbox: Sandbox, member: int) -> str:
    return sandbox.linkedin.state.child.persons.urn(member)


def stranger(sandbox: Sandbox, seat: Seat) -> int:
    """A member nobody has written to yet, and no colleague."""
    colleagues = {one.member for one in sandbox.linkedin.state.network.seats}
    written = {thread.member for thread in sandbox.linkedin.talent.inmails.of_seat(seat.urn)}
    return next(number for number in sandbox.linkedin.state.directory.members if number not in colleagues | written)


async def opened_job(sandbox: Sandbox, side: LinkedInSide) -> str:
    """A job everybody in Recruiter can export to."""
    for integration in sandbox.linkedin.state.child.integrations.values():
        integration.configurations["JOB_POSTING_VIEWERS"] = "ALL_PRODUCT_USERS"
    row = row_of(job())
    await send(writer_of(side.open(), "jobs"), [row], side.now)
    sandbox.clock.advance(timedelta(minutes=6))
    return row.key


def around(now: datetime) -> Window:
    return Window(now - timedelta(hours=6), now + timedelta(hours=6))


async def test_a_conversation_comes_with_its_directions(
    sandbox: Sandbox, incoming: LinkedInIncoming, seat: Seat
) -> None:
    member = stranger(sandbox, seat)
    thread = sandbox.linkedin.talent.inmails.send(seat.urn, member, "A role", "Would you like to talk?")
    sandbox.linkedin.talent.inmails.reply(thread.urn, "Gladly.")
    window = around(sandbox.clock.now())
    found = (await incoming.read_inmails(seat.urn, person_of(sandbox, seat.member), window)).found
    ours = [one for one in found if one.thread == thread.urn]
    assert [(one.outgoing, one.body, one.subject) for one in ours] == [
        (True, "Would you like to talk?", "A role"),
        (False, "Gladly.", "A role"),
    ]
    assert {one.person_urn for one in ours} == {person_of(sandbox, member)}
    assert all(one.at is not None and window.since <= one.at < window.until for one in ours)
    assert not sandbox.linkedin.journal.violations()


async def test_pages_are_read_to_their_end(sandbox: Sandbox, incoming: LinkedInIncoming, seat: Seat) -> None:
    thread = sandbox.linkedin.talent.inmails.send(seat.urn, stranger(sandbox, seat), "A role", "Hello?")
    for number in range(120):
        sandbox.linkedin.talent.inmails.reply(thread.urn, f"Message {number}")
    found = await incoming.read_inmails(seat.urn, None, around(sandbox.clock.now()))
    bodies = {one.body for one in found.found if one.thread == thread.urn}
    assert bodies == {"Hello?", *(f"Message {number}" for number in range(120))}
    assert found.calls == len(found.found) // 50 + 1
    assert len({one.id for one in found.found}) == len(found.found)


async def test_edits_and_the_end_of_a_note_are_seen(sandbox: Sandbox, incoming: LinkedInIncoming, seat: Seat) -> None:
    member, notes = stranger(sandbox, seat), sandbox.linkedin.talent.notes
    kept, hidden = notes.write(seat.urn, member, "Likes trains"), notes.write(seat.urn, member, "Mine", private=True)
    ended = notes.write(seat.urn, member, "Wrong person")
    sandbox.clock.advance(timedelta(hours=1))
    notes.edit(seat.urn, kept.id, "Likes night trains")
    notes.delete(seat.urn, ended.id)
    window = Window(sandbox.clock.now() - timedelta(minutes=1), sandbox.clock.now() + timedelta(minutes=1))
    found = {one.id: one for one in (await incoming.read_notes(seat.contract, window)).found}
    assert (found[str(kept.id)].text, found[str(kept.id)].active) == ("Likes night trains", True)
    assert not found[str(ended.id)].active
    assert str(hidden.id) not in found
    assert {found[str(kept.id)].seat, found[str(kept.id)].person_urn} == {seat.urn, person_of(sandbox, member)}


async def test_contact_details_come_only_after_consent(
    sandbox: Sandbox, incoming: LinkedInIncoming, seat: Seat
) -> None:
    member, inmails = stranger(sandbox, seat), sandbox.linkedin.talent.inmails
    thread = inmails.send(seat.urn, member, "A role", "Would you like to talk?")
    inmails.reply(thread.urn, "Gladly.")
    window = around(sandbox.clock.now())
    before = (await incoming.read_contacts(seat.contract, [seat.urn], window)).found
    inmails.share_contact(thread.urn)
    after = (await incoming.read_contacts(seat.contract, [seat.urn], window)).found
    (fresh,) = [one for one in after if one.id not in {known.id for known in before}]
    assert (fresh.person_urn, fresh.seat) == (person_of(sandbox, member), seat.urn)
    assert fresh.emails
    assert fresh.first_name
    assert not sandbox.linkedin.journal.violations()


async def test_an_export_is_read_once_it_is_announced(
    sandbox: Sandbox, side: LinkedInSide, incoming: LinkedInIncoming, seat: Seat
) -> None:
    target = await opened_job(sandbox, side)
    member = stranger(sandbox, seat)
    export = sandbox.linkedin.talent.exports.export(seat.urn, member, target)
    person = await incoming.read_export(export.request_id)
    assert person is not None
    assert (person.job_id, person.person_urn) == (target, person_of(sandbox, member))
    assert (person.integration_context, person.exporter) == (side.organization, seat.urn)
    assert person.first_name
    assert person.profile_url
    assert person.email is None
    sandbox.clock.advance(timedelta(hours=25))
    assert await incoming.read_export(export.request_id) is None
    assert await incoming.read_export("nobody-asked") is None


async def test_closed_accounts_of_exported_people_are_told(
    sandbox: Sandbox, side: LinkedInSide, incoming: LinkedInIncoming, seat: Seat
) -> None:
    target = await opened_job(sandbox, side)
    member = stranger(sandbox, seat)
    sandbox.linkedin.talent.exports.export(seat.urn, member, target)
    sandbox.linkedin.talent.accounts.close(member)
    found = (await incoming.read_closed(around(sandbox.clock.now()))).found
    assert [one.person_urn for one in found] == [person_of(sandbox, member)]


async def test_the_call_for_closed_accounts_is_a_setting_and_says_so(side: LinkedInSide) -> None:
    opened = open_incoming(side.wiring())
    with pytest.raises(SettingError, match="not known") as refused:
        await opened.read_closed(around(side.now))
    assert "Corrections to resources" in refused.value.hint
    await opened.close()


async def test_a_contract_that_is_not_enabled_is_a_matter_for_a_person(
    sandbox: Sandbox, incoming: LinkedInIncoming
) -> None:
    other = sandbox.linkedin.state.network.contracts[1].urn
    with pytest.raises(NotPermittedError):
        await incoming.read_notes(other, Window(sandbox.clock.now() - LONGEST_WINDOW, sandbox.clock.now()))
