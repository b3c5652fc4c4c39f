"""Applications and their stages: validations, references, order, cascades, both dialects."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.linkedin_caller import Caller, application, candidate, element_status, ids_query, job, stage


@pytest.fixture
async def ready(linkedin: Caller) -> Caller:
    """The job and the candidate are there."""
    await linkedin.create_job("J1")
    await linkedin.put_candidates({"C1": candidate()})
    return linkedin


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"candidateEmail": None},
        {"atsCandidateId": None},
        {"source": "Career site", "dispositionReason": "", "accessRestricted": True},
    ],
)
async def test_valid_application_is_created(ready: Caller, changes: dict[str, Any]) -> None:
    assert element_status(await ready.put_applications({"A1": application(**changes)})) == {"A1": 201}
    assert not ready.broken_rules()


@pytest.mark.parametrize(
    "changes",
    [
        {"atsJobPostingId": None},
        {"atsJobPostingId": ""},
        {"atsJobPostingName": None},
        {"atsJobPostingName": ""},
        {"atsCreatedAt": None},
        {"atsCreatedAt": 0},
        {"atsLastModifiedAt": None},
        {"atsLastModifiedAt": 1_767_225_599_999},
        {"candidateEmail": ""},
        {"candidateEmail": "mirela@example"},
        {"firstName": None},
        {"firstName": ""},
        {"lastName": None},
        {"lastName": ""},
        {"source": 7},
        {"accessRestricted": "yes"},
    ],
)
async def test_invalid_application_is_refused_alone_and_on_record(ready: Caller, changes: dict[str, Any]) -> None:
    answer = await ready.put_applications({"bad": application(**changes), "good": application()})
    assert element_status(answer) == {"bad": 422, "good": 201}
    assert ready.broken_rules() == {"invalid_record"}


@pytest.mark.parametrize("changes", [{"atsJobPostingId": "J9"}, {"atsCandidateId": "C9"}])
async def test_application_that_points_nowhere_is_taken_and_on_record(ready: Caller, changes: dict[str, Any]) -> None:
    assert element_status(await ready.put_applications({"A1": application(**changes)})) == {"A1": 201}
    assert ready.broken_rules() == {"unknown_reference"}


async def test_application_of_a_job_whose_task_still_runs_breaks_no_rule(linkedin: Caller) -> None:
    await linkedin.put_candidates({"C1": candidate()})
    await linkedin.post_jobs(job(linkedin.organization))
    await linkedin.put_applications({"A1": application()})
    assert not linkedin.broken_rules()


async def test_left_out_field_becomes_null_and_is_on_record(ready: Caller) -> None:
    await ready.put_applications({"A1": application(source="Referral")})
    assert element_status(await ready.put_applications({"A1": application()})) == {"A1": 204}
    assert "source" not in ready.dump("applications")[0]
    assert ready.broken_rules() == {"omitted_field"}


async def test_older_state_after_a_newer_one_is_on_record(ready: Caller) -> None:
    await ready.put_applications({"A1": application()})
    await ready.put_applications({"A1": application(atsLastModifiedAt=1_767_225_600_000)})
    assert ready.broken_rules() == {"out_of_order"}


async def test_made_up_address_is_on_record(ready: Caller) -> None:
    await ready.put_applications({"A1": application(candidateEmail="noemail@example.org")})
    assert ready.broken_rules() == {"placeholder_address"}


async def test_stages_vanish_with_their_application(ready: Caller) -> None:
    await ready.put_applications({"A1": application(), "A2": application()})
    await ready.put_stages("A1", {"A1.1": stage()})
    await ready.put_stages("A2", {"A2.1": stage()})
    query = ids_query([ready.application_key("A1")])
    assert element_status(await ready.send("DELETE", "/v2/atsApplications", query)) == {"A1": 204}
    assert [row["stageId"] for row in ready.dump("stages")] == ["A2.1"]


async def test_deleting_a_candidate_keeps_its_applications(ready: Caller) -> None:
    await ready.put_applications({"A1": application()})
    await ready.send("DELETE", "/v2/atsCandidates", ids_query([ready.candidate_key("C1")]))
    assert ready.sandbox.linkedin.state_counts()["applications"] == 1
    assert ready.sandbox.linkedin.state_counts()["candidates"] == 0


async def test_rest_applications_drop_the_data_provider(ready: Caller) -> None:
    key = {"atsJobApplicationId": "A1", "integrationContext": ready.organization}
    assert element_status(await ready.put_rest("/rest/atsApplications", [key], [application()])) == {"A1": 201}
    refused = await ready.put_rest("/rest/atsApplications", [{**key, "dataProvider": "ATS"}], [application()])
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 201),
        ({"atsCreatedAt": None}, 422),
        ({"atsCreatedAt": 0}, 422),
        ({"stage": None}, 422),
        ({"stage": ""}, 422),
        ({"stage": "Not Available"}, 422),
    ],
)
async def test_stage_validation(ready: Caller, changes: dict[str, Any], status: int) -> None:
    await ready.put_applications({"A1": application()})
    assert element_status(await ready.put_stages("A1", {"S1": stage(**changes)})) == {"S1": status}


async def test_stage_is_updated_and_deleted_on_its_path(ready: Caller) -> None:
    await ready.put_applications({"A1": application()})
    await ready.put_stages("A1", {"S1": stage()})
    assert element_status(await ready.put_stages("A1", {"S1": stage(stage="Hired")})) == {"S1": 204}
    path = f"/v2/atsApplications/atsJobApplicationId=A1&dataProvider=ATS&integrationContext={ready.organization}/stages"
    assert element_status(await ready.send("DELETE", path, "ids=S1&ids=S2")) == {"S1": 204, "S2": 404}
    assert not ready.dump("stages")


async def test_stage_of_an_unknown_application_is_refused_and_on_record(ready: Caller) -> None:
    assert element_status(await ready.put_stages("A9", {"S1": stage()})) == {"S1": 404}
    assert ready.broken_rules() == {"unknown_reference"}


async def test_rest_stages_of_many_applications_go_in_one_batch(ready: Caller) -> None:
    await ready.put_applications({"A1": application(), "A2": application()})
    keys = [
        {
            "jobApplicationId": name,
            "jobApplicationStageId": f"{name}.1",
            "integrationContext": ready.organization,
        }
        for name in ("A1", "A2")
    ]
    assert (await ready.put_rest("/rest/applicationStage", keys, [stage(), stage()])).status_code == 200
    assert [row["atsJobApplicationId"] for row in ready.dump("stages")] == ["A1", "A2"]
