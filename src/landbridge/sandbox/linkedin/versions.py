"""``LinkedIn-Version``: mandatory on ``rest/``, refused when sunset, never published or older than the resource."""

from __future__ import annotations

import re
from datetime import datetime

from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.choices import (
    MISSING_VERSION_STATUS,
    NEWEST_VERSION,
    SUPPORT_MONTHS,
    UNKNOWN_VERSION_STATUS,
)
from landbridge.sandbox.linkedin.refusals import RefusalError

_VERSION = re.compile(r"(\d{4})(\d{2})(?:\.\d{2})?")


def check_version(header: str, since: int, now: datetime) -> None:
    """Raises unless the header names a living version in which the resource exists."""
    if not header:
        message = "the LinkedIn-Version header is missing"
        raise RefusalError(MISSING_VERSION_STATUS, message, code="VERSION_MISSING", rule=audit.NO_VERSION)
    found = _VERSION.fullmatch(header)
    if found is None or not 1 <= int(found[2]) <= 12:
        raise RefusalError(400, "LinkedIn-Version must look like YYYYMM", code="INVALID_VERSION")
    year, month = int(found[1]), int(found[2])
    if year * 100 + month > NEWEST_VERSION:
        raise RefusalError(UNKNOWN_VERSION_STATUS, "this version does not exist", code="NONEXISTENT_VERSION")
    if (now.year * 12 + now.month) - (year * 12 + month) >= SUPPORT_MONTHS:
        raise RefusalError(426, "this version was sunset", code="VERSION_SUNSET")
    if year * 100 + month < since:
        raise RefusalError(404, f"this resource exists since version {since}", code="RESOURCE_NOT_FOUND")
