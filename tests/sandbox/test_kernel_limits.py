"""Counters: sliding window and day quota."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from landbridge.sandbox.kernel import DAY_MS, DayQuota, SlidingWindow


def test_window_opens_when_enough_has_slid_out() -> None:
    window = SlidingWindow(10, 1000)
    window.take(0, 4)
    window.take(500, 6)
    assert window.opens_at(900, 1) == 1000
    assert window.opens_at(900, 5) == 1500
    assert window.opens_at(1000, 4) == 1000
    assert window.used(1499) == 6
    assert window.used(1500) == 0


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 5)), max_size=60))
def test_window_never_lets_more_than_its_limit_through(calls: list[tuple[int, int]]) -> None:
    window, taken, at = SlidingWindow(12, 1000), [], 0
    for pause, units in calls:
        at += pause
        opens = window.opens_at(at, units)
        assert opens >= at
        if opens == at:
            window.take(at, units)
            taken.append((at, units))
        else:
            # What it promises holds: the same units fit at that instant and not one ms earlier.
            assert sum(amount for when, amount in taken if opens - 1000 < when) + units <= 12
            assert sum(amount for when, amount in taken if opens - 1001 < when) + units > 12
    for start, _ in taken:
        assert sum(amount for when, amount in taken if start <= when < start + 1000) <= 12


def test_day_quota_starts_anew_at_midnight_utc() -> None:
    quota = DayQuota(2)
    quota.take(DAY_MS - 10)
    quota.take(DAY_MS - 5)
    assert quota.opens_at(DAY_MS - 1) == DAY_MS
    assert quota.opens_at(DAY_MS) == DAY_MS
    assert quota.used(DAY_MS) == 0
