"""The person in front of a page: who they are on LinkedIn, and with which seat on which contract they work."""

from __future__ import annotations

from msgspec import Struct

from landbridge.sandbox.linkedin.pages.session import Session
from landbridge.sandbox.linkedin.state import State
from landbridge.sandbox.worlds.network import Contract, Member, Network, Person, Seat


class Desk(Struct, frozen=True):
    """One seat of a person with its contract."""

    seat: Seat
    contract: Contract

    @property
    def open(self) -> bool:
        """Whether one can work there with an integration: Recruiter Lite has none."""
        return self.seat.state == "ACTIVE" and not self.contract.lite

    @property
    def rank(self) -> str:
        """What a person is on this contract, in one word or two."""
        if self.contract.lite:
            return "Recruiter Lite"
        if self.seat.state != "ACTIVE":
            return f"{self.seat.state.lower()} seat"
        return "admin" if self.seat.admin else "recruiter"


class Viewer(Struct, frozen=True, kw_only=True):
    """Somebody signed in. ``desks`` are all their seats, ``desk`` the one they work at: the chosen, or the only one."""

    person: Person
    member: Member
    desks: tuple[Desk, ...]
    desk: Desk | None

    @property
    def name(self) -> str:
        return name_of(self.member) or self.person.login

    @property
    def seat(self) -> Seat:
        """Pages of Recruiter are served with a seat only."""
        assert self.desk is not None
        return self.desk.seat

    @property
    def contract(self) -> Contract:
        assert self.desk is not None
        return self.desk.contract

    @property
    def admin(self) -> bool:
        """Whether they are an admin of the contract they work on."""
        return self.desk is not None and self.desk.seat.admin

    @property
    def open_desks(self) -> tuple[Desk, ...]:
        return tuple(desk for desk in self.desks if desk.open)


def signed_in(session: Session, state: State) -> Viewer | None:
    """Who the session is of, in the world of today."""
    person = person_of(state.network, session.login)
    member = state.directory.members.get(person.member) if person else None
    if person is None or member is None:
        return None
    desks = desks_of(state.network, person)
    usable = [desk for desk in desks if desk.open]
    chosen = [desk for desk in usable if desk.contract.urn == session.contract] or usable
    return Viewer(person=person, member=member, desks=desks, desk=chosen[0] if len(chosen) == 1 else None)


def why_no_recruiter(viewer: Viewer) -> str | None:
    """Why a person may not use Recruiter with an integration; None where they may."""
    if viewer.open_desks:
        return None
    if any(desk.contract.lite for desk in viewer.desks):
        return (
            "Recruiter System Connect works with Recruiter Corporate and Recruiter Professional Services, "
            "not with Recruiter Lite. Sign in as somebody with a seat on such a contract."
        )
    if viewer.desks:
        return "This seat is not active. Sign in as somebody with an active seat."
    return "This member has no Recruiter seat. Sign in as somebody who has one."


def name_of(member: Member) -> str:
    return f"{member.first_name} {member.last_name}".strip()


def person_of(network: Network, login: str) -> Person | None:
    return next((person for person in network.people if login and person.login == login), None)


def desks_of(network: Network, person: Person) -> tuple[Desk, ...]:
    contracts = {contract.urn: contract for contract in network.contracts}
    return tuple(
        Desk(seat, contracts[seat.contract])
        for seat in network.seats
        if seat.member == person.member and seat.contract in contracts
    )
