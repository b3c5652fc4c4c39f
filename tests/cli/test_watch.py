"""Following a sync: what is shown, when it ends, and what it does not mistake for being stuck."""

from __future__ import annotations

import pytest
from msgspec import structs

from landbridge.cli.watch import is_settled, raise_for_people, steps_of
from landbridge.errors import NeedsPersonError
from landbridge.records import Kind
from landbridge.store.tallies import ReadingTally, Tally, totals
from tests.unit.test_turn import FINISHED, NOW, integration, sweep

WAITING = totals([Tally(Kind.JOB, "due", "", 3)])
PENDING = totals([Tally(Kind.JOB, "pending", "", 3), Tally(Kind.JOB, "held", "no_title", 1)])


def test_sync_that_only_waits_for_people_ends_with_whose_turn_it_is() -> None:
    overview = structs.replace(FINISHED, integrations=[integration("REQUESTED")], kinds=WAITING)
    with pytest.raises(NeedsPersonError, match="takes no data yet") as told:
        raise_for_people(overview, overview.turn(NOW))
    assert "Recruiter admin" in told.value.hint


@pytest.mark.parametrize(
    "changes", [{"sweep": sweep("running")}, {"readings": [ReadingTally("jobs", "due", "", 1)]}, {"integrations": []}]
)
def test_reading_is_followed_to_its_end_before_people_are_called(changes: dict[str, object]) -> None:
    overview = structs.replace(FINISHED, integrations=[integration("REQUESTED")], kinds=WAITING)
    overview = structs.replace(overview, **changes)
    if overview.integrations:
        raise_for_people(overview, overview.turn(NOW))
    else:
        with pytest.raises(NeedsPersonError):
            raise_for_people(overview, overview.turn(NOW))


def test_jobs_that_wait_for_a_verdict_are_on_their_way_and_said_to_wait() -> None:
    overview = structs.replace(FINISHED, kinds=PENDING)
    assert not is_settled(overview)
    assert next(step.note for step in steps_of(overview) if step.name == "send: jobs") == (
        "3 wait for LinkedIn's verdict, 1 held"
    )
