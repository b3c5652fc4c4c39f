"""Jobs: what the call refuses, what only the task refuses, and the life of a posting."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.linkedin_caller import Caller, job

MONEY = {"exactAmount": {"amount": "1", "currencyCode": "CZK"}}
LATER = 4_102_444_800_000  # year 2100


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"integrationContext": None}, 400),
        ({"integrationContext": "urn:li:company:1"}, 422),
        ({"externalJobPostingId": None}, 422),
        ({"externalJobPostingId": ""}, 422),
        ({"externalJobPostingId": 17}, 500),
        ({"externalJobPostingId": "x" * 201}, 422),
        ({"jobPostingOperationType": None}, 422),
        ({"jobPostingOperationType": "DELETE"}, 422),
        ({"availability": None}, 422),
        ({"availability": "INTERNAL"}, 422),
        ({"title": None}, 422),
        ({"title": " "}, 422),
        ({"title": "x" * 201}, 422),
        ({"title": 5}, 422),
        ({"description": None}, 422),
        ({"location": None}, 422),
        ({"companyApplyUrl": None}, 422),
        ({"companyApplyUrl": "/jobs/1"}, 400),
        ({"companyApplyUrl": "https://jobs.example.org/a b"}, 400),
        ({"listedAt": None}, 422),
        ({"listedAt": LATER}, 422),
        ({"listedAt": "1767225600000"}, 422),
        ({"expireAt": 1}, 422),
        ({"expireAt": LATER}, 422),
        ({"workplaceTypes": ["Hybrid", "Remote"]}, 400),
        ({"workplaceTypes": []}, 400),
        ({"workplaceTypes": ["Somewhere"]}, 422),
        ({"workplaceTypes": "Remote"}, 422),
        ({"industries": ["urn:li:company:4"]}, 422),
        ({"categories": ["eng", "sale", "it", "hr"]}, 422),
        ({"skillsDescription": "x" * 4001}, 422),
        ({"employmentStatus": "FOREVER"}, 422),
        ({"experienceLevel": "GURU"}, 422),
        ({"listingType": "PREMIUM"}, 402),
        ({"alternateLocations": ["Praha, Czechia"]}, 422),
        ({"companyJobCode": ""}, 422),
        ({"companyName": " "}, 422),
        ({"accessRestricted": "no"}, 422),
        ({"trackingPixelUrl": "pixel"}, 422),
        ({"compensation": {"compensations": [{"type": "GOLD", "period": "YEARLY", "value": {"exactAmount": 1}}]}}, 422),
        ({"compensation": {"compensations": [{"type": "BONUS", "period": "YEARLY"}]}}, 422),
        ({"compensation": []}, 422),
    ],
)
async def test_bad_job_is_refused_at_once_and_alone(linkedin: Caller, changes: dict[str, Any], status: int) -> None:
    answer = await linkedin.post_jobs(
        job(linkedin.organization, **{"job_id": "bad", **changes}), job(linkedin.organization, "good")
    )
    elements = answer.json()["elements"]
    assert (answer.status_code, [element["status"] for element in elements]) == (200, [status, 202])
    assert elements[0]["error"]["message"]
    linkedin.settle()
    assert [row["externalJobPostingId"] for row in linkedin.dump("jobs")] == ["good"]
    assert linkedin.broken_rules() == {"invalid_record"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"description": "Too short."}, "FIELD_PROCESSOR_DESCRIPTION"),
        ({"description": "<script>" * 20 + "short"}, "FIELD_PROCESSOR_DESCRIPTION"),
        ({"description": "x" * 25_001}, "FIELD_PROCESSOR_DESCRIPTION"),
        ({"location": "Czechia"}, "FIELD_PROCESSOR_LOCATION"),
        ({"location": "Brno, "}, "FIELD_PROCESSOR_LOCATION"),
        ({"jobPostingOperationType": "UPDATE"}, "JOB_NOT_FOUND"),
        ({"jobPostingOperationType": "RENEW"}, "JOB_NOT_FOUND"),
    ],
)
async def test_task_refuses_what_the_call_accepted(linkedin: Caller, changes: dict[str, Any], code: str) -> None:
    urn = await linkedin.create_job("J1", **changes)
    task = (await linkedin.read_tasks(urn))[urn]
    assert task["status"] == "FAILED"
    assert task["errorMessage"].startswith(code)
    assert "jobPosting" not in task


@pytest.mark.parametrize(
    "changes",
    [
        {"location": "Czechia", "workplaceTypes": ["Remote"]},
        {"location": "60200, CZ"},
        {"availability": "PUBLIC", "industries": ["urn:li:industry:4"], "categories": ["eng"]},
        {"integrationContext": None, "companyName": "Borealis"},
        {"compensation": {"compensations": [{"type": "BASE_SALARY", "period": "YEARLY", "value": MONEY}]}},
    ],
)
async def test_good_job_succeeds_in_its_task(linkedin: Caller, changes: dict[str, Any]) -> None:
    urn = await linkedin.create_job("J1", **changes)
    task = (await linkedin.read_tasks(urn))[urn]
    assert (task["status"], task["externalJobPostingId"]) == ("SUCCEEDED", "J1")
    assert task["jobPosting"].startswith("urn:li:jobPosting:")
    assert not linkedin.broken_rules()


async def test_job_is_in_progress_until_its_delay_is_over(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.set_limits({"mode": "relaxed", "task_delay_seconds": 60})
    answer = await linkedin.post_jobs(job(linkedin.organization))
    urn = answer.json()["elements"][0]["id"]
    assert (await linkedin.read_tasks(urn))[urn]["status"] == "IN_PROGRESS"
    assert not linkedin.dump("jobs")
    linkedin.advance(60)
    assert (await linkedin.read_tasks(urn))[urn]["status"] == "SUCCEEDED"
    assert linkedin.dump("jobs")[0]["state"] == "OPEN"


async def test_task_is_forgotten_after_a_day(linkedin: Caller) -> None:
    urn = await linkedin.create_job()
    linkedin.advance(24 * 3600)
    await linkedin.sign_in()
    assert not await linkedin.read_tasks(urn)


async def test_task_read_before_five_minutes_is_on_record(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.set_limits({"mode": "real"})
    answer = await linkedin.post_jobs(job(linkedin.organization))
    urn = answer.json()["elements"][0]["id"]
    linkedin.advance(299)
    await linkedin.read_tasks(urn)
    assert linkedin.broken_rules() == {"task_too_early"}
    linkedin.sandbox.linkedin.journal.clear()
    linkedin.advance(1)
    assert (await linkedin.read_tasks(urn))[urn]["status"] == "SUCCEEDED"
    assert not linkedin.broken_rules()


async def test_malformed_task_urn_is_an_invalid_key(linkedin: Caller) -> None:
    answer = await linkedin.send("GET", "/v2/simpleJobPostingTasks", "ids=task-7")
    assert answer.status_code == 400


async def test_creating_an_open_job_again_fails_in_the_task(linkedin: Caller) -> None:
    await linkedin.create_job()
    urn = await linkedin.create_job()
    assert (await linkedin.read_tasks(urn))[urn]["errorMessage"].startswith("DUPLICATE_JOB")
    # A retry after a lost answer looks like this, so it is no broken rule.
    assert not linkedin.broken_rules()


async def test_closed_job_cannot_be_closed_again_but_created(linkedin: Caller) -> None:
    await linkedin.create_job()
    await linkedin.create_job(operation="CLOSE")
    assert linkedin.dump("jobs")[0]["state"] == "CLOSED"
    again = await linkedin.post_jobs(job(linkedin.organization, operation="CLOSE"))
    assert again.json()["elements"][0]["status"] == 409
    unknown = await linkedin.post_jobs(job(linkedin.organization, "J9", operation="CLOSE"))
    assert unknown.json()["elements"][0]["status"] == 409
    await linkedin.create_job()
    assert linkedin.dump("jobs")[0]["state"] == "OPEN"


async def test_public_job_turns_private_only_by_close_and_create(linkedin: Caller) -> None:
    await linkedin.create_job(availability="PUBLIC")
    urn = await linkedin.create_job(operation="UPDATE")
    assert (await linkedin.read_tasks(urn))[urn]["status"] == "FAILED"
    await linkedin.create_job(operation="CLOSE", availability="PUBLIC")
    await linkedin.create_job()
    assert linkedin.dump("jobs")[0]["availability"] == "PRIVATE_TO_ATS_INTEGRATION"


async def test_update_replaces_the_job_and_strips_foreign_tags(linkedin: Caller) -> None:
    await linkedin.create_job(skillsDescription="Steady hands")
    text = "<p>Drive <b>old</b> trams <a href='x'>through</a> town</p><script>" + "x" * 100 + "</script>"
    await linkedin.create_job(operation="UPDATE", description=text)
    [kept] = linkedin.dump("jobs")
    assert kept["description"] == "<p>Drive <b>old</b> trams through town</p>" + "x" * 100
    assert "skillsDescription" not in kept
    assert linkedin.broken_rules() == {"omitted_field"}


async def test_job_expires_and_renewing_keeps_it_open(linkedin: Caller) -> None:
    await linkedin.create_job("old")
    await linkedin.create_job("renewed")
    linkedin.advance(170 * 86_400)
    await linkedin.sign_in()
    await linkedin.create_job("renewed", operation="RENEW")
    linkedin.advance(15 * 86_400)
    assert {row["externalJobPostingId"]: row["state"] for row in linkedin.dump("jobs")} == {
        "old": "CLOSED",
        "renewed": "OPEN",
    }


async def test_same_job_twice_in_one_call_is_refused(linkedin: Caller) -> None:
    answer = await linkedin.post_jobs(job(linkedin.organization), job(linkedin.organization))
    assert [element["status"] for element in answer.json()["elements"]] == [202, 422]


async def test_status_of_live_jobs_is_told_by_their_ats_id(linkedin: Caller) -> None:
    await linkedin.create_job("J1")
    await linkedin.create_job("J2", availability="PUBLIC")
    await linkedin.create_job("J2", operation="CLOSE", availability="PUBLIC")
    maps = (await linkedin.send("GET", "/v2/jobPostingStatus", "ids=J1&ids=J2&ids=J3")).json()
    assert maps["results"]["J1"]["listingStatus"] == "LISTED"
    assert maps["results"]["J1"]["jobPostingInfo"]["visibilityTag"] == "PRIVATE"
    assert maps["results"]["J2"]["listingStatus"] == "NOT_LISTED"
    assert maps["errors"]["J3"]["status"] == 404


async def test_versioned_jobs_lack_the_recruiter_extension(linkedin: Caller) -> None:
    public = job("", "J1", integrationContext=None, company=linkedin.organization, availability="PUBLIC")
    private = {**public, "externalJobPostingId": "J2", "availability": "PRIVATE_TO_ATS_INTEGRATION"}
    answer = await linkedin.post_jobs(public, private, path="/rest/simpleJobPostings")
    accepted, refused = answer.json()["elements"]
    assert (accepted["status"], accepted["entity"]) == (202, {"externalJobPostingId": "J1"})
    assert refused["status"] == 422
    assert refused["error"]["errorDetails"] == {"externalJobPostingId": "J2"}


async def test_post_without_its_method_is_read_as_a_single_create(linkedin: Caller) -> None:
    answer = await linkedin.send("POST", "/v2/simpleJobPostings", "", {"elements": [job(linkedin.organization)]})
    assert answer.status_code == 403
    assert linkedin.broken_rules() == {"missing_method"}


async def test_status_tells_of_jobs_that_are_coming_or_failed(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.set_limits({"mode": "relaxed", "task_delay_seconds": 60})
    await linkedin.post_jobs(job(linkedin.organization, "J1"), job(linkedin.organization, "J2", description="short"))
    early = (await linkedin.send("GET", "/v2/jobPostingStatus", "ids=J1&ids=J2")).json()["results"]
    assert {one["listingStatus"] for one in early.values()} == {"IN_PROGRESS"}
    linkedin.advance(60)
    late = (await linkedin.send("GET", "/v2/jobPostingStatus", "ids=J1&ids=J2")).json()["results"]
    assert (late["J1"]["listingStatus"], late["J2"]["listingStatus"]) == ("LISTED", "NOT_LISTED")
    assert "DESCRIPTION" in late["J2"]["listingStatusDetail"]["statusMessage"]
    assert late["J1"]["jobPostingInfo"]["companyDetails"] == {"company": linkedin.organization}
