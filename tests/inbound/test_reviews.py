"""Reviews are on LinkedIn as soon as the ATS tells of them, where a workspace shares them."""

from __future__ import annotations

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from landbridge.store.workspaces import load_workspace, save_choices
from tests.faults.control import FarSide
from tests.inbound.rig import Recruiting
from tests.inbound.told import Told

REVIEWS = "/reviews-api/v201910/reviews"


async def share(company: Recruiting, yes: bool) -> None:
    async with company.works.database.connection() as connection:
        choices = (await load_workspace(connection, company.workspace)).choices
        await save_choices(connection, company.workspace, {**choices, "share_reviews": yes})


def there(company: Recruiting) -> set[str]:
    return {row["feedback"] for row in company.drive.clock._far_side.dump("interview_feedback")}


@pytest.mark.parametrize("shared", [True, False])
async def test_review_is_read_when_it_is_told_of(company: Recruiting, sandbox: Sandbox, shared: bool) -> None:
    await company.sync()
    await share(company, shared)
    told = Told(company, sandbox)
    known = {row["atsJobApplicationId"] for row in company.drive.clock._far_side.dump("applications")}
    with httpx2.Client(trust_env=False, timeout=30) as http:
        source = FarSide(http, sandbox.smartrecruiters_url)
        http.headers["X-SmartToken"] = source.credentials()["api_key"]
        application = next(row for row in source.dump("applications") if row["applicationId"] in known)
        reviewer = next(row["id"] for row in source.dump("users") if row["active"])
        body = {"candidateId": application["candidateId"], "jobId": application["jobId"], "reviewerId": reviewer}
        made = http.post(f"{source.url}{REVIEWS}", json={**body, "overallRating": 4, "comment": "Knows trams."})
        review = made.json()["id"]
        await told.deliver(1)
        await company.drive.send()
        assert there(company) == ({"Knows trams."} if shared else set())
        http.patch(f"{source.url}{REVIEWS}/{review}", json={"reviewerId": reviewer, "comment": "Knows all trams."})
        await told.deliver(2)
        await company.drive.send()
        assert there(company) == ({"Knows all trams."} if shared else set())
        http.delete(f"{source.url}{REVIEWS}/{review}", params={"reviewerId": reviewer})
        await told.deliver(3)
        await company.drive.send()
        assert there(company) == set()
