"""Taking in what an ATS of one's own pushes: all that is acknowledged is in the mirror, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from landbridge.connectors.rest_ats.source import NAME
from landbridge.connectors.rest_ats.translation import Fault, Sorted, page_of, sort_out, user_of
from landbridge.connectors.rest_ats.wire import (
    Deletion,
    Pushed,
    PushedApplication,
    PushedCandidate,
    PushedJob,
    PushedNotes,
    PushedStages,
    PushedUser,
)
from landbridge.errors import SettingError
from landbridge.http import Clock
from landbridge.jobs.control import start_sync
from landbridge.jobs.queue import JobBell
from landbridge.jobs.wiring import Works
from landbridge.records import Kind
from landbridge.store import mirror, pushes
from landbridge.store.database import Connection, Database
from landbridge.store.seats import save_users
from landbridge.sync.budget import Urgency
from landbridge.sync.mirror import Arrival, merge

MOST = 1_000
# The time that tells which of two states of a record is the newer one.
DATED = (PushedJob, PushedCandidate)
# All of one application at once: what a shorter list took away a longer one may name again.
WHOLE = (PushedStages, PushedNotes)
KIND_OF: dict[type[Struct], Kind] = {
    PushedJob: Kind.JOB,
    PushedCandidate: Kind.CANDIDATE,
    PushedApplication: Kind.APPLICATION,
    PushedStages: Kind.STAGE,
    PushedNotes: Kind.NOTE,
    Deletion: Kind.CANDIDATE,
}


class Taken(Struct, frozen=True, kw_only=True):
    """``taken`` records are kept; ``changed`` of them were new or said something new. ``faults`` were not taken."""

    taken: int
    changed: int
    faults: list[Fault]


async def open_door(works: Works, workspace: int) -> None:
    """Let an ATS of one's own push into this workspace. Raises SettingError where it has another ATS."""
    async with works.database.transaction() as connection:
        made = await pushes.open_pushes(connection, workspace, NAME, vault=works.vault, now=works.clock.now())
    if made:
        # There is nothing to read; the sweep that ends at once says so to everybody who asks for the history.
        await start_sync(works, workspace)


async def push(database: Database, clock: Clock, workspace: int, rows: Sequence[Any], kind: type[Pushed]) -> Taken:
    """Take the rows of one call. Raises SettingError where the workspace's ATS is another one."""
    told = sort_out(rows, kind)
    now = clock.now()
    async with database.transaction() as connection:
        if not await pushes.takes_pushes(connection, workspace, NAME):
            raise SettingError(
                "This workspace takes no pushed records.",
                code="no_pushes",
                hint="In the console, under API access, let an ATS of your own push into it.",
            )
        await mirror.take_turn(connection, workspace)
        told = await _without_gone(connection, workspace, told, kind)
        told = await _without_older(connection, workspace, told, kind)
        changed = await _save(connection, clock, workspace, [one for _, one in told.good], kind, now)
    return Taken(taken=len(told.good), changed=changed, faults=sorted(told.faults, key=lambda one: one.place))


async def _save(
    connection: Connection, clock: Clock, workspace: int, good: Sequence[Pushed], kind: type[Pushed], now: datetime
) -> int:
    users = [user_of(one) for one in good if isinstance(one, PushedUser)]
    left = [one.id for one in good if isinstance(one, Deletion) and one.kind == "user"]
    if users:
        await save_users(connection, workspace, _newest(users), now)
    changed = await pushes.forget_users(connection, workspace, left, now) if left else 0
    if kind is PushedUser or not good:
        return changed + len(users)
    priority = Urgency.ERASURE if kind is Deletion else Urgency.LIVE
    arrival = Arrival(pass_name="push", of=KIND_OF[kind], priority=priority, told_by="push")  # noqa: S106 - no password
    page = page_of(good)
    if kind in WHOLE:
        named = [one.id for one in page.records]
        back = await pushes.revive_children(connection, workspace, KIND_OF[kind].value, named, now)
        await mirror.make_due(connection, workspace, back, priority=priority, now=now)
        changed += len(back)
    merged = await merge(connection, workspace, [page], arrival, now)
    merged.kinds |= {KIND_OF[kind]} if changed else set()
    await JobBell(clock).ring(connection, workspace, merged.kinds, urgent=merged.urgent)
    return changed + merged.made + merged.changed + merged.gone


def _newest(users: Sequence[Any]) -> list[Any]:
    """Each user once, as said last."""
    return list({one.id: one for one in users}.values())


async def _without_gone(connection: Connection, workspace: int, told: Sorted[Any], kind: type[Pushed]) -> Sorted[Any]:
    """Whoever was deleted does not reappear, whoever pushes an old list."""
    if kind in {Deletion, PushedUser}:
        return told
    about = Kind.APPLICATION if kind in WHOLE else KIND_OF[kind]
    named = {place: one.application_id if kind in WHOLE else one.id for place, one in told.good}
    gone = await pushes.gone_keys(connection, workspace, about.value, list(named.values()))
    hint = "This id was deleted and stays so. A record that is new has a new id."
    return _without(told, {place for place, key in named.items() if key in gone}, "deleted_before", "id", hint)


async def _without_older(connection: Connection, workspace: int, told: Sorted[Any], kind: type[Pushed]) -> Sorted[Any]:
    """No older state goes over a newer one, whatever the order in which they arrive."""
    if kind not in DATED:
        return told
    moments = [(one.id, one.updated_at) for _, one in told.good if one.updated_at is not None]
    newer = await pushes.newer_keys(connection, workspace, KIND_OF[kind].value, moments) if moments else set()
    hint = "A newer state of this record was pushed before. Nothing needs doing."
    older = {place for place, one in told.good if one.updated_at is not None and one.id in newer}
    return _without(told, older, "older_state", "updated_at", hint)


def _without(told: Sorted[Any], places: Collection[int], code: str, field: str, hint: str) -> Sorted[Any]:
    faults = [
        Fault(place=place, id=getattr(one, "id", "") or one.application_id, code=code, field=field, hint=hint)
        for place, one in told.good
        if place in places
    ]
    return Sorted(good=[entry for entry in told.good if entry[0] not in places], faults=[*told.faults, *faults])
