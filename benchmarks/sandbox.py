"""Whether the imitated LinkedIn is quick and small enough never to be what a client's benchmark measures.

    python -m benchmarks.sandbox [--json FILE] [--candidates 1000000] [--batches 2000]

The sandbox runs in a process of its own and is spoken to over one socket, as by a client that sends one batch after
another. Processor time of that process is the measure: on a machine that does other things as well, the clock tells
about those. It ends 1 when a bound is missed: 400 batch writes of 100 records per second on one core, 3 GB with
1,000,000 candidates and 2,000,000 applications, 2 s to start with the plain world.

For the 3 GB one process serves both systems: a world of that many candidates is in the imitated SmartRecruiters, all of
it has been sent to the imitated LinkedIn as well, and then both are read and searched.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct

from benchmarks.machine import machine, versions
from benchmarks.sandbox_bodies import BATCH, JOBS, Batch, applications, candidates, jobs, stages
from benchmarks.sandbox_world import world_applications, world_candidates, world_jobs
from landbridge.sandbox.worlds import make_world

ROOT = Path(__file__).resolve().parents[1]
LEAST_BATCHES_PER_SECOND = 400
MOST_MEMORY_MB = 3_000
MOST_START_SECONDS = 2.0
RUNS_OF_START = 5
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A sandbox process as who measures sees it: its address, its processor time and its memory."""

    def __init__(self, process: subprocess.Popen[str], url: str, smartrecruiters_url: str = "") -> None:
        self.pid = process.pid
        self.url = url
        self.smartrecruiters_url = smartrecruiters_url
        host = urllib.parse.urlsplit(url)
        self._socket = socket.create_connection((host.hostname, host.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers = self._socket.makefile("rb")
        credentials = self.control("credentials")
        self.organization = str(credentials["organization"])
        self.token = self._sign_in(credentials["child"])
        wanted = {"context": self.organization, "type": "IN_ATS_INDICATOR", "status": "ENABLED"}
        self.control("integrations", wanted)

    def close(self) -> None:
        self._answers.close()
        self._socket.close()

    def control(self, path: str, wanted: object = None) -> dict[str, Any]:
        """One call to the control room; a POST where something is wanted."""
        content = None if wanted is None else json.dumps(wanted).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/_sandbox/{path}", content)) as answer:
            return dict(json.load(answer))

    def _sign_in(self, child: dict[str, str]) -> str:
        form = {"grant_type": "client_credentials", "client_id": child["client_id"]}
        form["client_secret"] = child["client_secret"]
        request = urllib.request.Request(
            f"{self.url}/oauth/v2/accessToken",
            urllib.parse.urlencode(form).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        with urllib.request.urlopen(request) as answer:
            return str(json.load(answer)["access_token"])

    def post_jobs(self, bodies: Iterable[bytes]) -> None:
        """The jobs all applications name, so that none of them breaks a rule."""
        url = f"{self.url}/v2/simpleJobPostings"
        headers = {"Authorization": f"Bearer {self.token}", "x-restli-method": "batch_create"}
        for body in bodies:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
                answer.read()

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_mb(self) -> float:
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024 / 1e6
        raise LookupError("no VmHWM")

    def read_smartrecruiters(self, path: str) -> dict[str, Any]:
        """One GET to the other system."""
        with urllib.request.urlopen(f"{self.smartrecruiters_url}/_sandbox/credentials") as answer:
            key = json.load(answer)["api_key"]
        request = urllib.request.Request(self.smartrecruiters_url + path, headers={"X-SmartToken": key})
        with urllib.request.urlopen(request) as answer:
            return dict(json.load(answer))

    def read_recruiter(self, path: str) -> str:
        """A page of Recruiter as somebody with one seat sees it."""
        person = self.control("credentials")["people"][1]
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        form = urllib.parse.urlencode({"login": person["login"], "password": person["password"]}).encode()
        browser.open(f"{self.url}/login", form).close()
        with browser.open(self.url + path) as answer:
            return str(answer.read().decode())

    def send(self, request: bytes) -> bytes:
        """Send one request as it is; the body of its answer."""
        self._socket.sendall(request)
        status = self._answers.readline()
        length = 0
        while (line := self._answers.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line[15:])
        body = self._answers.read(length)
        if not status.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"refused: {status!r} {body[:200]!r}")
        return body


@contextmanager
def running_server(*arguments: str, both: bool = False) -> Iterator[Server]:
    ports = ["--linkedin-port", "0", "--smartrecruiters-port", "0"]
    systems = [] if both else ["--only", "linkedin"]
    command = [sys.executable, "-m", "landbridge.sandbox", *systems, *ports, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout is not None
        server = None
        try:
            urls = [process.stdout.readline().split()[1] for _ in range(2 if both else 1)]
            server = Server(process, *urls)
            yield server
        finally:
            if server is not None:
                server.close()
            process.terminate()


class Course(Struct, frozen=True):
    """How one kind of write went. Rates are batches per second: by the clock, and of processor time."""

    name: str
    batches: int
    per_second: float
    per_cpu_second: float
    cpu_us_per_record: float


def drive(server: Server, name: str, batches: Iterable[Batch]) -> Course:
    """Send them one after another and have every record answered 201 or 204."""
    sent = 0
    started, before = time.perf_counter(), server.cpu_seconds()
    spent = 0.0
    for batch in batches:
        request = batch.request(server.token)
        begun = time.perf_counter()
        body = server.send(request)
        spent += time.perf_counter() - begun
        if not body.endswith(b'"errors":{}}'):
            raise RuntimeError(f"refused: {body[-300:]!r}")
        sent += 1
    cpu = max(server.cpu_seconds() - before, 1 / TICKS)
    course = Course(name, sent, round(sent / spent, 1), round(sent / cpu, 1), round(cpu / sent / BATCH * 1e6, 2))
    print(
        f"{name:<32} {course.per_second:>8.0f}/s by the clock {course.per_cpu_second:>8.0f}/s of processor time "
        f"({sent} batches, {time.perf_counter() - started:.0f} s)",
        flush=True,
    )
    return course


def measure_writes(batches: int) -> list[Course]:
    """New candidates, the same again, changed ones; applications; stages."""
    records = batches * BATCH
    with running_server() as server:
        organization = server.organization
        server.post_jobs(jobs(organization, JOBS))
        return [
            drive(server, "candidates, new", candidates(organization, records)),
            drive(server, "candidates, unchanged", candidates(organization, records)),
            drive(server, "candidates, changed", candidates(organization, records, version=1)),
            drive(server, "candidates, new, rest", candidates(organization, records, first=records, rest=True)),
            drive(server, "applications, new", applications(organization, records)),
            drive(server, "applications, changed", applications(organization, records, version=1)),
            drive(server, "stages, new, rest", stages(organization, records)),
        ]


def measure_start() -> dict[str, float]:
    """Seconds from the start of the process to its first answer, by the clock and of processor time: the quickest."""
    clock, cpu = [], []
    for _ in range(RUNS_OF_START):
        started = time.perf_counter()
        with running_server() as server:
            clock.append(time.perf_counter() - started)
            cpu.append(server.cpu_seconds())
    return {"seconds": round(min(clock), 2), "cpu_seconds": round(min(cpu), 2)}


def measure_size(count: int) -> dict[str, Any]:
    """A world of so many candidates with all of it, and twice as many applications, sent over; then reads of both."""
    with running_server("--candidates", str(count), both=True) as server:
        organization = server.organization
        alone = server.peak_mb()
        print(f"{alone:,.0f} MB with {count:,} candidates in one system", flush=True)
        world = make_world("plain", 1, count)
        server.post_jobs(world_jobs(world, organization))
        courses = [
            drive(server, f"{count:,} candidates", world_candidates(world, organization)),
            drive(server, f"{2 * count:,} applications", world_applications(world, organization)),
            drive(server, "changes of 100,000 of them", islice(world_applications(world, organization), 1_000)),
        ]
        reads = [batch.as_read() for batch in islice(world_candidates(world, organization), 200)]
        reading = drive(server, "batch gets of candidates", reads)
        counted = _timed(lambda: server.control("state")["state"])
        found = {name: counted[1][name] for name in ("candidates", "applications")}
        if found != {"candidates": count, "applications": 2 * count}:
            raise RuntimeError(f"loaded {count}, found {found}")
        _read_both(server, next(iter(world.candidates.values())).email or "")
        return {
            **found,
            "world_mb": round(alone, 1),
            "peak_mb": round(server.peak_mb(), 1),
            "load": [_told(course) for course in courses],
            "batch_get": _told(reading),
            "count_seconds": round(counted[0], 3),
        }


def _read_both(server: Server, email: str) -> None:
    """What makes indexes: a page of the list, a search by address, the people of Recruiter by name."""
    if not server.read_smartrecruiters("/candidates?limit=100")["content"]:
        raise RuntimeError("no candidates are listed")
    searched = urllib.parse.urlencode({"q": f'"{email}"'})
    if server.read_smartrecruiters(f"/candidates?{searched}")["totalFound"] != 1:
        raise RuntimeError("one candidate has this address")
    if "Mirela" not in server.read_recruiter("/recruiter/people?words=mirela&ats=in"):
        raise RuntimeError("nobody known to the ATS is found by name")


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    found = call()
    return time.perf_counter() - started, found


def _told(course: Course) -> dict[str, Any]:
    return {name: getattr(course, name) for name in course.__struct_fields__}


def judge(result: dict[str, Any]) -> list[str]:
    """The bounds that were missed."""
    missed = []
    loads = result["size"]["load"] if result["size"] else []
    slowest = min(course["per_cpu_second"] for course in [*result["writes"], *loads])
    if slowest < LEAST_BATCHES_PER_SECOND:
        missed.append(f"{slowest:.0f} batch writes per second of processor time")
    if result["size"] and result["size"]["peak_mb"] > MOST_MEMORY_MB:
        missed.append(f"{result['size']['peak_mb']:.0f} MB")
    if result["start"]["cpu_seconds"] > MOST_START_SECONDS:
        missed.append(f"{result['start']['cpu_seconds']} s to start")
    return missed


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(description="Speed, size and start of the imitated LinkedIn.")
    arguments.add_argument("--json", type=Path, help="write the result to this file")
    arguments.add_argument("--candidates", type=int, default=1_000_000, help="how many to load (0: none)")
    arguments.add_argument("--batches", type=int, default=1_000, help="of each kind of write")
    return arguments


def main(given: Sequence[str] | None = None) -> int:
    options = parser().parse_args(given)
    start = measure_start()
    print(f"start: {start['seconds']} s by the clock, {start['cpu_seconds']} s of processor time", flush=True)
    result: dict[str, Any] = {"start": start, "writes": [_told(course) for course in measure_writes(options.batches)]}
    result["size"] = measure_size(options.candidates) if options.candidates else None
    if result["size"]:
        print(f"memory at most {result['size']['peak_mb']:,.0f} MB; counted in {result['size']['count_seconds']} s")
    result |= {"machine": machine(), "versions": versions()}
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    missed = judge(result)
    print("missed: " + "; ".join(missed) if missed else "all bounds are kept")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
