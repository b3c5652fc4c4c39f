"""Reading back whom LinkedIn has recognised in our candidates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Raw, Struct

from landbridge.connectors.linkedin import restli
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.dialects import Resource
from landbridge.http import Call
from landbridge.http.decoding import decode_json

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
