"""Reading back whom LinkedIn has recognised in our candidates, and telling it whom we know them to be.

v2 sets the person by a partial update. The versioned API lists none, so there it goes along with a full update (its
method table; the consequence is inferred).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Raw, Struct

from landbridge.connectors.linkedin import restli
from landbridge.connectors.linkedin.candidates import translate_candidate
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.dialects import Resource
from landbridge.connectors.linkedin.refusals import refused
from landbridge.connectors.linkedin.wire import CandidateWire, respelled
from landbridge.http import Call
from landbridge.http.decoding import decode_json
from landbridge.ports.destination import Outcome, Outgoing
from landbridge.records import Candidate

FIELDS = "fields=matchedMembers,manualMatchedMember"
PERSON = "urn:li:person:"
_DEEPEST = 4


class _Matched(Struct, rename="camel"):
    """The shape of an element of ``matchedMembers`` is documented nowhere, so both fields are taken as they come."""

    manual_matched_member: Any = None
    matched_members: Any = None


async def read_matches(
    client: LinkedInClient, dialect: Resource, organization: str, candidate_ids: Sequence[str]
) -> dict[str, str]:
    """Candidate id to person URN, for those that have a match. One call, at most 100 ids.

    What a person has matched by hand comes before what LinkedIn's algorithm found, and of its finds the first.
    """
    if not candidate_ids:
        return {}
    keys = [dialect.key(organization, candidate_id) for candidate_id in candidate_ids]
    call = Call(
        method="GET",
        path=dialect.path,
        route=dialect.path,
        query=f"{restli.Keys(keys, dialect.protocol).query}&{FIELDS}",
        headers={**dialect.headers, "x-restli-method": "batch_get"},
        records=len(keys),
        allowance="candidates",
    )
    answer = await client.send(call)
    found = zip(candidate_ids, restli.read_entities(answer, keys), strict=True)
    persons = ((candidate_id, _person(raw)) for candidate_id, raw in found if isinstance(raw, Raw))
    return {candidate_id: person for candidate_id, person in persons if person is not None}


async def tell_matches(
    client: LinkedInClient,
    dialect: Resource,
    organization: str,
    rows: Sequence[Outgoing],
    persons: Mapping[int, str | None],
    now: datetime,
) -> list[Outcome]:
    """Say which member each candidate is; None: no one. One call, at most 100 candidates."""
    keys = restli.Keys([dialect.key(organization, row.key) for row in rows], dialect.protocol)
    partial = dialect.version is None
    bodies = [_patch(persons[row.record_id]) if partial else _full(row, persons, dialect, now) for row in rows]
    call = Call(
        method="POST" if partial else "PUT",
        path=dialect.path,
        route=dialect.path,
        query=keys.query,
        headers={**dialect.headers, "x-restli-method": "batch_partial_update" if partial else "batch_update"},
        content=keys.entities(bodies),
        content_type="application/json",
        records=len(rows),
        allowance="candidates",
    )
    statuses = restli.read_statuses(await client.send(call), keys)
    return [_outcome(row, status) for row, status in zip(rows, statuses, strict=True)]


def _patch(person: str | None) -> bytes:
    change = {"$delete": ["manualMatchedMember"]} if person is None else {"$set": {"manualMatchedMember": person}}
    return msgspec.json.encode({"patch": change})


def _full(row: Outgoing, persons: Mapping[int, str | None], dialect: Resource, now: datetime) -> bytes:
    """The whole candidate with its person: what a full update leaves out becomes null."""
    form = respelled(CandidateWire, dialect.renames)
    whole = msgspec.to_builtins(translate_candidate(msgspec.json.decode(row.body, type=Candidate), now, form))
    return msgspec.json.encode({**whole, "manualMatchedMember": persons[row.record_id]})


def _outcome(row: Outgoing, status: int | restli.Fault | None) -> Outcome:
    if status is None:
        return Outcome(record_id=row.record_id, status="retry", detail="LinkedIn did not mention it")
    return (
        Outcome(record_id=row.record_id, status="delivered")
        if isinstance(status, int)
        else refused(row.record_id, status)
    )


def _person(raw: Raw) -> str | None:
    matched = decode_json(raw, _Matched)
    for value in (matched.manual_matched_member, matched.matched_members):
        person = next(_persons(value, _DEEPEST), None)
        if person is not None:
            return person
    return None


def _persons(value: Any, depth: int) -> Iterator[str]:
    """Every person URN in ``value``, in the order met: as text, in a list, as a field, or as the key of a map."""
    if isinstance(value, str):
        if value.startswith(PERSON) and len(value) < 200:
            yield value
    elif depth and isinstance(value, dict):
        for key, inner in value.items():
            yield from _persons(key, 0)
            yield from _persons(inner, depth - 1)
    elif depth and isinstance(value, list):
        for inner in value:
            yield from _persons(inner, depth - 1)
