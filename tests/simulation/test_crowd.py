"""Many workspaces on a few workers: nobody is starved, and what somebody has just done waits for nobody's long sync."""

from __future__ import annotations

import pytest

from benchmarks.simulation.crowd import simulate_crowd


def test_busy_workspaces_get_even_shares_and_small_work_in_line_waits_for_one_round_at_most() -> None:
    taken = simulate_crowd(25)

    assert taken.lanes == 60_000
    assert taken.evenness >= 0.999
    # 400 lanes that never run dry on 200 places: a round of all of them takes two slices.
    assert 0 < taken.in_line.median < taken.in_line.longest <= 60


def test_twice_the_workers_cut_the_wait_in_line_by_more_than_half() -> None:
    assert simulate_crowd(50).in_line.median < simulate_crowd(25).in_line.median / 2


@pytest.mark.parametrize("apart", [False, True])
def test_live_changes_find_a_place_beside_any_number_of_long_syncs(apart: bool) -> None:
    taken = simulate_crowd(10, apart=apart, busy=400)

    assert taken.live.count > taken.in_line.count > 0
    assert taken.live.longest < 1
    assert taken.in_line.median > 60


def test_flood_of_live_changes_overflows_into_the_places_for_anything_unless_the_processes_are_apart() -> None:
    together, apart = (simulate_crowd(4, apart=apart, workspaces=40_000, seconds=900) for apart in (False, True))

    assert together.live.longest < 10 < apart.live.median
