"""Members who closed their account after somebody exported their profile. Source: rsc-release-notes (July 2023).

That it has to be asked for at least every 30 days is documented; path, finder and fields are choices.
"""

from __future__ import annotations

from typing import Any, Final

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import CLOSED_PROFILES_PATH
from landbridge.sandbox.linkedin.records import Closure, Export
from landbridge.sandbox.linkedin.resources.finding import check_company, check_finder, number_of, page_of, urn_of
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.talent.duties import missed_sweeps


def find_closed(call: Call) -> Answer:
    """``q=criteria``: closed from ``closedDateStart`` (included) to ``closedDateEnd`` (not included)."""
    check_finder(call, "criteria")
    organization = urn_of(call, "integrationContext", "organization")
    since, until = number_of(call, "closedDateStart"), number_of(call, "closedDateEnd")
    check_company(call, organization, "ONE_CLICK_EXPORT")
    records, client_id = call.state.talent, call.application.client_id
    for finding in missed_sweeps(records, client_id, call.at):
        call.violate(audit.MISSED_SWEEP, finding)
    records.swept_at[client_id] = call.at
    exports: dict[int, list[Export]] = {}
    for export in records.exports.values():
        if export.client_id == client_id and export.organization == organization:
            exports.setdefault(export.member, []).append(export)
    found = [
        closure
        for closure in records.closures.values()
        if closure.member in exports
        and (since is None or closure.at >= since)
        and (until is None or closure.at < until)
    ]
    return page_of(call, found, lambda closure: _shown(call, organization, closure, exports[closure.member]))


def _shown(call: Call, organization: str, closure: Closure, exports: list[Export]) -> dict[str, Any]:
    return {
        "integrationContext": organization,
        "member": call.application.persons.urn(closure.member),
        "profileUrl": call.state.directory.members[closure.member].profile_url,
        "closedAt": closure.at,
        "externalJobPostingIds": sorted({export.job for export in exports}),
    }


V2: Final = Resource(
    name="closed_profiles", generation="v2", path=CLOSED_PROFILES_PATH, methods={"finder": find_closed}
)
