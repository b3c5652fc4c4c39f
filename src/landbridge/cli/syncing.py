"""Starting and pausing a workspace's sync from the command line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landbridge.cli.opening import Opened
    from landbridge.jobs.wiring import Works
    from landbridge.store.sweeps import Mode
    from landbridge.store.workspaces import Workspace

# A command's few calls pass among those of a busy worker; see ``sync/gate.py``.
SLOTS_PER_CALL = 3


@asynccontextmanager
async def works_of(opened: Opened) -> AsyncIterator[Works]:
    """What a worker works with, for a command that does a little of the same."""
    from landbridge.jobs.queue import JobBell
    from landbridge.jobs.wiring import Works
    from landbridge.store.journal import CallJournal

    async with CallJournal(opened.database) as journal:
        works = Works(opened.settings, opened.database, opened.vault, journal, JobBell(), slots_per_call=SLOTS_PER_CALL)
        try:
            yield works
        finally:
            await works.close()


async def start(opened: Opened, workspace: Workspace, mode: Mode, *, reread: bool = False) -> None:
    """Begin a sync, or go on with a paused one. Raises SettingError where the ATS is not connected."""
    from landbridge.jobs.control import start_sync
    from landbridge.store.workspaces import pause_workspace

    async with opened.database.connection() as connection:
        await pause_workspace(connection, workspace.id, paused=False)
    async with works_of(opened) as works:
        await start_sync(works, workspace.id, mode, reread=reread)


async def pause(opened: Opened, workspace: Workspace) -> None:
    """Let reading and sending rest after what is in work."""
    from landbridge.jobs.control import pause_sync
    from landbridge.store.workspaces import pause_workspace

    await pause_sync(opened.database, workspace.id)
    async with opened.database.connection() as connection:
        await pause_workspace(connection, workspace.id, paused=True)
