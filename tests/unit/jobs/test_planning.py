"""The estimate of a first sync, for an ATS that is read and for one that pushes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from landbridge.jobs.planning import PUSHED, complete, plan_for, wanted
from landbridge.sync.choices import Choices

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
COUNTED = {"jobs": 10, "candidates": 1_000, "applications": None, "stages": None}


def test_ats_that_is_read_costs_calls_and_unknown_counts_are_assumed() -> None:
    volumes, assumed = complete(COUNTED)
    assert assumed == ["applications", "stages"]
    assert plan_for(volumes, "progressive", "v2", NOW).read_calls > 1_000


def test_ats_that_pushes_costs_no_calls_and_nothing_is_assumed() -> None:
    volumes, assumed = complete(COUNTED, "rest_ats")
    assert (volumes.applications, assumed) == (0, [])
    plan = plan_for(volumes, "progressive", "v2", NOW, "rest_ats")
    assert (plan.strategy, plan.read_calls, plan.passes) == (PUSHED, 0, [])
    assert plan.write_calls > 0
    assert plan.binding != "reading"


def test_what_is_chosen_besides_costs_its_calls_on_both_sides() -> None:
    known: dict[str, int | None] = {"jobs": 100, "candidates": 1_000, "applications": 1_000, "stages": 2_000}
    known |= dict.fromkeys(("feedback", "notes", "resumes", "team"))
    plain, assumed = complete(wanted(known, Choices()))
    assert (plain.feedback, plain.notes, plain.resumes, plain.team, assumed) == (0, 0, 0, 0, [])
    before = plan_for(plain, "progressive", "v2", NOW)
    assert {lane.resource for lane in before.lanes} == {"jobs", "candidates", "applications", "stages"}

    chosen = Choices(share_reviews=True, share_notes=True, share_resumes=True, access="teams")
    volumes, assumed = complete(wanted(known, chosen))
    assert (volumes.feedback, volumes.notes, volumes.resumes, volumes.team) == (1_000, 1_000, 1_000, 3)
    assert assumed == ["feedback", "notes", "resumes", "team"]
    after = plan_for(volumes, "progressive", "v2", NOW)
    # A call for the team of each job, one each for the reviews, the notes and the resumes of an application.
    assert after.read_calls - before.read_calls == 100 + 3 * 1_000
    lanes = {lane.resource: lane for lane in after.lanes}
    assert (lanes["access lists"].records, lanes["access lists"].calls) == (300, 3)
    # Ten resumes are registered by a call, and each file is fetched, given a place and uploaded by calls of its own.
    assert lanes["resumes"].calls == 100 + 3 * 1_000
    assert lanes["resumes"].binding == "round_trips"
    assert lanes["resumes"].alone > timedelta(minutes=7)
    assert after.ends_at > before.ends_at


def test_number_that_is_given_counts_though_nobody_has_chosen() -> None:
    volumes, assumed = complete(wanted({**COUNTED, "feedback": None, "resumes": 70, "team": None}, Choices()))
    assert (volumes.feedback, volumes.resumes, volumes.team) == (0, 70, 0)
    assert assumed == ["applications", "stages"]
