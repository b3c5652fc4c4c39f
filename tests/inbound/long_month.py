"""The long form of ``test_month.py`` and ``test_seats.py``: ``python -m tests.inbound.long_month``.

Thirty days of a small company in trouble, then 2,000 seats on LinkedIn's whole bucket for a day, then more of them.
Ends with status 1 where anything was found.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from landbridge.sandbox import Sandbox
from landbridge.settings import Settings, load
from landbridge.store.database import Database
from landbridge.store.migrate import migrate
from landbridge.store.secrets import unlock
from landbridge.sync.streams import PROMISED
from tests.faults.company import QUICK
from tests.inbound.month import Month
from tests.inbound.rig import recruiting
from tests.inbound.seats import measure

CALLS_PER_DAY = 100_000
FITTING, TOO_MANY = 2_000, 2_500


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@asynccontextmanager
async def fresh() -> AsyncIterator[tuple[Settings, Database, dict[str, str]]]:
    """An embedded database of its own."""
    with tempfile.TemporaryDirectory(prefix="landbridge-month-") as folder:
        environment = {
            **os.environ,
            **QUICK,
            "LANDBRIDGE_DATA_DIR": folder,
            "LANDBRIDGE_INBOUND_HISTORY_DAYS": "3",
            "LANDBRIDGE_INBOUND_QUICKEST_SECONDS": "1800",
        }
        settings = load(environment)
        async with await Database.open(settings) as database:
            await asyncio.to_thread(migrate, settings)
            yield settings, database, environment


async def live(days: int, seed: int) -> list[str]:
    async with fresh() as (settings, database, environment):
        with Sandbox(candidates=12) as sandbox:
            vault = await unlock(settings, database)
            async with recruiting(sandbox, environment, database, vault) as company:
                await company.sync()
                month = Month(company, seed, timedelta(days=days))
                await month.run()
                wanted = month.wanted()
                asked = month.asked()
    say(f"{sum(wanted.values())} InMails and notes once each, {len(wanted) - sum(wanted.values())} not at all")
    say(f"{len(asked)} windows of {len({one.stream for one in asked})} streams; {dict(month.done)}")
    return month.findings()


async def crowd(seats: int, hours: float) -> list[str]:
    began = time.monotonic()
    async with fresh() as (_, database, _):
        told = await measure(database, seats=seats, calls_per_day=CALLS_PER_DAY, length=timedelta(hours=hours))
    pace, longest = told.pace, told.longest
    say(
        f"{seats} seats for {hours:g} hours: each read every {longest}, {told.busiest:,} calls on the busiest day of "
        f"{told.allowed:,}; slower than promised: {pace.slower} (room for {pace.most_at_promised:,} streams, "
        f"one look in {pace.every}); {time.monotonic() - began:.0f} s"
    )
    found = [f"{told.gaps} gaps"] * bool(told.gaps) + [f"{told.too_long} windows are too long"] * bool(told.too_long)
    found += ["more calls than the bucket has"] * (told.busiest > told.allowed)
    found += ["seats wait longer than is told"] * (longest > max(pace.every, PROMISED) + timedelta(minutes=1))
    return found


async def run(days: int, seed: int, hours: float) -> int:
    say(f"seed {seed}")
    found = await live(days, seed)
    if hours:
        for seats in (FITTING, TOO_MANY):
            found += await crowd(seats, hours)
    say("\n".join([f"{len(found)} violations", *found[:20]]))
    return 1 if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="make month", description="A virtual month of reading from LinkedIn")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--hours", type=float, default=24, help="of the many seats; 0: leave them out")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    wanted = parser.parse_args()
    return asyncio.run(run(wanted.days, wanted.seed, wanted.hours))


if __name__ == "__main__":
    sys.exit(main())
