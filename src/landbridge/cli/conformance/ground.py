"""An empty workspace whose ATS is the connector to be checked."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from landbridge.cli.conformance.subject import Ground
from landbridge.http import SystemClock
from landbridge.settings import load
from landbridge.store.connections import save_credentials
from landbridge.store.database import Database
from landbridge.store.migrate import migrate
from landbridge.store.secrets import Vault, unlock
from landbridge.store.workspaces import create_workspace


@asynccontextmanager
async def opened_ground(url: str, folder: str, name: str) -> AsyncIterator[Ground]:
    """On a new database at ``url`` whose key nobody keeps; ``folder`` takes what else there is."""
    key = base64.b64encode(os.urandom(32)).decode()
    settings = load({"LANDBRIDGE_DATABASE_URL": url, "LANDBRIDGE_DATA_DIR": folder, "LANDBRIDGE_ENCRYPTION_KEY": key})
    await asyncio.to_thread(migrate, settings)
    async with await Database.open(settings) as database:
        yield await make_ground(database, await unlock(settings, database), name)


async def make_ground(database: Database, vault: Vault, name: str) -> Ground:
    async with database.transaction() as connection:
        workspace = await create_workspace(
            connection, slug=f"check-{name}".replace("_", "-"), name="Check", foreign_id=f"check-{name}",
            now=SystemClock().now(),
        )  # fmt: skip
        await save_credentials(connection, workspace, name, vault=vault, settings={}, secrets={})
    return Ground(database, workspace)
