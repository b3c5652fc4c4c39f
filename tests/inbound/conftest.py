"""One company for each test, over sockets and on a fresh database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from landbridge.sandbox import Sandbox
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from tests.faults.company import QUICK
from tests.inbound.nursery import SOON_DEAD, Nursery
from tests.inbound.rig import Recruiting, recruiting


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(candidates=12) as sandbox:
        yield sandbox


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        **QUICK,
        "LANDBRIDGE_DATABASE_URL": database_url,
        "LANDBRIDGE_DATA_DIR": str(tmp_path),
        "LANDBRIDGE_INBOUND_HISTORY_DAYS": "3",
    }


@pytest.fixture
async def company(
    sandbox: Sandbox, environment: dict[str, str], database: Database, vault: Vault
) -> AsyncIterator[Recruiting]:
    async with recruiting(sandbox, environment, database, vault) as company:
        yield company


@pytest.fixture
async def workers(environment: dict[str, str], tmp_path: Path) -> AsyncIterator[Nursery]:
    """Worker processes for the company; none of them runs yet."""
    nursery = await Nursery.open(tmp_path / "nursery", {**environment, **SOON_DEAD})
    try:
        yield nursery
    finally:
        await nursery.close()
