"""Killing at random while a company is read, edited and sent, then asking both far sides what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tests.faults import truth
from tests.faults.command import landbridge
from tests.faults.rig import Rig

WORKERS = ("worker-1", "worker-2")
VICTIMS = (*WORKERS, "web", "postmaster", "backend")
# Workers do the work that can go wrong, so they die most often.
WEIGHTS = (4, 4, 1, 2, 2)
PAUSES = (0.1, 1.4)
# The ATS answers no quicker than this, so that a small company still takes a while to read.
CALLS_PER_SECOND = 60
EDITED_PERCENT = 3
# Longer than the silence after which the rig's workers are taken for dead.
STANDSTILLS = (1.2, 3.0)


async def storm(
    rig: Rig, *, kills: int, seed: int, victims: Sequence[str] = VICTIMS, edited_percent: float = EDITED_PERCENT
) -> None:
    """Start the historical sync and kill so many processes, while people go on working in the ATS."""
    chance = random.Random(seed)
    weights = [WEIGHTS[VICTIMS.index(victim)] for victim in victims]
    async with busy(rig, chance, edited_percent):
        target = sum(rig.kills.values()) + kills
        while sum(rig.kills.values()) < target:
            await asyncio.sleep(chance.uniform(*PAUSES))
            rig.kill(chance.choices(victims, weights)[0])


async def frost(rig: Rig, *, freezes: int, seed: int) -> None:
    """The same with workers that stand still until they are taken for dead, and then go on where they were."""
    chance = random.Random(seed)
    async with busy(rig, chance, EDITED_PERCENT):
        target = sum(rig.kills.values()) + freezes
        while sum(rig.kills.values()) < target:
            await asyncio.sleep(chance.uniform(*PAUSES))
            await rig.freeze(chance.choice(WORKERS), chance.uniform(*STANDSTILLS))


@asynccontextmanager
async def busy(rig: Rig, chance: random.Random, edited_percent: float) -> AsyncIterator[None]:
    """A historical sync under way from an ATS of moderate speed, in which people work."""
    rig.source.limits(requests_per_second=CALLS_PER_SECOND)
    await rig.sync()
    async with people_at_work(rig, chance.randrange(1_000), edited_percent):
        yield
    rig.source.limits(mode="relaxed")


@asynccontextmanager
async def people_at_work(rig: Rig, seed: int, percent: float) -> AsyncIterator[None]:
    """Edits, with a sync after each, until the block ends."""

    async def work() -> None:
        number = seed
        while True:
            number += 1
            rig.source.edit(percent=percent, seed=number)
            # A command may meet a database that has just been killed; the next one brings the edits as well.
            with contextlib.suppress(AssertionError):
                await rig.sync()
            await asyncio.sleep(0.5)

    working = asyncio.create_task(work())
    try:
        yield
    finally:
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


async def settle(rig: Rig, within: float) -> None:
    """Let the unfinished sync end, have one more for what was edited meanwhile, and wait until nothing is left."""
    await rig.until(rig.unready, within)
    await rig.until(rig.unsettled, within)
    await rig.sync()
    await rig.until(rig.unsettled, within)


async def findings(rig: Rig, *, late_calls: bool = False) -> list[str]:
    """What is wrong, by the far sides' own records and journals, and by the product's; empty where all is well.

    ``late_calls``: a process stood still with a call in its hands, which no sender can take back. Such a call may
    arrive late; what counts is that the newest state was sent again after it.
    """
    told = await landbridge(rig.environment, "verify")
    clean = told.status == 0 and told.text.strip().splitlines()[-1:] == ["clean"]
    allowed = truth.PRICE_OF_A_KILL | (truth.PRICE_OF_A_STANDSTILL if late_calls else frozenset())
    return [
        *([] if clean else [f"landbridge verify ends with {told}"]),
        *truth.findings(rig.source, rig.network),
        *([] if late_calls else truth.regressions(rig.network)),
        *truth.jobs_created_again(rig.network),
        *truth.broken_rules(rig.source, rig.network, allowed=allowed),
    ]
