"""kill -9 of worker, web and PostgreSQL at random moments: LinkedIn ends up as SmartRecruiters says, by their own word.

The short form of ``make faults``. The seed is printed; FAULT_SEED repeats it.
"""

from __future__ import annotations

import os
import random

import pytest

from tests.faults.rig import running
from tests.faults.storm import VICTIMS, findings, settle, storm

KILLS = 22


@pytest.mark.timeout(240)
async def test_kills_at_random_moments_lose_nothing_and_send_nothing_old() -> None:
    seed = int(os.environ.get("FAULT_SEED") or random.SystemRandom().randrange(1_000_000))
    print(f"FAULT_SEED={seed}")  # noqa: T201 - how to repeat a failure
    async with running(candidates=100) as rig:
        await storm(rig, kills=KILLS, seed=seed)
        assert sum(rig.kills.values()) >= KILLS
        assert rig.kills.keys() <= set(VICTIMS)
        await settle(rig, 90)
        assert await findings(rig) == []
