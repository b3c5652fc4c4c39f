"""What a client owes by a certain time. Nobody calls when a duty is neglected, so this looks whenever it is asked.

Each neglected duty is told once; that it was told is kept with the records.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from landbridge.sandbox.kernel import DAY_MS, Rule
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.postings import is_open_at
from landbridge.sandbox.linkedin.pushes import Push
from landbridge.sandbox.linkedin.records import Evaluation, Export, Records, Resync
from landbridge.sandbox.linkedin.state import State

SWEEP_DAYS = 30


class Neglect(Struct, frozen=True):
    """One duty nobody did by ``at`` (epoch ms)."""

    rule: Rule
    at: int
    operation: str
    detail: str


def neglected(state: State, pushes: list[Push], at: int) -> Iterator[Neglect]:
    """What was not done by now and not told before."""
    told = {push.request_id for push in pushes if push.state == "delivered"}
    yield from _unread(state.talent, told, at)
    yield from _not_sent_again(state, told, at)
    for client_id in list(state.applications):
        for finding in missed_sweeps(state.talent, client_id, at):
            yield Neglect(audit.MISSED_SWEEP, at, "closed_profiles.finder", finding)


def _unread(records: Records, told: set[str], at: int) -> Iterator[Neglect]:
    """Announced, but never fetched: a push nobody got obliges nobody."""
    announced: tuple[Export | Evaluation, ...] = (*records.exports.values(), *records.evaluations.values())
    for one in announced:
        missed = one.expires_at <= at and one.read_at is None and one.request_id in told
        if missed and _is_new(records, one.request_id):
            name = "exported_candidates" if isinstance(one, Export) else "evaluations"
            yield Neglect(audit.UNREAD, one.expires_at, f"{name}.finder", one.request_id)


def _not_sent_again(state: State, told: set[str], at: int) -> Iterator[Neglect]:
    for resync in list(state.talent.resyncs):
        name = f"resync-{resync.number:06d}"
        if resync.due_at > at or name not in told or not _is_new(state.talent, name):
            continue
        missing = _missing(state, resync)
        if missing:
            detail = f"{name}: {len(missing)} of the jobs did not come, {missing[0]} among them"
            yield Neglect(audit.LATE_RESYNC, resync.due_at, "jobs.batch_create", detail)


def _missing(state: State, resync: Resync) -> list[str]:
    """Jobs asked for that were not sent as UPDATE in time."""
    sent = {
        task.job_id
        for task in list(state.tasks.by_urn.values())
        if task.client_id == resync.client_id
        and task.operation == "UPDATE"
        and resync.asked_at <= task.posted_at <= resync.due_at
    }
    books = state.applications[resync.client_id].books.values()
    open_jobs = (job for book in books for job, posting in book.postings.items() if is_open_at(posting, resync.due_at))
    wanted = open_jobs if resync.all_open else resync.jobs
    return [job for job in wanted if job not in sent]


def missed_sweeps(records: Records, client_id: str, at: int) -> list[str]:
    """Every 30 days that passed without asking for closed accounts, since the first export or the last asking."""
    base = records.swept_at.get(client_id)
    if base is None:
        theirs = (export.at for export in list(records.exports.values()) if export.client_id == client_id)
        base = min(theirs, default=None)
    if base is None:
        return []
    days = (at - base) // DAY_MS
    keys = [f"sweep/{client_id}/{base}/{turn}" for turn in range(1, days // SWEEP_DAYS + 1)]
    return [f"{SWEEP_DAYS} days without asking for closed accounts" for key in keys if _is_new(records, key)]


def _is_new(records: Records, key: str) -> bool:
    if key in records.owed:
        return False
    records.owed.add(key)
    return True
