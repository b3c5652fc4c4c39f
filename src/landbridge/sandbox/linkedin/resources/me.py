"""``me``: who the member behind a 3-legged token is, with an id only this application knows them by."""

from __future__ import annotations

from typing import Final

from landbridge.sandbox.kernel import Answer, json_answer
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.members import PERSON
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import parameter


def get(call: Call) -> Answer:
    """``?fields=id`` is what binding takes; the names come without it."""
    assert call.member is not None
    member = call.state.directory.members[call.member]
    shown = {
        "id": call.application.persons.urn(member.number).removeprefix(PERSON),
        "localizedFirstName": member.first_name,
        "localizedLastName": member.last_name,
    }
    wanted = parameter(call.query, "fields")
    fields = shown.keys() if wanted is None else wanted.split(",")
    return json_answer(200, {name: text for name, text in shown.items() if name in fields})


V2: Final = Resource(name="me", generation="v2", path="me", methods={"get": get}, parent=None, member=True)
