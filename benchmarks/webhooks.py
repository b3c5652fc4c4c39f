"""How many signed webhooks are durably kept per second, alone and beside a flood of forged ones.

``python -m benchmarks.webhooks [--seconds 10] [--rate 500] [--json FILE]``: the console as a process of its own on an
embedded PostgreSQL that waits for the disk, one process that delivers and one that forges. Deliveries leave by the
clock, not when the last one was answered: a receiver that falls behind shows it. Ends with 1 where the target is
missed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hmac
import json
import multiprocessing
import os
import socket
import statistics
import sys
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from msgspec import Struct

from landbridge.jobs.live import path_of
from landbridge.jobs.wiring import ATS
from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.migrate import migrate, server
from landbridge.store.secrets import Vault, unlock
from landbridge.store.webhooks import save_keys
from landbridge.store.workspaces import create_workspace
from landbridge.web.server import serve

KEY = "a key of this measurement"
LANES = 16
P99_MS = 100.0
FORGED_CONNECTIONS = 8


class Sent(Struct, frozen=True, kw_only=True):
    """What one run of genuine deliveries met. Milliseconds from when each was to leave until its answer."""

    accepted: int
    refused: int
    rate: float
    p50: float
    p99: float
    worst: float


def request(path: str, number: int, key: str, run: str) -> bytes:
    body = b'{"id":"candidate-%d"}' % number
    stamp = str(int(time.time()))
    parts = (f"{run}-{number}", "candidate.updated", "v201910", "")
    text = b".".join([stamp.encode(), body, ".".join(parts).encode()])
    headers = {
        "host": "localhost",
        "content-type": "application/json",
        "content-length": str(len(body)),
        "smartrecruiters-timestamp": stamp,
        "smartrecruiters-signature": "v1=" + hmac.digest(key.encode(), text, "sha256").hex(),
        "event-id": parts[0],
        "event-name": parts[1],
        "event-version": parts[2],
    }
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode() + body


async def answer_of(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1])


async def genuine(port: int, path: str, rate: float, seconds: float, run: str) -> Sent:
    """``rate`` deliveries a second, spread over kept-open connections."""
    began, count = time.perf_counter() + 0.2, round(rate * seconds)
    took: list[float] = []
    statuses: list[int] = []

    async def lane(first: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in range(first, count, LANES):
            due = began + number / rate
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            writer.write(request(path, number, KEY, run))
            statuses.append(await answer_of(reader))
            took.append((time.perf_counter() - due) * 1000)
        writer.close()

    await asyncio.gather(*(lane(first) for first in range(LANES)))
    cuts = statistics.quantiles(took, n=100)
    accepted = statuses.count(202)
    return Sent(
        accepted=accepted,
        refused=len(statuses) - accepted,
        rate=accepted / (time.perf_counter() - began),
        p50=cuts[49],
        p99=cuts[98],
        worst=max(took),
    )


def flood(port: int, path: str, per_second: int, told: Connection) -> None:
    """Forged deliveries to the right address, until somebody says stop."""
    told.send(asyncio.run(_flood(port, path, per_second, told)))


async def _flood(port: int, path: str, per_second: int, told: Connection) -> int:
    """How many were refused. One body and one signature, well formed, signed with a key nobody has."""
    forged, refused = request(path, 1, "another key", "forged"), 0

    async def lane() -> None:
        nonlocal refused
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        due = time.perf_counter()
        while not told.poll():
            writer.write(forged)
            told_off = await answer_of(reader) == 401
            refused += told_off
            due = max(due + FORGED_CONNECTIONS / per_second, time.perf_counter() - 0.1)
            await asyncio.sleep(max(due - time.perf_counter(), 0))
        writer.close()

    await asyncio.gather(*(lane() for _ in range(FORGED_CONNECTIONS)))
    return refused


def console(settings: Settings) -> None:
    """``landbridge web`` in a process of its own: the whole console, to which the receiving address belongs."""
    asyncio.run(serve(settings))


def wait_for(port: int) -> None:
    """Until the console answers. Raises ConnectionError where it never does."""
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise ConnectionError("the console does not answer")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def prepare(settings: Settings) -> tuple[int, str]:
    """A workspace with a key; its number and its address."""
    async with await Database.open(settings) as database:
        vault: Vault = await unlock(settings, database)
        async with database.transaction() as connection:
            workspace = await create_workspace(
                connection, slug="acme", name="Acme", foreign_id="lb-acme", now=datetime.now(UTC)
            )
            await save_keys(connection, workspace, ATS, [KEY], vault=vault)
        return workspace, path_of(vault, ATS, workspace)


def kept(url: str, run: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM inbox WHERE event_id LIKE %s", [f"{run}-%"]).fetchone()
    return int(row[0]) if row else 0


def cpu_seconds(process: int | None) -> float:
    """Processor time of a process until now."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(seconds: float, rate: float, forged: int) -> dict[str, object]:
    with TemporaryDirectory(prefix="landbridge-bench-") as folder:
        settings = Settings(data_dir=Path(folder), web_port=free_port())
        with server(settings) as url:
            migrate(settings)
            _, path = asyncio.run(prepare(settings))
            return _measure(settings, url, path, seconds, rate, forged)


