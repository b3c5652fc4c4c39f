"""Somebody is erased: in which order, whatever fails on the way, with a receipt, and for good."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from landbridge.records import Kind
from landbridge.records.kinship import KIN
from landbridge.store import erasures
from landbridge.store.database import Database
from landbridge.store.erasures import Receipt
from tests.faults.conftest import FarSides
from tests.faults.drive import Drive

LAYERS = {"stages": 0, "interview_feedback": 0, "attachments": 0, "applications": 1, "candidates": 2}


@pytest.fixture
def candidates() -> int:
    return 12


def busiest(far_sides: FarSides) -> str:
    """The candidate with the most applications on LinkedIn."""
    there = [str(row["atsCandidateId"]) for row in far_sides.network.dump("applications")]
    return max(sorted(set(there)), key=there.count)


def deleted(far_sides: FarSides, after: int) -> list[tuple[str, str]]:
    """What LinkedIn deleted, in the order in which it did."""
    return [
        (row.entity.removesuffix(".delete"), row.key)
        for row in far_sides.network.written(after)
        if row.operation.endswith("batch_delete") and row.status < 300
    ]


def is_children_first(order: list[tuple[str, str]]) -> bool:
    layers = [LAYERS[entity] for entity, _ in order]
    return layers == sorted(layers)


@asynccontextmanager
async def erased_in_the_ats(drive: Drive, far_sides: FarSides) -> AsyncIterator[tuple[str, int]]:
    """A synced company that has erased somebody, as a sweep finds out: the person, and the last call before."""
    await drive.sync()
    person, before = busiest(far_sides), far_sides.network.last_call()
    far_sides.source.delete(candidate=person)
    yield person, before


async def receipt_of(database: Database, workspace: int, person: str) -> Receipt:
    async with database.connection() as connection:
        [listed] = await erasures.load_receipts(connection, workspace, key=person)
        found = await erasures.load_receipt(connection, workspace, listed.id)
    assert found is not None
    return found


async def test_children_go_before_applications_and_those_before_the_candidate(
    drive: Drive, database: Database, far_sides: FarSides
) -> None:
    async with erased_in_the_ats(drive, far_sides) as (person, before):
        await drive.sync()
        order = deleted(far_sides, before)
    assert {entity for entity, _ in order} == {"stages", "applications", "candidates"}
    assert is_children_first(order)
    assert all(row["atsCandidateId"] != person for row in far_sides.network.dump("candidates"))
    receipt = await receipt_of(database, drive.workspace, person)
    assert (receipt.kind, receipt.told_by, receipt.waiting) == ("candidate", "sweep", 0)
    assert receipt.done_at is not None
    on_linkedin = [(item.kind, item.key) for item in receipt.items if item.place == "linkedin"]
    assert ("candidate", person) in on_linkedin
    assert len(on_linkedin) == len(order)
    assert [item.count for item in receipt.items if item.place == "landbridge" and item.kind == "record"] == [
        len(on_linkedin)
    ]


@pytest.mark.parametrize("operation", ["stages.batch_delete", "applications.batch_delete"])
async def test_what_fails_holds_up_what_comes_after_it(drive: Drive, far_sides: FarSides, operation: str) -> None:
    async with erased_in_the_ats(drive, far_sides) as (person, before):
        far_sides.network.fault(operation, "status", status=503, times=6)
        await drive.sync()
        order = deleted(far_sides, before)
    assert is_children_first(order)
    assert order[-1][0] == "candidates"
    assert person in order[-1][1]


async def test_lanes_that_run_at_once_keep_the_order(drive: Drive, far_sides: FarSides) -> None:
    async with erased_in_the_ats(drive, far_sides) as (_, before):
        await drive.sweep()
        for _ in range(100):
            # The candidates' lane has the least to do, so without an order it would be the first.
            await asyncio.gather(*(drive.drive(writer) for writer in reversed(drive.destination.writers)))
            if not await drive.on_the_way():
                break
        order = deleted(far_sides, before)
    assert order[-1][0] == "candidates"
    assert is_children_first(order)


async def test_child_that_is_refused_for_good_does_not_keep_the_person(
    drive: Drive, database: Database, far_sides: FarSides
) -> None:
    async with erased_in_the_ats(drive, far_sides) as (person, before):
        await drive.sweep()
        async with database.connection() as connection:
            await connection.execute(
                """UPDATE delivery SET state = 'quarantined', reason = 'refused' WHERE record_id = (
                       SELECT min(s.id) FROM record s JOIN record a ON a.kind = 'application' AND a.key = s.parent_key
                       WHERE s.kind = 'stage' AND a.parent_key = %s)""",
                [person],
            )
        await drive.send()
        assert deleted(far_sides, before)[-1][0] == "candidates"
    receipt = await receipt_of(database, drive.workspace, person)
    assert (receipt.waiting, receipt.done_at) == (1, None)
    assert [(item.kind, item.state, item.reason) for item in receipt.items if item.state != "done"] == [
        ("stage", "refused", "refused")
    ]


def test_every_kind_that_hangs_on_another_has_a_layer() -> None:
    hanging = {kind for kind, kin in KIN.items() if kin.parent is not None}
    layered = {Kind.APPLICATION, Kind.STAGE, Kind.FEEDBACK, Kind.NOTE, Kind.RESUME}
    assert layered == hanging, "say in LAYERS when the new kind is deleted"
