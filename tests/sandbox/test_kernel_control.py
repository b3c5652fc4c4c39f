"""The control room over real sockets, and the sandbox as a process."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from typing import Any

import httpx2
import pytest

from landbridge.sandbox import Sandbox


@pytest.fixture(params=["linkedin", "smartrecruiters"])
def desk(request: pytest.FixtureRequest, running: Sandbox) -> Any:
    url = running.linkedin_url if request.param == "linkedin" else running.smartrecruiters_url
    with httpx2.Client(base_url=url, timeout=60) as client:
        yield client


def test_clock_is_one_for_both_systems(running: Sandbox, desk: httpx2.Client) -> None:
    desk.post("/_sandbox/clock", json={"freeze": True, "set": "2030-01-01T00:00:00Z"})
    desk.post("/_sandbox/clock", json={"advance_seconds": 90})
    for url in (running.linkedin_url, running.smartrecruiters_url):
        shown = httpx2.get(f"{url}/_sandbox/clock").json()
        assert shown == {"now": "2030-01-01T00:01:30+00:00", "ms": 1_893_456_090_000, "frozen": True}
    assert desk.post("/_sandbox/clock", json={"freeze": False}).json()["frozen"] is False


@pytest.mark.parametrize(
    "wanted", [{}, {"stop": 1}, {"set": "yesterday"}, {"set": "2030-01-01"}, {"advance_seconds": "x"}, {"set": 5}, [1]]
)
def test_clock_refuses_nonsense(running: Sandbox, wanted: object) -> None:
    assert httpx2.post(f"{running.linkedin_url}/_sandbox/clock", json=wanted).status_code == 400


def test_credentials_come_with_the_world(running: Sandbox) -> None:
    before = httpx2.get(f"{running.linkedin_url}/_sandbox/credentials").json()
    assert set(before) >= {"parent", "child", "organization", "contracts", "seats", "people"}
    httpx2.post(f"{running.linkedin_url}/_sandbox/reset", timeout=60)
    assert httpx2.get(f"{running.linkedin_url}/_sandbox/credentials").json() == before
    httpx2.post(f"{running.smartrecruiters_url}/_sandbox/seed", json={"seed": 9, "candidates": 5}, timeout=60)
    after = httpx2.get(f"{running.linkedin_url}/_sandbox/credentials").json()
    assert after["child"] != before["child"]


def test_seed_refuses_a_world_that_does_not_exist(desk: httpx2.Client) -> None:
    assert desk.post("/_sandbox/seed", json={"world": "flat"}).status_code == 400
    assert desk.post("/_sandbox/seed", json={"candidates": "many"}).status_code == 400


def test_reset_forgets_state_journal_faults_and_clock(running: Sandbox) -> None:
    linkedin = running.linkedin
    linkedin.recruiter.request()
    linkedin.faults.add({"operation": "*", "kind": "status"})
    running.clock.freeze()
    httpx2.get(f"{running.linkedin_url}/v2/atsCandidates")
    assert linkedin.journal.entries()
    httpx2.post(f"{running.smartrecruiters_url}/_sandbox/reset", timeout=60)
    assert not linkedin.journal.entries()
    assert not linkedin.faults.waiting()
    assert not running.clock.frozen
    assert linkedin.state_counts()["integrations"] == 0


def test_journal_shows_the_call_and_its_far_id(running: Sandbox) -> None:
    answer = httpx2.get(f"{running.linkedin_url}/v2/atsCandidates?ids=C1")
    listed = httpx2.get(f"{running.linkedin_url}/_sandbox/journal").json()
    [entry] = listed["entries"]
    assert (entry["path"], entry["query"], entry["status"]) == ("/v2/atsCandidates", "ids=C1", 401)
    assert entry["far_id"] == answer.headers["x-li-uuid"]
    later = httpx2.get(f"{running.linkedin_url}/_sandbox/journal", params={"after": listed["next"]}).json()
    assert later == {"entries": [], "next": None}
    assert httpx2.get(f"{running.linkedin_url}/_sandbox/journal?after=x").status_code == 400


def test_dump_is_one_json_object_per_line(running: Sandbox) -> None:
    running.linkedin.recruiter.request()
    lines = httpx2.get(f"{running.linkedin_url}/_sandbox/dump/integrations").text.splitlines()
    assert len(lines) == 4
    assert httpx2.get(f"{running.linkedin_url}/_sandbox/dump/unicorns").status_code == 404


def test_url_far_over_the_limit_gets_its_414_over_the_wire(running: Sandbox) -> None:
    answer = httpx2.get(f"{running.linkedin_url}/v2/atsCandidates?ids=" + "x" * 60_000)
    assert answer.status_code == 414


def test_stopping_gives_the_ports_back_even_while_a_call_hangs() -> None:
    sandbox = Sandbox(candidates=5).start()
    port = int(sandbox.linkedin_url.rpartition(":")[2])
    sandbox.linkedin.faults.add({"operation": "oauth.*", "kind": "hang"})
    with socket.create_connection(("127.0.0.1", port)) as hanging:
        hanging.sendall(b"POST /oauth/v2/accessToken HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        while not sandbox.linkedin.journal.entries():
            pass
        sandbox.stop()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_taken_port_is_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "landbridge.sandbox", "--linkedin-port", port, "--candidates", "5"]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "in use" in ended.stderr


def test_process_serves_until_it_is_told_to_stop() -> None:
    command = [sys.executable, "-m", "landbridge.sandbox", "--candidates", "5"]
    command += ["--linkedin-port", "0", "--smartrecruiters-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(2)]
        for line in lines:
            found = re.search(r"http://\S+", line)
            assert found is not None
            assert httpx2.get(f"{found[0]}/_sandbox/state").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
