"""``mailStubs``: contact details members agreed to share when answering an InMail. Source: inmail-stub-profiles."""

from __future__ import annotations

from typing import Any, Final

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import STUB_END_INCLUDED, STUBS_TOO_FAR_STATUS
from landbridge.sandbox.linkedin.limits import PROSPECT_INTERACTIONS
from landbridge.sandbox.linkedin.records import Stub
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.resources.finding import (
    PAGE,
    check_contract,
    check_finder,
    number_of,
    page_of,
    urn_of,
    urns_of,
)
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.worlds.profile import profile_of

REACH: Final = 20_000


def find_stubs(call: Call) -> Answer:
    """``q=contract``: oldest first, of the given seats or of all; without dates of all times."""
    check_finder(call, "contract")
    contract, owners = urn_of(call, "contract", "contract"), urns_of(call, "owners", "seat")
    since, until = number_of(call, "createdDateStart"), number_of(call, "createdDateEnd")
    check_contract(call, contract)
    count = number_of(call, "count")
    if (number_of(call, "start") or 0) + (PAGE if count is None else count) > REACH:
        message = f"a query cannot reach past result {REACH}"
        raise RefusalError(STUBS_TOO_FAR_STATUS, message, rule=audit.STUBS_TOO_FAR)
    if not owners:
        call.violate(audit.STUB_OWNERS, "no owners")
    gone = call.state.talent.closures
    found = [
        stub
        for stub in call.state.talent.stubs
        if stub.contract == contract
        and (not owners or stub.seat in owners)
        and stub.member not in gone
        and (since is None or stub.created_at >= since)
        and (until is None or stub.created_at < until + STUB_END_INCLUDED)
    ]
    return page_of(call, found, lambda stub: _shown(call, stub))


def _shown(call: Call, stub: Stub) -> dict[str, Any]:
    member = call.state.directory.members[stub.member]
    profile = profile_of(member, call.state.network.organization_name)
    return {
        "owner": stub.seat,
        "contract": stub.contract,
        "created": stub.created_at,
        "stubProfile": {
            "member": call.application.persons.urn(stub.member),
            "firstName": member.first_name,
            "lastName": member.last_name,
            "emailAddress": stub.email,
            "phoneNumber": stub.phone,
            "currentTitle": profile.title,
            "currentEmployerNames": [profile.company],
        },
    }


RESOURCES: Final = tuple(
    Resource(
        name="mail_stubs",
        generation=generation,
        path="mailStubs",
        methods={"finder": find_stubs},
        bucket=PROSPECT_INTERACTIONS,
        since=202510,
    )
    for generation in ("v2", "rest")
)
