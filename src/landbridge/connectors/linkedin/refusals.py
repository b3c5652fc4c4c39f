"""What LinkedIn's refusal of one element means for the record."""

from __future__ import annotations

from typing import Any

from landbridge.connectors.linkedin.restli import Fault
from landbridge.errors import MissingError, SettingError
from landbridge.ports.destination import Outcome

REASON_OF_STATUS = {
    400: "linkedin_bad_request",
    401: "linkedin_not_permitted",
    402: "linkedin_not_permitted",
    403: "linkedin_not_permitted",
    404: "linkedin_not_found",
    409: "linkedin_conflict",
    422: "linkedin_invalid",
}


def refused(record_id: int, fault: Fault, far: dict[str, Any] | None = None) -> Outcome:
    """Throttling and server errors of one element say nothing about the record; all else is its own."""
    if fault.status in {408, 429} or fault.status >= 500:
        return Outcome(record_id=record_id, status="retry", detail=fault.detail, far=far)
    reason = REASON_OF_STATUS.get(fault.status, "linkedin_refused")
    return Outcome(record_id=record_id, status="refused", reason=reason, detail=fault.detail, far=far)


def unknown_resource(error: MissingError) -> SettingError:
    """A collection that LinkedIn does not know is our mistake, not a record's."""
    return SettingError(
        "LinkedIn does not know this resource",
        code="linkedin_resource_unknown",
        hint="Check dialect, version and paths in the LinkedIn connection.",
        facts=error.facts,
    )
