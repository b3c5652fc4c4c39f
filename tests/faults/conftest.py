"""A company of its own for each test: far sides in a thread, a fresh database, both joined."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest
from msgspec import Struct

from landbridge.sandbox import Sandbox
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from tests.faults.company import QUICK, Company, connect
from tests.faults.control import FarSide
from tests.faults.drive import Drive, driving


class FarSides(Struct, frozen=True):
    """Both imitated systems; ``sandbox`` is the object behind their control rooms."""

    sandbox: Sandbox
    source: FarSide
    network: FarSide

    def received(self) -> set[str]:
        """The kinds of records that LinkedIn has been sent."""
        return {row.entity for row in self.network.written()} & {"jobs", "candidates", "applications", "stages"}

    def open_jobs(self) -> set[str]:
        """The ids of the jobs that are open on LinkedIn."""
        return {row["externalJobPostingId"] for row in self.network.dump("jobs") if row["state"] == "OPEN"}


@pytest.fixture
def candidates() -> int:
    """How many people the company has; tests override it."""
    return 40


@pytest.fixture
def far_sides(candidates: int) -> Iterator[FarSides]:
    with Sandbox(candidates=candidates) as sandbox, httpx2.Client(trust_env=False, timeout=30) as http:
        yield FarSides(sandbox, FarSide(http, sandbox.smartrecruiters_url), FarSide(http, sandbox.linkedin_url))


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    """What a process of the product would find in its environment."""
    return {**QUICK, "LANDBRIDGE_DATABASE_URL": database_url, "LANDBRIDGE_DATA_DIR": str(tmp_path)}


@pytest.fixture
async def company(environment: dict[str, str], far_sides: FarSides) -> Company:
    """A workspace connected with both, integrations enabled, nothing synced."""
    return await connect(environment, far_sides.source, far_sides.network)


@pytest.fixture
async def drive(database: Database, vault: Vault, company: Company, far_sides: FarSides) -> AsyncIterator[Drive]:
    """The company's engine, to be driven by hand."""
    async with driving(database, vault, company.workspace, far_sides.network) as drive:
        yield drive
