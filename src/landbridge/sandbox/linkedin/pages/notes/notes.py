"""Writing, changing and deleting a note. Reading them is part of the profile."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from landbridge.sandbox.linkedin.pages.page import Page
from landbridge.sandbox.linkedin.pages.people.looking import member_of
from landbridge.sandbox.linkedin.pages.visit import Visit
from landbridge.sandbox.linkedin.records import Note
from landbridge.sandbox.linkedin.refusals import RefusalError

ADDRESS: Final = "/recruiter/notes/{note:int}"


def write(visit: Visit) -> Response:
    number = member_of(visit).number
    visit.linkedin.talent.notes.write(visit.viewer.seat.urn, number, visit.form("text"), private=_is_private(visit))
    return visit.go(f"/recruiter/people/{number}#notes", notice="Note added.")


def show(visit: Visit) -> Response:
    note = _own(visit)
    return visit.show("notes/edit.html", note=note, name=visit.state.directory.members[note.member].name)


def edit(visit: Visit) -> Response:
    note = _own(visit)
    visit.linkedin.talent.notes.edit(note.seat, note.id, visit.form("text"), private=_is_private(visit))
    return visit.go(f"/recruiter/people/{note.member}#notes", notice="Note changed.")


def delete(visit: Visit) -> Response:
    note = _own(visit)
    visit.linkedin.talent.notes.delete(note.seat, note.id)
    return visit.go(f"/recruiter/people/{note.member}#notes", notice="Note deleted.")


def _is_private(visit: Visit) -> bool:
    return visit.form("readers") == "me"


def _own(visit: Visit) -> Note:
    """The note the path names, where this seat wrote it; raises :class:`RefusalError`."""
    note = visit.state.talent.notes.get(visit.path["note"])
    if note is None or not note.active:
        raise RefusalError(404, "There is no such note.")
    if note.seat != visit.viewer.seat.urn:
        raise RefusalError(403, "A note can be changed by its author only.")
    return note


PAGES: Final = (
    Page("/recruiter/people/{member:int}/notes", write, method="POST"),
    Page(ADDRESS, show),
    Page(ADDRESS, edit, method="POST"),
    Page(f"{ADDRESS}/delete", delete, method="POST"),
)