def _measure(settings: Settings, url: str, path: str, seconds: float, rate: float, forged: int) -> dict[str, object]:
    context = multiprocessing.get_context("fork")
    serving = context.Process(target=console, args=(settings,), daemon=True)
    serving.start()
    port = settings.web_port
    try:
        wait_for(port)
        asyncio.run(genuine(port, path, 50, 2, "warm"))
        before, own = cpu_seconds(serving.pid), time.process_time()
        alone = asyncio.run(genuine(port, path, rate, seconds, "alone"))
        used, own = cpu_seconds(serving.pid) - before, time.process_time() - own
        ours, theirs = context.Pipe()
        flooding = context.Process(target=flood, args=(port, path, forged, theirs), daemon=True)
        flooding.start()
        beside = asyncio.run(genuine(port, path, rate, seconds, "beside"))
        ours.send("stop")
        refused = ours.recv()
        flooding.join(10)
    finally:
        serving.terminate()
        serving.join(10)
    each = {"console": used, "sender": own}
    told = ", ".join(f"{name} {spent / max(alone.accepted, 1) * 1e6:.0f} us" for name, spent in each.items())
    print(f"processor time of each delivery, alone: {told}")
    print(
        f"beside forged ones: {beside.rate / alone.rate:.2f} times the rate, "
        f"{beside.p50 / alone.p50:.1f} times the median, {beside.p99 / alone.p99:.1f} times the 99th percentile"
    )
    rows = [("alone", alone, 0), ("beside forged ones", beside, refused)]
    return {
        name: {
            "per_second": round(sent.rate, 1),
            "p50_ms": round(sent.p50, 1),
            "p99_ms": round(sent.p99, 1),
            "worst_ms": round(sent.worst, 1),
            "accepted": sent.accepted,
            "not_accepted": sent.refused,
            "lost": sent.accepted - kept(url, name.split()[0]),
            "forged_refused_per_second": round(count / seconds, 1),
        }
        for name, sent, count in rows
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure how signed webhooks are kept.")
    parser.add_argument("--seconds", type=float, default=10, help="length of each run; the promise is about 60")
    parser.add_argument("--rate", type=float, default=500, help="genuine deliveries a second")
    parser.add_argument("--forged", type=int, default=500, help="forged ones a second in the second run")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    told = measure(options.seconds, options.rate, options.forged)
    for name, row in told.items():
        print(f"{name}: {row}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    good = all(
        isinstance(row, dict) and not row["lost"] and not row["not_accepted"] and row["p99_ms"] < P99_MS
        for row in told.values()
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
