"""Prospect notes: for their author only, or for the whole organization. Source: prospect-notes."""

from __future__ import annotations

from landbridge.sandbox.linkedin.choices import NOTE_LENGTH
from landbridge.sandbox.linkedin.records import FIRST_NOTE, Note
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.talent.desk import Desk, written


class Notes:
    """The notes of all seats."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def write(self, seat: str, member: int, text: str, private: bool = False) -> Note:
        holder, about = self._desk.seat(seat), self._desk.member(member)
        notes, at = self._desk.records.notes, self._desk.clock.ms()
        note = Note(
            id=FIRST_NOTE + len(notes) + 1,
            seat=seat,
            contract=holder.contract,
            member=about.number,
            text=written(text, "note", NOTE_LENGTH),
            private=private,
            created_at=at,
            modified_at=at,
            was_public=not private,
        )
        notes[note.id] = note
        return note

    def edit(self, seat: str, note: int, text: str | None = None, private: bool | None = None) -> Note:
        """Change the text, who can read it, or both; what is None stays."""
        found = self._own(seat, note)
        if text is not None:
            found.text = written(text, "note", NOTE_LENGTH)
        if private is not None:
            found.private = private
            found.was_public = found.was_public or not private
        found.modified_at = self._desk.clock.ms()
        return found

    def delete(self, seat: str, note: int) -> Note:
        """The note stays on record as one that is no longer active."""
        found = self._own(seat, note)
        found.active, found.modified_at = False, self._desk.clock.ms()
        return found

    def visible(self, seat: str, member: int) -> list[Note]:
        """What this seat can read about a member, oldest first."""
        return [
            note
            for note in self._desk.records.notes.values()
            if note.member == member and note.active and (note.seat == seat or not note.private)
        ]

    def _own(self, seat: str, note: int) -> Note:
        self._desk.seat(seat)
        found = self._desk.records.notes.get(note)
        if found is None or not found.active:
            raise RefusalError(404, "there is no such note")
        if found.seat != seat:
            raise RefusalError(403, "a note can be changed by its author only")
        return found
