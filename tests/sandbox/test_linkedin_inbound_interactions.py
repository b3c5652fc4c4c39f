"""What recruiters and members write: seats, InMails, shared contact details and notes, as an ATS reads them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest

from landbridge.sandbox.linkedin.refusals import RefusalError
from tests.sandbox.linkedin_caller import Caller
from tests.sandbox.recruiting import HOUR, Office

EVENTS = "/v2/conversationEvents"
STUBS = "/v2/mailStubs"
NOTES = "/v2/prospectNotes"


@pytest.fixture
def office(linkedin: Caller) -> Office:
    return Office(linkedin)


async def events(office: Office, seat: str | None = None, **changes: Any) -> list[dict[str, Any]]:
    wanted = {"timeRange_start": office.now - HOUR, "timeRange_end": office.now + HOUR, "count": 100, **changes}
    return await office.elements(EVENTS, q="criteria", viewer=seat or office.seat, **wanted)


async def notes(office: Office, **changes: Any) -> list[dict[str, Any]]:
    wanted = {"cutoffDate": office.now - HOUR, "beforeDate": office.now, "count": 100, **changes}
    return await office.elements(NOTES, q="criteria", contract=office.contract, **wanted)


async def stubs(office: Office, **changes: Any) -> list[dict[str, Any]]:
    wanted = {"owners": office.seat, "createdDateStart": office.now - HOUR, "count": 100, **changes}
    return await office.elements(STUBS, q="contract", contract=office.contract, **wanted)


# --- seats


async def test_seats_of_a_contract_are_listed_by_state(office: Office) -> None:
    found = await office.elements("/v2/seatsV2", q="attributes", contracts=office.contract, start=0, count=100)
    assert {seat["state"] for seat in found} == {"ACTIVE", "INACTIVE"}
    active = await office.elements(
        "/v2/seatsV2", q="attributes", contracts=office.contract, states="ACTIVE", start=0, count=100
    )
    assert [f"urn:li:seat:{seat['id']}" for seat in active] == [seat.urn for seat in office.seats(office.contract)]
    assert active[0]["seatRoles"] == ["ADMIN_SEAT", "SOURCER_ADD_PROSPECT"]
    assert {"firstName", "lastName", "member", "created"} <= active[0].keys()
    assert "email" not in active[0]


async def test_versioned_seats_name_their_id_and_creation_otherwise(office: Office) -> None:
    [seat] = await office.elements("/rest/seatsV2", q="attributes", contracts=office.contract, start=0, count=1)
    assert f"urn:li:seat:{seat['seatId']}" == office.seat
    assert seat["createdAt"]["time"] > 0
    assert "id" not in seat


async def test_seats_come_ten_at_a_time_and_of_several_contracts_together(office: Office) -> None:
    office.linkedin.recruiter.set_status(office.other_contract, "CSA_API", "ENABLED")
    both = [office.contract, office.other_contract]
    first = await office.read("/v2/seatsV2", q="attributes", contracts=both, start=0)
    rest = await office.read("/v2/seatsV2", q="attributes", contracts=both, start=10)
    assert (len(first["elements"]), len(rest["elements"])) == (10, 3)
    assert first["paging"] == {"start": 0, "count": 10, "links": []}


async def test_seats_without_start_fail_and_the_retired_call_is_gone(office: Office) -> None:
    assert (await office.ask("/v2/seatsV2", q="attributes", contracts=office.contract))[0] == 400
    assert (await office.ask("/v2/seats", q="seatsByAttributes", contracts=office.contract))[0] == 410
    assert office.caller.broken_rules() == {"seats_start", "retired_call"}


# --- InMails


async def test_inmail_and_its_answer_are_read_by_the_seat(office: Office) -> None:
    thread = office.talent.inmails.send(office.seat, office.stranger, "Trams", "Shall we talk?")
    office.caller.advance(60)
    office.talent.inmails.reply(thread.urn, "On Friday.")
    sent, received = await events(office)
    holder = office.seats(office.contract)[0].member
    assert (sent["author"], sent["recipients"]) == (office.person(holder), [office.person(office.stranger)])
    assert (received["author"], received["recipients"]) == (office.person(office.stranger), [office.person(holder)])
    assert sent["content"] == {"subject": "Trams", "body": "Shall we talk?"}
    assert received["createdAt"] - sent["createdAt"] == 60_000
    assert {sent["thread"], received["thread"]} == {thread.urn}
    assert sent["id"] != received["id"]
    assert await events(office, office.colleague) == []
    assert not office.caller.broken_rules()


async def test_private_inmails_are_read_too_and_say_so(office: Office) -> None:
    thread = office.talent.inmails.send(office.seat, office.stranger, "Trams", "Between us.", private=True)
    [event] = await events(office)
    assert event["visibility"] == "PRIVATE"
    assert thread in office.talent.inmails.about(office.seat, office.stranger)
    assert thread not in office.talent.inmails.about(office.colleague, office.stranger)


async def test_adjoining_windows_neither_overlap_nor_leave_a_gap(office: Office) -> None:
    start = office.now
    for minute in range(5):
        office.talent.inmails.send(office.seat, office.stranger, "Trams", f"Message {minute}")
        office.caller.advance(60)
    edges = [start, start + 60_000, start + 180_000, start + 300_000]
    windows = [await events(office, timeRange_start=since, timeRange_end=until) for since, until in pairwise(edges)]
    bodies = [[event["content"]["body"] for event in window] for window in windows]
    assert bodies == [["Message 0"], ["Message 1", "Message 2"], ["Message 3", "Message 4"]]


async def test_events_are_paged_and_projected(office: Office) -> None:
    for number in range(12):
        office.talent.inmails.send(office.seat, office.stranger, "Trams", f"Message {number}")
    pages = [await events(office, start=start, count=5, fields="id") for start in (0, 5, 10)]
    assert [len(page) for page in pages] == [5, 5, 2]
    assert {name for page in pages for event in page for name in event} == {"id"}
    assert len({event["id"] for page in pages for event in page}) == 12


async def test_one_thread_can_be_asked_for(office: Office) -> None:
    first = office.talent.inmails.send(office.seat, office.stranger, "Trams", "One")
    office.talent.inmails.send(office.seat, office.stranger, "Ferries", "Two")
    found = await events(office, threadUrn=first.urn)
    assert [event["content"]["body"] for event in found] == ["One"]


async def test_time_range_may_come_as_one_record_of_protocol_two(office: Office) -> None:
    office.talent.inmails.send(office.seat, office.stranger, "Trams", "One")
    viewer = office.seat.replace(":", "%3A")
    query = f"q=criteria&viewer={viewer}&timeRange=(start:{office.now},end:{office.now + 1})"
    answer = await office.caller.send("GET", EVENTS, query, x_restli_protocol_version="2.0.0")
    assert len(answer.json()["elements"]) == 1


@pytest.mark.parametrize(("hours", "broken"), [(12, set()), (12.001, {"wide_window"}), (None, {"wide_window"})])
async def test_window_over_twelve_hours_is_answered_and_on_record(
    office: Office, hours: float | None, broken: set[str]
) -> None:
    window = {} if hours is None else {"timeRange.start": office.now - int(hours * HOUR), "timeRange.end": office.now}
    assert (await office.ask(EVENTS, q="criteria", viewer=office.seat, **window))[0] == 200
    assert office.caller.broken_rules() == broken


async def test_history_from_before_the_start_is_there_without_a_time_range(office: Office) -> None:
    found = await office.elements(EVENTS, q="criteria", viewer=office.seat, count=100)
    assert len({event["thread"] for event in found}) == 4
    times = [event["createdAt"] for event in found]
    assert times == sorted(times)


async def test_declining_ends_the_talk_and_without_a_word_is_no_event(office: Office) -> None:
    thread = office.talent.inmails.send(office.seat, office.stranger, "Trams", "One")
    office.talent.inmails.decline(thread.urn)
    assert len(await events(office)) == 1
    for act in (
        lambda: office.talent.inmails.follow_up(thread.urn, "But why?"),
        lambda: office.talent.inmails.share_contact(thread.urn),
        lambda: office.talent.inmails.decline(thread.urn),
    ):
        with pytest.raises(RefusalError):
            act()
    office.talent.inmails.reply(thread.urn, "On second thoughts, yes.")
    assert office.talent.inmails.thread(thread.urn).answer == "ACCEPTED"
    office.talent.inmails.follow_up(thread.urn, "Wonderful")
    assert len(await events(office)) == 3


async def test_seat_is_read_twelve_times_a_minute_and_each_seat_for_itself(office: Office) -> None:
    office.linkedin.set_limits({"mode": "real"})
    statuses = [(await office.ask(EVENTS, q="criteria", viewer=office.seat))[0] for _ in range(13)]
    assert statuses == [200] * 12 + [429]
    assert (await office.ask(EVENTS, q="criteria", viewer=office.colleague))[0] == 200
    assert "seat_pace" in office.caller.broken_rules()
    office.caller.advance(60)
    assert (await office.ask(EVENTS, q="criteria", viewer=office.seat))[0] == 200


async def test_reading_a_seat_too_often_is_on_record_without_limits_too(office: Office) -> None:
    for _ in range(12):
        await events(office)
    assert not office.caller.broken_rules()
    await events(office)
    assert office.caller.broken_rules() == {"seat_pace"}


async def test_seats_inmails_stubs_and_notes_share_one_daily_bucket(office: Office) -> None:
    office.linkedin.set_limits({"mode": "relaxed", "calls_per_day": {"prospectInteractions": 4}})
    await office.elements("/v2/seatsV2", q="attributes", contracts=office.contract, start=0)
    await events(office)
    await stubs(office)
    await notes(office)
    for path, finder in ((EVENTS, "criteria"), ("/rest/seatsV2", "attributes"), ("/rest/mailStubs", "contract")):
        assert (await office.ask(path, q=finder))[0] == 429
    assert (await office.ask("/v2/exportedCandidates", q="request", requestId="x"))[0] == 404


# --- stubs


async def test_stub_comes_only_with_an_answer_that_accepts_and_shares(office: Office) -> None:
    thread = office.talent.inmails.send(office.seat, office.stranger, "Trams", "One")
    with pytest.raises(RefusalError):
        office.talent.inmails.share_contact(thread.urn)
    office.talent.inmails.reply(thread.urn, "Call me.")
    assert await stubs(office) == []
    office.talent.inmails.share_contact(thread.urn)
    with pytest.raises(RefusalError):
        office.talent.inmails.share_contact(thread.urn)
    [stub] = await stubs(office)
    member = office.linkedin.state.directory.members[office.stranger]
    assert (stub["owner"], stub["contract"]) == (office.seat, office.contract)
    assert stub["stubProfile"]["emailAddress"] == member.emails[0]
    assert stub["stubProfile"]["member"] == office.person(office.stranger)
    assert await stubs(office, owners=office.colleague) == []
    assert [stub] == await office.elements(
        "/rest/mailStubs", q="contract", contract=office.contract, owners=office.seat, createdDateStart=office.now
    )


async def test_sharing_can_be_part_of_the_answer(office: Office) -> None:
    thread = office.talent.inmails.send(office.seat, office.stranger, "Trams", "One")
    office.talent.inmails.reply(thread.urn, "Here is my number.", share_contact=True)
    assert len(await stubs(office, createdDateStart=office.now, createdDateEnd=office.now + 1)) == 1
    assert await stubs(office, createdDateStart=office.now - 5, createdDateEnd=office.now) == []


async def test_stubs_are_asked_for_by_owner_and_no_further_than_twenty_thousand(office: Office) -> None:
    wanted = {"q": "contract", "contract": office.contract}
    assert (await office.ask(STUBS, **wanted, owners=office.seat, start=19_990, count=10))[0] == 200
    assert not office.caller.broken_rules()
    assert (await office.ask(STUBS, **wanted, owners=office.seat, start=19_990, count=11))[0] == 400
    assert (await office.ask(STUBS, **wanted))[0] == 200
    assert office.caller.broken_rules() == {"stubs_too_far", "stub_owners"}


async def test_several_owners_in_either_spelling(office: Office) -> None:
    for seat in (office.seat, office.colleague):
        thread = office.talent.inmails.send(seat, office.stranger, "Trams", "One")
        office.talent.inmails.reply(thread.urn, "Yes.", share_contact=True)
    assert len(await stubs(office, owners=[office.seat, office.colleague])) == 2
    listed = ",".join(urn.replace(":", "%3A") for urn in (office.seat, office.colleague))
    query = f"q=contract&contract={office.contract}&owners=List({listed})&createdDateStart={office.now}"
    answer = await office.caller.send("GET", STUBS, query, x_restli_protocol_version="2.0.0")
    assert len(answer.json()["elements"]) == 2


# --- notes


async def test_note_is_read_followed_when_edited_and_ended_when_deleted(office: Office) -> None:
    note = office.talent.notes.write(office.seat, office.stranger, "Starts in May.")
    [first] = await notes(office)
    assert (first["id"], first["active"], first["text"]) == (note.id, True, "Starts in May.")
    assert (first["owner"], first["prospect"]) == (office.seat, office.person(office.stranger))
    office.caller.advance(600)
    office.talent.notes.edit(office.seat, note.id, "Starts in June.")
    [edited] = await notes(office)
    assert (edited["id"], edited["text"], edited["created"]) == (note.id, "Starts in June.", first["created"])
    assert edited["lastModified"] == first["lastModified"] + 600_000
    office.caller.advance(600)
    office.talent.notes.delete(office.seat, note.id)
    [ended] = await notes(office)
    assert (ended["id"], ended["active"]) == (note.id, False)
    assert "text" not in ended
    assert note not in office.talent.notes.visible(office.seat, office.stranger)


async def test_private_note_stays_with_its_author(office: Office) -> None:
    note = office.talent.notes.write(office.seat, office.stranger, "Between us.", private=True)
    assert await notes(office) == []
    assert note in office.talent.notes.visible(office.seat, office.stranger)
    assert note not in office.talent.notes.visible(office.colleague, office.stranger)


async def test_note_that_turns_private_ends_for_everybody_else(office: Office) -> None:
    note = office.talent.notes.write(office.seat, office.stranger, "For all.")
    office.talent.notes.edit(office.seat, note.id, private=True)
    [ended] = await notes(office)
    assert (ended["active"], ended["visibility"]) == (False, "PRIVATE")
    office.talent.notes.edit(office.seat, note.id, private=False)
    [back] = await notes(office)
    assert (back["active"], back["text"]) == (True, "For all.")


async def test_only_its_author_changes_a_note(office: Office) -> None:
    note = office.talent.notes.write(office.seat, office.stranger, "For all.")
    with pytest.raises(RefusalError):
        office.talent.notes.edit(office.colleague, note.id, "Mine now.")
    with pytest.raises(RefusalError):
        office.talent.notes.delete(office.colleague, note.id)
    office.talent.notes.delete(office.seat, note.id)
    with pytest.raises(RefusalError):
        office.talent.notes.edit(office.seat, note.id, "Back?")


async def test_lower_bound_of_notes_is_outside_and_the_upper_one_inside(office: Office) -> None:
    office.talent.notes.write(office.seat, office.stranger, "For all.")
    at = office.now
    assert len(await notes(office, cutoffDate=at - 1, beforeDate=at)) == 1
    assert await notes(office, cutoffDate=at, beforeDate=at + 1) == []
    assert await notes(office, cutoffDate=at - 2, beforeDate=at - 1) == []
    assert await notes(office, cutoffDate=at - 1, owners=office.colleague) == []


# --- permission


async def test_contract_without_access_is_closed(office: Office) -> None:
    seat = office.seats(office.other_contract)[0].urn
    lite = office.seats(office.lite_contract)[0].urn
    calls: list[tuple[str, dict[str, Any]]] = [
        ("/v2/seatsV2", {"q": "attributes", "contracts": [office.contract, office.other_contract], "start": 0}),
        (EVENTS, {"q": "criteria", "viewer": seat}),
        (EVENTS, {"q": "criteria", "viewer": lite}),
        (EVENTS, {"q": "criteria", "viewer": "urn:li:seat:1"}),
        (STUBS, {"q": "contract", "contract": office.other_contract}),
        (NOTES, {"q": "criteria", "contract": office.lite_contract}),
    ]
    assert [(await office.ask(path, **wanted))[0] for path, wanted in calls] == [403] * 6
    assert office.caller.broken_rules() == {"data_before_enabled"}
    office.linkedin.recruiter.set_status(office.contract, "CSA_API", "DISABLED")
    assert (await office.ask(EVENTS, q="criteria", viewer=office.seat))[0] == 403


def test_recruiter_lite_is_connected_to_nothing(office: Office) -> None:
    with pytest.raises(ValueError, match="CSA_API"):
        office.linkedin.recruiter.set_status(office.lite_contract, "CSA_API", "ENABLED")


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/v2/seatsV2", "q=seatsByAttributes&contracts={contract}&start=0", 400),
        ("/v2/seatsV2", "q=attributes&start=0", 400),
        ("/v2/seatsV2", "q=attributes&contracts=urn:li:seat:1&start=0", 400),
        ("/v2/seatsV2", "q=attributes&contracts={contract}&start=0&states=ASLEEP", 400),
        ("/v2/seatsV2", "q=attributes&contracts={contract}&start=-1", 400),
        ("/v2/seatsV2", "q=attributes&contracts={contract}&start=0&count=x", 400),
        ("/v2/seatsV2", "q=attributes&contracts={contract}&start=0&states=ACTIVE&states=PARKED", 200),
        ("/v2/seatsV2", "q=attributes&contracts=List({contract})&start=0", 400),
        (EVENTS, "q=criteria", 400),
        (EVENTS, "q=contract&viewer={seat}", 400),
        (EVENTS, "q=criteria&viewer=55", 400),
        (EVENTS, "q=criteria&viewer={seat}&viewer={seat}", 400),
        (EVENTS, "q=criteria&viewer={seat}&timeRange.start=yesterday", 400),
        (EVENTS, "q=criteria&viewer={seat}&timeRange.start=9&timeRange.end=8", 400),
        (EVENTS, "q=criteria&viewer={seat}&timeRange.start=8&timeRange.end=9", 200),
        (EVENTS, "q=criteria&viewer={seat}&timeRange=(start:now)", 400),
        ("/rest/conversationEvents", "q=criteria&viewer={seat}", 404),
        ("/rest/prospectNotes", "q=criteria&contract={contract}", 404),
        (STUBS, "q=contract", 400),
        (STUBS, "q=criteria&contract={contract}", 400),
        (STUBS, "q=contract&contract={contract}&owners=me", 400),
        (STUBS, "q=contract&contract={contract}&createdDateEnd=soon", 400),
        (NOTES, "q=criteria", 400),
        (NOTES, "q=criteria&contract={contract}&cutoffDate=2&beforeDate=1", 400),
        (NOTES, "q=criteria&contract={contract}&owners[0]={seat}&owners[1]={seat}", 200),
        ("/v2/exportedCandidates", "q=request", 400),
        ("/v2/exportedCandidates", "q=criteria&requestId=exp-000001", 400),
        ("/v2/exportedCandidates", "q=request&requestId=exp-000001", 404),
        ("/rest/exportedApplicationEvaluation", "q=request&requestId=eval-000001", 404),
        ("/v2/closedCandidateProfiles", "q=criteria", 400),
        ("/v2/closedCandidateProfiles", "q=criteria&integrationContext={contract}", 400),
        ("/v2/closedCandidateProfiles", "q=criteria&integrationContext=urn:li:organization:1", 403),
        ("/v2/closedCandidateProfiles", "q=criteria&integrationContext={organization}", 200),
    ],
)
async def test_finder_rules(office: Office, path: str, query: str, status: int) -> None:
    asked = query.format(contract=office.contract, seat=office.seat, organization=office.caller.organization)
    answer = await office.caller.send("GET", path, asked)
    assert answer.status_code == status, answer.text
    assert status == 200 or answer.json()["status"] == status


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/v2/seatsV2", "q=attributes&contracts=List({contract})&start=0&states=List(ACTIVE,PARKED)", 200),
        ("/v2/seatsV2", "q=attributes&contracts={contract}&start=0", 400),
        (EVENTS, "q=criteria&viewer={seat}&timeRange=(start:8,end:9)", 200),
        (EVENTS, "q=criteria&viewer={seat}&timeRange=(start:x,end:9)", 400),
        (EVENTS, "q=criteria&viewer={seat}&timeRange=8", 400),
        (EVENTS, "q=criteria&viewer={seat}&timeRange.start=8&timeRange.end=9", 400),
        (STUBS, "q=contract&contract={contract}&owners=List()", 200),
        (STUBS, "q=contract&contract={contract}&owners={seat}", 400),
    ],
)
async def test_protocol_two_writes_lists_and_records_its_own_way(
    office: Office, path: str, query: str, status: int
) -> None:
    quoted = {"contract": quote(office.contract, safe=""), "seat": quote(office.seat, safe="")}
    answer = await office.caller.send("GET", path, query.format(**quoted), x_restli_protocol_version="2.0.0")
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("who", ["parent", ""])
async def test_data_is_the_childs_and_needs_a_token(office: Office, who: str) -> None:
    if who:
        await office.caller.sign_in(who)
    else:
        office.caller.token = "nobody's"
    status = 403 if who else 401
    for path, finder in ((EVENTS, "criteria"), (STUBS, "contract"), (NOTES, "criteria"), ("/v2/seatsV2", "attributes")):
        assert (await office.ask(path, q=finder))[0] == status


@pytest.mark.parametrize(
    ("version", "path", "status"),
    [
        ("202509", "/rest/mailStubs", 404),
        ("202510", "/rest/mailStubs", 400),
        ("202511", "/rest/seatsV2", 404),
        ("202512", "/rest/seatsV2", 400),
        ("202602", "/rest/exportedCandidates", 404),
        ("202506", "/rest/exportedApplicationEvaluations", 404),
    ],
)
async def test_versioned_forms_exist_since_their_version(office: Office, version: str, path: str, status: int) -> None:
    answer = await office.caller.send("GET", path, "q=none", linkedin_version=version)
    assert answer.status_code == status
