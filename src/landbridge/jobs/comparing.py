"""Comparing both sides at the end of a historical sync, and whenever somebody asks."""

from __future__ import annotations

import msgspec

from landbridge.jobs.control import is_quiet
from landbridge.jobs.wiring import Works
from landbridge.store import sweeps
from landbridge.store.census import count_closed_jobs
from landbridge.store.reconciliations import load_newest_reconciliation, save_reconciliation
from landbridge.sync.reconcile import Reconciling, Report, reconcile


async def compare(works: Works, workspace: int) -> Report:
    """Count what the ATS has against what LinkedIn has acknowledged, and keep it. Raises SettingError."""
    async with works.source(workspace) as source, works.destination(workspace) as destination:
        reconciling = Reconciling(
            database=works.database,
            workspace=workspace,
            writers=destination.writers,
            clock=works.clock,
            view=None,
            kind_of_pass={one.name: one.of for one in source.passes},
        )
        report = await reconcile(reconciling)
    told = msgspec.to_builtins(report.kinds)
    async with works.database.connection() as connection:
        # LinkedIn counts closed jobs apart: whoever looks there sees only the others.
        told.get("jobs", {})["closed"] = await count_closed_jobs(connection, workspace)
        await save_reconciliation(connection, workspace, told, works.clock.now())
    return report


async def is_wanted(works: Works, workspace: int) -> bool:
    """Whether a historical sync has come to its end and nobody has compared since."""
    async with works.database.connection() as connection:
        newest = await sweeps.newest(connection, workspace)
        last = await load_newest_reconciliation(connection, workspace)
    if newest is None or newest.mode != "full" or newest.state != "done" or newest.finished_at is None:
        return False
    if last is not None and last.at >= newest.finished_at:
        return False
    return await is_quiet(works.database, workspace)
