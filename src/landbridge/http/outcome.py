"""What an answer means: one table from status (and the vendor's own code, where it has one) to what happens next."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from landbridge.errors import (
    ExistsError,
    LandbridgeError,
    MissingError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    SignInRejectedError,
    SurpriseError,
    UnavailableError,
)


class Resolution(StrEnum):
    ACCEPT = "accept"
    REPEAT = "repeat"  # a short retry first, where the call may be repeated; then the failure
    RENEW = "renew"  # once more with a new token; then the failure
    FAIL = "fail"


class Verdict(Struct, frozen=True):
    """How one outcome is resolved, and the failure it is when that does not help."""

    resolution: Resolution
    failure: type[LandbridgeError] = LandbridgeError
    code: str | None = None
    hint: str = ""


# Keyed by status, or by (status, vendor's code) where the code makes a difference; the finer key wins.
OutcomeTable: TypeAlias = Mapping[int | tuple[int, str], Verdict]

ACCEPT = Verdict(Resolution.ACCEPT)
_REDIRECT = Verdict(
    Resolution.FAIL,
    SurpriseError,
    "redirected",
    "The far side sent us elsewhere. Credentials follow no redirect: check the base URL.",
)

DEFAULT_OUTCOMES: OutcomeTable = {
    400: Verdict(Resolution.FAIL, RejectedError),
    401: Verdict(Resolution.RENEW, SignInRejectedError, None, "Check the credential and save it again."),
    403: Verdict(Resolution.FAIL, NotPermittedError, None, "Give the credential the permission it lacks."),
    404: Verdict(Resolution.FAIL, MissingError),
    408: Verdict(Resolution.REPEAT, UnavailableError),
    409: Verdict(Resolution.FAIL, ExistsError),
    410: Verdict(Resolution.FAIL, MissingError),
    429: Verdict(Resolution.FAIL, RateLimitedError),
    500: Verdict(Resolution.FAIL, UnavailableError),
    502: Verdict(Resolution.REPEAT, UnavailableError),
    503: Verdict(Resolution.REPEAT, UnavailableError),
    504: Verdict(Resolution.REPEAT, UnavailableError),
}


def judge(status: int, vendor_code: str, table: OutcomeTable) -> Verdict:
    """Look an answer up: the vendor's table first, then the default one, then the status class."""
    for key in ((status, vendor_code), status):
        if key in table:
            return table[key]
    return DEFAULT_OUTCOMES.get(status) or _judge_class(status)


def _judge_class(status: int) -> Verdict:
    if 200 <= status < 300:
        return ACCEPT
    if 300 <= status < 400:
        return _REDIRECT
    if 400 <= status < 500:
        return Verdict(Resolution.FAIL, RejectedError)
    if 500 <= status < 600:
        return Verdict(Resolution.FAIL, UnavailableError)
    return Verdict(Resolution.FAIL, SurpriseError, "unexpected_status")
