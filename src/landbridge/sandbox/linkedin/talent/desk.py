"""What all actions share: the world's state, the clock, the pushes, and who may act at all."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from landbridge.sandbox.kernel import Clock
from landbridge.sandbox.linkedin.pushes import Pushes
from landbridge.sandbox.linkedin.records import Records
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.state import DeveloperApplication, State
from landbridge.sandbox.worlds.network import Member, Seat


class Desk(Struct, frozen=True):
    """One per Recruiter; ``read_state`` gives the state of the present world."""

    read_state: Callable[[], State]
    clock: Clock
    pushes: Pushes

    @property
    def state(self) -> State:
        return self.read_state()

    @property
    def records(self) -> Records:
        return self.state.talent

    def seat(self, urn: str) -> Seat:
        """A seat somebody can work with; raises :class:`RefusalError`."""
        seat = next((seat for seat in self.state.network.seats if seat.urn == urn), None)
        if seat is None:
            raise RefusalError(404, "there is no such seat")
        if seat.state != "ACTIVE":
            raise RefusalError(403, "this seat is not active")
        return seat

    def member(self, number: int) -> Member:
        """A member who still has an account; raises a 404 :class:`RefusalError`."""
        member = self.state.directory.members.get(number)
        if member is None or number in self.records.closures:
            raise RefusalError(404, "there is no such member")
        return member

    def systems(self, organization: str) -> list[DeveloperApplication]:
        """The systems people can be exported to."""
        return [child for child in self.state.children() if child.enabled(organization, ("ONE_CLICK_EXPORT",))]

    def child(self, client_id: str | None) -> DeveloperApplication:
        """The child application of this id, or the newest one; raises a 404 :class:`RefusalError`."""
        children = self.state.children()
        found = next((child for child in reversed(children) if client_id in (None, child.client_id)), None)
        if found is None:
            raise RefusalError(404, "no child application has this client_id")
        return found


def written(text: str, what: str, most: int) -> str:
    """A text of a length that fits; raises a 422 :class:`RefusalError`."""
    text = text.strip()
    if not text:
        raise RefusalError(422, f"the {what} is empty")
    if len(text) > most:
        raise RefusalError(422, f"the {what} is longer than {most} characters")
    return text
