"""Plans: their arithmetic against a slow, obvious simulation, and what they say about costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.connectors.smartrecruiters.passes import passes_of
from landbridge.ports.destination import Limits
from landbridge.ports.source import Pass
from landbridge.records import Kind
from landbridge.sync.plan import LaneLimits, Plan, Reading, Volumes, _Inflow, drain, make_plan

START = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
DOCUMENTED = Limits(records_per_minute=10_000, calls_per_day=100_000, records_per_call=100)
READING = Reading(calls_per_second=10)
COMPANY = Volumes(jobs=2_000, candidates=1_000_000, applications=1_500_000, stages=4_500_000)
PASSES = passes_of("progressive", extra_fields=False)


def lanes(dialect: str = "v2", limits: Limits = DOCUMENTED) -> list[LaneLimits]:
    return [
        LaneLimits(kind=kind, limits=limits, one_parent_per_call=kind is Kind.STAGE and dialect == "v2")
        for kind in Kind
    ]


def plan(passes: tuple[Pass, ...] = PASSES, dialect: str = "v2", *, mirrored: bool = False) -> Plan:
    return make_plan(COMPANY, passes, lanes(dialect), READING, start=START, dialect=dialect, mirrored=mirrored)


def test_reading_progressively_costs_three_calls_per_application_and_one_hundredth_per_candidate() -> None:
    made = plan()
    assert made.calls_per_candidate == pytest.approx(0.01)
    assert made.calls_per_application == pytest.approx(3)
    assert made.read_calls == 10_000 + 20 + 4_000 + 3 * 1_500_000
    assert plan(dialect="rest").binding == "reading"


def test_naive_reading_costs_one_more_call_per_candidate() -> None:
    made = plan(passes_of("naive", extra_fields=False), "rest")
    assert made.calls_per_candidate == pytest.approx(1.01)
    assert made.calls_per_application == pytest.approx(3)
    assert made.ends_at > plan(dialect="rest").ends_at


def test_stages_known_early_cost_v2_a_second_call_only_where_they_have_left_before_their_history_is_read() -> None:
    calls = {lane.resource: lane.calls for lane in plan().lanes}["stages"]
    days_before_history = 3 * 1_500_000 / 9.7 / 86_400 * 2 / 3
    assert 1_500_000 + 98_500 * days_before_history < calls < 1_500_000 + 98_500 * (days_before_history + 2)


def test_calls_for_one_parent_are_bound_by_round_trips_where_the_day_has_enough() -> None:
    few = Volumes(jobs=1, candidates=1, applications=50_000, stages=150_000)
    made = make_plan(few, PASSES, lanes(), READING, start=START, mirrored=True)
    stages = made.lanes[-1]
    assert (stages.binding, stages.calls) == ("round_trips", 50_000)
    assert stages.alone == timedelta(seconds=50_000 * 0.15)


def test_report_saves_the_calls_of_applications() -> None:
    made = plan(passes_of("report", extra_fields=False))
    assert made.calls_per_application == pytest.approx(1)


def test_first_read_takes_as_long_as_its_calls_at_the_permitted_pace() -> None:
    made = plan(dialect="rest")
    seconds = made.read_calls / (10 * 0.97)
    assert made.duration.total_seconds() == pytest.approx(seconds, rel=0.01)


def test_mirrored_records_are_bound_by_the_minute_except_v2_stages_by_the_day() -> None:
    by_resource = {lane.resource: lane for lane in plan(mirrored=True).lanes}
    assert by_resource["candidates"].binding == "records_per_minute"
    assert by_resource["candidates"].alone == pytest.approx(timedelta(minutes=1_000_000 / 9_850), rel=0.01)
    assert by_resource["applications"].alone == pytest.approx(timedelta(minutes=1_500_000 / 9_850), rel=0.01)
    assert by_resource["stages"].binding == "calls_per_day"
    assert by_resource["stages"].calls == 1_500_000
    rest = {lane.resource: lane for lane in plan(dialect="rest", mirrored=True).lanes}
    assert rest["stages"].calls == 45_000
    assert rest["stages"].binding == "records_per_minute"


def test_candidates_are_on_linkedin_long_before_the_reading_ends() -> None:
    made = plan()
    candidates = next(lane for lane in made.lanes if lane.resource == "candidates")
    assert candidates.ends_at - START < (made.ends_at - START) / 20


def test_plan_names_the_slowest_lane() -> None:
    made = plan(mirrored=True)
    assert made.slowest == "stages"
    assert made.binding == "calls_per_day"


def test_nothing_to_do_takes_no_time() -> None:
    nothing = Volumes(jobs=0, candidates=0, applications=0, stages=0)
    made = make_plan(nothing, PASSES, lanes(), READING, start=START)
    assert made.ends_at == START


def step_by_step(inflows: list[_Inflow], speed: float, per_day: float, start: datetime) -> float:
    """Second by second, as one would do it on paper."""
    waiting, left, at, out = 0.0, per_day, 0, 0.0
    total = sum(one.units for one in inflows)
    while out < total - 1e-6 and at < 3_000_000:
        now = start + timedelta(seconds=at)
        if now.hour == now.minute == now.second == 0:
            left = per_day
        for one in inflows:
            if one.begins == one.ends and one.begins == at:
                waiting += one.units
            elif one.begins <= at < one.ends:
                waiting += one.units / (one.ends - one.begins)
        moved = min(waiting, speed, left)
        waiting, left, out, at = waiting - moved, left - moved, out + moved, at + 1
    return at


@settings(deadline=None, max_examples=20)
@given(
    now=st.integers(0, 3_000),
    later=st.lists(st.tuples(st.integers(0, 40_000), st.integers(600, 40_000), st.integers(1, 5_000)), max_size=3),
    speed=st.floats(0.1, 5),
    share=st.floats(0.2, 3),
    second=st.integers(0, 86_399),
)
def test_fluid_agrees_with_counting_second_by_second(
    now: int, later: list[tuple[int, int, int]], speed: float, share: float, second: int
) -> None:
    start = START.replace(hour=0) + timedelta(seconds=second)
    inflows = [_Inflow(0, 0, now), *(_Inflow(begins, begins + length, units) for begins, length, units in later)]
    total = sum(one.units for one in inflows)
    per_day = max(total * share, 1.0)
    expected = step_by_step(inflows, speed, per_day, start)
    assert drain(inflows, speed, per_day, start) == pytest.approx(expected, abs=90 + expected * 0.01)


@settings(deadline=None, max_examples=40)
@given(
    candidates=st.integers(0, 200_000),
    applications=st.integers(0, 300_000),
    more=st.integers(1, 50_000),
    dialect=st.sampled_from(["v2", "rest"]),
    mirrored=st.booleans(),
)
def test_more_records_never_end_earlier(
    candidates: int, applications: int, more: int, dialect: str, mirrored: bool
) -> None:
    def ends(extra: int) -> datetime:
        volumes = Volumes(
            jobs=100,
            candidates=candidates + extra,
            applications=applications + extra,
            stages=3 * (applications + extra),
        )
        return make_plan(volumes, PASSES, lanes(dialect), READING, start=START, mirrored=mirrored).ends_at

    assert ends(more) >= ends(0)
