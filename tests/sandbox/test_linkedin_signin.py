"""Tokens: the documented errors, the life of 30 minutes, and what a client does wrong with them."""

from __future__ import annotations

import pytest

from tests.sandbox.linkedin_caller import Caller, candidate


async def test_token_lives_thirty_minutes_of_the_sandbox_clock(linkedin: Caller) -> None:
    answer = await linkedin.fetch_token()
    assert answer.status_code == 200
    assert answer.json()["expires_in"] == 1800
    assert len(answer.json()["access_token"]) > 400
    linkedin.advance(1799)
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 200
    linkedin.advance(1)
    late = await linkedin.put_candidates({"C1": candidate()})
    assert (late.status_code, late.json()["serviceErrorCode"]) == (401, 65602)


async def test_unknown_token_is_refused_with_its_service_code(linkedin: Caller) -> None:
    linkedin.token = "AQX-made-up"
    answer = await linkedin.put_candidates({"C1": candidate()})
    assert (answer.status_code, answer.json()["serviceErrorCode"]) == (401, 65600)
    assert answer.headers["x-li-uuid"]


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"client_id": ""}, 400, "invalid_request"),
        ({"client_secret": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "invalid_request"),
        ({"client_id": "77nobody"}, 400, "invalid_client_id"),
        ({"client_secret": "wrong"}, 401, "invalid_client_id"),
    ],
)
async def test_bad_token_request_gets_its_documented_error(
    linkedin: Caller, changes: dict[str, str], status: int, error: str
) -> None:
    answer = await linkedin.fetch_token(**changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]


async def test_missing_parameter_is_named(linkedin: Caller) -> None:
    assert "client_secret" in (await linkedin.fetch_token(client_secret="")).json()["error_description"]


async def test_secret_in_the_url_is_refused_and_on_record(linkedin: Caller) -> None:
    secret = linkedin.sandbox.linkedin.credentials()["child"]["client_secret"]
    answer = await linkedin.http.get("/oauth/v2/accessToken", params={"client_secret": secret})
    assert answer.status_code == 405
    assert linkedin.broken_rules() == {"secret_in_url"}
    assert secret not in str(linkedin.sandbox.linkedin.journal.entries())


async def test_json_body_is_no_token_request(linkedin: Caller) -> None:
    answer = await linkedin.http.post("/oauth/v2/accessToken", json={"grant_type": "client_credentials"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_fetching_tokens_all_the_time_is_on_record(linkedin: Caller) -> None:
    for _ in range(9):
        await linkedin.fetch_token()
    assert not linkedin.broken_rules()
    await linkedin.fetch_token()
    assert linkedin.broken_rules() == {"token_fetches"}


async def test_data_with_the_parents_token_is_refused(linkedin: Caller) -> None:
    await linkedin.sign_in("parent")
    answer = await linkedin.put_candidates({"C1": candidate()})
    assert answer.status_code == 403
    assert "Not enough permissions" in answer.json()["message"]
    assert linkedin.broken_rules() == {"wrong_application"}
