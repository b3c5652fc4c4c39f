"""``prospectNotes``: what recruiters noted about members. Source: prospect-notes."""

from __future__ import annotations

from typing import Any, Final

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import NOTE_END_INCLUDED, PRIVATE_NOTES_RETURNED
from landbridge.sandbox.linkedin.limits import PROSPECT_INTERACTIONS
from landbridge.sandbox.linkedin.records import Note
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.resources.finding import (
    check_contract,
    check_finder,
    check_window,
    number_of,
    page_of,
    urn_of,
    urns_of,
)
from landbridge.sandbox.linkedin.resources.resource import Resource


def find_notes(call: Call) -> Answer:
    """``q=criteria``: notes changed after ``cutoffDate`` and not after ``beforeDate``, the oldest change first."""
    check_finder(call, "criteria")
    contract, owners = urn_of(call, "contract", "contract"), urns_of(call, "owners", "seat")
    after, before = number_of(call, "cutoffDate"), number_of(call, "beforeDate")
    if after is not None and before is not None and after > before:
        raise RefusalError(400, "beforeDate is before cutoffDate")
    check_contract(call, contract)
    check_window(call, after, before)
    found = [
        note
        for note in call.state.talent.notes.values()
        if note.contract == contract
        and (not owners or note.seat in owners)
        and (PRIVATE_NOTES_RETURNED or note.was_public)
        and (after is None or note.modified_at > after)
        and (before is None or note.modified_at < before + NOTE_END_INCLUDED)
    ]
    found.sort(key=lambda note: (note.modified_at, note.id))
    return page_of(call, found, lambda note: _shown(call, note))


def _shown(call: Call, note: Note) -> dict[str, Any]:
    """A note that turned private is one that is no longer active to everybody else; such ones have no text."""
    active = note.active and (PRIVATE_NOTES_RETURNED or not note.private)
    shown: dict[str, Any] = {
        "id": note.id,
        "active": active,
        "contract": note.contract,
        "created": note.created_at,
        "lastModified": note.modified_at,
        "owner": note.seat,
        "prospect": call.application.persons.urn(note.member),
        "visibility": "PRIVATE" if note.private else "PUBLIC",
    }
    if active:
        shown["text"] = note.text
    return shown


V2: Final = Resource(
    name="prospect_notes",
    generation="v2",
    path="prospectNotes",
    methods={"finder": find_notes},
    bucket=PROSPECT_INTERACTIONS,
)
