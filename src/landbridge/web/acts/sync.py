"""The historical sync: begun, paused, proved."""

from __future__ import annotations

import csv
import io

from landbridge.jobs.control import pause_sync, start_sync
from landbridge.jobs.queue import ask, compare_wish
from landbridge.store.reconciliations import Reconciliation
from landbridge.store.sweeps import Mode
from landbridge.store.workspaces import pause_workspace
from landbridge.web.acts.actor import Actor

COLUMNS = ("ats", "linkedin", "closed", "missing", "extra", "different", "stale", "held", "quarantined", "unread")


async def begin(actor: Actor, *, again: bool, mode: Mode = "full") -> None:
    """Begin, go on after a pause, or read everything ``again``. Raises SettingError where no ATS is connected."""
    async with actor.connection() as connection:
        await pause_workspace(connection, actor.workspace_id, paused=False)
    async with actor.works() as works:
        await start_sync(works, actor.workspace_id, mode, reread=again)
    await actor.note("sync.started", again=again)


async def rest(actor: Actor) -> None:
    """Let reading and sending rest after what is in work."""
    await pause_sync(actor.room.database, actor.workspace_id)
    async with actor.connection() as connection:
        await pause_workspace(connection, actor.workspace_id, paused=True)
    await actor.note("sync.paused")


async def compare(actor: Actor) -> None:
    """Have a worker compare both sides."""
    async with actor.transaction() as connection:
        await ask(connection, [compare_wish(actor.workspace_id)])


def table_of(found: Reconciliation) -> bytes:
    """A comparison as CSV: one line per kind, for auditors and for LinkedIn's certification."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["kind", *COLUMNS])
    for kind, part in found.report.items():
        rows.writerow([kind, *(_cell(part.get(column)) for column in COLUMNS)])
    return text.getvalue().encode()


def _cell(value: object) -> object:
    return sum(value.values()) if isinstance(value, dict) else value if value is not None else ""
