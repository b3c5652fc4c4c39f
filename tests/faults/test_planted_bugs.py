"""The rig can fail: bugs planted into the worker processes are found by it."""

from __future__ import annotations

import pytest

from tests.faults.rig import running
from tests.faults.storm import WORKERS, findings, settle, storm

KILLS = 6
STORMS = 4
SETTLED_WITHIN = 60.0
# Functions of tests/faults/planted/sitecustomize.py; all of them are part of the long form.
BUGS = ("acknowledged_before_sent", "cursor_before_page", "ticked_off_before_read", "acknowledged_whatever_changed")
IN_SHORT_FORM = "acknowledged_before_sent"


async def found_after_storms(bug: str, *, storms: int = STORMS) -> list[str]:
    """What the rig finds with a bug planted; a bug may need more than one storm to do harm."""
    found: list[str] = []
    async with running(candidates=120, planted=bug) as rig:
        for number in range(storms):
            await storm(rig, kills=KILLS, seed=number, victims=WORKERS, edited_percent=30)
            await settle(rig, SETTLED_WITHIN)
            found = await findings(rig)
            if found:
                break
    return found


@pytest.mark.timeout(240)
async def test_rig_finds_a_planted_bug() -> None:
    assert await found_after_storms(IN_SHORT_FORM) != []
