"""The pure rules of the stack: when to repeat, when a cursor is a circle, what a header says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.errors import CannotTranslateError, SurpriseError
from landbridge.http import CursorTrail, path_segment
from landbridge.http.limits import read_retry_after
from landbridge.http.outcome import DEFAULT_OUTCOMES, Resolution, judge
from landbridge.http.retry import Failure, pause_before_retry

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failure", "repeatable", "again"),
    [
        ("unreachable", True, True),
        ("unreachable", False, True),
        ("broken", True, True),
        ("broken", False, False),
        ("status", True, True),
        ("status", False, False),
        ("slow", True, False),
        ("slow", False, False),
    ],
)
def test_what_may_have_arrived_is_repeated_only_where_that_is_harmless(
    failure: Failure, *, repeatable: bool, again: bool
) -> None:
    assert (pause_before_retry(1, failure, repeatable=repeatable, chance=0.5) is not None) is again


@given(st.floats(0, 1, exclude_max=True))
def test_pauses_grow_are_spread_and_end(chance: float) -> None:
    first, second, third = (pause_before_retry(n, "status", repeatable=True, chance=chance) for n in (1, 2, 3))

    assert first is not None
    assert second is not None
    assert timedelta(seconds=0.25) <= first <= timedelta(seconds=0.75)
    assert timedelta(seconds=1) <= second <= timedelta(seconds=3)
    assert third is None


@given(st.integers(100, 999))
def test_every_status_has_a_verdict(status: int) -> None:
    verdict = judge(status, "", DEFAULT_OUTCOMES)

    assert (verdict.resolution is Resolution.ACCEPT) is (200 <= status < 300)


def test_pages_that_lead_back_are_a_circle() -> None:
    trail = CursorTrail()
    assert trail.follow(None, "a") == "a"
    assert trail.follow("a", "b") == "b"

    with pytest.raises(SurpriseError) as raised:
        trail.follow("b", "a")

    assert raised.value.code == "paging_loop"


def test_page_that_leads_to_itself_is_a_circle() -> None:
    with pytest.raises(SurpriseError):
        CursorTrail().follow("a", "a")


def test_circle_is_seen_by_a_reader_that_began_in_the_middle() -> None:
    trail = CursorTrail()
    trail.follow("m", "n")

    with pytest.raises(SurpriseError):
        trail.follow("n", "m")


def test_page_that_is_read_again_is_no_circle() -> None:
    trail = CursorTrail()
    for asked, following in [(None, "a"), ("a", "b"), ("a", "b"), ("b", None), (None, "a"), ("a", "b"), ("b", "")]:
        assert trail.follow(asked, following) == (following or None)


@given(st.lists(st.text(min_size=1), min_size=1, max_size=30, unique=True), st.data())
def test_every_circle_is_found_within_one_round(pages: list[str], data: st.DataObject) -> None:
    back = data.draw(st.sampled_from(pages))
    trail = CursorTrail()
    for asked, following in zip([None, *pages], pages, strict=False):
        trail.follow(asked, following)

    with pytest.raises(SurpriseError):
        trail.follow(pages[-1], back)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("0", 0),
        ("99999999999999999999", 86_400),
        ("Sun, 01 Mar 2026 00:01:00 GMT", 60),
        ("Sat, 28 Feb 2026 00:00:00 GMT", 0),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str, seconds: float) -> None:
    assert read_retry_after({"retry-after": header}, NOW) == timedelta(seconds=seconds)


@given(st.text(st.characters(exclude_categories=["Nd"])))
def test_retry_after_that_says_nothing_is_none(header: str) -> None:
    assert read_retry_after({"retry-after": header}, NOW) is None


@given(st.text(min_size=1))
def test_id_in_a_path_stays_one_segment(text: str) -> None:
    if text in {".", ".."}:
        with pytest.raises(CannotTranslateError):
            path_segment(text)
        return
    segment = path_segment(text)
    assert segment.isascii()
    assert not set(segment) & set("/?#& ")
