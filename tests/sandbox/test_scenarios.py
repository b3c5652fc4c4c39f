"""Scenarios: the shipped ones pass, mistakes are said with their line, and a client's doings are waited for."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import httpx2
import msgspec
import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.scenarios import EXAMPLES, ScriptError, example, read_script, run


@pytest.mark.parametrize("name", EXAMPLES)
async def test_shipped_scenario_passes(sandbox: Sandbox, name: str) -> None:
    report = await run(sandbox.site, read_script(example(name)))
    assert report.passed, report.text()


MISTAKES = {
    "name: x\nsteps:\n  - at: 5m\n    falt: 1\n": (4, "falt"),
    "name: x\nsteps:\n  - snapshot: a\n  - clock:\n      advance: soon\n": (4, "length of time"),
    "name: x\nabout: [\n": (3, "stream end"),
    "- 1\n": (1, "object"),
    "": (1, "object"),
    "about: nothing\n": (1, "name"),
    "name: x\nexpect:\n  - calls: {exactly: three}\n": (3, "int"),
    "name: x\nsteps:\n  - snapshot: a\n  - people: {body: 1}\n": (4, "route"),
    "name: x\nsteps:\n\n  - snapshot: a\n    restore: a\n": (4, "one action"),
    "name: x\nsteps:\n  - {note: nothing}\n": (3, "moment"),
    "name: x\nexpect:\n  - {calls: {}, violations: none}\n": (3, "one thing"),
    "name: x\nsteps:\n  - fault:\n      operation: '*'\n      kind: sabotage\n": (5, "sabotage"),
    "name: !!python/object:os.system x\n": (1, "constructor"),
}


@pytest.mark.parametrize("text", MISTAKES)
def test_mistake_is_said_with_its_line(text: str) -> None:
    line, word = MISTAKES[text]
    with pytest.raises(ScriptError) as caught:
        read_script(text)
    assert caught.value.line == line
    assert word in caught.value.problem


async def test_failed_expectation_names_its_line_and_what_was_found(sandbox: Sandbox) -> None:
    text = "name: x\nexpect:\n  - violations: none\n  - calls: {operation: oauth.*, exactly: 2}\n"
    report = await run(sandbox.site, read_script(text))
    assert not report.passed
    assert [(each.line, each.outcome, each.detail) for each in report.outcomes] == [
        (3, "done", "none"),
        (4, "failed", "found 0 calls"),
    ]
    assert "FAIL  line   4" in report.text()


async def test_moment_that_does_not_come_fails_the_scenario(sandbox: Sandbox) -> None:
    text = "name: x\nsteps:\n  - after: {calls: 1}\n    within: 50ms\n  - snapshot: never\n"
    report = await run(sandbox.site, read_script(text))
    assert not report.passed
    assert sandbox.site.snapshots == {}


async def test_scenario_acts_when_the_client_has_called(sandbox: Sandbox) -> None:
    step = "  - after: {calls: 2}\n    fault: {operation: '*', kind: status, status: 418}\n"
    text = f"name: x\nsteps:\n{step}expect:\n  - calls: {{exactly: 2}}\n"
    running = asyncio.create_task(run(sandbox.site, read_script(text)))
    await asyncio.sleep(0)
    transport = httpx2.ASGITransport(app=sandbox.linkedin)
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        assert [(await http.get("/oauth/v2/authorization")).status_code for _ in range(2)] == [401, 401]
        assert (await running).passed
        assert (await http.get("/oauth/v2/authorization")).status_code == 418


def test_control_room_runs_scenarios(running: Sandbox) -> None:
    url = f"{running.smartrecruiters_url}/_sandbox/scenarios"
    listed = httpx2.get(url).json()["examples"]
    assert [each["file"] for each in listed] == list(EXAMPLES)
    report = httpx2.post(f"{url}/{EXAMPLES[0]}", timeout=60).json()
    assert report["passed"], report
    assert httpx2.get(f"{url}/nothing").status_code == 404
    refused = httpx2.post(url, content="name: x\nstep: []\n")
    assert (refused.status_code, refused.json()["line"]) == (400, 2)
    assert httpx2.post(url, content="name: x\n", timeout=60).json()["passed"] is True
    assert "Script" in msgspec.json.encode(httpx2.get(f"{url}/schema").json()).decode()


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        (example(EXAMPLES[0]), 0, "passed"),
        ("name: x\nexpect:\n  - state: {candidates: 99}\n", 3, "FAILED"),
        ("name: x\nwrong: 1\n", 2, "line 2"),
    ],
)
def test_command_runs_a_scenario_and_ends(tmp_path: Path, text: str, status: int, said: str) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(text)
    command = [sys.executable, "-m", "landbridge.sandbox", "--candidates", "5", "--scenario", str(path)]
    command += ["--linkedin-port", "0", "--smartrecruiters-port", "0", "--save", str(tmp_path / "end.sandbox")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == status
    assert said in ended.stdout + ended.stderr
    assert (tmp_path / "end.sandbox").exists() == (status != 2)
