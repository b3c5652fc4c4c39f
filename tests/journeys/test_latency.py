"""The measurement of how long an edit takes, in short: that it measures at all, and loses nothing."""

from __future__ import annotations

import argparse

import pytest

from benchmarks import latency


@pytest.mark.timeout(240)
async def test_every_edit_beside_a_busy_company_is_timed_by_tables_and_journals() -> None:
    options = argparse.Namespace(workspaces=1, seconds=2.0, pause=0.5, candidates=30, limits="relaxed")
    report = await latency.measure(options)
    assert report["edits"] > 1
    assert report["lost"] == 0
    assert report["by_tables"]["events"] == report["by_journals"]["events"] == report["edits"]
    assert report["load"]["workspaces"] == 1


def test_edit_that_is_lost_or_late_breaks_the_bounds() -> None:
    good = {"events": 9, "p50": 1.0, "p95": 2.0, "worst": 3.0}
    report = {"lost": 0, "by_tables": good, "by_journals": good}
    assert latency.is_within(report)
    assert not latency.is_within({**report, "lost": 1})
    assert not latency.is_within({**report, "by_journals": {**good, "p95": 5.0}})
    assert not latency.is_within({**report, "by_tables": {**good, "worst": 60.0}})
    assert not latency.is_within({"lost": 0, "by_tables": None, "by_journals": None})
