"""Reviews of applications go to LinkedIn where a workspace asks for it, and go away where it changes its mind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from landbridge.records import Kind
from landbridge.store import ledger
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.store.tallies import load_tallies, totals
from landbridge.store.workspaces import load_workspace, save_choices
from landbridge.sync import sweep
from landbridge.sync.bell import SilentBell
from landbridge.sync.sweep import Sweeping
from tests.faults import truth
from tests.faults.company import Company, connect
from tests.faults.conftest import FarSides
from tests.faults.control import Written
from tests.faults.drive import Drive, driving

REVIEWS = "/reviews-api/v201910/reviews"


@pytest.fixture
def candidates() -> int:
    return 8


class Reviewing:
    """People of the company who write, change and delete reviews in the ATS."""

    def __init__(self, far_sides: FarSides, http: httpx2.Client) -> None:
        self._url = far_sides.source.url + REVIEWS
        self._http = http
        self._http.headers["X-SmartToken"] = far_sides.source.credentials()["api_key"]
        self.reviewer = next(row for row in far_sides.source.dump("users") if row["active"])

    def write(self, application: dict[str, Any], comment: str, rating: int = 4) -> str:
        body = {
            "candidateId": application["candidateId"],
            "jobId": application["jobId"],
            "overallRating": rating,
            "reviewerId": self.reviewer["id"],
            "comment": comment,
        }
        answer = self._http.post(self._url, json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def change(self, review: str, comment: str) -> None:
        body = {"reviewerId": self.reviewer["id"], "comment": comment}
        assert self._http.patch(f"{self._url}/{review}", json=body).status_code == 200

    def delete(self, review: str) -> None:
        answer = self._http.delete(f"{self._url}/{review}", params={"reviewerId": self.reviewer["id"]})
        assert answer.status_code == 204


async def reread(drive: Drive) -> None:
    sweeping = Sweeping(
        database=drive.database, workspace=drive.workspace, source=drive.source, bell=SilentBell(), clock=drive.clock
    )
    await sweep.start(sweeping, "full", reread=True)
    await drive.sync()


def written_since(far_sides: FarSides, call: int) -> list[Written]:
    return [row for row in far_sides.network.written(call) if row.entity == "interview_feedback"]


def there(far_sides: FarSides) -> set[str]:
    return {row["feedback"] for row in far_sides.network.dump("interview_feedback")}


def sent_applications(far_sides: FarSides) -> list[dict[str, Any]]:
    """Applications of the ATS that LinkedIn has."""
    known = {row["atsJobApplicationId"] for row in far_sides.network.dump("applications")}
    return [row for row in far_sides.source.dump("applications") if row["applicationId"] in known]


@asynccontextmanager
async def choosing(
    database: Database, vault: Vault, company: Company, far_sides: FarSides, **choices: bool
) -> AsyncIterator[Drive]:
    """The company's engine after its admin has chosen, and the records have been looked at again."""
    async with database.connection() as connection:
        before = (await load_workspace(connection, company.workspace)).choices
        await save_choices(connection, company.workspace, {**before, **choices})
    async with driving(database, vault, company.workspace, far_sides.network) as drive:
        async with database.connection() as connection:
            for kind in Kind:
                await ledger.make_kind_due(connection, company.workspace, kind, now=drive.clock.now())
        yield drive


@pytest.mark.parametrize("dialect", ["v2", "rest"])
async def test_reviews_follow_the_workspaces_choice(
    dialect: str, environment: dict[str, str], far_sides: FarSides, database: Database, vault: Vault
) -> None:
    company = await connect(environment, far_sides.source, far_sides.network, put={"dialect": dialect})
    with httpx2.Client(trust_env=False, timeout=30) as http:
        reviewing = Reviewing(far_sides, http)
        async with driving(database, vault, company.workspace, far_sides.network) as drive:
            await drive.sync()
            first, second = sent_applications(far_sides)[:2]
            one, other = reviewing.write(first, "Knows trams."), reviewing.write(second, "Late twice.")
            await reread(drive)
            assert there(far_sides) == set()
        assert await kinds_of(database, company) == ["jobs", "candidates", "applications", "stages"]

        async with choosing(database, vault, company, far_sides, share_reviews=True) as drive:
            await reread(drive)
            assert there(far_sides) == {"Knows trams.", "Late twice."}
            names = {"firstName": reviewing.reviewer["firstName"], "lastName": reviewing.reviewer["lastName"]}
            assert [row["interviewer"] for row in far_sides.network.dump("interview_feedback")] == [names, names]

            before = far_sides.network.last_call()
            await reread(drive)
            assert written_since(far_sides, before) == []

            reviewing.change(one, "Knows all trams.")
            await reread(drive)
            assert [row.key.endswith(one) for row in written_since(far_sides, before)] == [True]

            reviewing.delete(other)
            await reread(drive)
            assert there(far_sides) == {"Knows all trams."}
        assert await kinds_of(database, company) == ["jobs", "candidates", "applications", "stages", "feedback"]

        async with choosing(database, vault, company, far_sides, share_reviews=False) as drive:
            await drive.send()
            assert there(far_sides) == set()
            held = [key for key in await drive.states() if key[0] == "feedback" and key[1] == "held"]
            assert held == [("feedback", "held", "excluded_reviews")]
        async with choosing(database, vault, company, far_sides, share_reviews=True) as drive:
            await drive.send()
            assert there(far_sides) == {"Knows all trams."}
    assert truth.findings(far_sides.source, far_sides.network) == []
    assert far_sides.network.broken_rules() == {}


async def kinds_of(database: Database, company: Company) -> list[str]:
    async with database.connection() as connection:
        return [one.kind.plural for one in totals(await load_tallies(connection, company.workspace))]
