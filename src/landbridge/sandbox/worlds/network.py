"""LinkedIn's side of a world: the member directory, the customer's organization, its contracts, seats and people."""

from __future__ import annotations

from msgspec import Struct


class Member(Struct, frozen=True, kw_only=True):
    """One LinkedIn member. ``number`` is the network-wide id, which no client ever sees: person ids derive from it
    per application. E-mails and the profile URL are what candidates are matched by (compared without case)."""

    number: int
    first_name: str
    last_name: str
    emails: tuple[str, ...]
    profile_url: str


class Contract(Struct, frozen=True, kw_only=True):
    """One Recruiter contract of the organization."""

    urn: str
    name: str


class Seat(Struct, frozen=True, kw_only=True):
    """One Recruiter seat: which member holds it on which contract, and whether that person is an admin there."""

    urn: str
    contract: str
    member: int
    admin: bool


class Person(Struct, frozen=True, kw_only=True):
    """Somebody who can sign in to the imitated LinkedIn."""

    login: str
    password: str
    member: int


class Network(Struct, frozen=True, kw_only=True):
    """All that the LinkedIn half of the sandbox takes from a world (its attribute ``network``)."""

    organization: str  # urn:li:organization:N
    organization_name: str
    contracts: tuple[Contract, ...]
    seats: tuple[Seat, ...]
    people: tuple[Person, ...]
    members: tuple[Member, ...]
