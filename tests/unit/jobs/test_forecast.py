"""How long what is left of a sync will take, and what binds it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import structs

from landbridge.connectors.linkedin.settings import resources_of
from landbridge.connectors.smartrecruiters.passes import JOBS_WITH_TEAMS
from landbridge.jobs.forecast import forecast, waiting_of
from landbridge.records import Kind
from landbridge.store.overview import PassProgress, QuotaUse, SweepProgress
from landbridge.store.tallies import Tally, totals

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
RESOURCES = resources_of({})


def sweep(*passes: PassProgress) -> SweepProgress:
    return SweepProgress(
        mode="full", state="running", pass_name="applications", started_at=NOW, finished_at=None, passes=list(passes)
    )


def reading(name: str, total: int | None, done: int, *, finished: bool = False) -> PassProgress:
    began = NOW - timedelta(hours=1)
    return PassProgress(
        name=name, title=name, total=total, done=done, calls=done, started_at=began if done else None,
        finished_at=NOW if finished else None,
    )  # fmt: skip


def test_nothing_is_ahead_of_what_is_there() -> None:
    assert forecast(totals([Tally(Kind.JOB, "delivered", "", 3)]), None, RESOURCES, NOW) == []


def test_calls_of_a_day_bind_the_steps_of_a_large_company_for_days() -> None:
    known = totals([Tally(Kind.APPLICATION, "delivered", "", 1_000_000), Tally(Kind.STAGE, "due", "", 3_000_000)])
    [stages] = forecast(known, None, RESOURCES, NOW)
    assert (stages.resource, stages.binding) == ("stages", "calls_per_day")
    assert timedelta(days=9) < stages.left < timedelta(days=12)


def test_calls_that_were_made_today_are_gone() -> None:
    known = totals([Tally(Kind.APPLICATION, "delivered", "", 10_000), Tally(Kind.STAGE, "due", "", 30_000)])
    [fresh] = forecast(known, None, RESOURCES, NOW)
    gone = QuotaUse(system="linkedin", resource="stages", calls=10_000_000, records=0, learned={})
    [used_up] = forecast(known, None, RESOURCES, NOW, [gone])
    assert abs(used_up.left - timedelta(hours=12) - fresh.left) < timedelta(minutes=1)
    assert used_up.binding == "calls_per_day"
    elsewhere = structs.replace(gone, system="smartrecruiters")
    assert forecast(known, None, RESOURCES, NOW, [elsewhere]) == [fresh]


def test_what_is_not_read_yet_counts_and_the_ats_binds_where_it_is_slower() -> None:
    known = totals([Tally(Kind.CANDIDATE, "delivered", "", 100), Tally(Kind.APPLICATION, "due", "", 10)])
    passes = [
        reading("candidates", 100, 100, finished=True),
        reading("applications", 150, 10),
        reading("history", None, 0),
    ]
    lanes = {one.resource: one for one in forecast(known, sweep(*passes), RESOURCES, NOW)}
    assert lanes["applications"].open == 150
    assert lanes["applications"].binding == "reading"
    assert lanes["applications"].left >= timedelta(hours=14)
    assert lanes["stages"].open > 500


def test_records_that_wait_for_others_on_their_way_are_on_their_way_too() -> None:
    held = [
        Tally(Kind.APPLICATION, "held", "waits_for_candidate", 7),
        Tally(Kind.STAGE, "held", "waits_for_application", 20),
    ]
    moving = waiting_of(totals([Tally(Kind.CANDIDATE, "due", "", 5), *held]))
    assert (moving[Kind.APPLICATION], moving[Kind.STAGE]) == (7, 20)
    resting = waiting_of(totals([Tally(Kind.CANDIDATE, "held", "email_missing", 5), *held]))
    assert (resting[Kind.APPLICATION], resting[Kind.STAGE]) == (0, 0)


def test_resumes_and_teams_that_are_still_to_be_read_count() -> None:
    known = totals([Tally(Kind.CANDIDATE, "delivered", "", 100), Tally(Kind.APPLICATION, "due", "", 10_000)])

    def left(*passes: PassProgress) -> timedelta:
        return max(one.left for one in forecast(known, sweep(*passes), RESOURCES, NOW))

    applications = reading("applications", 10_000, 10_000, finished=True)
    history = reading("history", None, 0)
    assert left(applications, history, reading("resumes", None, 0)) > left(applications, history) + timedelta(minutes=5)
    [resumes] = forecast(totals([Tally(Kind.RESUME, "due", "", 10_000)]), None, RESOURCES, NOW)
    assert (resumes.binding, resumes.left > timedelta(hours=1)) == ("round_trips", True)
    jobs = reading("jobs", 100_000, 0)
    few = totals([Tally(Kind.JOB, "due", "", 10)])
    [plain] = forecast(few, sweep(jobs), RESOURCES, NOW)
    [taught] = forecast(few, sweep(structs.replace(jobs, title=JOBS_WITH_TEAMS.title)), RESOURCES, NOW)
    assert taught.left > plain.left
