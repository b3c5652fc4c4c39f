"""What the database believes of its tables may be long out of date: the work of a sync must not grow by that.

Of a company that joins a running installation, and of a first sync, the statistics know nothing: the planner takes
each condition on it to leave one row, whatever it leaves. A statement that lets such a belief choose its way walks all
of the company for each row it wants. What is counted here are pages, so nothing depends on how fast anything is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from msgspec import Struct

from landbridge.sandbox import Sandbox
from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.secrets import unlock
from tests.faults.company import connect
from tests.faults.control import FarSide
from tests.faults.drive import Drive, driving

SMALL, LARGE, EDITED = 100, 500, 5
# Indexes get a level deeper as they grow; a statement that walks the whole company costs five times as much a record.
MOST_GROWTH = 1.6
# The jobs of the larger company have more applications, which an edited job takes along.
MOST_GROWTH_OF_EDITS = 2.5
# Of an installation that has never seen anything but candidates, and those of another company.
BELIEFS = (
    """INSERT INTO record (workspace_id, kind, key, body, first_seen_at, changed_at)
       SELECT 999, 'candidate', 'c' || n, jsonb_build_object('first_name', 'A' || n, 'last_name', 'B'), now(), now()
       FROM generate_series(1, 2000) n""",
    """INSERT INTO delivery (record_id, workspace_id, kind, state, priority, changed_at, sent_at, sent_revision)
       SELECT id, 999, 'candidate', 'delivered', 2, now(), now(), 1 FROM record""",
    "ANALYZE",
)
TOUCHED = """
SELECT relname, heap_blks_read + heap_blks_hit + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0)
FROM pg_statio_user_tables WHERE relname IN ('record', 'delivery', 'reading')
"""


class Cost(Struct, frozen=True):
    """Pages touched, by table: by the first sync for each record, and in all by reading and sending a few edits."""

    first_sync: dict[str, float]
    edits: dict[str, int]


async def touched(settings: Settings) -> dict[str, int]:
    """Pages touched so far. A session tells what it has counted when it ends, so none may be open."""
    async with await Database.open(settings) as database, database.connection() as connection:
        return dict(await (await connection.execute(TOUCHED)).fetchall())


@asynccontextmanager
async def engine_of(settings: Settings, company: int, network: FarSide) -> AsyncIterator[Drive]:
    async with await Database.open(settings) as database:
        vault = await unlock(settings, database)
        async with driving(database, vault, company, network) as drive:
            yield drive


async def cost_of(settings: Settings, environment: dict[str, str], size: int) -> Cost:
    with Sandbox(candidates=size) as sandbox, httpx2.Client(trust_env=False, timeout=30) as http:
        source, network = FarSide(http, sandbox.smartrecruiters_url), FarSide(http, sandbox.linkedin_url)
        company = await connect(environment, source, network, slug=f"of-{size}")
        before = await touched(settings)
        async with engine_of(settings, company.workspace, network) as drive:
            await drive.sync()
            records = sum((await drive.states()).values())
        synced = await touched(settings)
        source.edit(percent=100 * EDITED / size)
        async with engine_of(settings, company.workspace, network) as drive:
            await drive.sync("delta")
        after = await touched(settings)
    return Cost(
        first_sync={table: (synced[table] - before[table]) / records for table in before},
        edits={table: after[table] - synced[table] for table in before},
    )


@pytest.mark.timeout(180)
@pytest.mark.every_engine
async def test_work_grows_with_the_company_and_not_faster(settings: Settings, environment: dict[str, str]) -> None:
    async with await Database.open(settings) as database, database.connection() as connection:
        for statement in BELIEFS:
            await connection.execute(statement.encode())
    small = await cost_of(settings, environment, SMALL)
    large = await cost_of(settings, environment, LARGE)
    for table in ("record", "delivery", "reading"):
        assert large.first_sync[table] < small.first_sync[table] * MOST_GROWTH, table
        assert large.edits[table] < small.edits[table] * MOST_GROWTH_OF_EDITS, table
