"""Landbridge as real processes that may be killed at any moment, and a sandbox process that may not: it is the truth.

What was killed comes back by the product's own means: worker and web through its supervisor, PostgreSQL through
whichever of Landbridge's processes notices first.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx2
import psycopg

from landbridge.cli import supervisor as supervising
from landbridge.cli.supervisor import Child, Supervisor
from landbridge.store.embedded import Embedded
from tests.faults.command import landbridge
from tests.faults.company import QUICK, Company, connect
from tests.faults.control import FarSide
from tests.ports import free_port

SETTLED_WITHIN = 120.0
BACK_WITHIN = 60.0
PLANTED = Path(__file__).parent / "planted"

SWEEP = "(SELECT state FROM sweep ORDER BY id DESC LIMIT 1)"
READINGS = "(SELECT count(*) FROM reading WHERE state = 'due')"
ON_THE_WAY = "(SELECT count(*) FROM delivery WHERE state IN ('due', 'pending'))"
# Between the arrival of a record and the call to those that wait for it there is a moment in which nothing is due.
UNWOKEN = """(
    SELECT count(*) FROM delivery d JOIN record r ON r.id = d.record_id
    JOIN record p ON p.workspace_id = r.workspace_id AND 'waits_for_' || p.kind = d.reason
        AND p.key = CASE p.kind WHEN 'job' THEN r.job_key ELSE r.parent_key END
    JOIN delivery pd ON pd.record_id = p.id
    WHERE d.state = 'held' AND pd.sent_at IS NOT NULL)"""

UNDER_WAY = """
    SELECT concat_ws(' ', j.status, j.task_name, j.args, 'tried', j.attempts, 'at', j.scheduled_at, 'by', w.id,
                     'heard of', now() - w.last_heartbeat, 'ago')
    FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
    WHERE j.status IN ('todo', 'doing')
    UNION ALL
    SELECT concat_ws(' ', count(*), kind, state, reason, 'next', min(next_at)) FROM delivery
    WHERE state IN ('due', 'pending') GROUP BY kind, state, reason
    UNION ALL
    SELECT concat_ws(' ', state, wait_event, now() - state_change, left(query, 150)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""

# The supervisor gives up a child that ends again and again by itself; here its ends are our doing.
supervising.RESTARTS = 1_000_000


class Rig:
    """Everything running. ``kills`` counts what was killed, by victim."""

    def __init__(self, folder: Path, environment: Mapping[str, str], source: FarSide, network: FarSide) -> None:
        self.folder = folder
        self.environment = environment
        self.source = source
        self.network = network
        self.company: Company
        self.candidates, self.seed = 0, 1
        self.kills: Counter[str] = Counter()
        self.supervisor = Supervisor(folder / "logs", lambda _: None)
        self._embedded = Embedded(folder)

    @property
    def url(self) -> str:
        return self._embedded.url()

    async def sync(self, *wishes: str) -> None:
        """``landbridge sync``, tried again where the database was just away. Fails where it never comes back."""
        deadline = time.monotonic() + BACK_WITHIN
        while True:
            told = await landbridge(self.environment, "sync", "--no-follow", *wishes)
            if told.status == 0:
                return
            assert time.monotonic() < deadline, f"landbridge sync ends with {told.status}: {told.text}"

    # -- killing

    def kill(self, victim: str) -> bool:
        """kill -9, if it lives at this moment."""
        pid = self.pid_of(victim)
        if pid is None:
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.kills[victim] += 1
        return True

    async def freeze(self, victim: str, seconds: float) -> bool:
        """Stop a process for so long that others take it for dead, then let it go on as if nothing had been."""
        pid = self.pid_of(victim)
        if pid is None:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            try:
                await asyncio.sleep(seconds)
            finally:
                os.kill(pid, signal.SIGCONT)
            self.kills[f"{victim} frozen"] += 1
        return True

    def pid_of(self, victim: str) -> int | None:
        if victim == "postmaster":
            return self._postmaster()
        if victim == "backend":
            backends = list(self._backends())
            return random.choice(backends) if backends else None
        pid = self.supervisor.pid_of(victim)
        return pid if Path(f"/proc/{pid}").exists() else None

    def _postmaster(self) -> int | None:
        """Its number, only where a process of that number serves this rig's own cluster."""
        # A server that is just starting has made the file and not written it yet.
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int((self._embedded.cluster / "postmaster.pid").read_text(encoding="utf-8").split()[0])
            if os.fsencode(self._embedded.cluster) in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
        return None

    def _backends(self) -> Iterator[int]:
        """The server processes behind Landbridge's connections."""
        postmaster = self._postmaster()
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                pid, _, _, parent = re.sub(r"\(.*\)", "()", stat.read_text()).split()[:4]
                serves = (stat.parent / "cmdline").read_bytes().startswith(b"postgres: landbridge")
                if int(parent) == postmaster and serves:
                    yield int(pid)

    # -- looking

    def query(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url, autocommit=True, connect_timeout=60) as connection:
            return connection.execute(statement.encode()).fetchall()

    async def until(self, holds: Callable[[], str], within: float = SETTLED_WITHIN) -> None:
        """Wait until ``holds`` says nothing is lacking; what it said last is in the failure."""
        deadline, lacking = time.monotonic() + within, ""
        while time.monotonic() < deadline:
            try:
                lacking = holds()
            except psycopg.Error as away:
                lacking = f"the database is away: {type(away).__name__}"
            if not lacking:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"after {within:.0f} s: {lacking}\n{self.under_way()}\n{self.last_words()}")

    def unsettled(self) -> str:
        """What Landbridge still has to do, by its own ledger; empty where it is done."""
        [(sweep, readings, on_the_way, unwoken)] = self.query(f"SELECT {SWEEP}, {READINGS}, {ON_THE_WAY}, {UNWOKEN}")
        done = sweep == "done" and not readings and not on_the_way and not unwoken
        left = f"{readings} to read, {on_the_way} on their way, {unwoken} waiting for what has arrived"
        return "" if done else f"the sweep is {sweep}, {left}"

    def unready(self) -> str:
        """Why the console cannot be used."""
        try:
            answer = httpx2.get(f"{self.console}/readyz", trust_env=False, timeout=5)
        except httpx2.TransportError as away:
            return f"the console does not answer: {type(away).__name__}"
        return "" if answer.status_code == 200 else f"the console is not ready: {answer.text}"

    @property
    def console(self) -> str:
        return f"http://127.0.0.1:{self.environment['LANDBRIDGE_WEB_PORT']}"

    def under_way(self) -> str:
        """What is called for, what is being done, and how long ago its worker was heard of."""
        try:
            lines = self.query(UNDER_WAY)
        except psycopg.Error as away:
            return f"the database is away: {type(away).__name__}"
        return "\n".join(str(text) for (text,) in lines)

    def last_words(self) -> str:
        """The end of each process's log."""
        logs = sorted((self.folder / "logs").glob("*.log"))
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs)


