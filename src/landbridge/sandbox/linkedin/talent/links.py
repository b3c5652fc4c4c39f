"""Which candidates of the connected systems a member is, and by whose word."""

from __future__ import annotations

from msgspec import Struct

from landbridge.sandbox.linkedin.matching import ids_on
from landbridge.sandbox.linkedin.talent.desk import Desk


class Link(Struct, frozen=True, kw_only=True):
    """One candidate of one system. ``by_hand``: somebody said so; otherwise an address or the profile matched."""

    client_id: str
    system: str
    organization: str
    candidate: str
    by_hand: bool


class Links:
    """Members and candidates."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_member(self, member: int) -> list[Link]:
        """The candidates this member is, of every system that was ever connected."""
        return [
            Link(
                client_id=child.client_id,
                system=child.name,
                organization=context,
                candidate=candidate,
                by_hand=book.candidates[candidate].manual is not None,
            )
            for child in self._desk.state.children()
            for context, book in sorted(child.books.items())
            for candidate in sorted(ids_on(book.matched, member))
        ]
