"""Scripted trouble of every kind, as a client meets it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.kernel import Faults
from tests.sandbox.linkedin_caller import Caller, candidate, job


def script(caller: Caller, operation: str, kind: str, **further: Any) -> None:
    caller.sandbox.linkedin.faults.add({"operation": operation, "kind": kind, **further})


async def statuses(caller: Caller, calls: int) -> list[int]:
    return [(await caller.put_candidates({"C1": candidate()})).status_code for _ in range(calls)]


async def test_nth_call_alone_is_struck(linkedin: Caller) -> None:
    script(linkedin, "candidates.*", "status", nth=3, status=503)
    assert await statuses(linkedin, 5) == [200, 200, 503, 200, 200]


async def test_fault_concerns_one_client_only(linkedin: Caller) -> None:
    script(linkedin, "candidates.*", "status", client="somebody-else", times=None)
    assert await statuses(linkedin, 2) == [200, 200]


def test_probability_is_drawn_from_the_seed() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults()
        faults.add({"operation": "*", "kind": "status", "times": None, "probability": 0.3, "seed": seed})
        return [faults.strike("candidates.get") is not None for _ in range(400)]

    assert struck(1) == struck(1)
    assert struck(1) != struck(2)
    assert 80 < sum(struck(1)) < 160


@pytest.mark.parametrize("where", [{"element": 1}, {"key": "C2"}])
async def test_one_element_of_a_batch_fails(linkedin: Caller, where: dict[str, Any]) -> None:
    script(linkedin, "candidates.batch_update", "element", status=422, **where)
    answer = (await linkedin.put_candidates({f"C{number}": candidate(number) for number in (1, 2, 3)})).json()
    assert [error["status"] for error in answer["errors"].values()] == [422]
    assert [row["atsCandidateId"] for row in linkedin.dump("candidates")] == ["C1", "C3"]


@pytest.mark.parametrize(("wrong", "sign"), [("html", b"<h1>"), ("shape", b"unexpected"), ("empty", b"")])
async def test_wrong_answer_comes_after_the_work(linkedin: Caller, wrong: str, sign: bytes) -> None:
    script(linkedin, "candidates.*", "wrong", wrong=wrong)
    answer = await linkedin.put_candidates({"C1": candidate()})
    assert answer.status_code == 200
    assert sign in answer.content
    assert b"results" not in answer.content
    assert len(linkedin.dump("candidates")) == 1


async def test_request_that_arrives_twice_is_done_twice(linkedin: Caller) -> None:
    script(linkedin, "jobs.*", "duplicate")
    answer = await linkedin.post_jobs(job(linkedin.organization))
    assert len(answer.json()["elements"]) == 1
    assert len(linkedin.sandbox.linkedin.state.tasks.by_urn) == 2


async def test_overtaken_request_is_done_after_the_next_one(linkedin: Caller) -> None:
    script(linkedin, "candidates.batch_update", "reorder")
    early, late = {"C1": candidate(firstName="Early")}, {"C1": candidate(firstName="Late")}
    first = asyncio.create_task(linkedin.put_candidates(early))
    while not linkedin.sandbox.linkedin.journal.find(2):
        await asyncio.sleep(0)
    assert (await linkedin.put_candidates(late)).json()["results"]
    assert (await first).status_code == 200
    [row] = linkedin.dump("candidates")
    assert row["firstName"] == "Early"


async def test_slow_and_stuck_tasks_stay_in_progress(linkedin: Caller) -> None:
    script(linkedin, "task.CREATE", "slow", seconds=600)
    script(linkedin, "task.CREATE", "stuck")
    slow, stuck, normal = [await linkedin.create_job(f"J{number}") for number in range(3)]
    states = {urn: task["status"] for urn, task in (await linkedin.read_tasks(slow, stuck, normal)).items()}
    assert states == {slow: "IN_PROGRESS", stuck: "IN_PROGRESS", normal: "SUCCEEDED"}
    linkedin.advance(600)
    tasks = await linkedin.read_tasks(slow, stuck)
    assert (tasks[slow]["status"], tasks[stuck]["status"]) == ("SUCCEEDED", "IN_PROGRESS")


async def test_faults_are_listed_counted_and_removed_one_by_one(sandbox: Sandbox) -> None:
    transport = httpx2.ASGITransport(app=sandbox.linkedin)
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        for status in (501, 502):
            await http.post("/_sandbox/faults", json={"operation": "*", "kind": "status", "status": status})
        await http.get("/v2/me")
        await http.post("/oauth/v2/accessToken")
        shown = (await http.get("/_sandbox/faults?all=1")).json()["faults"]
        assert [(fault["number"], fault["struck"]) for fault in shown] == [(1, 1), (2, 0)]
        assert [fault["number"] for fault in (await http.get("/_sandbox/faults")).json()["faults"]] == [2]
        assert (await http.delete("/_sandbox/faults/2")).json() == {"removed": True}
        assert (await http.delete("/_sandbox/faults/2")).status_code == 404


@pytest.mark.parametrize(
    "wanted",
    [
        {"kind": "status"},
        {"operation": "*", "kind": "sabotage"},
        {"operation": "*", "kind": "status", "probability": 2},
        {"operation": "*", "kind": "status", "nth": 0},
        {"operation": "*", "kind": "reorder", "times": None},
        {"operation": "*", "kind": "wrong", "wrong": "pdf"},
    ],
)
async def test_fault_that_makes_no_sense_is_refused(sandbox: Sandbox, wanted: dict[str, Any]) -> None:
    transport = httpx2.ASGITransport(app=sandbox.smartrecruiters)
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        assert (await http.post("/_sandbox/faults", json=wanted)).status_code == 400
