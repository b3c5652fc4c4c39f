"""A customer of Cross-System Awareness: keys that exist before anything of this product was requested."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.linkedin_caller import Caller, candidate

ADDRESS = "/_sandbox/cross-system-awareness"


@pytest.fixture
async def older(linkedin: Caller) -> dict[str, Any]:
    """The customer; ``linkedin`` signs with its keys."""
    made = await linkedin.http.post(ADDRESS, json={})
    assert made.status_code == 200, made.text
    customer: dict[str, Any] = made.json()
    keys = {name: customer[name] for name in ("client_id", "client_secret")}
    linkedin.token = (await linkedin.fetch_token(**keys)).json()["access_token"]
    return customer


async def seats(linkedin: Caller, contract: str) -> int:
    query = f"q=attributes&contracts[0]={contract}&states[0]=ACTIVE&start=0&count=50"
    return (await linkedin.send("GET", "/v2/seatsV2", query)).status_code


async def test_older_keys_read_the_seats_of_their_contract_and_of_no_other(
    linkedin: Caller, older: dict[str, Any]
) -> None:
    contracts = [one["urn"] for one in linkedin.sandbox.linkedin.credentials()["contracts"]]
    assert older["contracts"] == contracts[:1]
    assert await seats(linkedin, contracts[0]) == 200
    assert await seats(linkedin, contracts[1]) == 403


async def test_nothing_is_taken_with_older_keys_before_the_company_level_is_on(
    linkedin: Caller, older: dict[str, Any]
) -> None:
    refused = await linkedin.put_candidates({"C1": candidate()})
    assert refused.status_code == 403
    recruiter, key = linkedin.sandbox.linkedin.recruiter, older["client_id"]
    recruiter.request(organization=linkedin.organization, client_id=key)
    recruiter.set_status(linkedin.organization, "IN_ATS_INDICATOR", "ENABLED", key)
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 200


async def test_partner_finds_the_older_application_by_its_foreign_id(linkedin: Caller, older: dict[str, Any]) -> None:
    await linkedin.sign_in("parent")
    query = f"q=credentialsByUniqueForeignId&uniqueForeignId={older['unique_foreign_id']}"
    [found] = (await linkedin.send("GET", "/v2/provisionedApplications", query)).json()["elements"]
    assert found["credentials"] == {"client_id": older["client_id"]}
    again = {"uniqueForeignId": older["unique_foreign_id"], "name": "A second one", "description": "none"}
    assert (await linkedin.send("POST", "/v2/provisionedApplications", "", again)).status_code == 409


@pytest.mark.parametrize(
    "wanted",
    [{"contracts": ["urn:li:contract:1"]}, {"contracts": []}, {"foreign_id": ""}, {"origins": ["nowhere"]}, {"x": 1}],
)
async def test_customer_that_cannot_be_is_refused(linkedin: Caller, wanted: dict[str, Any]) -> None:
    assert (await linkedin.http.post(ADDRESS, json=wanted)).status_code == 400
    assert (await linkedin.http.get(ADDRESS)).json() == {"customers": []}


async def test_second_customer_needs_a_foreign_id_of_its_own(linkedin: Caller, older: dict[str, Any]) -> None:
    assert (await linkedin.http.post(ADDRESS, json={})).status_code == 400
    assert (await linkedin.http.get(ADDRESS)).json() == {"customers": [older]}
