"""The long form: ``python -m tests.inbound``. Kills and freezes a worker at every place that any flow passes.

Which places those are is found out first, by going through each flow in peace. Ends with status 1 where anything was
done twice, not at all, or past its failpoints.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from landbridge.sandbox import Sandbox
from landbridge.settings import load
from landbridge.store.database import Database
from landbridge.store.migrate import migrate
from landbridge.store.secrets import unlock
from landbridge.sync.failpoints import NAMES
from tests.faults.company import QUICK
from tests.inbound.flows import FLOWS, Stage, passed_by, struck_at
from tests.inbound.nursery import SOON_DEAD, Nursery
from tests.inbound.rig import recruiting

HOWS = ("kill", "freeze")
# In proportion to them there are strangers, of whom each trial may need one of its own.
PEOPLE = 150


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def spots(places: list[str]) -> Iterator[tuple[str, int]]:
    """Each place with how many times it was passed until then."""
    times: Counter[str] = Counter()
    for place in places:
        times[place] += 1
        yield place, times[place]


async def walk(how: str, flows: list[str]) -> int:
    """How many trials failed, in a company of its own: there are only so many strangers to export."""
    with tempfile.TemporaryDirectory(prefix="landbridge-crashes-") as folder, Sandbox(candidates=PEOPLE) as sandbox:
        environment = {**os.environ, **QUICK, **SOON_DEAD, "LANDBRIDGE_DATA_DIR": folder}
        settings = load(environment)
        async with await Database.open(settings) as database:
            await asyncio.to_thread(migrate, settings)
            async with recruiting(sandbox, environment, database, await unlock(settings, database)) as company:
                nursery = await Nursery.open(Path(folder) / "nursery", environment)
                try:
                    stage = Stage(company, nursery)
                    await stage.open()
                    return await _all(stage, how, flows)
                finally:
                    await nursery.close()


async def _all(stage: Stage, how: str, flows: list[str]) -> int:
    failed, seen = 0, set[str]()
    for name in flows:
        places = await passed_by(stage, FLOWS[name])
        seen |= set(places)
        began, trials = time.monotonic(), 0
        for place, times in spots(places):
            trials += 1
            try:
                await struck_at(stage, FLOWS[name], how, place, times)
            except AssertionError as wrong:
                failed += 1
                say(f"  {how} at {place} ({times}): {wrong}")
        say(f"{name:26} {how:7} {trials:3} trials  {time.monotonic() - began:6.1f} s")
    if len(flows) == len(FLOWS) and (never := set(NAMES) - seen):
        failed += 1
        say(f"no flow passes {', '.join(sorted(never))}")
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(prog="make crashes", description="Kill workers between every two effects")
    parser.add_argument("--how", choices=HOWS, action="append", help="only this; default: all")
    parser.add_argument("--flow", choices=list(FLOWS), action="append", help="only this; default: all")
    wanted = parser.parse_args()
    flows = wanted.flow or list(FLOWS)
    failed = sum(asyncio.run(walk(how, flows)) for how in wanted.how or HOWS)
    say(f"{failed} trials failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
