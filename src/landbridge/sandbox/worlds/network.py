"""LinkedIn's side of a world: the member directory, the customer's organization, its contracts, seats and people."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

SeatState = Literal["ACTIVE", "INACTIVE", "INVITED", "PARKED"]


class Member(Struct, frozen=True, kw_only=True, gc=False):
    """One LinkedIn member. ``number`` is the network-wide id, which no client ever sees: person ids derive from it
    per application. E-mails and the profile URL are what candidates are matched by (compared without case). What a
    profile shows besides is in :func:`landbridge.sandbox.worlds.profile.profile_of`."""

    number: int
    first_name: str
    last_name: str
    emails: tuple[str, ...]
    profile_url: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Contract(Struct, frozen=True, kw_only=True):
    """One Recruiter contract of the organization. ``lite``: of Recruiter Lite, which has no system connect."""

    urn: str
    name: str
    lite: bool = False


class Seat(Struct, frozen=True, kw_only=True):
    """One Recruiter seat: which member holds it on which contract, and whether that person is an admin there.

    Only an ``ACTIVE`` seat can be worked with; ``lite`` is that of its contract.
    """

    urn: str
    contract: str
    member: int
    admin: bool
    lite: bool = False
    state: SeatState = "ACTIVE"
    created: int = 0  # epoch ms


class Person(Struct, frozen=True, kw_only=True):
    """Somebody who can sign in to the imitated LinkedIn."""

    login: str
    password: str
    member: int


class PastMessage(Struct, frozen=True):
    """One message of a conversation: epoch ms, whether the member (not the recruiter) wrote it, and its text."""

    at: int
    by_member: bool
    body: str


class PastConversation(Struct, frozen=True, kw_only=True):
    """An InMail sent before the sandbox was started, with its answers. ``shared_at`` is when the member agreed to
    share contact details; ``accepted`` is None while the member has not answered."""

    seat: str
    member: int
    subject: str
    private: bool
    messages: tuple[PastMessage, ...]
    accepted: bool | None = None
    shared_at: int | None = None


class PastNote(Struct, frozen=True, kw_only=True):
    """A note written before the sandbox was started. ``private``: for its author only."""

    seat: str
    member: int
    text: str
    private: bool
    created: int
    modified: int
    active: bool = True


class Network(Struct, frozen=True, kw_only=True):
    """All that the LinkedIn half of the sandbox takes from a world (its attribute ``network``).

    The contracts of Recruiter Lite come last, and so do their seats. The first three people are an admin of both
    contracts, a recruiter who is no admin, and an admin of the second contract only.
    """

    organization: str  # urn:li:organization:N
    organization_name: str
    contracts: tuple[Contract, ...]
    seats: tuple[Seat, ...]
    people: tuple[Person, ...]
    members: tuple[Member, ...]
    conversations: tuple[PastConversation, ...] = ()
    notes: tuple[PastNote, ...] = ()
