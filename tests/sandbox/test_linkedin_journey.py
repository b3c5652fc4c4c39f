"""The whole way of a customer over real connections: provision, request, name, enable, sync, read back, delete."""

from __future__ import annotations

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from tests.sandbox.linkedin_caller import (
    Caller,
    application,
    candidate,
    element_status,
    ids_query,
    job,
    stage,
    text_key,
)


@pytest.fixture
async def http(running: Sandbox) -> object:
    async with httpx2.AsyncClient(base_url=running.linkedin_url, timeout=60) as client:
        yield client


async def test_new_customer_goes_all_the_way_without_breaking_a_rule(
    running: Sandbox, http: httpx2.AsyncClient
) -> None:
    caller = Caller(http, running)
    child = await provision(caller)
    caller.token = (await caller.fetch_token(**child)).json()["access_token"]
    await onboard(caller, child["client_id"])
    await sync(caller)
    await read_back(caller)
    await erase(caller)
    assert not caller.broken_rules()
    assert running.linkedin.state_counts()["candidates"] == 0


async def provision(caller: Caller) -> dict[str, str]:
    await caller.sign_in("parent")
    body = {"uniqueForeignId": "tenant-1", "name": "ExampleATS - Borealis", "description": "Tenant 1"}
    return dict((await caller.send("POST", "/v2/provisionedApplications", "", body)).json()["credentials"])


async def onboard(caller: Caller, client_id: str) -> None:
    asked = (await caller.http.post("/_sandbox/request", json={})).json()["integrations"]
    assert {integration["client_id"] for integration in asked} == {client_id}
    keys = [
        {
            "integrationContext": one["context"],
            "integrationType": one["type"],
            "tenantType": "RECRUITER",
            "dataProvider": "ATS",
        }
        for one in asked
    ]
    patch = {"patch": {"$set": {"integrationName": "ExampleATS (Borealis)"}}}
    named = await caller.put_v2("/v2/atsIntegrations", keys, [patch] * len(keys), "batch_partial_update")
    assert not named.json()["errors"]
    path = f"/v2/atsIntegrations/{text_key(keys[0])}/configurations"
    for setting, value in (
        ("CALLBACK_URL", "https://rsc.example.org/push"),
        ("JOB_POSTING_VIEWERS", "ALL_PRODUCT_USERS"),
    ):
        body = {"entities": {setting: {"configurationValue": {"string": value}}}}
        assert (await caller.send("PUT", path, f"ids={setting}", body)).json()["results"]
    for one in asked:
        wanted = {"context": one["context"], "type": one["type"], "status": "ENABLED"}
        assert (await caller.http.post("/_sandbox/integrations", json=wanted)).status_code == 200


async def sync(caller: Caller) -> None:
    await caller.post_jobs(job(caller.organization, "J1"))
    caller.settle()
    member = caller.sandbox.linkedin.state.network.members[0]
    people = {f"C{number}": candidate(number) for number in range(2, 101)}
    people["C1"] = candidate(emailAddresses=[member.emails[0]])
    assert set(element_status(await caller.put_candidates(people)).values()) == {201}
    forms = {f"A{number}": application(atsCandidateId=f"C{number}") for number in range(1, 101)}
    assert set(element_status(await caller.put_applications(forms)).values()) == {201}
    assert element_status(await caller.put_stages("A1", {"A1.1": stage(), "A1.2": stage(stage="Hired")}))
    counts = caller.sandbox.linkedin.state_counts()
    assert (counts["jobs_open"], counts["candidates"], counts["applications"], counts["stages"]) == (1, 100, 100, 2)


async def read_back(caller: Caller) -> None:
    query = ids_query([caller.candidate_key("C1")]) + "&fields=matchedMembers"
    [found] = (await caller.send("GET", "/v2/atsCandidates", query)).json()["results"].values()
    assert len(found["matchedMembers"]) == 1
    assert (await caller.send("GET", "/v2/jobPostingStatus", "ids=J1")).json()["results"]["J1"][
        "listingStatus"
    ] == "LISTED"


async def erase(caller: Caller) -> None:
    names = [str(number) for number in range(1, 101)]
    for path, keys in (
        ("/v2/atsApplications", [caller.application_key(f"A{name}") for name in names]),
        ("/v2/atsCandidates", [caller.candidate_key(f"C{name}") for name in names]),
    ):
        headers = {
            "authorization": f"Bearer {caller.token}",
            "x-http-method-override": "DELETE",
            "content-type": "application/x-www-form-urlencoded",
        }
        answer = await caller.http.post(path, content=ids_query(keys).encode(), headers=headers)
        assert set(element_status(answer).values()) == {204}


async def test_same_calls_get_the_same_bytes() -> None:
    bodies = []
    for _ in range(2):
        sandbox = Sandbox(candidates=5, seed=3)
        sandbox.clock.freeze()
        transport = httpx2.ASGITransport(app=sandbox.linkedin)
        async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as client:
            caller = Caller(client, sandbox)
            caller.enable()
            token = await caller.fetch_token()
            caller.token = token.json()["access_token"]
            posted = await caller.post_jobs(job(caller.organization))
            put = await caller.put_candidates({"C1": candidate()})
            bodies.append((token.content, posted.content, put.content, put.headers["x-li-uuid"]))
    assert bodies[0] == bodies[1]
