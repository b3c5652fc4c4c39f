"""What LinkedIn posts to a customer's CALLBACK_URL: is it genuine, and what does it tell?

A push carries an id only; what it is about is fetched with the customer's own key. Sources: LinkedIn's pages on push
events (the two types, the id) and on webhook validation (challenge and signature). Neither the name of the id's field
nor the unit of its expiry is documented for this product, so both known forms are taken.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

STATUS_CHANGE = "INTEGRATION_STATUS_CHANGE"
EXPORT = "EXPORT_CANDIDATE_PROFILE"
RESYNC = "RESYNC_JOBS"

SIGNATURE_HEADER = "x-li-signature"
_PREFIX = "hmacsha256="
LONGEST_BODY = 64 * 1024
_LONGEST_TEXT = 255
# Seconds of the year 5138 are milliseconds of 1973: what is larger is in milliseconds.
_MOST_SECONDS = 100_000_000_000

_UUID_4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)


class Push(Struct, frozen=True, kw_only=True):
    """``event_id`` is what events are told apart by: LinkedIn's id, or where it gave none the hash of the body."""

    type: str
    request_id: str
    event_id: str
    expires_at: datetime | None = None


class ResyncWish(Struct, frozen=True, kw_only=True):
    """LinkedIn wants jobs sent again: ``jobs``, or all that are open. Source: the page on job resync notifications."""

    all_open: bool
    jobs: tuple[str, ...]


class _Application(Struct, rename="camel"):
    developer_application_urn: str = ""


class _Resync(Struct, rename="camel"):
    sync_all_open_jobs: bool = False
    external_job_posting_ids: list[str | int] | None = None


class _Body(Struct, rename="camel"):
    type: str = ""
    id: str | int | None = None
    request_id: str | int | None = None
    expires_at: int | float | None = None


def is_genuine(body: bytes, signature: str, secrets: Sequence[str]) -> bool:
    """Whether LinkedIn signed exactly these bytes with one of the application's living secrets.

    The signature comes bare or with the algorithm in front; the comparison takes the same time wherever it fails.
    """
    given = signature.strip().lower().removeprefix(_PREFIX)
    if not re.fullmatch(r"[0-9a-f]{64}", given):
        return False
    matches = [
        hmac.compare_digest(given, hmac.new(secret.encode(), _PREFIX.encode() + body, hashlib.sha256).hexdigest())
        for secret in secrets
        if secret
    ]
    return any(matches)


def answer_challenge(code: str, secret: str) -> dict[str, str] | None:
    """The answer to LinkedIn's question whether this address is ours; None for anything but a random UUID.

    The answer is a signature: given to whatever text, it would let anybody have pushes signed by us.
    """
    if not _UUID_4.fullmatch(code):
        return None
    answer = hmac.new(secret.encode(), code.encode(), hashlib.sha256).hexdigest()
    return {"challengeCode": code, "challengeResponse": answer}


def read_push(body: bytes) -> Push | None:
    """What a genuine push tells; None where it is no push at all. Unknown types are pushes too."""
    try:
        told = msgspec.json.decode(body, type=_Body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if not 0 < len(told.type) <= _LONGEST_TEXT:
        return None
    request_id = str(told.request_id if told.request_id is not None else told.id if told.id is not None else "")
    if len(request_id) > _LONGEST_TEXT:
        return None
    event_id = f"{told.type}:{request_id}" if request_id else hashlib.sha256(body).hexdigest()
    return Push(type=told.type, request_id=request_id, event_id=event_id, expires_at=_instant(told.expires_at))


def read_resync(body: bytes) -> ResyncWish | None:
    """What a resync push asks for; None where it names nothing."""
    try:
        told = msgspec.json.decode(body, type=_Resync)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    jobs = tuple(str(one) for one in told.external_job_posting_ids or ())
    return ResyncWish(all_open=told.sync_all_open_jobs, jobs=jobs) if told.sync_all_open_jobs or jobs else None


def application_of(body: bytes) -> str:
    """The URN of the customer's application that a push to the partner's address is about; "" where it names none."""
    try:
        return msgspec.json.decode(body, type=_Application).developer_application_urn
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def _instant(value: float | None) -> datetime | None:
    """An epoch time in seconds or in milliseconds, told apart by its size."""
    if value is None or value <= 0:
        return None
    try:
        return datetime.fromtimestamp(value / 1000 if value > _MOST_SECONDS else value, UTC)
    except (OverflowError, ValueError, OSError):
        return None
