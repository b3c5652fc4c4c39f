"""Recruiter's seat holders, contract by contract. Source: LinkedIn's page on Recruiter seatholders."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote

import msgspec
from msgspec import Struct

from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.dialects import Resource
from landbridge.connectors.linkedin.refusals import unknown_resource
from landbridge.connectors.linkedin.restli import Protocol
from landbridge.errors import MissingError, SurpriseError
from landbridge.http import Call
from landbridge.http.decoding import decode_json

PAGE = 100
MOST_PAGES = 1_000
ADMIN_ROLE = "ADMIN_SEAT"


class Seat(Struct, frozen=True, kw_only=True):
    """An active seat. The person's URN is of the customer's application: another one knows the person by another."""

    urn: str
    contract: str
    first_name: str
    last_name: str
    person_urn: str | None = None
    email: str | None = None
    roles: tuple[str, ...] = ()

    @property
    def admin(self) -> bool:
        return ADMIN_ROLE in self.roles

    def __repr__(self) -> str:
        return f"Seat({self.urn})"


class _Seat(Struct, rename="camel"):
    # v2 calls it id, rest seatId; older pages give the contract as contractId.
    id: int | str | None = None
    seat_id: int | str | None = None
    first_name: str | None = None
    last_name: str | None = None
    contract: str | None = None
    member: str | None = None
    email: str | None = None
    seat_roles: list[str] = []


class _Page(Struct):
    elements: list[msgspec.Raw] = []


async def read_seats(
    client: LinkedInClient, dialect: Resource, contract: str, take_call: Callable[[], Awaitable[None]]
) -> list[Seat]:
    """Every active seat of one contract. ``take_call`` is asked before each call: LinkedIn counts them with those for
    what recruiters do. Raises what it raises, and NotPermittedError while the contract level is not enabled."""
    found: list[Seat] = []
    for page in range(MOST_PAGES):
        await take_call()
        rows = await _read_page(client, dialect, contract, page * PAGE)
        found += [_seat(row, contract) for row in rows]
        if len(rows) < PAGE:
            return found
    raise SurpriseError("LinkedIn's list of seats does not end", code="paging_loop")


async def _read_page(client: LinkedInClient, dialect: Resource, contract: str, start: int) -> list[msgspec.Raw]:
    # Without start the call fails, without states people who left come along.
    urn = quote(contract, safe=":" if dialect.protocol is Protocol.ONE else "")
    lists = (
        f"contracts[0]={urn}&states[0]=ACTIVE"
        if dialect.protocol is Protocol.ONE
        else f"contracts=List({urn})&states=List(ACTIVE)"
    )
    call = Call(
        method="GET",
        path=dialect.path,
        route=dialect.path,
        query=f"q=attributes&{lists}&start={start}&count={PAGE}",
        headers=dialect.headers,
        allowance="seats",
    )
    try:
        return (await client.send(call)).decode(_Page).elements
    except MissingError as unknown:
        raise unknown_resource(unknown) from unknown


def _seat(raw: msgspec.Raw, contract: str) -> Seat:
    row = decode_json(raw, _Seat)
    number = row.id if row.id is not None else row.seat_id
    if number is None:
        raise SurpriseError("LinkedIn named a seat without its id", code="unexpected_answer")
    text = str(number)
    return Seat(
        urn=text if text.startswith("urn:") else f"urn:li:seat:{text}",
        contract=row.contract or contract,
        first_name=(row.first_name or "").strip(),
        last_name=(row.last_name or "").strip(),
        person_urn=row.member,
        email=(row.email or "").strip() or None,
        roles=tuple(row.seat_roles),
    )
