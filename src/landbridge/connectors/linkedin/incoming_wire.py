"""LinkedIn's spelling of what comes from it. No page shows a full schema, so each field has the names it may go by.

The first name is LinkedIn's own where one was readable; the others are those of its sister APIs, of public clients and
of other vendors' pages. A field under none of them is absent, never an error: the element is kept as it came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from landbridge.errors import SurpriseError
from landbridge.http.decoding import decode_json
from landbridge.records.incoming import (
    ClosedProfile,
    ExportedPerson,
    InMail,
    ProspectNote,
    SharedContact,
)

PERSON, SEAT = "urn:li:person:", "urn:li:seat:"
PRIVATE = frozenset({"PRIVATE", "ONLY_ME", "AUTHOR", "OWNER"})
# Milliseconds of 1973 are seconds of the year 5138.
_MOST_SECONDS = 100_000_000_000
_LONGEST_TEXT = 200_000

_IDS = ("id", "entityUrn", "urn")
_CREATED = ("createdAt", "created", "deliveredAt", "sentAt", "created.time", "createdAt.time")
_MODIFIED = ("lastModified", "lastModifiedAt", "lastModified.time", "modifiedAt")
_PEOPLE = ("member", "memberUrn", "person", "personUrn", "prospect", "prospectUrn", "candidate")
_SEATS = ("owner", "ownerSeat", "seat", "seatUrn", "owner.seat")
_PROFILES = ("profileUrl", "publicProfileUrl", "linkedInProfileUrl", "publicProfile")
_EMPLOYERS = ("currentEmployerNames", "currentCompanyNames", "currentEmployerName", "currentCompanyName", "company")
_TITLES = ("currentTitle", "title", "currentJobTitle", "currentPosition.title")
_EMAILS = ("emailAddress", "email", "emailAddresses", "emails")
_PHONES = ("phoneNumber", "phone", "phoneNumbers", "phones")


def read_exported(raw: msgspec.Raw, request_id: str) -> ExportedPerson:
    """Raises SurpriseError where the customer it was made for is not named."""
    row = _row(raw)
    person = _part(row, "candidate", "stubProfile", "profile")
    context = _text(row, "integrationContext")
    if not context:
        raise SurpriseError("LinkedIn's export names no integrationContext", code="unexpected_answer")
    return ExportedPerson(
        id=request_id,
        raw=bytes(raw),
        integration_context=context,
        job_id=_text(row, "externalJobPostingId", "jobPostingId", "referenceEntityId") or None,
        person_urn=_urn(person, PERSON, *_PEOPLE) or _urn(row, PERSON, *_PEOPLE),
        first_name=_text(person, "firstName"),
        last_name=_text(person, "lastName"),
        headline=_text(person, "headline") or None,
        title=_text(person, *_TITLES) or None,
        location=_text(person, "location", "location.name", "locationName") or None,
        employers=tuple(_texts(person, *_EMPLOYERS)),
        profile_url=_text(person, *_PROFILES) or None,
        email=next(_texts(person, *_EMAILS), None),
        exporter=_urn(row, SEAT, "exporter", "exportedBy", "seat", "viewer", "actor"),
    )


def read_inmail(raw: msgspec.Raw, seat: str, seat_person: str | None) -> InMail:
    """Raises SurpriseError where neither text nor author can be made out."""
    row = _row(raw)
    content = _part(row, "content", "message", "mail") or row
    author = _urn(row, PERSON, "author", "from", "sender", "createdBy", "actor")
    others = [urn for urn in _urns(row, PERSON, "recipients", "to", "recipient", "participants") if urn != author]
    body = _text(content, "body", "text", "body.text", "message")
    if author is None and not body:
        raise SurpriseError("LinkedIn's event has neither an author nor a text", code="unexpected_answer")
    outgoing = None if seat_person is None or author is None else author == seat_person
    others = [urn for urn in others if urn != seat_person]
    return InMail(
        id=_text(row, *_IDS) or _digest(raw),
        raw=bytes(raw),
        seat=seat,
        at=_instant(row, *_CREATED),
        person_urn=author if outgoing is False else next(iter(others), None),
        outgoing=outgoing,
        thread=_text(row, "thread", "threadUrn", "conversation", "thread.urn") or None,
        subject=_text(content, "subject", "title") or _text(row, "subject"),
        body=body,
        private=_is_private(row),
    )


def read_note(raw: msgspec.Raw, contract: str) -> ProspectNote:
    """Raises SurpriseError for a note without an id: its edits and its end could not be followed."""
    row = _row(raw)
    note_id = _text(row, *_IDS)
    if not note_id:
        raise SurpriseError("LinkedIn named a note without its id", code="unexpected_answer")
    return ProspectNote(
        id=note_id,
        raw=bytes(raw),
        contract=_text(row, "contract", "contractUrn") or contract,
        active=row.get("active") is not False,
        created_at=_instant(row, *_CREATED),
        modified_at=_instant(row, *_MODIFIED) or _instant(row, *_CREATED),
        seat=_urn(row, SEAT, *_SEATS, "author"),
        person_urn=_urn(row, PERSON, *_PEOPLE),
        private=_is_private(row),
        text=_text(row, "text", "note", "body", "content", "content.text", "note.text"),
    )


def read_contact(raw: msgspec.Raw, contract: str) -> SharedContact:
    """Raises SurpriseError where there is nobody in it."""
    row = _row(raw)
    person = _part(row, "stubProfile", "candidate", "profile") or row
    person_urn, emails = _urn(person, PERSON, *_PEOPLE) or _urn(row, PERSON, *_PEOPLE), tuple(_texts(person, *_EMAILS))
    if person_urn is None and not emails:
        raise SurpriseError("LinkedIn's stub profile has neither a person nor an address", code="unexpected_answer")
    return SharedContact(
        id=_text(row, *_IDS) or _digest(raw),
        raw=bytes(raw),
        contract=_text(row, "contract", "contractUrn") or contract,
        seat=_urn(row, SEAT, *_SEATS),
        at=_instant(row, *_CREATED),
        person_urn=person_urn,
        first_name=_text(person, "firstName"),
        last_name=_text(person, "lastName"),
        emails=emails,
        phone=next(_texts(person, *_PHONES), None),
        title=_text(person, *_TITLES) or None,
        employer=next(_texts(person, *_EMPLOYERS), None),
    )


def read_closed(raw: msgspec.Raw) -> ClosedProfile:
    """Raises SurpriseError where it cannot be told whose account it was."""
    row = _row(raw)
    person_urn, profile_url = _urn(row, PERSON, *_PEOPLE), _text(row, *_PROFILES) or None
    if person_urn is None and profile_url is None:
        raise SurpriseError("LinkedIn's closed profile names nobody", code="unexpected_answer")
    return ClosedProfile(
        id=person_urn or profile_url or "",
        raw=bytes(raw),
        person_urn=person_urn,
        profile_url=profile_url,
        at=_instant(row, "closedAt", "closed", "deletedAt", *_CREATED),
    )


# -- finding a value under the names it may go by


def _row(raw: msgspec.Raw) -> dict[str, Any]:
    return decode_json(raw, dict[str, Any])


def _values(row: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[Any]:
    """What stands under the names, in their order; a dotted name is a field of a field."""
    for name in names:
        head, _, rest = name.partition(".")
        value = row.get(head)
        if rest and isinstance(value, Mapping):
            yield from _values(value, (rest,))
        elif not rest and value is not None:
            yield value


def _part(row: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    return next((value for value in _values(row, names) if isinstance(value, Mapping)), {})


def _texts(row: Mapping[str, Any], *names: str) -> Iterator[str]:
    """Every text under the names: a field may hold one or a list, of plain texts or of objects around them."""
    for value in _values(row, names):
        for one in value if isinstance(value, list) else (value,):
            inner = next(_values(one, ("name", "address", "number", "value", "text")), None) if _is_object(one) else one
            if isinstance(inner, str | int) and not isinstance(inner, bool) and (text := str(inner).strip()):
                yield text[:_LONGEST_TEXT]


def _is_object(value: Any) -> bool:
    return isinstance(value, Mapping)


def _text(row: Mapping[str, Any], *names: str) -> str:
    return next(_texts(row, *names), "")


def _urns(row: Mapping[str, Any], prefix: str, *names: str) -> Iterator[str]:
    """URNs of a kind under the names: as text, in a list, or as a field of an object."""
    for value in _values(row, names):
        for one in value if isinstance(value, list) else (value,):
            found = _values(one, ("urn", "member", "seat", "person", "entityUrn")) if _is_object(one) else (one,)
            yield from (urn for urn in found if isinstance(urn, str) and urn.startswith(prefix) and len(urn) < 200)


def _urn(row: Mapping[str, Any], prefix: str, *names: str) -> str | None:
    return next(_urns(row, prefix, *names), None)


def _instant(row: Mapping[str, Any], *names: str) -> datetime | None:
    """The first epoch time under the names, in milliseconds or in seconds, told apart by its size."""
    for value in _values(row, names):
        text = str(value)
        if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 15:
            continue
        number = int(text)
        return datetime.fromtimestamp(number / 1000 if number > _MOST_SECONDS else number, UTC)
    return None


def _is_private(row: Mapping[str, Any]) -> bool:
    """Where nothing is said, it is not: what others may not see, LinkedIn is not expected to return."""
    flag = row.get("private")
    return flag is True or _text(row, "visibility", "visibility.type").upper() in PRIVATE


def _digest(raw: msgspec.Raw) -> str:
    """An id for what came without one: the same element has the same."""
    return "sha256:" + hashlib.sha256(bytes(raw)).hexdigest()
