"""The short form of ``make month``: three days with every trouble, instead of thirty."""

from __future__ import annotations

import os
import random
from datetime import timedelta

import pytest

from tests.inbound.month import Month
from tests.inbound.rig import Recruiting

DAYS = 3
TROUBLES = {
    "outage", "day without a worker", "seat joined", "429", "quota spent", "clock jumped", "clock went back",
}  # fmt: skip


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "LANDBRIDGE_INBOUND_QUICKEST_SECONDS": "1800"}


@pytest.mark.timeout(900)
async def test_days_full_of_trouble_leave_no_gap_and_every_message_in_the_ats_once(company: Recruiting) -> None:
    seed = int(os.environ.get("FAULT_SEED") or random.SystemRandom().randrange(1_000_000))
    print(f"FAULT_SEED={seed}")  # noqa: T201 - how to repeat a failure
    await company.sync()
    month = Month(company, seed, timedelta(days=DAYS))
    await month.run()
    found = month.findings()
    assert not found, found[:20]
    assert month.done.keys() >= TROUBLES
    assert sum(month.wanted().values()) > 10 * DAYS
