"""Credentials, scopes, rates and the journal of the imitated SmartRecruiters; its clock is frozen where time counts."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from landbridge.sandbox.kernel import Site, WorldChoice
from landbridge.sandbox.smartrecruiters import SmartRecruiters
from landbridge.sandbox.worlds import make_world

TOKEN = "/identity/oauth/token"


@pytest.fixture
def system() -> SmartRecruiters:
    system = SmartRecruiters(Site(make_world, WorldChoice(candidates=60)))
    system.clock.freeze()
    return system


@pytest.fixture
async def client(system: SmartRecruiters) -> AsyncIterator[httpx2.AsyncClient]:
    """Nobody in particular: tests give the credential with each call."""
    transport = httpx2.ASGITransport(app=system)
    async with httpx2.AsyncClient(transport=transport, base_url="http://smartrecruiters.test") as client:
        yield client


@pytest.fixture
def key(system: SmartRecruiters) -> dict[str, str]:
    return {"X-SmartToken": system.keys.api_key}


def form(system: SmartRecruiters, **further: str) -> dict[str, str]:
    keys = system.keys
    return {
        "grant_type": "client_credentials",
        "client_id": keys.client_id,
        "client_secret": keys.client_secret,
        **further,
    }


async def bearer(client: httpx2.AsyncClient, system: SmartRecruiters, **further: str) -> dict[str, str]:
    answer = await client.post(TOKEN, data=form(system, **further))
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def broken(system: SmartRecruiters) -> list[str]:
    return [violation.rule for violation in system.journal.violations()]


async def test_token_lives_for_30_minutes_of_sandbox_time(client: httpx2.AsyncClient, system: SmartRecruiters) -> None:
    token = await bearer(client, system)
    system.clock.advance(timedelta(minutes=30, milliseconds=-1))
    assert (await client.get("/jobs", headers=token)).status_code == 200
    system.clock.advance(timedelta(milliseconds=1))
    refused = await client.get("/jobs", headers=token)
    assert refused.status_code == 401
    assert refused.json()["errors"][0]["code"] == "UNAUTHORIZED"


async def test_token_is_given_for_basic_authentication_too(client: httpx2.AsyncClient, system: SmartRecruiters) -> None:
    pair = base64.b64encode(f"{system.keys.client_id}:{system.keys.client_secret}".encode()).decode()
    answer = await client.post(
        TOKEN, data={"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {pair}"}
    )
    assert answer.json()["expires_in"] == 1800


@pytest.mark.parametrize(
    ("further", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "ключ"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": ""}, 400, "invalid_scope"),
        ({"scope": "jobs_read everything"}, 400, "invalid_scope"),
    ],
)
async def test_token_is_refused(
    client: httpx2.AsyncClient, system: SmartRecruiters, further: dict[str, str], status: int, error: str
) -> None:
    answer = await client.post(TOKEN, data=form(system, **further))
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    "headers", [{}, {"X-SmartToken": "DCRA1-wrong"}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer"}]
)
async def test_wrong_credentials_are_refused(client: httpx2.AsyncClient, headers: dict[str, str]) -> None:
    assert (await client.get("/candidates", headers=headers)).status_code == 401


async def test_call_beyond_the_scopes_of_a_token_is_refused(
    client: httpx2.AsyncClient, system: SmartRecruiters
) -> None:
    token = await bearer(client, system, scope="jobs_read")
    assert (await client.get("/jobs", headers=token)).status_code == 200
    refused = await client.get("/candidates", headers=token)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "PERMISSION_DENIED")
    assert "candidates_read" in refused.json()["message"]


async def test_permission_taken_away_is_missed_by_every_credential_until_it_is_given_back(
    client: httpx2.AsyncClient, system: SmartRecruiters, key: dict[str, str]
) -> None:
    token = await bearer(client, system)
    assert (await client.put("/_sandbox/permissions", json={"removed": ["users_read"]})).status_code == 200
    for headers in (token, key):
        assert (await client.get("/user-api/v201804/users", headers=headers)).status_code == 403
        assert (await client.get("/user-api/v201804/users/me", headers=headers)).status_code == 200
    await client.put("/_sandbox/permissions", json={"removed": []})
    assert (await client.get("/user-api/v201804/users", headers=token)).status_code == 200
    assert (await client.put("/_sandbox/permissions", json={"removed": ["no_such"]})).status_code == 400


async def test_eleventh_call_of_any_second_is_refused_and_noted(
    client: httpx2.AsyncClient, system: SmartRecruiters, key: dict[str, str]
) -> None:
    system.set_limits({"mode": "real"})
    for number in range(10):
        answer = await client.get("/configuration/company", headers=key)
        assert answer.status_code == 200
        assert answer.headers["x-ratelimit-limit"] == "10"
        assert answer.headers["x-ratelimit-remaining"] == str(9 - number)
    system.clock.advance(timedelta(milliseconds=999))
    refused = await client.get("/configuration/company", headers=key)
    assert refused.status_code == 429
    assert refused.json()["errors"][0]["code"]
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert broken(system) == ["rate"]
    system.clock.advance(timedelta(milliseconds=1))
    assert (await client.get("/configuration/company", headers=key)).status_code == 200


async def test_rates_are_counted_for_each_credential_not_for_its_tokens(
    client: httpx2.AsyncClient, system: SmartRecruiters, key: dict[str, str]
) -> None:
    first, second = await bearer(client, system), await bearer(client, system)
    system.set_limits({"requests_per_second": 2})
    assert (await client.get("/jobs", headers=first)).status_code == 200
    assert (await client.get("/jobs", headers=second)).status_code == 200
    assert (await client.get("/jobs", headers=second)).status_code == 429
    assert (await client.get("/jobs", headers=key)).status_code == 200


async def test_second_candidate_list_in_flight_is_refused_and_noted(
    client: httpx2.AsyncClient, system: SmartRecruiters, key: dict[str, str]
) -> None:
    both = await asyncio.gather(*(client.get("/candidates", headers=key) for _ in range(2)))
    assert sorted(answer.status_code for answer in both) == [200, 429]
    assert broken(system) == ["candidate_list_alone"]
    served = next(answer for answer in both if answer.status_code == 200)
    assert served.headers["x-ratelimit-concurrent-limit"] == "1"
    assert (await client.get("/candidates", headers=key)).status_code == 200


async def test_ninth_call_in_flight_is_refused_and_noted(
    client: httpx2.AsyncClient, system: SmartRecruiters, key: dict[str, str]
) -> None:
    system.set_limits({"concurrent": 8, "latency_ms": 20})
    answers = await asyncio.gather(*(client.get("/jobs", headers=key) for _ in range(9)))
    assert sorted(answer.status_code for answer in answers) == [200] * 8 + [429]
    assert broken(system) == ["concurrency"]
    assert answers[0].headers["x-ratelimit-concurrent-limit"] == "8"


@pytest.mark.parametrize(
    ("query", "rule", "status"),
    [
        ("/jobs?limit=101", "limit_to_100", 400),
        ("/candidates?limit=0", "limit_to_100", 400),
        ("/candidates?limit=all", "limit_to_100", 400),
        ("/jobs?sort=job_id&offset=10", "no_offset", 200),
        ("/candidates?offset=10", "no_offset", 200),
    ],
)
async def test_broken_paging_rules_are_noted_with_their_source(
    client: httpx2.AsyncClient, system: SmartRecruiters, key: dict[str, str], query: str, rule: str, status: int
) -> None:
    assert (await client.get(query, headers=key)).status_code == status
    (violation,) = system.journal.violations()
    assert violation.rule == rule
    assert violation.source.startswith("https://developers.smartrecruiters.com/")


async def test_paging_jobs_without_sort_is_noted_and_may_miss_jobs_that_move(
    client: httpx2.AsyncClient, system: SmartRecruiters, key: dict[str, str]
) -> None:
    first = (await client.get("/jobs?limit=5", headers=key)).json()
    last = (await client.get("/jobs?limit=100", headers=key)).json()["content"][-1]
    system.state.world.jobs[last["id"]].last_activity = system.clock.ms()
    system.state.changed()
    seen = [job["id"] for job in first["content"]]
    page = first
    while following := page.get("nextPageId"):
        page = (await client.get(f"/jobs?limit=5&pageId={following}", headers=key)).json()
        seen += [job["id"] for job in page["content"]]
    assert last["id"] not in seen
    assert set(broken(system)) == {"pages_need_sort"}


async def test_careful_reader_breaks_no_rule(
    client: httpx2.AsyncClient, system: SmartRecruiters, key: dict[str, str]
) -> None:
    page: dict[str, Any] = (await client.get("/candidates?limit=100", headers=key)).json()
    await client.get("/jobs?limit=100&sort=job_id", headers=key)
    await client.get(f"/candidates/{page['content'][0]['id']}", headers=key)
    assert broken(system) == []
    entries = system.journal.entries()
    assert [(entry.operation, entry.status, entry.records) for entry in entries] == [
        ("candidates.list", 200, 60),
        ("jobs.list", 200, 12),
        ("candidates.get", 200, 1),
    ]
    assert {entry.client for entry in entries} == {"api_key"}


async def test_scripted_fault_strikes_as_often_as_told(
    client: httpx2.AsyncClient, system: SmartRecruiters, key: dict[str, str]
) -> None:
    script = {"operation": "candidates.*", "kind": "status", "status": 503, "times": 2, "retry_after": 3}
    await client.post("/_sandbox/faults", json=script)
    assert (await client.get("/jobs", headers=key)).status_code == 200
    struck = await client.get("/candidates", headers=key)
    assert (struck.status_code, struck.headers["retry-after"]) == (503, "3")
    assert (await client.get("/candidates", headers=key)).status_code == 503
    assert (await client.get("/candidates", headers=key)).status_code == 200


async def test_call_that_hangs_is_not_counted_against_its_repetition(
    client: httpx2.AsyncClient, system: SmartRecruiters, key: dict[str, str]
) -> None:
    system.faults.add({"operation": "candidates.list", "kind": "hang", "seconds": 30})
    hanging = asyncio.create_task(client.get("/candidates", headers=key))
    while not system.journal.entries():
        await asyncio.sleep(0.001)
    assert (await client.get("/candidates", headers=key)).status_code == 200
    assert broken(system) == []
    hanging.cancel()


@pytest.mark.parametrize(
    "wanted", [{"mode": "fast"}, {"requests_per_second": 0}, {"latency_ms": -1}, {"requests": 5}, {"concurrent": "x"}]
)
async def test_limits_that_make_no_sense_are_refused(
    client: httpx2.AsyncClient, system: SmartRecruiters, wanted: dict[str, Any]
) -> None:
    before = system.limits()
    assert (await client.put("/_sandbox/limits", json=wanted)).status_code == 400
    assert system.limits() == before


async def test_limits_can_be_real_relaxed_or_ones_own(client: httpx2.AsyncClient) -> None:
    real = (await client.put("/_sandbox/limits", json={"mode": "real"})).json()
    assert (real["requests_per_second"], real["concurrent"], real["concurrent_candidate_lists"]) == (10, 8, 1)
    own = (await client.put("/_sandbox/limits", json={"requests_per_second": 50})).json()
    assert (own["mode"], own["requests_per_second"], own["concurrent"]) == ("custom", 50, 8)


async def test_credentials_are_shown_and_stay_the_same_in_every_world(
    client: httpx2.AsyncClient, key: dict[str, str]
) -> None:
    before = (await client.get("/_sandbox/credentials")).json()
    assert before["api_key"] == key["X-SmartToken"]
    assert len(before["api_key"]) == 32
    await client.post("/_sandbox/seed", json={"world": "hostile", "seed": 9, "candidates": 20})
    assert (await client.get("/_sandbox/credentials")).json() == before
    assert (await client.get("/candidates", headers=key)).json()["totalFound"] == 20


async def test_unknown_method_is_not_allowed(client: httpx2.AsyncClient, key: dict[str, str]) -> None:
    assert (await client.delete("/jobs", headers=key)).status_code == 405
