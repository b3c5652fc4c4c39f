"""Watching a sync until nothing moves any more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from landbridge.cli.progress import Step, View
from landbridge.cli.status import TURNS
from landbridge.errors import NeedsPersonError, UnavailableError

if TYPE_CHECKING:
    from landbridge.cli.opening import Opened
    from landbridge.store.database import Connection
    from landbridge.store.overview import Overview
    from landbridge.store.tallies import KindTotals

LOOK_EVERY = 0.5
STUCK_AFTER = 180.0  # seconds without any movement
CLOSED = {"request", "enable"}  # the turns during which LinkedIn takes no data


async def watch(opened: Opened, workspace: int, view: View, *, stuck_after: float = STUCK_AFTER) -> Overview:
    """Show progress until the sync is settled. Raises NeedsPersonError when a person has to act, and
    UnavailableError when nothing has moved for ``stuck_after`` seconds."""
    from landbridge.cli.connecting import now
    from landbridge.store.overview import load_overview

    moved_at, last, mode = time.monotonic(), None, ""
    while True:
        async with opened.database.connection() as connection:
            overview = await load_overview(connection, workspace, now())
            settled = is_settled(overview) and not await _anybody_may_go_on(connection, workspace)
        if overview.sweep and overview.sweep.state == "running":
            mode = overview.sweep.mode
        # Once changes are read, the overview shows the full sweep again: that is not what was followed.
        followed = overview.sweep is not None and mode in {"", overview.sweep.mode}
        view.show([step for step in steps_of(overview) if followed or not step.name.startswith("read")])
        if settled:
            return overview
        raise_for_people(overview, overview.turn(now()))
        if (overview.sweep, overview.kinds, overview.readings) != last:
            moved_at, last = time.monotonic(), (overview.sweep, overview.kinds, overview.readings)
        elif time.monotonic() - moved_at > stuck_after and overview.turn(now()) != "wait_far_side":
            raise UnavailableError(
                f"Nothing has moved for {stuck_after:.0f} s.",
                code="sync_stuck",
                hint="See whether a worker runs, and its log; landbridge status shows what is left.",
            )
        await asyncio.sleep(LOOK_EVERY)


def steps_of(overview: Overview) -> Iterator[Step]:
    """One step per pass of reading, one per kind of record on its way."""
    for one in overview.sweep.passes if overview.sweep else ():
        if one.started_at is not None:
            total = one.done if one.finished_at else one.total
            yield Step(name=f"read: {one.name}", done=one.done, total=total, note=f"{one.calls:,} calls")
    for kind in overview.kinds:
        yield Step(name=f"send: {kind.kind.plural}", done=kind.delivered, total=_wanted(kind) or None, note=_note(kind))


def _wanted(kind: KindTotals) -> int:
    return kind.delivered + kind.due + kind.pending


def _note(kind: KindTotals) -> str:
    held, quarantined = sum(kind.held.values()), sum(kind.quarantined.values())
    parts = ((kind.pending, "wait for LinkedIn's verdict"), (held, "held"), (quarantined, "quarantined"))
    return ", ".join(f"{count:,} {word}" for count, word in parts if count)


def is_settled(overview: Overview) -> bool:
    """The sweep has come to its end, nothing is left to read, and nothing is on its way."""
    return is_read(overview) and not any(kind.due or kind.pending for kind in overview.kinds)


async def _anybody_may_go_on(connection: Connection, workspace: int) -> bool:
    """Whether something that is held could be sent by now, and is about to become due."""
    from landbridge.store import ledger
    from landbridge.sync.reasons import waits

    for kind, pointed, reason in waits():
        if await ledger.anybody_may_go_on(connection, workspace, kind, pointed, reason):
            return True
    return False


def is_read(overview: Overview) -> bool:
    """The sweep has come to its end, and nothing is left to read."""
    if overview.sweep is None or overview.sweep.state in {"running", "paused"}:
        return False
    return not any(reading.state == "due" for reading in overview.readings)


def raise_for_people(overview: Overview, turn: str) -> None:
    """Raise what the sync waits for a person to do. Reading goes on while LinkedIn's integrations are not enabled."""
    if overview.workspace.paused:
        raise NeedsPersonError("Somebody has paused the sync.", code="paused", hint="Go on with: landbridge sync")
    for system in overview.systems:
        if system.state == "needs_person":
            raise NeedsPersonError(
                f"{system.system} needs somebody to act.", code=system.problem_code, hint=system.problem_hint
            )
    if turn in CLOSED and is_read(overview):
        raise NeedsPersonError(
            "All is read, but LinkedIn takes no data yet.",
            code="linkedin_not_enabled",
            hint=f"Whose turn: {TURNS[turn]}",
        )
