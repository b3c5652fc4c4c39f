"""Access control lists and who is on them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.sandbox.linkedin_caller import Caller, element_status, ids_query


def entity(caller: Caller, acl: str, job: str = "J1", kind: str = "JOB_POSTING") -> dict[str, str]:
    return {
        "atsEntityAclId": acl,
        "dataProvider": "ATS",
        "integrationContext": caller.organization,
        "atsEntityType": kind,
        "atsEntityId": job,
    }


def assignee(caller: Caller, acl: str, person: str, kind: str = "JOB_POSTING") -> dict[str, str]:
    key = entity(caller, acl, kind=kind)
    del key["atsEntityId"]
    return {**key, "assignee": person}


def people(caller: Caller) -> list[str]:
    return [str(human["person"]) for human in caller.sandbox.linkedin.credentials()["people"]]


async def put(caller: Caller, path: str, *keys: dict[str, str]) -> dict[str, int]:
    return element_status(await caller.put_v2(f"/v2/{path}", keys, [{}] * len(keys)), "atsEntityAclId")


async def find(caller: Caller, path: str, **criteria: str) -> dict[str, Any]:
    wanted = {"integrationContext": caller.organization, **criteria}
    return dict((await caller.send("GET", path, f"q=criteria&{urlencode(wanted)}")).json())


async def test_job_is_put_on_lists_found_and_taken_off(linkedin: Caller) -> None:
    keys = [entity(linkedin, "sales"), entity(linkedin, "tech"), entity(linkedin, "all", "J2")]
    assert await put(linkedin, "atsEntityAcls", *keys) == {"sales": 201, "tech": 201, "all": 201}
    assert await put(linkedin, "atsEntityAcls", keys[0]) == {"sales": 204}
    found = await find(linkedin, "/v2/atsEntityAcls", dataProvider="ATS", atsEntityId="J1", atsEntityType="JOB_POSTING")
    assert found["elements"] == [dict(key) for key in keys[:2]]
    deleted = await linkedin.send("DELETE", "/v2/atsEntityAcls", ids_query([keys[0], entity(linkedin, "unknown")]))
    assert element_status(deleted, "atsEntityAclId") == {"sales": 204, "unknown": 404}
    assert [row["atsEntityAclId"] for row in linkedin.dump("acls")] == ["tech", "all"]


async def test_finder_gives_ten_at_a_time(linkedin: Caller) -> None:
    await put(linkedin, "atsEntityAcls", *[entity(linkedin, f"list-{n:02}") for n in range(23)])
    pages = [await find(linkedin, "/v2/atsEntityAcls", start=str(start)) for start in (0, 10, 20)]
    assert [len(page["elements"]) for page in pages] == [10, 10, 3]
    assert pages[0]["paging"] == {"start": 0, "count": 10, "total": 23}
    assert len((await find(linkedin, "/v2/atsEntityAcls", count="100"))["elements"]) == 23


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=criteria", 400),
        ("q=everything&integrationContext={}", 400),
        ("q=criteria&integrationContext={}&start=-1", 400),
        ("q=criteria&integrationContext={}&count=many", 400),
        ("q=criteria&integrationContext=urn:li:organization:1", 403),
        ("q=criteria&integrationContext={}", 200),
    ],
)
async def test_finder_rules(linkedin: Caller, query: str, status: int) -> None:
    asked = query.format(quote(linkedin.organization, safe=""))
    assert (await linkedin.send("GET", "/v2/atsEntityAclAssignees", asked)).status_code == status


async def test_person_is_assigned_to_ten_lists_and_no_more(linkedin: Caller) -> None:
    first, second, *_ = people(linkedin)
    ten = [assignee(linkedin, f"list-{n}", first) for n in range(10)]
    assert set((await put(linkedin, "atsEntityAclAssignees", *ten)).values()) == {201}
    assert await put(linkedin, "atsEntityAclAssignees", ten[0]) == {"list-0": 204}
    assert not linkedin.broken_rules()
    more = [assignee(linkedin, "list-11", first), assignee(linkedin, "list-11", second)]
    answer = await linkedin.put_v2("/v2/atsEntityAclAssignees", more, [{}, {}])
    assert [result["status"] for result in answer.json()["results"].values()] == [201]
    assert [problem["status"] for problem in answer.json()["errors"].values()] == [422]
    assert linkedin.broken_rules() == {"acls_per_user"}
    await linkedin.send("DELETE", "/v2/atsEntityAclAssignees", ids_query(ten[:1]))
    assert await put(linkedin, "atsEntityAclAssignees", more[0]) == {"list-11": 201}
    found = await find(linkedin, "/v2/atsEntityAclAssignees", assignee=second)
    assert [element["atsEntityAclId"] for element in found["elements"]] == ["list-11"]


@pytest.mark.parametrize("person", ["urn:li:person:nobody", "urn:li:member:1", "ada"])
async def test_person_of_nobody_or_of_another_application_is_refused(linkedin: Caller, person: str) -> None:
    assert await put(linkedin, "atsEntityAclAssignees", assignee(linkedin, "sales", person)) == {"sales": 422}


async def test_only_jobs_can_be_secured(linkedin: Caller) -> None:
    assert await put(linkedin, "atsEntityAcls", entity(linkedin, "sales", kind="CANDIDATE")) == {"sales": 422}
    wrong = assignee(linkedin, "sales", people(linkedin)[0], "CANDIDATE")
    assert await put(linkedin, "atsEntityAclAssignees", wrong) == {"sales": 422}


async def test_entity_that_is_no_object_is_refused(linkedin: Caller) -> None:
    answer = await linkedin.put_v2("/v2/atsEntityAcls", [entity(linkedin, "sales")], ["x"])
    assert element_status(answer, "atsEntityAclId") == {"sales": 422}


@pytest.mark.parametrize(
    ("path", "field", "kind"),
    [("/rest/entityAcls", "entityId", "JOB_REQUISITION"), ("/rest/entityAclAssignees", "assignee", "JOB_POSTING")],
)
async def test_rest_forms_drop_ats_and_the_provider(linkedin: Caller, path: str, field: str, kind: str) -> None:
    key = {
        "entityAclId": "sales",
        "integrationContext": linkedin.organization,
        "entityType": kind,
        field: people(linkedin)[0] if field == "assignee" else "J1",
    }
    assert element_status(await linkedin.put_rest(path, [key], [{}]), "entityAclId") == {"sales": 201}
    assert (await find(linkedin, path))["elements"] == [key]
    assert element_status(await linkedin.send("DELETE", path, ids_query([key])), "entityAclId") == {"sales": 204}


async def test_lists_wait_for_the_integration(linkedin: Caller) -> None:
    linkedin.enable(status="REQUESTED")
    answer = await linkedin.put_v2("/v2/atsEntityAcls", [entity(linkedin, "sales")], [{}])
    assert answer.status_code == 403
