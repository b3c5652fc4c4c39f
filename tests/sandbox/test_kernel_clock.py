"""The sandbox clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from landbridge.sandbox.kernel import Clock

NEW_YEAR = datetime(2030, 1, 1, tzinfo=UTC)


def test_clock_shows_real_time_at_first() -> None:
    assert abs(Clock().now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_frozen_clock_stands_until_it_is_moved() -> None:
    clock = Clock()
    clock.freeze()
    stood = clock.ms()
    assert clock.ms() == stood
    clock.advance(timedelta(days=1))
    assert clock.ms() == stood + 86_400_000
    clock.set(NEW_YEAR)
    assert clock.now() == NEW_YEAR


def test_thawed_clock_runs_on_from_where_it_stood() -> None:
    clock = Clock()
    clock.freeze()
    clock.set(NEW_YEAR)
    clock.thaw()
    assert not clock.frozen
    assert timedelta(0) <= clock.now() - NEW_YEAR < timedelta(seconds=5)


def test_running_clock_can_be_set_and_reset() -> None:
    clock = Clock()
    clock.set(NEW_YEAR)
    assert timedelta(0) <= clock.now() - NEW_YEAR < timedelta(seconds=5)
    clock.reset()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
