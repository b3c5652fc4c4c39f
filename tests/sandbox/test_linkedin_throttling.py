"""Quotas by the sandbox clock, what ignoring them costs, parallel batches, and scripted faults."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from tests.sandbox.linkedin_caller import Caller, candidate, element_status, ids_query, job


def hundred(start: int = 0) -> dict[str, Any]:
    return {f"C{number}": candidate(number) for number in range(start, start + 100)}


async def test_minute_quota_slides_and_answers_429(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.set_limits({"mode": "real", "records_per_minute": 300})
    for _ in range(3):
        assert (await linkedin.put_candidates(hundred())).status_code == 200
        linkedin.advance(10)
    refused = await linkedin.put_candidates({"C1": candidate()})
    assert (refused.status_code, refused.json()["status"]) == (429, 429)
    assert "retry-after" not in refused.headers
    assert linkedin.broken_rules() == {"quota"}
    linkedin.advance(29)
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 429
    assert linkedin.broken_rules() == {"quota", "ignored_429"}
    # 60 s after the first batch its hundred records are free again, and no more than those.
    linkedin.advance(1)
    assert (await linkedin.put_candidates(hundred())).status_code == 200
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 429


async def test_real_minute_quota_is_ten_thousand_records(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.set_limits({"mode": "real"})
    for _ in range(100):
        assert (await linkedin.put_candidates(hundred())).status_code == 200
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 429


async def test_day_quota_resets_at_midnight_utc(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.set_limits({"mode": "real", "calls_per_day": 2})
    query = ids_query([linkedin.candidate_key("C1")])
    for status in (200, 200, 429):
        assert (await linkedin.send("GET", "/v2/atsCandidates", query)).status_code == status
    linkedin.advance(86_400)
    await linkedin.sign_in()
    assert (await linkedin.send("GET", "/v2/atsCandidates", query)).status_code == 200


async def test_resources_and_generations_have_quotas_of_their_own(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.set_limits({"mode": "real", "calls_per_day": {"v2.atsCandidates": 0}})
    query = ids_query([linkedin.candidate_key("C1")])
    assert (await linkedin.send("GET", "/v2/atsCandidates", query)).status_code == 429
    rest = query.replace("atsCandidateId", "externalCandidateId").replace("&ids[0].dataProvider=ATS", "")
    assert (await linkedin.send("GET", "/rest/candidates", rest)).status_code == 200
    assert (await linkedin.post_jobs(job(linkedin.organization))).status_code == 200


@pytest.mark.parametrize("wanted", [{"mode": "wild"}, {"records": 5}, {"calls_per_day": "many"}])
async def test_limits_that_make_no_sense_are_refused(linkedin: Caller, wanted: dict[str, Any]) -> None:
    assert (await linkedin.http.put("/_sandbox/limits", json=wanted)).status_code == 400
    assert (await linkedin.http.get("/_sandbox/limits")).json()["mode"] == "relaxed"


async def test_custom_limit_keeps_the_others(linkedin: Caller) -> None:
    await linkedin.http.put("/_sandbox/limits", json={"mode": "real"})
    shown = (await linkedin.http.put("/_sandbox/limits", json={"calls_per_day": {"v2.atsCandidates": 7}})).json()
    assert shown["mode"] == "custom"
    assert shown["calls_per_day"]["v2.atsCandidates"] == 7
    assert shown["calls_per_day"]["v2.atsApplications"] == 100_000
    assert shown["task_read_after_seconds"] == 300


async def test_next_three_batches_are_throttled_as_scripted(linkedin: Caller) -> None:
    script = {"operation": "candidates.batch_update", "kind": "status", "status": 429, "times": 3, "retry_after": 2}
    await linkedin.http.post("/_sandbox/faults", json=script)
    answers = [await linkedin.put_candidates({"C1": candidate()}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [429, 429, 429, 200]
    assert answers[0].headers["retry-after"] == "2"
    # The three calls that followed did not wait the two seconds.
    assert [violation.rule for violation in linkedin.sandbox.linkedin.journal.violations()] == ["ignored_429"] * 3


async def test_skipped_calls_pass_before_the_fault_strikes(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.faults.add({"operation": "candidates.*", "kind": "status", "status": 503, "skip": 2})
    statuses = [(await linkedin.put_candidates({"C1": candidate()})).status_code for _ in range(4)]
    assert statuses == [200, 200, 503, 200]


async def test_scripted_401_revokes_the_token(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.faults.add({"operation": "candidates.batch_update", "kind": "status", "status": 401})
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 401
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 401
    await linkedin.sign_in()
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 200


async def test_half_of_a_batch_fails(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.faults.add({"operation": "candidates.batch_update", "kind": "half_fail"})
    entities = {name: candidate() for name in ("C1", "C2", "C3", "C4")}
    assert element_status(await linkedin.put_candidates(entities)) == {"C1": 201, "C2": 500, "C3": 201, "C4": 500}
    assert [row["atsCandidateId"] for row in linkedin.dump("candidates")] == ["C1", "C3"]


async def test_half_of_the_jobs_fail(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.faults.add({"operation": "jobs.*", "kind": "half_fail", "status": 504})
    jobs = [job(linkedin.organization, name) for name in ("J1", "J2", "J3")]
    elements = (await linkedin.post_jobs(*jobs)).json()["elements"]
    assert [element["status"] for element in elements] == [202, 504, 202]


async def test_token_endpoint_fails_as_scripted(linkedin: Caller) -> None:
    linkedin.sandbox.linkedin.faults.add({"operation": "oauth.*", "kind": "status", "status": 500})
    assert (await linkedin.fetch_token()).status_code == 500
    assert (await linkedin.fetch_token()).status_code == 200


@pytest.mark.parametrize(
    "script", [{"operation": "*"}, {"operation": "*", "kind": "explode"}, {"kind": "reset"}, {"operation": "*", "x": 1}]
)
async def test_script_that_makes_no_sense_is_refused(linkedin: Caller, script: dict[str, Any]) -> None:
    assert (await linkedin.http.post("/_sandbox/faults", json=script)).status_code == 400


async def test_faults_are_listed_and_cleared(linkedin: Caller) -> None:
    await linkedin.http.post("/_sandbox/faults", json={"operation": "*", "kind": "status", "times": None})
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 500
    [listed] = (await linkedin.http.get("/_sandbox/faults")).json()["faults"]
    assert listed["struck"] == 1
    await linkedin.http.delete("/_sandbox/faults")
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 200


class Served:
    """A caller over a real connection."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    async def __aenter__(self) -> Caller:
        self.http = httpx2.AsyncClient(base_url=self.sandbox.linkedin_url, timeout=60)
        caller = Caller(self.http, self.sandbox)
        caller.enable()
        await caller.sign_in()
        return caller

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()


