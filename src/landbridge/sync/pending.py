"""Asking for verdicts that come later: LinkedIn takes jobs as tasks and says minutes later what became of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from landbridge.errors import LandbridgeError
from landbridge.records import Kind
from landbridge.store import lanes, ledger
from landbridge.store.ledger import Due, FencedError
from landbridge.sync import outcomes
from landbridge.sync.eligibility import Eligibility
from landbridge.sync.lane import Lane, SliceEnd, never
from landbridge.sync.rendering import outgoing_of
from landbridge.sync.saver import Saver

AT_A_TIME = 100


async def run_checks(lane: Lane, *, stopping: Callable[[], bool] = never) -> SliceEnd:
    """Ask for all verdicts that may be asked for now. To run under the lane's lock: it takes the lane over.

    Raises what the database raises; what the far side raises is told in the answer.
    """
    async with lane.database.connection() as connection:
        fence, _ = await lanes.take_over(connection, lane.workspace, lane.writer.resource)
    counts: dict[str, int] = {}
    saver = Saver(lane.database, fence, lane.writer.kind, lane.bell, lane.clock, origins=("pending",))
    try:
        async with saver:
            while not stopping() and (rows := await _pick(lane, lane.clock.now())):
                told = await _check(lane, rows, saver)
                counts = {name: counts.get(name, 0) + told.get(name, 0) for name in {*counts, *told}}
                await saver.drain()
    except FencedError:
        return SliceEnd(counts=counts, fenced=True)
    except _FarSideError as failure:
        return SliceEnd(counts=counts, problem=failure.error, more=True)
    async with lane.database.connection() as connection:
        later = await ledger.next_look_at(connection, lane.workspace, lane.writer.kind, "pending")
        due = await ledger.has_due(connection, lane.workspace, lane.writer.kind, now=lane.clock.now())
        if due:
            await lane.bell.ring(connection, lane.workspace, [lane.writer.kind])
    return SliceEnd(counts=counts, more=later is not None, resume_at=later)


class _FarSideError(Exception):
    def __init__(self, error: LandbridgeError) -> None:
        super().__init__(error.code)
        self.error = error


async def _pick(lane: Lane, now: datetime) -> list[Due]:
    async with lane.database.connection() as connection:
        return await ledger.pick_pending(connection, lane.workspace, lane.writer.kind, limit=AT_A_TIME, now=now)


async def _check(lane: Lane, rows: Sequence[Due], saver: Saver) -> dict[str, int]:
    by_record = {row.record_id: row for row in rows}
    now = lane.clock.now()
    eligibility = Eligibility(lane.choices, now)
    counts: dict[str, int] = {}
    try:
        told = await lane.writer.check([outgoing_of(row, None, gone=row.gone) for row in rows], now)
    except LandbridgeError as error:
        raise _FarSideError(error) from error
    for outcome in told:
        row = by_record[outcome.record_id]
        withdrawn = "" if row.gone else _withdrawn(eligibility, lane.writer.kind, row)
        verdict = outcomes.verdict(
            row,
            outcome,
            fingerprint=row.fingerprint or b"",
            now=now,
            removed=row.gone or bool(withdrawn),
            then_held=withdrawn,
            asked=True,
        )
        saver.results.verdicts.append(verdict)
        if verdict.acknowledged and not row.there:
            saver.results.arrived.append(row.record_id)
        counts[outcome.status] = counts.get(outcome.status, 0) + 1
    return counts


def _withdrawn(eligibility: Eligibility, kind: Kind, row: Due) -> str:
    """Why this record was being withdrawn, "" where it was not."""
    exclusion = eligibility.judge(kind, row.body, None)
    return exclusion.reason if exclusion is not None and exclusion.withdraw and row.there else ""
