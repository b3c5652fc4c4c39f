"""What a command works with, and how it begins a sync."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landbridge.cli.opening import Opened
    from landbridge.jobs.wiring import Works
    from landbridge.store.sweeps import Mode
    from landbridge.store.workspaces import Workspace


def works_of(opened: Opened) -> AbstractAsyncContextManager[Works]:
    """What a worker works with, for a command that does a little of the same."""
    return opened.room.works()


async def start(opened: Opened, workspace: Workspace, mode: Mode, *, reread: bool = False) -> None:
    """Begin a sync, or go on with a paused one. Raises SettingError where the ATS is not connected."""
    from landbridge.cli.operator import operator_of
    from landbridge.web.acts import sync

    await sync.begin(operator_of(opened, workspace), again=reread, mode=mode)
