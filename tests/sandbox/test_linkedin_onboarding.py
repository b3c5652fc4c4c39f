"""Child applications, integrations and their configurations, in the order an onboarding takes."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from tests.sandbox.linkedin_caller import Caller, candidate, element_status, ids_query, restli_2_key, text_key

NEW = {
    "uniqueForeignId": "tenant-7",
    "name": "ExampleATS - Borealis Foods",
    "description": "Tenant 7",
    "oauth2AuthorizedCallbackUrls": ["https://rsc.example.org/bind"],
    "validJsSdkDomains": ["https://rsc.example.org"],
}


@pytest.fixture
async def parent(linkedin: Caller) -> Caller:
    await linkedin.sign_in("parent")
    return linkedin


async def provision(parent: Caller, **changes: Any) -> httpx2.Response:
    body = {name: value for name, value in {**NEW, **changes}.items() if value is not None}
    return await parent.send("POST", "/v2/provisionedApplications", "", body)


async def find(parent: Caller, foreign_id: str = "tenant-7") -> list[dict[str, Any]]:
    query = f"q=credentialsByUniqueForeignId&uniqueForeignId={foreign_id}"
    return list((await parent.send("GET", "/v2/provisionedApplications", query)).json()["elements"])


async def test_child_is_made_once_and_its_secret_told_once(parent: Caller) -> None:
    made = await provision(parent)
    assert made.status_code == 201
    assert made.json()["key"].startswith("urn:li:developerApplication:")
    assert made.json()["credentials"]["client_secret"]
    assert (await provision(parent)).status_code == 409
    [found] = await find(parent)
    assert found["credentials"] == {"client_id": made.json()["credentials"]["client_id"]}
    assert found["validJsSdkDomains"] == NEW["validJsSdkDomains"]
    assert await find(parent, "tenant-8") == []


async def test_made_child_signs_in_with_its_own_credentials(parent: Caller) -> None:
    credentials = (await provision(parent)).json()["credentials"]
    assert (await parent.fetch_token(**credentials)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"uniqueForeignId": None}, 422),
        ({"name": None}, 422),
        ({"description": None}, 422),
        ({"name": "x" * 51}, 422),
        ({"name": "Borealis on LinkedIn"}, 422),
        ({"validJsSdkDomains": ["https://rsc.example.org/"]}, 422),
        ({"validJsSdkDomains": ["rsc.example.org"]}, 422),
        ({"oauth2AuthorizedCallbackUrls": ["ftp://rsc.example.org"]}, 422),
        ({"name": "x" * 50, "oauth2AuthorizedCallbackUrls": None}, 201),
    ],
)
async def test_child_rules(parent: Caller, changes: dict[str, Any], status: int) -> None:
    assert (await provision(parent, **changes)).status_code == status


async def test_child_is_updated_by_its_urn_without_a_method_header(parent: Caller) -> None:
    urn = (await provision(parent)).json()["key"]
    patch = {"patch": {"$set": {"validJsSdkDomains": ["http://localhost:8700"]}}}
    answer = await parent.send("POST", f"/v2/provisionedApplications/{urn}", "", patch)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await find(parent))[0]["validJsSdkDomains"] == ["http://localhost:8700"]
    unknown = await parent.send("POST", "/v2/provisionedApplications/urn:li:developerApplication:1", "", patch)
    assert unknown.status_code == 404


async def test_only_the_parent_provisions(linkedin: Caller) -> None:
    assert (await provision(linkedin)).status_code == 403
    assert linkedin.broken_rules() == {"wrong_application"}


def integration_key(caller: Caller, integration: str = "ONE_CLICK_EXPORT", **more: str) -> dict[str, str]:
    return {
        "integrationContext": caller.organization,
        "integrationType": integration,
        "tenantType": "RECRUITER",
        **more,
    }


async def name_it(caller: Caller, key: dict[str, str], name: object = "ExampleATS") -> httpx2.Response:
    patch = {"patch": {"$set": {"integrationName": name}}}
    return await caller.put_v2("/v2/atsIntegrations", [key], [patch], "batch_partial_update")


async def set_v2(caller: Caller, setting: str, value: object, integration: str = "ONE_CLICK_EXPORT") -> int:
    key = quote(text_key(integration_key(caller, integration, dataProvider="ATS")), safe="")
    body = {"entities": {setting: {"configurationValue": {"string": value}}}}
    answer = await caller.send("PUT", f"/v2/atsIntegrations/{key}/configurations", f"ids={setting}", body)
    return next(iter(element_status(answer).values())) if answer.status_code == 200 else answer.status_code


async def test_requested_integration_is_named_and_read_back(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.recruiter.request()
    key = integration_key(linkedin, dataProvider="ATS")
    assert list(element_status(await name_it(linkedin, key)).values()) == [204]
    answer = await linkedin.send("GET", "/v2/atsIntegrations", ids_query([key]))
    [found] = answer.json()["results"].values()
    assert found == {**key, "status": "REQUESTED", "integrationName": "ExampleATS"}


async def test_rest_integration_has_no_data_provider(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.recruiter.request()
    query = f"ids=List({restli_2_key(integration_key(linkedin))})"
    answer = await linkedin.send("GET", "/rest/integrations", query, x_restli_protocol_version="2.0.0")
    [found] = answer.json()["results"].values()
    assert found == {**integration_key(linkedin), "status": "REQUESTED"}


async def test_nobody_names_an_integration_that_was_not_requested(linkedin: Caller) -> None:
    key = integration_key(linkedin, dataProvider="ATS")
    assert list(element_status(await name_it(linkedin, key)).values()) == [404]
    linkedin.sandbox.linkedin.recruiter.request()
    assert list(element_status(await name_it(linkedin, key, "")).values()) == [422]


async def test_status_change_is_read_by_its_request_id_for_a_day(linkedin: Caller) -> None:
    change = linkedin.sandbox.linkedin.recruiter.set_status(linkedin.organization, "IN_ATS_INDICATOR", "DISABLED")
    query = f"q=request&requestId={change['request_id']}"
    [found] = (await linkedin.send("GET", "/v2/atsIntegrations", query)).json()["elements"]
    assert (found["integrationType"], found["status"]) == ("IN_ATS_INDICATOR", "DISABLED")
    linkedin.advance(86_400)
    await linkedin.sign_in()
    assert (await linkedin.send("GET", "/v2/atsIntegrations", query)).json()["elements"] == []


async def test_one_click_export_is_enabled_only_with_a_callback(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.recruiter.request()
    desk = {"context": linkedin.organization, "type": "ONE_CLICK_EXPORT", "status": "ENABLED"}
    refused = await linkedin.http.post("/_sandbox/integrations", json=desk)
    assert refused.status_code == 409
    assert await set_v2(linkedin, "CALLBACK_URL", "https://rsc.example.org/push/1") == 201
    enabled = await linkedin.http.post("/_sandbox/integrations", json=desk)
    assert (enabled.status_code, enabled.json()["status"]) == (200, "ENABLED")


@pytest.mark.parametrize(
    ("setting", "value", "integration", "status"),
    [
        ("CALLBACK_URL", "https://rsc.example.org/push/1", "ONE_CLICK_EXPORT", 201),
        ("CALLBACK_URL", "http://127.0.0.1:8700/push/1", "ONE_CLICK_EXPORT", 201),
        ("CALLBACK_URL", "http://rsc.example.org/push/1", "ONE_CLICK_EXPORT", 422),
        ("CALLBACK_URL", "push", "ONE_CLICK_EXPORT", 422),
        ("CALLBACK_URL", "https://rsc.example.org/push/1", "IN_ATS_INDICATOR", 422),
        ("CALLBACK_URL", 7, "ONE_CLICK_EXPORT", 422),
        ("JOB_POSTING_VIEWERS", "ALL_PRODUCT_USERS", "ONE_CLICK_EXPORT", 201),
        ("JOB_POSTING_VIEWERS", "ACL_BASED", "ONE_CLICK_EXPORT", 422),
        ("APPLICATION_VIEWERS", "ALL_PRODUCT_USERS", "IN_ATS_INDICATOR", 201),
        ("APPLICATION_VIEWERS", "ALL_PRODUCT_USERS", "ONE_CLICK_EXPORT", 422),
        ("NO_SUCH_SETTING", "x", "ONE_CLICK_EXPORT", 422),
        ("CALLBACK_URL", "https://rsc.example.org/push/1", "UNIFIED_SEARCH", 404),
    ],
)
async def test_configuration_rules(
    linkedin: Caller, setting: str, value: object, integration: str, status: int
) -> None:
    linkedin.sandbox.linkedin.recruiter.request()
    assert await set_v2(linkedin, setting, value, integration) == status


async def test_callback_of_another_customer_is_refused(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.recruiter.request()
    await set_v2(linkedin, "CALLBACK_URL", "https://rsc.example.org/push/1")
    assert await set_v2(linkedin, "CALLBACK_URL", "https://rsc.example.org/push/1") == 204
    await linkedin.sign_in("parent")
    credentials = (await provision(linkedin)).json()["credentials"]
    linkedin.token = (await linkedin.fetch_token(**credentials)).json()["access_token"]
    linkedin.sandbox.linkedin.recruiter.request(client_id=credentials["client_id"], organization=linkedin.organization)
    assert await set_v2(linkedin, "CALLBACK_URL", "https://rsc.example.org/push/1") == 422


async def test_configuration_is_read_and_deleted_in_v2_and_set_in_rest(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.recruiter.request()
    key = integration_key(linkedin, configurationKey="JOB_POSTING_VIEWERS")
    value = {"configurationValue": {"string": "ALL_PRODUCT_USERS"}}
    answer = await linkedin.put_rest("/rest/integrationConfigurations", [key], [value])
    assert next(iter(answer.json()["results"].values())) == {"status": 201}
    path = f"/v2/atsIntegrations/{text_key(integration_key(linkedin, dataProvider='ATS'))}/configurations"
    read = await linkedin.send("GET", path, "ids=JOB_POSTING_VIEWERS&ids=CALLBACK_URL")
    assert read.json()["results"] == {"JOB_POSTING_VIEWERS": value}
    assert read.json()["errors"]["CALLBACK_URL"]["status"] == 404
    gone = await linkedin.send("DELETE", path, "ids=JOB_POSTING_VIEWERS")
    assert gone.json()["results"] == {"JOB_POSTING_VIEWERS": {"status": 204}}
    query = f"ids=List({restli_2_key(key)})"
    refused = await linkedin.send("DELETE", "/rest/integrationConfigurations", query, x_restli_protocol_version="2.0.0")
    assert refused.status_code == 405


@pytest.mark.parametrize("status", ["REQUESTED", "DISABLED"])
async def test_data_is_refused_until_the_integration_is_enabled(linkedin: Caller, status: str) -> None:
    linkedin.enable(status=status)
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 403
    assert linkedin.broken_rules() == {"data_before_enabled"}
    linkedin.enable("PROFILE_PLUGIN")
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 200


async def test_data_for_a_strange_organization_is_refused(linkedin: Caller) -> None:
    key = {**linkedin.candidate_key("C1"), "integrationContext": "urn:li:organization:1"}
    assert (await linkedin.put_v2("/v2/atsCandidates", [key], [candidate()])).status_code == 403


@pytest.mark.parametrize(
    "wanted",
    [
        {"context": "urn:li:organization:1", "type": "IN_ATS_INDICATOR", "status": "ENABLED"},
        {"context": "own", "type": "CSA_API", "status": "ENABLED"},
        {"context": "own", "type": "IN_ATS_INDICATOR", "status": "ON"},
        {"context": "own", "type": "APPLY", "status": "ENABLED"},
        {"context": "own", "type": "IN_ATS_INDICATOR"},
        {"context": "own", "type": "IN_ATS_INDICATOR", "status": "ENABLED", "client_id": "nobody"},
    ],
)
async def test_control_room_refuses_nonsense(linkedin: Caller, wanted: dict[str, str]) -> None:
    if wanted["context"] == "own":
        wanted = {**wanted, "context": linkedin.organization}
    assert (await linkedin.http.post("/_sandbox/integrations", json=wanted)).status_code == 400


ROLL, DELETE = "action=rollDeveloperApplicationSecret", "action=deleteDeveloperApplicationSecret"


async def roll(caller: Caller, action: str = ROLL, child: str | None = None) -> httpx2.Response:
    body = {} if child is None else {"childDeveloperApplication": child}
    return await caller.send("POST", "/v2/developerApplicationsSecurity", action, body, x_restli_method="action")


async def test_both_secrets_sign_in_until_the_old_one_is_deleted(parent: Caller) -> None:
    child = parent.sandbox.linkedin.credentials()["child"]
    rolled = await roll(parent, child=child["urn"])
    new = rolled.json()["value"]["client_secret"]
    assert rolled.status_code == 200
    assert new != child["client_secret"]
    for secret in (new, child["client_secret"]):
        assert (await parent.fetch_token(client_secret=secret)).status_code == 200
    assert (await roll(parent, child=child["urn"])).status_code == 409
    assert (await roll(parent, DELETE, child["urn"])).status_code == 200
    assert (await parent.fetch_token(client_secret=child["client_secret"])).status_code == 401
    assert (await parent.fetch_token(client_secret=new)).status_code == 200
    assert (await roll(parent, DELETE, child["urn"])).status_code == 409


@pytest.mark.parametrize(
    ("who", "action", "child", "status"),
    [
        ("parent", ROLL, None, 200),
        ("child", ROLL, None, 200),
        ("child", ROLL, "urn:li:developerApplication:990001", 403),
        ("parent", ROLL, "urn:li:developerApplication:1", 404),
        ("parent", "action=unheardOf", None, 400),
    ],
)
async def test_who_may_roll_which_secret(
    linkedin: Caller, who: str, action: str, child: str | None, status: int
) -> None:
    await linkedin.sign_in(who)
    assert (await roll(linkedin, action, child)).status_code == status
