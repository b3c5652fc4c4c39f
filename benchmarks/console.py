"""How quickly the console and the API answer for a large company: ``python -m benchmarks.console``.

A company of its own is made in an embedded database, then every page anybody can look at is asked for again and again.
Each line tells the median and the 95th percentile by the clock, and the processor time of one answer, of Python and of
PostgreSQL apart: that figure stays the same on a busy machine. Ends with 1 where a 95th percentile is over the limit.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
from msgspec import Struct, to_builtins

from benchmarks.console_company import Company, found, ways_in
from benchmarks.machine import machine
from landbridge.settings import load
from landbridge.store.database import Database
from landbridge.store.migrate import migrate
from landbridge.store.secrets import unlock
from landbridge.web.application import build
from landbridge.web.rooms import Room
from landbridge.web.server import keep_what_is_loaded

LIMIT_MS = 300.0
FAILED = 500
# Numbers that stand for what the company has one of at least.
NUMBERS = {"<int:number>": "1", "<int:seat>": "1"}
# Beside each page as it opens: searched, filtered, turned to its end.
DEEPER = (
    "/w/large/connect-users?show=trouble", "/w/large/connect-users?show=open", "/w/large/connect-users?q=anna",
    "/w/large/connect-users?q=4321", "/w/large/connect-users?page=100", "/w/large/connect-users/1?q=anna",
    "/w/large/connect-users/2", "/w/large/activity?before=500", "/w/large/activity?who=ada",
)  # fmt: skip
API = (
    "overview", "sync", "plan", "contracts", "consent", "people", "seats", "seats/counts", "users?q=anna",
    "records?kind=candidate&state=delivered", "records?kind=stage&state=delivered",
    "records?kind=stage&state=due&after=4000000", "records?kind=job&state=held&reason=email_missing",
)  # fmt: skip


class Asked(Struct, frozen=True, kw_only=True):
    """One address. Milliseconds; ``python`` and ``postgres`` are processor time of one answer."""

    path: str
    status: int
    p50: float
    p95: float
    python: float
    postgres: float

    @property
    def good(self) -> bool:
        """A page that refuses (there is nothing to see, or LinkedIn is not reached) has to be as quick."""
        return self.p95 < LIMIT_MS and self.status < FAILED


def pages() -> Iterator[str]:
    """Every page of the workspace that can be looked at, found by its routes, and the list of workspaces."""
    from landbridge.web.console.access import routes
    from landbridge.web.urls import urlpatterns

    yield "/"
    for whole, pattern in routes(urlpatterns):
        access = getattr(pattern.callback, "access", None)
        path = whole.replace("<slug:workspace>", "large")
        for name, number in NUMBERS.items():
            path = path.replace(name, number)
        if whole.startswith("w/<slug:workspace>/") and access is not None and access.shows and "<" not in path:
            yield "/" + path
    yield from DEEPER


async def ask(browser: httpx2.AsyncClient, path: str, times: int) -> Asked:
    """Ask for ``path`` so many times, after one that compiles templates and warms the caches of a process."""
    status = (await browser.get(path)).status_code
    took = []
    python, postgres = time.process_time(), postgres_seconds()
    for _ in range(times):
        begun = time.perf_counter()
        status = max(status, (await browser.get(path)).status_code)
        took.append((time.perf_counter() - begun) * 1000)
    python, postgres = time.process_time() - python, postgres_seconds() - postgres
    quantiles = statistics.quantiles(took, n=20)
    return Asked(
        path=path,
        status=status,
        p50=statistics.median(took),
        p95=quantiles[-1],
        python=python / times * 1000,
        postgres=postgres / times * 1000,
    )


def postgres_seconds() -> float:
    """Processor time of the processes that serve this process's connections, from Linux's process table."""
    ticks, ours = 0, os.environ.get(POSTMASTER, "")
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if fields[1] == ours:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


POSTMASTER = "LANDBRIDGE_BENCH_POSTMASTER"


async def run(options: argparse.Namespace, folder: Path) -> list[Asked]:
    settings = load({"LANDBRIDGE_DATA_DIR": str(folder)})
    async with await Database.open(settings) as database:
        begun = time.perf_counter()
        await asyncio.to_thread(migrate, settings)
        company = Company(candidates=options.candidates, contracts=options.contracts, seats=options.seats)
        await found(database, company)
        link, token = await ways_in(database)
        os.environ[POSTMASTER] = (folder / "postgres" / "postmaster.pid").read_text(encoding="utf-8").split()[0]
        say(f"set up in {time.perf_counter() - begun:.0f} s: {company.candidates:,} candidates with an application and")
        say(f"three stages each, {company.contracts} contracts, {company.seats:,} seats. Not part of any figure below.")
        app = build(Room(settings=settings, database=database), await unlock(settings, database))
        keep_what_is_loaded()
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost", timeout=60) as browser:
            await browser.get(link)
            say(f"\n{'p50 ms':>8}{'p95 ms':>8}{'python':>8}{'postgres':>10}  (processor time in ms)")
            asked = [await told(browser, path, options) for path in pages() if wanted(path, options)]
        bearer = {"Authorization": f"Bearer {token}"}
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost", headers=bearer) as client:
            paths = [f"/api/v1/{name}" for name in API]
            asked += [await told(client, path, options) for path in paths if wanted(path, options)]
    return asked


def wanted(path: str, options: argparse.Namespace) -> bool:
    return options.only in path


async def told(browser: httpx2.AsyncClient, path: str, options: argparse.Namespace) -> Asked:
    one = await ask(browser, path, options.times)
    mark = "" if one.good else "  TOO SLOW" if one.status < FAILED else "  FAILED"
    say(f"{one.p50:>8.0f}{one.p95:>8.0f}{one.python:>8.1f}{one.postgres:>10.1f}  {one.status} {path}{mark}")
    return one


def say(line: str) -> None:
    print(line, flush=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console", description=__doc__)
    parser.add_argument("--candidates", type=int, default=1_000_000)
    parser.add_argument("--contracts", type=int, default=50)
    parser.add_argument("--seats", type=int, default=5_000)
    parser.add_argument("--times", type=int, default=40, help="how often each page is asked for")
    parser.add_argument("--only", default="", help="only addresses that hold this text")
    parser.add_argument("--keep", type=Path, help="keep the company in this directory, or take the one kept there")
    parser.add_argument("--json", type=Path, help="write the result to this file")
    options = parser.parse_args(arguments)
    load_before = machine()
    logging.getLogger("django.request").setLevel(logging.ERROR)  # what is refused stands in the table
    folder = options.keep or Path(tempfile.mkdtemp(prefix="landbridge-bench-"))
    try:
        asked = asyncio.run(run(options, folder))
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    slow = [one.path for one in asked if not one.good]
    say(f"\n{len(asked) - len(slow)} of {len(asked)} addresses under {LIMIT_MS:.0f} ms (p95)")
    if options.json:
        options.json.write_text(json.dumps({"machine": load_before, "asked": to_builtins(asked)}, indent=1))
    return 1 if slow or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
