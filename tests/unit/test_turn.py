"""Whose turn it is follows from what is known, the most pressing first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from landbridge.records import Kind
from landbridge.store.connections import SystemState
from landbridge.store.integrations import Integration
from landbridge.store.overview import LaneState, Overview, SweepProgress, Turn
from landbridge.store.tallies import ReadingTally, Tally, totals
from landbridge.store.workspaces import Workspace

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def system(name: str, state: str = "ok") -> SystemState:
    return SystemState(system=name, state=state, problem_code="", problem_hint="", checked_at=NOW)  # type: ignore[arg-type]  # checked by the database


def integration(status: str = "ENABLED") -> Integration:
    return Integration(context="urn:li:contract:1", type="CSA_API", name="", status=status, checked_at=NOW)


def sweep(state: str = "done") -> SweepProgress:
    return SweepProgress(mode="full", state=state, pass_name="", started_at=NOW, finished_at=None, passes=[])


def lane(resource: str, *, minutes: int | None = None) -> LaneState:
    until = None if minutes is None else NOW + timedelta(minutes=minutes)
    return LaneState(resource=resource, blocked_until=until, blocked_reason="", last_sent_at=None)


FINISHED = Overview(
    workspace=Workspace(
        id=1, slug="acme", name="Acme", choices={}, organization_urn=None, foreign_id="f", paused=False, created_at=NOW
    ),
    systems=[system("smartrecruiters"), system("linkedin")],
    integrations=[integration()],
    sweep=sweep(),
    kinds=totals([Tally(Kind.JOB, "delivered", "", 3)]),
    readings=[],
    quotas=[],
    lanes=[lane("jobs")],
    reconciliation=None,
)
SENDING = totals([Tally(Kind.JOB, "due", "", 3)])
PENDING = totals([Tally(Kind.JOB, "pending", "", 3)])
REFUSED = totals([Tally(Kind.JOB, "quarantined", "linkedin_invalid", 3)])


@pytest.mark.parametrize(
    ("changes", "turn"),
    [
        ({}, Turn.DONE),
        ({"kinds": REFUSED}, Turn.FIX_RECORDS),
        ({"kinds": SENDING}, Turn.WORKING),
        ({"kinds": SENDING, "lanes": []}, Turn.WORKING),
        ({"sweep": sweep("running")}, Turn.WORKING),
        ({"readings": [ReadingTally("jobs", "due", "", 1)]}, Turn.WORKING),
        ({"readings": [ReadingTally("jobs", "set_aside", "rejected", 1)]}, Turn.DONE),
        ({"kinds": SENDING, "lanes": [lane("jobs", minutes=5)]}, Turn.WAIT_FAR_SIDE),
        ({"kinds": SENDING, "lanes": [lane("jobs", minutes=-5)]}, Turn.WORKING),
        ({"kinds": SENDING, "lanes": [lane("jobs", minutes=5), lane("stages")]}, Turn.WAIT_FAR_SIDE),
        ({"kinds": SENDING, "lanes": [lane("jobs"), lane("stages", minutes=5)]}, Turn.WORKING),
        ({"kinds": PENDING}, Turn.WAIT_FAR_SIDE),
        ({"kinds": SENDING, "lanes": [lane("jobs", minutes=5)], "sweep": sweep("running")}, Turn.WORKING),
        ({"sweep": None}, Turn.START),
        ({"integrations": [integration(), integration("REQUESTED")], "sweep": None}, Turn.ENABLE),
        ({"integrations": [integration("SOMETHING_NEW")]}, Turn.ENABLE),
        ({"integrations": []}, Turn.REQUEST),
        ({"integrations": [integration(), integration("ABSENT")]}, Turn.REQUEST),
        ({"systems": [system("smartrecruiters")], "integrations": []}, Turn.CONNECT),
        ({"systems": []}, Turn.CONNECT),
        ({"systems": [system("smartrecruiters", "needs_person"), system("linkedin")]}, Turn.REPAIR),
        ({"workspace": structs.replace(FINISHED.workspace, paused=True), "systems": []}, Turn.RESUME),
    ],
)
def test_turn_is_the_most_pressing_one(changes: dict[str, object], turn: Turn) -> None:
    assert structs.replace(FINISHED, **changes).turn(NOW) is turn
