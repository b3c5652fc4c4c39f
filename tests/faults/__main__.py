"""The long form: ``python -m tests.faults --kills 300``. Prints a table; status 1 where anything was found.

``--events 10000`` is the long form of ``tests/faults/test_events.py``.

Each round is a fresh company with worker, console and database of its own, and a seed that repeats it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable

from msgspec import Struct, field

from tests.faults.events import TIMES, flood
from tests.faults.rig import Rig, running
from tests.faults.storm import findings, frost, settle, storm
from tests.faults.test_planted_bugs import BUGS, found_after_storms

KILLS_PER_ROUND = 30
CANDIDATES = 150
SETTLED_WITHIN = 150.0


class Table(Struct):
    """Trials and violations, by fault."""

    trials: Counter[str] = field(default_factory=Counter)
    violations: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        width = max(map(len, self.trials), default=5)
        head = f"{'fault':{width}}  {'trials':>7}  {'violations':>10}"
        rows = [f"{name:{width}}  {count:>7,}  {self.violations[name]:>10,}" for name, count in self.trials.items()]
        return [head, *rows]


NAMES = {
    "worker-1": "worker killed",
    "worker-2": "worker killed",
    "web": "console killed",
    "postmaster": "PostgreSQL killed",
    "backend": "PostgreSQL backend killed",
    "worker-1 frozen": "worker frozen, then let go on",
    "worker-2 frozen": "worker frozen, then let go on",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make faults", description="Kill processes at random and count what is lost")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--freezes", type=int, default=40)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--events", type=int, default=0, help="instead: so many changes told often and partly not")
    parser.add_argument("--bugs", type=int, choices=(0, 1), default=1, help="also prove that planted bugs are found")
    wanted = parser.parse_args()
    say(f"seed {wanted.seed}")
    if wanted.events:
        return _flood(wanted.events, wanted.seed)
    table = asyncio.run(_run(wanted))
    say("\n".join(["", *table.lines(), *table.told]))
    return 1 if table.violations else 0


def _flood(events: int, seed: int) -> int:
    candidates = max(40, min(400, events // 20))
    told = asyncio.run(flood(events=events, candidates=candidates, exports=min(candidates // 5, 60), seed=seed))
    say(f"{told.events:,} events, {told.lost:,} of them lost, and {told.exports} exports, each told {TIMES} times")
    say(f"{told.delivered:,} deliveries in {told.seconds:,.0f} s, {told.delivered / told.seconds:,.0f} per second")
    say("\n".join([f"{len(told.found)} violations", *told.found[:20]]))
    return 1 if told.found else 0


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def _run(wanted: argparse.Namespace) -> Table:
    table = Table()
    seeds = random.Random(wanted.seed)
    while (left := wanted.kills - sum(table.trials.values())) > 0:
        kills, seed = min(left, KILLS_PER_ROUND), seeds.randrange(1_000_000)
        await _round(table, seed, lambda rig, kills=kills, seed=seed: storm(rig, kills=kills, seed=seed))  # type: ignore[misc]
    frozen = 0
    while frozen < wanted.freezes:
        freezes, seed = min(wanted.freezes - frozen, KILLS_PER_ROUND), seeds.randrange(1_000_000)
        await _round(table, seed, lambda rig, n=freezes, seed=seed: frost(rig, freezes=n, seed=seed), late_calls=True)  # type: ignore[misc]
        frozen += freezes
    for bug in BUGS if wanted.bugs else ():
        await _plant(table, bug)
    return table


async def _round(
    table: Table, seed: int, trouble: Callable[[Rig], Awaitable[None]], *, late_calls: bool = False
) -> None:
    began = time.monotonic()
    async with running(candidates=CANDIDATES, seed=seed % 7) as rig:
        await trouble(rig)
        try:
            await settle(rig, SETTLED_WITHIN)
            found = await findings(rig, late_calls=late_calls)
        except AssertionError as stuck:
            found = [str(stuck)]
    names = Counter({NAMES[victim]: 0 for victim in rig.kills})
    for victim, count in rig.kills.items():
        names[NAMES[victim]] += count
    table.trials.update(names)
    told = ", ".join(f"{count} x {name}" for name, count in names.items())
    say(f"{time.monotonic() - began:6.1f} s  seed {seed:>6}  {len(found)} violations  {told}")
    if found:
        table.violations.update(dict.fromkeys(names, len(found)))
        table.told += [f"seed {seed}: {line}" for line in found[:20]]


async def _plant(table: Table, bug: str) -> None:
    """A bug that is not found is a violation: then the rig proves nothing."""
    name = f"planted bug: {bug.replace('_', ' ')}"
    began = time.monotonic()
    try:
        found = await found_after_storms(bug)
    except AssertionError as stuck:
        found = [str(stuck)]
    say(f"{time.monotonic() - began:6.1f} s  {name}: {'found' if found else 'NOT FOUND'}")
    table.trials[f"{name} (found)"] = 1
    if not found:
        table.violations[f"{name} (found)"] = 1


if __name__ == "__main__":
    sys.exit(main())
