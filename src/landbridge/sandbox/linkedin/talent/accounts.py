"""Members who close their account. Sources: rsc-release-notes (July 2023), the help page on exported data."""

from __future__ import annotations

from landbridge.sandbox.linkedin.records import Closure
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.talent.desk import Desk


class Accounts:
    """Which members are gone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def close(self, member: int) -> Closure:
        """The member leaves: no longer found, matched, written to or exported; whoever exported the profile is told."""
        found, at = self._desk.member(member), self._desk.clock.ms()
        if any(seat.member == member for seat in self._desk.state.network.seats):
            raise RefusalError(409, "somebody with a Recruiter seat has to give it back first")
        closure = self._desk.records.closures[found.number] = Closure(found.number, at)
        self._desk.state.directory.forget(member)
        for child in self._desk.state.children():
            for book in child.books.values():
                book.matched.pop(member, None)
        for note in self._desk.records.notes.values():
            if note.member == member and note.active:
                note.active, note.modified_at = False, at
        return closure

    def is_closed(self, member: int) -> bool:
        return member in self._desk.records.closures
