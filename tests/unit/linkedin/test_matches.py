"""Matches in every shape an undocumented answer may have."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.dialects import V2
from landbridge.connectors.linkedin.matches import read_matches
from landbridge.http import JournalEntry, KeyHeader, OpenGate

ORGANIZATION = "urn:li:organization:1337"
PERSON, OTHER = "urn:li:person:aB-9_z", "urn:li:person:other"


class Silent:
    def note(self, entry: JournalEntry) -> None:
        """Nothing is asked of this journal."""


def client_answering(content: Any) -> LinkedInClient:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=json.dumps(content).encode()))
    return LinkedInClient(
        base_url="https://api.linkedin.com",
        auth=KeyHeader("Authorization", "Bearer-x"),
        journal=Silent(),
        gate=OpenGate(),
        transport=transport,
    )


async def person_in(entity: Any) -> str | None:
    key = "integrationContext=urn%3Ali%3Aorganization%3A1337&dataProvider=ATS&atsCandidateId=c1"
    client = client_answering({"results": {key: entity}, "errors": {}, "statuses": {}})
    try:
        return (await read_matches(client, V2["candidates"], ORGANIZATION, ["c1", "c2"])).get("c1")
    finally:
        await client.close()


@pytest.mark.parametrize(
    "entity",
    [
        {"matchedMembers": [PERSON, OTHER]},
        {"matchedMembers": [{"member": PERSON}, {"member": OTHER}]},
        {"matchedMembers": [{"person": {"urn": PERSON}}]},
        {"matchedMembers": PERSON},
        {"matchedMembers": {PERSON: {"score": 1}}},
        {"matchedMembers": [{"score": 0.9, "member~": {"id": "x"}, "urn": PERSON}]},
        {"manualMatchedMember": PERSON, "matchedMembers": [OTHER]},
        {"manualMatchedMember": {"member": PERSON}, "matchedMembers": [OTHER]},
        {"manualMatchedMember": None, "matchedMembers": [PERSON]},
    ],
)
async def test_person_is_found_in_any_likely_shape(entity: dict[str, Any]) -> None:
    assert await person_in(entity) == PERSON


@pytest.mark.parametrize(
    "entity",
    [{}, {"matchedMembers": []}, {"matchedMembers": None}, {"matchedMembers": [{"member": "urn:li:company:7"}]},
     {"matchedMembers": [7, True, None]}, {"matchedMembers": [[[[[[[PERSON]]]]]]]}],
)  # fmt: skip
async def test_nothing_else_is_taken_for_a_person(entity: dict[str, Any]) -> None:
    assert await person_in(entity) is None
