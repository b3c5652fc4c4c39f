"""When a sync that is followed counts as ended."""

from __future__ import annotations

import asyncio

from landbridge.cli.opening import Opened
from landbridge.cli.progress import Lines
from landbridge.cli.watch import watch
from landbridge.records import Kind
from landbridge.settings import Settings
from landbridge.store import ledger
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.sync.reasons import WAITS_FOR_CANDIDATE
from tests.store.conftest import NOW
from tests.store.test_mirror import rows, upsert
from tests.store.test_overview import save_sweep


async def test_sync_has_not_ended_while_what_waited_is_about_to_be_woken(
    settings: Settings, database: Database, vault: Vault, acme: int
) -> None:
    """What has arrived is saved first and wakes what waits for it right after: between the two nothing is due."""
    async with database.transaction() as connection:
        await save_sweep(connection, acme, "full", "done")
        application = ("application", "a1", {"candidate_id": "c1", "job_id": "j"})
        await upsert(connection, acme, rows(("candidate", "c1", {}), application))
        await connection.execute(
            """UPDATE delivery SET state = CASE kind WHEN 'candidate' THEN 'delivered' ELSE 'held' END,
                   reason = CASE kind WHEN 'candidate' THEN '' ELSE %s END,
                   sent_at = CASE kind WHEN 'candidate' THEN %s::timestamptz END""",
            [WAITS_FOR_CANDIDATE, NOW],
        )
    opened = Opened(settings, database, vault)
    watching = asyncio.create_task(watch(opened, acme, Lines(write=lambda _: None)))
    await asyncio.sleep(1.5)
    assert not watching.done()
    async with database.transaction() as connection:
        woken = await ledger.wake_waiting(
            connection, acme, Kind.APPLICATION, Kind.CANDIDATE, WAITS_FOR_CANDIDATE, now=NOW
        )
        await connection.execute("UPDATE delivery SET state = 'delivered', sent_at = %s WHERE state = 'due'", [NOW])
    assert woken == 1
    overview = await asyncio.wait_for(watching, 10)
    assert sum(kind.delivered for kind in overview.kinds) == 2