@pytest.mark.parametrize(
    ("kind", "error", "done"),
    [
        ("reset", httpx2.ReadError, False),
        ("hang", httpx2.ReadTimeout, False),
        ("lost_answer", httpx2.ReadError, True),
        ("truncated", httpx2.RemoteProtocolError, True),
    ],
)
async def test_connection_breaks_as_scripted(running: Sandbox, kind: str, error: type[Exception], done: bool) -> None:
    async with Served(running) as caller:
        running.linkedin.faults.add({"operation": "candidates.batch_update", "kind": kind})
        caller.http.timeout = httpx2.Timeout(0.5)
        with pytest.raises(error):
            await caller.put_candidates({"C1": candidate()})
        assert bool(caller.dump("candidates")) is done
        caller.http.timeout = httpx2.Timeout(5)
        assert (await caller.put_candidates({"C1": candidate()})).status_code == 200
        [struck] = [entry.fault for entry in running.linkedin.journal.entries() if entry.fault]
        assert struck == kind
        assert not caller.broken_rules()


async def test_delayed_answer_arrives(running: Sandbox) -> None:
    async with Served(running) as caller:
        running.linkedin.faults.add({"operation": "candidates.*", "kind": "delay", "seconds": 0.3})
        loop = asyncio.get_running_loop()
        started = loop.time()
        assert (await caller.put_candidates({"C1": candidate()})).status_code == 200
        assert loop.time() - started >= 0.3


async def test_parallel_batches_of_one_resource_are_on_record(linkedin: Caller) -> None:
    # A body that comes slowly keeps the first batch on its way while the second one arrives.
    arrived = asyncio.Event()
    more = asyncio.Event()

    async def slow_body() -> dict[str, Any]:
        arrived.set()
        await more.wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: Any) -> None: ...

    headers = [(b"authorization", f"Bearer {linkedin.token}".encode()), (b"x-http-method-override", b"PUT")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v2/atsCandidates",
        "raw_path": b"/v2/atsCandidates",
        "query_string": b"",
        "headers": headers,
    }
    first = asyncio.create_task(linkedin.sandbox.linkedin(scope, slow_body, send))
    await arrived.wait()
    await linkedin.put_candidates({"C1": candidate()})
    query = ids_query([linkedin.candidate_key("C1")])
    await linkedin.send("GET", "/v2/atsCandidates", query)
    more.set()
    await first
    assert [violation.rule for violation in linkedin.sandbox.linkedin.journal.violations()] == ["parallel_batches"]
    await linkedin.put_candidates({"C1": candidate()})
    assert linkedin.sandbox.linkedin.journal.rules_broken["parallel_batches"] == 1
