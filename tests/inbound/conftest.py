"""One company for each test, over sockets and on a fresh database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from landbridge.sandbox import Sandbox
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from tests.faults.company import QUICK
from tests.inbound.rig import Recruiting, recruiting


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(candidates=12) as sandbox:
        yield sandbox


@pytest.fixture
async def company(
    sandbox: Sandbox, database_url: str, database: Database, vault: Vault, tmp_path: Path
) -> AsyncIterator[Recruiting]:
    environment = {
        **QUICK,
        "LANDBRIDGE_DATABASE_URL": database_url,
        "LANDBRIDGE_DATA_DIR": str(tmp_path),
        "LANDBRIDGE_INBOUND_HISTORY_DAYS": "3",
    }
    async with recruiting(sandbox, environment, database, vault) as company:
        yield company
