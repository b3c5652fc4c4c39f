"""``seatsV2``: who holds the seats of a contract; ``seats``: its retired form. Source: recruiter-seatholders."""

from __future__ import annotations

from typing import Any, Final

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import RETIRED_STATUS
from landbridge.sandbox.linkedin.limits import PROSPECT_INTERACTIONS
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.resources.finding import (
    check_contract,
    check_finder,
    number_of,
    page_of,
    texts_of,
    urns_of,
)
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.worlds.network import Seat

STATES: Final = ("ACTIVE", "INACTIVE", "INVITED", "PARKED")


def find_seats(call: Call) -> Answer:
    """``q=attributes``: the seats of one or more contracts, by state. ``start`` has to be there."""
    check_finder(call, "attributes")
    contracts = urns_of(call, "contracts", "contract")
    if not contracts:
        raise RefusalError(400, "contracts is missing")
    if number_of(call, "start") is None:
        raise RefusalError(400, "start is missing", rule=audit.SEATS_START)
    states = _states(call)
    for contract in contracts:
        check_contract(call, contract)
    found = [
        seat for seat in call.state.network.seats if seat.contract in contracts and (not states or seat.state in states)
    ]
    return page_of(call, found, lambda seat: _shown(call, seat))


def _states(call: Call) -> list[str]:
    found = list(texts_of(call, "states"))
    if any(state not in STATES for state in found):
        raise RefusalError(400, f"states takes {', '.join(STATES)}")
    return found


def _shown(call: Call, seat: Seat) -> dict[str, Any]:
    member = call.state.directory.members[seat.member]
    number = int(seat.urn.rpartition(":")[2])
    rest = call.generation == "rest"
    return {
        "seatId" if rest else "id": number,
        "firstName": member.first_name,
        "lastName": member.last_name,
        "contract": seat.contract,
        "member": call.application.persons.urn(seat.member),
        "state": seat.state,
        "seatRoles": ["ADMIN_SEAT", "SOURCER_ADD_PROSPECT"] if seat.admin else ["SOURCER_ADD_PROSPECT"],
        **({"createdAt": {"actor": seat.urn, "time": seat.created}} if rest else {"created": {"time": seat.created}}),
    }


def refuse_retired(_: Call) -> Answer:
    """Gone since April 2022."""
    raise RefusalError(RETIRED_STATUS, "seats is retired: call seatsV2", rule=audit.RETIRED, finding="v2/seats")


RESOURCES: Final = (
    Resource(
        name="seats",
        generation="v2",
        path="seatsV2",
        methods={"finder": find_seats},
        bucket=PROSPECT_INTERACTIONS,
    ),
    Resource(
        name="seats",
        generation="rest",
        path="seatsV2",
        methods={"finder": find_seats},
        bucket=PROSPECT_INTERACTIONS,
        since=202512,
    ),
    Resource(name="retired_seats", generation="v2", path="seats", methods={"finder": refuse_retired}),
)
