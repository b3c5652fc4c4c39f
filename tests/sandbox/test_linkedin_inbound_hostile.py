"""Odd parameters, odd texts and snapshots: inbound data is answered, and survives."""

from __future__ import annotations

import asyncio
import inspect
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.talent.control import TalentRoutes
from tests.sandbox.linkedin_caller import Caller
from tests.sandbox.recruiting import Office
from tests.sandbox.test_linkedin_hostile import JSON, Line

FINDERS = {
    "/v2/seatsV2": ("attributes", ("contracts", "states", "start", "count", "fields")),
    "/v2/conversationEvents": ("criteria", ("viewer", "timeRange", "timeRange.start", "timeRange.end", "threadUrn")),
    "/v2/mailStubs": ("contract", ("contract", "owners", "owners[0]", "createdDateStart", "createdDateEnd", "count")),
    "/v2/prospectNotes": ("criteria", ("contract", "owners", "cutoffDate", "beforeDate", "start")),
    "/v2/exportedCandidates": ("request", ("requestId", "fields")),
    "/v2/closedCandidateProfiles": ("criteria", ("integrationContext", "closedDateStart", "start")),
}
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def line() -> Line:
    line = Line()
    linkedin = line.sandbox.linkedin
    for contract in linkedin.state.network.contracts[:2]:
        linkedin.recruiter.set_status(contract.urn, "CSA_API", "ENABLED")
    return line


def values(line: Line) -> st.SearchStrategy[str]:
    network = line.sandbox.linkedin.state.network
    likely = [network.contracts[0].urn, network.seats[0].urn, network.organization, "0", "99999999999999", "-1"]
    lists = [f"List({quote(urn, safe='')})" for urn in likely] + ["List(", "List()", "(start:1,end:2)", "(start:", "()"]
    return st.sampled_from([*likely, *lists]) | st.text(max_size=12).map(lambda text: quote(text, safe=""))


@quick
@given(data=st.data(), protocol=st.sampled_from(["", "2.0.0"]))
@pytest.mark.parametrize("path", FINDERS)
def test_any_parameter_of_a_finder_gets_an_answer(line: Line, path: str, data: st.DataObject, protocol: str) -> None:
    finder, names = FINDERS[path]
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(names), values(line)), max_size=6))
    query = "&".join([f"q={finder}", *(f"{name}={value}" for name, value in pairs)]).encode()
    status, shown = line.send("GET", path, query, b"", x_restli_protocol_version=protocol)
    assert status in (200, 400, 403, 404)
    assert "elements" in shown if status == 200 else shown["status"] == status


@quick
@given(data=st.data())
def test_any_wish_to_act_is_fulfilled_or_refused(line: Line, data: st.DataObject) -> None:
    linkedin = line.sandbox.linkedin
    actions = TalentRoutes(linkedin.talent, lambda: linkedin.state).actions()
    action = data.draw(st.sampled_from(sorted(actions)))
    names = list(inspect.signature(actions[action]).parameters)
    threads, notes = list(linkedin.state.talent.threads), list(linkedin.state.talent.notes)
    likely = st.sampled_from([*threads[:2], *notes[:2], linkedin.state.network.seats[0].urn, 300_000_001, True, "J1"])
    wanted = data.draw(st.dictionaries(st.sampled_from(names), likely | JSON))
    body = json.dumps(wanted).encode()
    status, shown = line.send("POST", f"/_sandbox/talent/{action}", b"", body)
    assert status in (200, 400, 403, 404, 409, 422, 429)
    assert status == 200 or shown["error"]


async def test_odd_texts_are_read_as_they_were_written(linkedin: Caller) -> None:
    office = Office(linkedin)
    odd = "<script>alert(1)</script> \u202eesrever \U0001f30a\x00 'quoted' & more"
    office.talent.inmails.send(office.seat, office.stranger, odd, odd)
    office.talent.notes.write(office.seat, office.stranger, odd)
    window = {"timeRange_start": office.now, "timeRange_end": office.now + 1}
    [event] = await office.elements("/v2/conversationEvents", q="criteria", viewer=office.seat, **window)
    assert event["content"] == {"subject": odd, "body": odd}
    wanted = {"contract": office.contract, "cutoffDate": office.now - 1, "beforeDate": office.now}
    [note] = await office.elements("/v2/prospectNotes", q="criteria", **wanted)
    assert note["text"] == odd


def test_hostile_world_has_odd_conversations_and_notes() -> None:
    network = Sandbox(world="hostile", candidates=50).linkedin.state.network
    bodies = [message.body for one in network.conversations for message in one.messages]
    assert any("<" in body for body in bodies)
    assert any(len(body) > 1_000 for body in bodies)
    assert any("\x00" in note.text for note in network.notes)


async def test_what_people_did_outlives_a_snapshot(linkedin: Caller, tmp_path: Path) -> None:
    office = Office(linkedin)
    await linkedin.create_job("J1")
    thread = office.talent.inmails.send(office.seat, office.stranger, "Trams", "One")
    office.talent.inmails.reply(thread.urn, "Yes.", share_contact=True)
    note = office.talent.notes.write(office.seat, office.stranger, "Promising.")
    export = office.talent.exports.export(office.seat, office.stranger, "J1")
    site = linkedin.sandbox.site
    await asyncio.to_thread(site.save, tmp_path / "kept")
    before = dict(office.linkedin.state_counts())
    office.talent.notes.delete(office.seat, note.id)
    office.talent.accounts.close(office.stranger)
    site.load(tmp_path / "kept")
    assert office.linkedin.state_counts() == before
    assert [one.text for one in office.talent.notes.visible(office.seat, office.stranger)][-1] == "Promising."
    [exported] = await office.elements("/v2/exportedCandidates", q="request", requestId=export.request_id)
    assert exported["externalJobPostingId"] == "J1"
    office.talent.inmails.follow_up(thread.urn, "Wonderful.")
