"""A posting ends on LinkedIn unless it is renewed in time."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from landbridge.jobs.control import renew_jobs
from landbridge.store.database import Database
from tests.faults import truth
from tests.faults.conftest import FarSides
from tests.faults.drive import Drive


async def test_postings_are_renewed_in_time_and_not_before(
    drive: Drive, database: Database, far_sides: FarSides
) -> None:
    await drive.sync()
    wanted = far_sides.open_jobs()
    assert wanted
    before = far_sides.network.last_call()

    assert await renew_jobs(database, drive.clock) >= len(wanted)
    await drive.send()
    assert [row.key for row in far_sides.network.written(before)] == []

    # A basic posting lives 180 days; the day before its end would be too late to start.
    drive.clock.advance(timedelta(days=177))
    await renew_jobs(database, drive.clock)
    await drive.send()
    assert Counter((row.entity, row.key) for row in far_sides.network.written(before)) == {
        ("jobs", job): 1 for job in wanted
    }
    assert far_sides.open_jobs() == wanted
    assert truth.broken_rules(far_sides.source, far_sides.network) == []
