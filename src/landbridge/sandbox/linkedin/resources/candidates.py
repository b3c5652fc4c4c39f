"""``v2/atsCandidates`` and ``rest/candidates``: upsert, match read-back, person attachment, deletion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from msgspec import UNSET

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.batches import delete_all, open_books, patch_of, read_all, write_all
from landbridge.sandbox.linkedin.books import Book, Stored
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import FULL_UPDATE_KEEPS_MANUAL_MATCH, REST_FULL_UPDATE_SETS_MANUAL_MATCH
from landbridge.sandbox.linkedin.matching import NOBODY, attach_person, matches_alike, members_behind, refile_candidate
from landbridge.sandbox.linkedin.refusals import InvalidError, RefusalError
from landbridge.sandbox.linkedin.resources.attachments import drop_attachments
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import Key, KeyShape, parameter
from landbridge.sandbox.linkedin.rules.candidates import (
    DECODERS,
    Candidate,
    RestCandidate,
    V2Candidate,
    check_addresses,
)
from landbridge.sandbox.linkedin.rules.fields import omitted_fields, present_fields
from landbridge.sandbox.linkedin.state import DeveloperApplication, State

SHAPES: Final = {
    "v2": KeyShape(("atsCandidateId", "integrationContext"), {"dataProvider": "ATS"}),
    "rest": KeyShape(("externalCandidateId", "integrationContext")),
}


def batch_update(call: Call) -> Answer:
    """Replace whole candidates; what is left out becomes null."""
    books = open_books(call, {key[1] for key in call.keys})
    decode = DECODERS[call.generation].decode

    def write(key: Key, raw: msgspec.Raw) -> tuple[int, int | None]:
        try:
            candidate = decode(raw)
        except msgspec.ValidationError as problem:
            raise InvalidError(422, str(problem)) from None
        return _save(call, books[key[1]], key[0], bytes(raw), candidate)

    return write_all(call, SHAPES[call.generation], "candidates", write)


def _save(
    call: Call, book: Book, candidate_id: str, raw: bytes, candidate: V2Candidate | RestCandidate
) -> tuple[int, int]:
    old = book.candidates.get(candidate_id)
    manual = _manual_after(call, old, candidate)
    problem = check_addresses(candidate, person_attached=bool(manual))
    if problem:
        raise InvalidError(422, problem)
    for address in candidate.email_addresses or ():
        if audit.is_placeholder(address):
            call.violate(audit.PLACEHOLDER, candidate_id)
    modified = candidate.modified_at
    if old is None:
        if book.erased and modified <= book.erased.get(("candidates", candidate_id), -1):
            call.violate(audit.OUT_OF_ORDER, f"candidate {candidate_id}: an old state after its deletion")
        refile_candidate(book, candidate_id, (), members_behind(call.state, call.application, candidate, manual))
    elif old.raw != raw or old.manual != manual:
        former = DECODERS[old.dialect].decode(old.raw)
        _audit_update(call, candidate_id, former, candidate)
        if old.manual != manual or not matches_alike(former, candidate):
            before = members_behind(call.state, call.application, former, old.manual)
            after = members_behind(call.state, call.application, candidate, manual)
            refile_candidate(book, candidate_id, before, after)
    book.keep_candidate(candidate_id, raw, call.generation, call.at, manual)
    return (201 if old is None else 204), modified


def _manual_after(call: Call, old: Stored | None, candidate: Candidate) -> str | None:
    if REST_FULL_UPDATE_SETS_MANUAL_MATCH and isinstance(candidate, RestCandidate):
        wanted = candidate.manual_matched_member
        if wanted is not UNSET:
            return _checked_person(call, wanted)
    return old.manual if old is not None and FULL_UPDATE_KEEPS_MANUAL_MATCH else None


def _audit_update(
    call: Call,
    candidate_id: str,
    former: V2Candidate | RestCandidate,
    candidate: V2Candidate | RestCandidate,
) -> None:
    if candidate.modified_at < former.modified_at:
        call.violate(audit.OUT_OF_ORDER, f"candidate {candidate_id}: older than the state before it")
    omitted = omitted_fields(former, candidate)
    if omitted:
        call.violate(audit.OMITTED, f"candidate {candidate_id}: {', '.join(omitted)}")


def batch_partial_update(call: Call) -> Answer:
    """Attach (or take off) the person URN of a candidate. v2 only."""
    books = open_books(call, {key[1] for key in call.keys})

    def write(key: Key, raw: msgspec.Raw) -> tuple[int, int | None]:
        changes, deletions = patch_of(raw)
        if (changes.keys() | set(deletions)) - {"manualMatchedMember"}:
            raise InvalidError(422, "only manualMatchedMember can be updated partially")
        book = books[key[1]]
        stored = book.candidates.get(key[0])
        if stored is None:
            raise RefusalError(404, "Not found")
        urn = _checked_person(call, changes.get("manualMatchedMember"))
        attach_person(call.state, call.application, book, key[0], urn)
        return 204, DECODERS[stored.dialect].decode(stored.raw).modified_at

    return write_all(call, SHAPES[call.generation], "candidates.match", write)


def _checked_person(call: Call, urn: object) -> str | None:
    if urn is None:
        return None
    if not isinstance(urn, str) or call.application.persons.member(urn) is None:
        raise InvalidError(422, "manualMatchedMember must be a person URN this application was given")
    return urn


def batch_get(call: Call) -> Answer:
    """Read candidates back; ``fields`` names what is wanted."""
    books = open_books(call, {key[1] for key in call.keys})
    wanted = parameter(call.query, "fields")
    fields = frozenset(unquote(wanted).replace(" ", "").split(",")) if wanted else None

    def read(key: Key) -> dict[str, Any] | None:
        stored = books[key[1]].candidates.get(key[0])
        if stored is None:
            return None
        found = _wire(call, key, stored)
        return found if fields is None else {name: value for name, value in found.items() if name in fields}

    return read_all(call, SHAPES[call.generation], read)


def _wire(call: Call, key: Key, stored: Stored) -> dict[str, Any]:
    """One candidate as this dialect shows it, with its matches (once LinkedIn has had time to find them)."""
    candidate = DECODERS[stored.dialect].decode(stored.raw)
    created, modified = TIMES[call.generation]
    shape = SHAPES[call.generation]
    found = {**dict(zip(shape.fields, key, strict=True)), **shape.constants, **_fields(candidate)}
    found[created], found[modified] = candidate.created_at, candidate.modified_at
    ripe = call.at >= stored.written_at + call.limits.match_delay_seconds * 1000
    shown = ripe and stored.manual != NOBODY
    found["matchedMembers"] = matched_members(call.state, call.application, candidate) if shown else []
    if stored.manual:
        found["manualMatchedMember"] = stored.manual
    return found


TIMES: Final = {
    "v2": ("atsCreatedAt", "atsLastModifiedAt"),
    "rest": ("externalCreatedAt", "externalLastModifiedAt"),
}
_TIME_NAMES: Final = frozenset(name for names in TIMES.values() for name in names) | {"manualMatchedMember"}


def _fields(candidate: Candidate) -> dict[str, Any]:
    """What both dialects name alike, as plain JSON values."""
    fields = {name: value for name, value in present_fields(candidate).items() if name not in _TIME_NAMES}
    return dict(msgspec.to_builtins(fields))


def matched_members(state: State, application: DeveloperApplication, candidate: Candidate) -> list[str]:
    """Person URNs (as this application sees them) of members with one of the addresses or the profile URL."""
    emails = candidate.email_addresses if candidate.email_addresses is not UNSET else []
    profile = candidate.linked_in_profile_url
    numbers = state.directory.match(emails, profile if isinstance(profile, str) else None)
    return [application.persons.urn(number) for number in numbers]


def batch_delete(call: Call) -> Answer:
    """Notes vanish with their candidate; applications stay."""
    books = open_books(call, {key[1] for key in call.keys})

    def delete(key: Key) -> int | None:
        book = books[key[1]]
        stored = book.candidates.pop(key[0], None)
        if stored is None:
            raise RefusalError(404, "Not found")
        former = DECODERS[stored.dialect].decode(stored.raw)
        refile_candidate(book, key[0], members_behind(call.state, call.application, former, stored.manual), ())
        book.candidate_notes.pop(key[0], None)
        drop_attachments(book, "CANDIDATE", key[0])
        book.erased["candidates", key[0]] = former.modified_at
        return former.modified_at

    return delete_all(call, SHAPES[call.generation], "candidates", delete)


def dumped(state: State, application: DeveloperApplication, key: Key, stored: Stored) -> Mapping[str, Any]:
    """One candidate for the control room, always with v2 names."""
    candidate = DECODERS[stored.dialect].decode(stored.raw)
    return {
        "clientId": application.client_id,
        "atsCandidateId": key[0],
        "integrationContext": key[1],
        **_fields(candidate),
        "atsCreatedAt": candidate.created_at,
        "atsLastModifiedAt": candidate.modified_at,
        "matchedMembers": [] if stored.manual == NOBODY else matched_members(state, application, candidate),
        "manualMatchedMember": stored.manual or None,
    }


V2: Final = Resource(
    name="candidates",
    generation="v2",
    path="atsCandidates",
    shape=SHAPES["v2"],
    methods={
        "batch_update": batch_update,
        "batch_partial_update": batch_partial_update,
        "batch_get": batch_get,
        "batch_delete": batch_delete,
    },
)
REST: Final = Resource(
    name="candidates",
    generation="rest",
    path="candidates",
    shape=SHAPES["rest"],
    methods={"batch_update": batch_update, "batch_get": batch_get, "batch_delete": batch_delete},
    since=202602,
)