@asynccontextmanager
async def running(
    *,
    candidates: int,
    seed: int = 1,
    workers: int = 2,
    planted: str = "",
    data_dir: Path | None = None,
    further: Mapping[str, str] | None = None,
) -> AsyncIterator[Rig]:
    """A connected company with worker, web and database up and nothing synced yet.

    ``planted`` names a bug. ``data_dir`` is somebody else's to make and to remove. ``further`` is for the environment.
    """
    folder = data_dir or Path(tempfile.mkdtemp(prefix="landbridge-faults-"))
    try:
        with (
            sandbox(candidates, seed) as (smartrecruiters, linkedin),
            httpx2.Client(trust_env=False, timeout=60) as http,
        ):
            source, network = FarSide(http, smartrecruiters), FarSide(http, linkedin)
            environment = {
                **os.environ,
                **QUICK,
                "LANDBRIDGE_DATA_DIR": str(folder),
                "LANDBRIDGE_WEB_PORT": str(free_port()),
                **(further or {}),
            }
            rig = Rig(folder, environment, source, network)
            rig.candidates, rig.seed = candidates, seed
            rig.company = await connect(environment, source, network)
            try:
                await _start(rig, workers, planted)
                yield rig
            finally:
                await rig.supervisor.stop()
    finally:
        if data_dir is None:
            shutil.rmtree(folder, ignore_errors=True)


async def _start(rig: Rig, workers: int, planted: str) -> None:
    path = os.pathsep.join(filter(None, [str(PLANTED), os.environ.get("PYTHONPATH")]))
    bug = {"PLANTED_BUG": planted, "PYTHONPATH": path} if planted else {}
    await rig.supervisor.start(Child(name="web", arguments=["web"], environment=rig.environment))
    for number in range(1, workers + 1):
        environment = {**rig.environment, **bug}
        await rig.supervisor.start(Child(name=f"worker-{number}", arguments=["worker"], environment=environment))
    await rig.until(rig.unready, BACK_WITHIN)


@contextmanager
def sandbox(candidates: int, seed: int) -> Iterator[tuple[str, str]]:
    """A sandbox process of its own: the addresses of SmartRecruiters and LinkedIn."""
    arguments = ["--linkedin-port", "0", "--smartrecruiters-port", "0", "--seed", str(seed)]
    arguments += ["--candidates", str(candidates)]
    process = subprocess.Popen(
        [sys.executable, "-m", "landbridge.sandbox", *arguments], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(2)]
        addresses = {line.split()[0]: line.split()[1] for line in told if line}
        assert addresses.keys() == {"LinkedIn", "SmartRecruiters"}, "the sandbox did not start"
        yield addresses["SmartRecruiters"], addresses["LinkedIn"]
    finally:
        process.terminate()
        process.communicate(timeout=60)
