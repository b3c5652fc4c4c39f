"""Whatever the far sides answer, or do not: nothing is lost, no neighbour suffers, and it goes on by itself."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from landbridge.jobs.control import look_again
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from tests.faults import truth
from tests.faults.company import Company, connect
from tests.faults.conftest import FarSides
from tests.faults.drive import Drive, driving

# Of LinkedIn's answers, by what the engine calls the trouble; each strikes several batches on end.
LINKEDIN_TROUBLE: dict[str, tuple[dict[str, Any], str]] = {
    "429 with Retry-After": ({"kind": "status", "status": 429, "retry_after": 30, "times": 3}, "rate_limited"),
    "429 without Retry-After": ({"kind": "status", "status": 429, "times": 3}, "rate_limited"),
    "500 for a while": ({"kind": "status", "status": 500, "times": 12}, "linkedin_server_error"),
    "503 for a while": ({"kind": "status", "status": 503, "times": 6}, "unavailable"),
    "half of each batch fails": ({"kind": "half_fail", "status": 500, "times": 3}, ""),
    "answers cut off": ({"kind": "truncated", "times": 4}, "connection_broken"),
    "answers lost after the work was done": ({"kind": "lost_answer", "times": 4}, "connection_broken"),
    "connections reset": ({"kind": "reset", "times": 6}, "connection_broken"),
}
SMARTRECRUITERS_TROUBLE: dict[str, tuple[dict[str, Any], str]] = {
    "429 with Retry-After": ({"kind": "status", "status": 429, "retry_after": 5, "times": 8}, "rate_limited"),
    "429 without Retry-After": ({"kind": "status", "status": 429, "times": 8}, "rate_limited"),
    "500 for a while": ({"kind": "status", "status": 500, "times": 12}, "unavailable"),
    "502 for a while": ({"kind": "status", "status": 502, "times": 20}, "unavailable"),
    "answers cut off": ({"kind": "truncated", "times": 30}, "connection_broken"),
    "connections reset": ({"kind": "reset", "times": 30}, "connection_broken"),
}


def agree(far_sides: FarSides) -> list[str]:
    """What is wrong at the end, on LinkedIn and in the journals."""
    source, network = far_sides.source, far_sides.network
    return [
        *truth.findings(source, network),
        *truth.regressions(network),
        *truth.jobs_created_again(network),
        *truth.broken_rules(source, network),
    ]


@pytest.mark.parametrize("trouble", LINKEDIN_TROUBLE)
async def test_trouble_with_linkedin_passes(drive: Drive, far_sides: FarSides, trouble: str) -> None:
    script, code = LINKEDIN_TROUBLE[trouble]
    for operation in ("jobs.batch_create", "candidates.batch_update", "applications.batch_update"):
        far_sides.network.fault(operation, **script)
    await drive.sync()
    assert far_sides.network.faults() == [], "the fault did not strike as often as it should"
    assert set(drive.problems) <= {code}
    assert agree(far_sides) == []
    assert await quarantined(drive) == 0


@pytest.mark.parametrize("trouble", SMARTRECRUITERS_TROUBLE)
async def test_trouble_with_smartrecruiters_passes(drive: Drive, far_sides: FarSides, trouble: str) -> None:
    script, code = SMARTRECRUITERS_TROUBLE[trouble]
    for operation in ("candidates.list", "applications.get", "applications.history"):
        far_sides.source.fault(operation, **script)
    await drive.sync()
    assert far_sides.source.faults() == [], "the fault did not strike as often as it should"
    assert set(drive.problems) <= {code}
    assert agree(far_sides) == []


async def quarantined(drive: Drive) -> int:
    return sum(count for (_, state, _), count in (await drive.states()).items() if state == "quarantined")


class Poisoned(httpx2.AsyncBaseTransport):
    """LinkedIn breaks with 500 over every batch that holds this candidate, as its pages say it does over bad data."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()
        self._network = httpx2.AsyncHTTPTransport()
        self.well = False
        self.broken = 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        content = await request.aread()
        if not self.well and b"atsCandidates" in request.url.raw_path and self._key in content:
            self.broken += 1
            return httpx2.Response(500, json={"message": "Internal Server Error"})
        return await self._network.handle_async_request(request)

    async def aclose(self) -> None:
        await self._network.aclose()


async def test_one_record_that_breaks_linkedin_is_found_and_its_neighbours_arrive(
    database: Database, vault: Vault, company: Company, far_sides: FarSides
) -> None:
    bad = far_sides.source.dump("candidates")[7]["id"]
    poisoned = Poisoned(bad)
    async with driving(database, vault, company.workspace, far_sides.network, transport=poisoned) as drive:
        await drive.sync()
        assert (await drive.states())["candidate", "quarantined", "far_side_fails"] == 1
        left_out = truth.findings(far_sides.source, far_sides.network)
        assert f"candidates {bad} is missing" in left_out
        theirs = {row["applicationId"] for row in far_sides.source.dump("applications") if row["candidateId"] == bad}
        assert {line.split()[1] for line in left_out if line.startswith("applications")} <= theirs
        assert {line.split()[1].rpartition(".")[0] for line in left_out if line.startswith("stages")} <= theirs
        poisoned.well = True
        await look_again(database, company.workspace, clock=drive.clock)
        await drive.send()
    assert agree(far_sides) == []


async def test_token_that_ends_in_the_middle_is_renewed_unnoticed(drive: Drive, far_sides: FarSides) -> None:
    # So often that the sandbox rightly minds the number of fetches: this is about calls that meet a dead token.
    far_sides.network.limits(token_seconds=1)
    await drive.sync()
    renewed = sum(call["operation"] == "oauth.access_token" for call in far_sides.network.calls())
    assert renewed > 3
    assert drive.problems == []
    assert truth.findings(far_sides.source, far_sides.network) == []


async def test_revoked_token_is_replaced_once(drive: Drive, company: Company, far_sides: FarSides) -> None:
    await drive.sync()
    far_sides.sandbox.linkedin.tokens.forget(company.client_id)
    far_sides.source.edit(percent=5)
    before = far_sides.network.last_call()
    await drive.sync("delta")
    fetched = [call for call in far_sides.network.calls(before) if call["operation"] == "oauth.access_token"]
    assert len(fetched) == 1
    assert drive.problems == []
    assert agree(far_sides) == []


async def test_day_quota_that_is_used_up_stops_until_midnight_without_a_single_429(
    database: Database, vault: Vault, environment: dict[str, str], far_sides: FarSides
) -> None:
    far_sides.network.limits(calls_per_day={"v2.atsApplications/stages": 20})
    known = {"resources": '{"stages": {"calls_per_day": 20}}'}
    company = await connect(environment, far_sides.source, far_sides.network, put=known)
    async with driving(database, vault, company.workspace, far_sides.network) as drive:
        began = drive.clock.now()
        await drive.sync()
        assert drive.clock.now().date() > began.date()
        assert drive.problems == []
    assert agree(far_sides) == []
