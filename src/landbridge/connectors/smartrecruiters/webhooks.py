"""What SmartRecruiters tells unasked: is a delivery genuine, and what has to be read again because of it?

Sources: the pages "Receiving webhook notifications" and "Activating webhook subscriptions", and the reference of the
Webhooks API. A delivery carries ids only. Its ``Link`` header names an address to ask, with the customer's key: it is
signed along, but never followed.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from msgspec import Struct

from landbridge.connectors.smartrecruiters.identifier import is_usable
from landbridge.ports.source import Item
from landbridge.ports.telling import Delivery, Told
from landbridge.records.kinship import pair_key

HOOK_HEADER: Final = "x-hook-secret"
SIGNATURE: Final = "smartrecruiters-signature"
TIMESTAMP: Final = "smartrecruiters-timestamp"
LONGEST_BODY: Final = 16 * 1024
# SmartRecruiters counts this within 5 seconds, and nothing else.
ACCEPTED: Final = 202

_JOBS: Final = ("job.created", "job.updated", "job.status.updated", "job.hiring-team.updated")
_ADS: Final = ("job.ad.created", "job.ad.updated", "job.ad.postings.updated")
_APPLICATIONS: Final = ("application.created", "application.status.updated", "application.source.updated")
_PEOPLE: Final = ("candidate.created", "candidate.updated")
_REMOVED: Final = "candidate.deleted"
_REVIEWS: Final = ("review.created", "review.updated", "review.deleted")
_FILES: Final = ("application.attachment.created",)
# All that changes what LinkedIn shall have. job.updated does not fire for the text of an ad, nor for publishing.
EVENTS: Final[tuple[str, ...]] = (*_JOBS, *_ADS, *_APPLICATIONS, *_PEOPLE, _REMOVED, *_REVIEWS, *_FILES)

# The signed parts are joined by dots. Names have dots in them, so the grammar of each part must leave one reading only:
# a time stamp of digits, a body that is one whole JSON object, an id without dots, a name without digits, a version
# that begins with one (after a "v"), a link in angle brackets. Otherwise bytes could move from one part to another
# under a signature that stays good.
_GRAMMAR: Final[Mapping[str, re.Pattern[str]]] = {
    TIMESTAMP: re.compile(r"[0-9]{1,16}"),
    "event-id": re.compile(r"[A-Za-z0-9_-]{1,128}"),
    "event-name": re.compile(r"[a-z_-]{1,64}(\.[a-z_-]{1,64}){1,7}"),
    "event-version": re.compile(r"v?[0-9]{1,12}(\.[0-9]{1,12}){0,3}"),
    "link": re.compile(r"(<[!-;=?-~]{1,2000}>; ?rel=\"?self\"?)?"),
}
_SEGMENT = re.compile(r"v1=([0-9a-f]{64})")
_OTHER_SCHEME = re.compile(r"[a-z0-9]{1,16}=[!-:<-~]{1,512}")
_MOST_SEGMENTS = 32
_SECRET = re.compile(r"[A-Za-z0-9+/=_.:-]{1,256}")


class _Ids(Struct):
    id: str | None = None
    job_id: str | None = None
    candidate_id: str | None = None
    application_id: str | None = None


def answer_greeting(headers: Mapping[str, str]) -> Mapping[str, str] | None:
    """What to send back when a subscription is activated, None where this is no greeting (any more)."""
    value = headers.get(HOOK_HEADER, "")
    return {HOOK_HEADER: value} if _SECRET.fullmatch(value) else None


def read_delivery(headers: Mapping[str, str], body: bytes, keys: Sequence[str]) -> Delivery | None:
    """A delivery that SmartRecruiters signed with one of the living keys; None for anything else.

    ``headers`` by lower-case names. ``body`` is the bytes as they came: the signature counts blanks.
    """
    parts = {name: headers.get(name, "") for name in _GRAMMAR}
    if not all(pattern.fullmatch(parts[name]) for name, pattern in _GRAMMAR.items()):
        return None
    given = _signatures(headers.get(SIGNATURE, ""))
    if not given or not _is_signed(parts, body, given, keys) or not _is_object(body):
        return None
    return Delivery(event_id=parts["event-id"], name=parts["event-name"], body=body)


def _signatures(header: str) -> list[str]:
    """The signatures of the scheme we know; nothing at all where any part of the header is odd."""
    segments = [segment.strip() for segment in header.split(";")]
    if len(segments) > _MOST_SEGMENTS or not all(_OTHER_SCHEME.fullmatch(segment) for segment in segments):
        return []
    return [found[1] for segment in segments if (found := _SEGMENT.fullmatch(segment))]


def _is_signed(parts: Mapping[str, str], body: bytes, given: Sequence[str], keys: Sequence[str]) -> bool:
    after = ".".join([parts["event-id"], parts["event-name"], parts["event-version"], parts["link"]])
    signed = b".".join([parts[TIMESTAMP].encode(), body, after.encode()])
    good = False
    for key in keys:
        expected = hmac.digest(key.encode(), signed, "sha256").hex()
        for one in given:
            good |= hmac.compare_digest(one, expected)
    return good


def _is_object(body: bytes) -> bool:
    """One whole JSON object with nothing after it: such texts are never the beginning of one another."""
    if not (body[:1] == b"{" and body[-1:] == b"}"):
        return False
    try:
        msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def read_event(name: str, body: bytes) -> Told | None:
    """What to read again because of an event; None for one that nobody here understands."""
    if name not in EVENTS:
        return None
    try:
        ids = msgspec.json.decode(body, type=_Ids)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if name in _APPLICATIONS:
        return _of_application(ids)
    if name in _REVIEWS or name in _FILES:
        application = _usable(ids.application_id)
        read = "reviews" if name in _REVIEWS else "resumes"
        return Told(children=(Item(read, application),)) if application else None
    job, own = _usable(ids.job_id or ids.id), _usable(ids.id)
    if name in _JOBS or name in _ADS:
        return Told(items=(Item("jobs", job),)) if job else None
    if own and name == _REMOVED:
        return Told(gone=(own,))
    return Told(items=(Item("candidates", own),)) if own else None


def _of_application(ids: _Ids) -> Told | None:
    """The candidate as well: it counts as updated when one of its applications moves, with no event of its own."""
    candidate, job = _usable(ids.candidate_id), _usable(ids.job_id)
    if not candidate or not job:
        return None
    items = (Item("applications", pair_key(candidate, job)), Item("candidates", candidate))
    return Told(items=items, jobs=(Item("jobs", job),))


def _usable(identifier: str | None) -> str:
    return identifier if identifier and is_usable(identifier) else ""
