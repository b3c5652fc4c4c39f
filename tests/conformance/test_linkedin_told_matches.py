"""Telling LinkedIn whom we know a candidate to be: by a partial update, or with the whole where there is none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from landbridge.sandbox import Sandbox
from tests.conformance.linkedin_side import LinkedInSide, candidate, row_of, send, writer_of


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(candidates=5) as sandbox:
        yield sandbox


@pytest.fixture
async def side(sandbox: Sandbox) -> AsyncIterator[LinkedInSide]:
    side = LinkedInSide(sandbox)
    side.enable()
    yield side
    await side.close()


@pytest.mark.parametrize("dialect", ["v2", "rest"])
async def test_person_is_attached_and_taken_off_and_the_rest_of_the_candidate_stays(
    side: LinkedInSide, dialect: str
) -> None:
    linkedin = side.open(dialect=dialect)
    rows = [row_of(candidate(number, emails=(f"n{number}@example.org",)), number) for number in (1, 2)]
    await send(writer_of(linkedin, "candidates"), rows, side.now)
    before = side.dump("candidates")
    network, child = side.sandbox.linkedin.state.network, side.sandbox.linkedin.state.child
    persons = {
        row.record_id: child.persons.urn(member.number) for row, member in zip(rows, network.members, strict=False)
    }
    told = await linkedin.tell_matches(rows, persons, side.now)
    assert [(one.record_id, one.status) for one in told] == [(row.record_id, "delivered") for row in rows]
    assert await linkedin.read_matches([row.key for row in rows]) == {row.key: persons[row.record_id] for row in rows}
    told = await linkedin.tell_matches(rows[:1], {rows[0].record_id: None}, side.now)
    assert [one.status for one in told] == ["delivered"]
    assert await linkedin.read_matches([row.key for row in rows]) == {rows[1].key: persons[rows[1].record_id]}
    after = [{**row, "manualMatchedMember": None} for row in side.dump("candidates")]
    assert after == before


async def test_stranger_is_refused_alone(side: LinkedInSide) -> None:
    linkedin = side.open()
    rows = [row_of(candidate(number), number) for number in (1, 2, 3)]
    await send(writer_of(linkedin, "candidates"), rows[:2], side.now)
    child = side.sandbox.linkedin.state.child
    known = child.persons.urn(side.sandbox.linkedin.state.network.members[0].number)
    persons: dict[int, str | None] = {1: known, 2: "urn:li:person:nobody", 3: known}
    told = await linkedin.tell_matches(rows, {row.record_id: persons[row.record_id] for row in rows}, side.now)
    assert [one.status for one in told] == ["delivered", "refused", "refused"]
