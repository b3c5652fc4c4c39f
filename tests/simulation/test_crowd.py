"""Many workspaces on a few workers: nobody is starved."""

from __future__ import annotations

from benchmarks.simulation.crowd import simulate_crowd


def test_busy_workspaces_get_even_shares_and_small_changes_wait_for_one_round_at_most() -> None:
    taken = simulate_crowd(25)

    assert taken.lanes == 60_000
    assert taken.evenness >= 0.999
    # 400 lanes that never run dry on 200 places: a round of all of them takes two slices.
    assert taken.longest_wait <= 60


def test_twice_the_workers_cut_the_wait_by_more_than_half() -> None:
    assert simulate_crowd(50).median_wait < simulate_crowd(25).median_wait / 2
