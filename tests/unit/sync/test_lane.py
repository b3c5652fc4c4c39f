"""What a lane sends, what it saves, and what it leaves alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from landbridge.errors import (
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    SurpriseError,
    UnavailableError,
)
from landbridge.ports.destination import Entity, Outcome
from landbridge.ports.source import Gone, Page
from landbridge.records import Kind
from landbridge.store import lanes, ledger
from landbridge.sync.choices import Choices
from landbridge.sync.mirror import Arrival
from tests.unit.sync.conftest import Stage
from tests.unit.sync.fakes import FarSide, application, candidate, job
from tests.unit.sync.fakes import stage as step


@pytest.fixture
def far() -> FarSide:
    return FarSide(Kind.CANDIDATE)


async def test_lane_sends_what_is_due_in_batches_and_a_second_run_sends_nothing(stage: Stage, far: FarSide) -> None:
    await stage.put(*(candidate(f"c{number:03}") for number in range(250)))
    await stage.drive(far)
    assert [len(call) for call in far.calls] == [100, 100, 50]
    assert far.sent_keys == [f"c{number:03}" for number in range(250)]
    assert set((await stage.rows()).values()) == {"delivered"}
    await stage.drive(far)
    assert len(far.calls) == 3


async def test_slice_for_urgent_records_leaves_the_history_to_the_lanes_turn(stage: Stage, far: FarSide) -> None:
    await stage.put(candidate("old"))
    await stage.put(candidate("edited"), priority=1)
    end = await stage.drive_urgent(far)
    assert far.sent_keys == ["edited"]
    assert end.more
    assert not end.urgent
    await stage.drive(far)
    assert far.sent_keys == ["edited", "old"]


async def test_slice_for_urgent_records_comes_again_as_such_where_it_could_not_send(stage: Stage, far: FarSide) -> None:
    await stage.put(candidate("edited"), priority=1)
    far.failing = lambda _: RateLimitedError(retry_after=timedelta(seconds=30))
    end = await stage.drive_urgent(far)
    assert end.urgent
    assert end.resume_at == stage.clock.now() + timedelta(seconds=30)


async def test_lane_keeps_a_change_due_when_it_arrives_during_a_send(stage: Stage, far: FarSide) -> None:
    await stage.put(candidate("c1"), candidate("c2"))

    async def change(_: Sequence[Entity]) -> None:
        far.during = None
        await stage.put(candidate("c1", "Ana"))

    far.during = change
    end = await stage.drive(far)
    assert await stage.rows() == {"c1": "due", "c2": "delivered"}
    assert end.more
    await stage.drive(far)
    assert far.sent_keys == ["c1", "c2", "c1"]
    assert b"Ana" in far.has["c1"]
    assert await stage.rows("state, d.revision = sent_revision", Kind.CANDIDATE) == {
        "c1": ("delivered", True),
        "c2": ("delivered", True),
    }


async def test_live_change_of_a_record_made_ready_ahead_is_not_followed_by_its_older_state(
    stage: Stage, far: FarSide
) -> None:
    await stage.put(*(candidate(f"c{number:03}") for number in range(400)))

    async def change(_: Sequence[Entity]) -> None:
        far.during = None
        await asyncio.sleep(0.3)  # the chunk with c399 is picked and rendered meanwhile
        await stage.put(candidate("c399", "Ana"), priority=1)

    far.during = change
    await stage.drive(far)
    assert [b"Ana" in entity.body for entity in far.sent if entity.key == "c399"] == [True]
    assert set((await stage.rows()).values()) == {"delivered"}


async def test_change_of_a_candidate_during_the_send_of_its_application_is_not_lost(stage: Stage) -> None:
    await stage.put(candidate("c1"), job("j1"), application("a1", "c1", "j1"))
    await stage.drive(FarSide(Kind.JOB))
    await stage.drive(FarSide(Kind.CANDIDATE))
    far = FarSide(Kind.APPLICATION)

    async def rename(_: Sequence[Entity]) -> None:
        far.during = None
        await stage.put(candidate("c1", "Ana"))

    far.during = rename
    await stage.drive(far)
    await stage.drive(far)
    assert [b"Ana" in entity.body for entity in far.sent] == [False, True]


async def test_zombie_saves_nothing_and_has_its_records_sent_again(stage: Stage, far: FarSide) -> None:
    await stage.put(candidate("c1"))
    rival = FarSide(Kind.CANDIDATE)

    async def take_over(_: Sequence[Entity]) -> None:
        far.during = None
        await stage.put(candidate("c1", "Ana"))
        await stage.drive(rival)  # the newer revision goes out and is saved while the older one is on its way

    far.during = take_over
    end = await stage.drive(far)
    assert end.fenced
    assert rival.sent_keys == ["c1"]
    # The older send may have arrived last, so the newest state is due once more.
    assert await stage.rows() == {"c1": "due"}
    await stage.drive(rival)
    assert [b"Ana" in entity.body for entity in rival.sent] == [True, True]


async def test_worker_that_lost_its_lane_sends_no_further_batch(stage: Stage, far: FarSide) -> None:
    await stage.put(*(candidate(f"c{number:03}") for number in range(300)))

    async def lose(_: Sequence[Entity]) -> None:
        stage.clock.advance(1)
        async with stage.database.connection() as connection:
            await lanes.take_over(connection, stage.workspace, far.resource)

    far.during = lose
    end = await stage.drive(far)
    assert end.fenced
    assert len(far.calls) == 1
    assert set((await stage.rows()).values()) == {"due"}


async def test_refused_batch_is_split_until_the_bad_one_is_alone(stage: Stage, far: FarSide) -> None:
    await stage.put(*(candidate(f"c{number:03}") for number in range(100)))
    far.failing = lambda batch: (
        RejectedError("no", code="linkedin_bad_request", hint="field: emails")
        if any(entity.key == "c077" for entity in batch)
        else None
    )
    await stage.drive(far)
    rows = await stage.rows("state, reason, detail")
    assert rows.pop("c077") == ("quarantined", "linkedin_bad_request", "field: emails")
    assert set(rows.values()) == {("delivered", "", "")}
    assert len(far.calls) <= 15


async def test_record_over_which_the_far_side_breaks_is_set_aside_and_its_neighbours_go_on(
    stage: Stage, far: FarSide
) -> None:
    await stage.put(*(candidate(f"c{number:03}") for number in range(120)))
    far.failing = lambda batch: (
        UnavailableError(facts={"status": 500}) if any(entity.key == "c003" for entity in batch) else None
    )
    for _ in range(6):
        await stage.drive(far)
        stage.clock.advance(3600)
    rows = await stage.rows("state, reason")
    assert rows.pop("c003") == ("quarantined", "far_side_fails")
    assert set(rows.values()) == {("delivered", "")}


async def test_outage_quarantines_nothing(stage: Stage, far: FarSide) -> None:
    await stage.put(*(candidate(f"c{number:03}") for number in range(300)))
    far.failing = lambda _: UnavailableError(facts={"status": 500})
    for _ in range(30):
        end = await stage.drive(far)
        assert isinstance(end.problem, UnavailableError)
        assert end.resume_at is not None
        stage.clock.advance(120)
    assert set((await stage.rows("state, attempts")).values()) == {("due", 0)}
    far.failing = lambda _: None
    await stage.drive(far)
    assert set((await stage.rows()).values()) == {"delivered"}


async def test_unreachable_far_side_burns_no_attempt(stage: Stage, far: FarSide) -> None:
    await stage.put(candidate("c1"))
    far.failing = lambda _: UnavailableError()
    end = await stage.drive(far)
    assert len(far.calls) == 1
    assert end.resume_at == stage.clock.now() + timedelta(seconds=15)
    assert await stage.rows("state, attempts") == {"c1": ("due", 0)}


async def test_rate_limit_blocks_the_lane_for_as_long_as_was_asked(stage: Stage, far: FarSide) -> None:
    await stage.put(candidate("c1"))
    far.failing = lambda _: RateLimitedError(retry_after=timedelta(seconds=90))
    end = await stage.drive(far)
    assert end.resume_at == stage.clock.now() + timedelta(seconds=90)
    far.failing = lambda _: None
    stage.clock.advance(60)
    assert (await stage.drive(far)).resume_at == end.resume_at
    assert len(far.calls) == 1
    stage.clock.advance(31)
    await stage.drive(far)
    assert await stage.rows("state, attempts") == {"c1": ("delivered", 0)}


async def test_missing_permission_ends_the_slice_and_blocks_nothing(stage: Stage, far: FarSide) -> None:
    await stage.put(candidate("c1"))
    far.failing = lambda _: NotPermittedError()
    end = await stage.drive(far)
    assert isinstance(end.problem, NotPermittedError)
    far.failing = lambda _: None
    await stage.drive(far)
    assert await stage.rows() == {"c1": "delivered"}


async def test_surprise_stops_the_lane_and_keeps_the_records(stage: Stage, far: FarSide) -> None:
    await stage.put(candidate("c1"))
    far.failing = lambda _: SurpriseError()
    end = await stage.drive(far)
    assert isinstance(end.problem, SurpriseError)
    assert await stage.rows() == {"c1": "due"}


async def test_element_the_far_side_refuses_is_quarantined_until_it_changes(stage: Stage, far: FarSide) -> None:
    await stage.put(candidate("c1"), candidate("c2"))
    far.verdicts = lambda entity: (
        Outcome(record_id=entity.record_id, status="refused", reason="email_invalid", detail="emailAddresses")
        if entity.key == "c1"
        else None
    )
    await stage.drive(far)
    assert (await stage.rows("state, reason, detail"))["c1"] == ("quarantined", "email_invalid", "emailAddresses")
    far.verdicts = lambda _: None
    await stage.drive(far)
    assert far.sent_keys == ["c2"]
    await stage.put(candidate("c1", "Ana"))
    await stage.drive(far)
    assert far.sent_keys == ["c2", "c1"]


async def test_unanswered_element_is_tried_again_alone_after_a_wait(stage: Stage, far: FarSide) -> None:
    await stage.put(candidate("c1"), candidate("c2"))
    far.verdicts = lambda entity: Outcome(record_id=entity.record_id, status="retry") if entity.key == "c1" else None
    end = await stage.drive(far)
    assert end.resume_at == stage.clock.now() + timedelta(seconds=5)
    await stage.put(candidate("c3"))
    far.verdicts = lambda _: None
    stage.clock.advance(5)
    await stage.drive(far)
    assert far.calls[1:] == [["c3"], ["c1"]]


async def test_held_record_is_not_sent_and_says_why(stage: Stage, far: FarSide) -> None:
    await stage.put(candidate("c1"))
    far.held["c1"] = "email_missing"
    await stage.drive(far)
    assert far.calls == []
    assert await stage.rows("state, reason") == {"c1": ("held", "email_missing")}


async def test_record_that_breaks_the_renderer_does_not_stop_its_neighbours(stage: Stage, far: FarSide) -> None:
    await stage.put(candidate("c1"), candidate("c2"))
    far.broken.add("c1")
    await stage.drive(far)
    assert await stage.rows("state, reason, detail") == {
        "c1": ("quarantined", "not_rendered", "ZeroDivisionError"),
        "c2": ("delivered", "", ""),
    }


async def test_mapping_change_sends_only_what_renders_differently(stage: Stage, far: FarSide) -> None:
    await stage.put(candidate("c1"), candidate("c2"))
    await stage.drive(far)
    far.version = ""
    async with stage.database.connection() as connection:
        await ledger.make_kind_due(connection, stage.workspace, Kind.CANDIDATE, now=stage.clock.now())
    await stage.drive(far)
    assert len(far.calls) == 1
    plain = far.render
    far.render = lambda row, now: (  # type: ignore[method-assign]
        plain(row, now) if row.key == "c1" else FarSide(Kind.CANDIDATE, version="2").render(row, now)
    )
    async with stage.database.connection() as connection:
        assert await ledger.make_kind_due(connection, stage.workspace, Kind.CANDIDATE, now=stage.clock.now()) == 2
    await stage.drive(far)
    assert far.calls[1:] == [["c2"]]


async def test_one_percent_changed_sends_that_one_percent(stage: Stage, far: FarSide) -> None:
    people = [candidate(f"c{number:03}") for number in range(400)]
    await stage.put(*people)
    await stage.drive(far)
    await stage.put(*people[4:], *(candidate(one.id, "Ana") for one in people[:4]))
    await stage.drive(far)
    assert far.calls[4:] == [["c000", "c001", "c002", "c003"]]


async def test_application_waits_for_job_and_candidate_and_is_woken_by_them(stage: Stage) -> None:
    await stage.put(application("a1", "c1", "j1"), step("a1", 1))
    applications, steps = FarSide(Kind.APPLICATION), FarSide(Kind.STAGE)
    await stage.drive(applications)
    await stage.drive(steps)
    assert await stage.rows("state, reason") == {
        "a1": ("held", "waits_for_job"),
        "a1.1": ("held", "waits_for_application"),
    }
    await stage.put(job("j1"), candidate("c1"))
    await stage.drive(applications)
    assert (await stage.rows("state, reason"))["a1"] == ("held", "waits_for_job")
    await stage.drive(FarSide(Kind.JOB))
    assert stage.bell.rung == [Kind.APPLICATION]
    await stage.drive(applications)
    assert (await stage.rows("state, reason", Kind.APPLICATION))["a1"] == ("held", "waits_for_candidate")
    await stage.drive(FarSide(Kind.CANDIDATE))
    await stage.drive(applications)
    await stage.drive(steps)
    assert set((await stage.rows()).values()) == {"delivered"}


async def test_application_is_woken_when_its_job_arrives_while_the_wait_is_being_saved(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.put(candidate("c1"), job("j1"), application("a1", "c1", "j1"))
    await stage.drive(FarSide(Kind.CANDIDATE))
    save = ledger.save_verdicts

    async def save_late(*arguments: Any, **named: Any) -> None:
        monkeypatch.undo()
        await stage.drive(FarSide(Kind.JOB))  # looks for waiting applications and finds none yet
        await save(*arguments, **named)

    monkeypatch.setattr(ledger, "save_verdicts", save_late)
    await stage.drive(FarSide(Kind.APPLICATION))
    assert (await stage.rows())["a1"] == "due"


async def test_application_of_a_held_job_stays_held(stage: Stage) -> None:
    await stage.put(candidate("c1"), job("j1"), application("a1", "c1", "j1"))
    jobs = FarSide(Kind.JOB)
    jobs.held["j1"] = "title_missing"
    for writer in (jobs, FarSide(Kind.CANDIDATE), FarSide(Kind.APPLICATION)):
        await stage.drive(writer)
    assert (await stage.rows("state, reason"))["a1"] == ("held", "waits_for_job")


async def test_template_is_never_sent_and_neither_are_applications_for_it(stage: Stage) -> None:
    await stage.put(candidate("c1"), job("j1", template=True), application("a1", "c1", "j1"))
    for kind in (Kind.JOB, Kind.CANDIDATE, Kind.APPLICATION):
        await stage.drive(FarSide(kind))
    rows = await stage.rows("state, reason")
    assert rows["j1"] == ("held", "excluded_template")
    assert rows["a1"] == ("held", "excluded_job")


async def test_job_that_becomes_confidential_is_withdrawn(stage: Stage) -> None:
    stage.choices = Choices(exclude_confidential=True)
    jobs, applications = FarSide(Kind.JOB), FarSide(Kind.APPLICATION)
    await stage.put(candidate("c1"), job("j1"), application("a1", "c1", "j1"))
    for writer in (jobs, FarSide(Kind.CANDIDATE), applications):
        await stage.drive(writer)
    await stage.put(job("j1", confidential=True))
    await stage.drive(jobs)
    await stage.drive(applications)
    assert (jobs.has, applications.has) == ({}, {})
    rows = await stage.rows("state, reason")
    assert rows["j1"] == ("held", "excluded_confidential")
    assert rows["a1"] == ("held", "excluded_job")
    await stage.put(job("j1"))
    await stage.drive(jobs)
    await stage.drive(applications)
    assert set(jobs.has) == {"j1"}
    assert set(applications.has) == {"a1"}


async def test_what_hung_on_a_withdrawn_record_is_sent_again_when_it_comes_back(stage: Stage) -> None:
    """LinkedIn drops the stages of an application along with it."""
    stage.choices = Choices(exclude_confidential=True)
    jobs, applications, steps = FarSide(Kind.JOB), FarSide(Kind.APPLICATION), FarSide(Kind.STAGE)
    await stage.put(candidate("c1"), job("j1"), application("a1", "c1", "j1"), step("a1", 1), step("a1", 2))
    for writer in (jobs, FarSide(Kind.CANDIDATE), applications, steps):
        await stage.drive(writer)
    await stage.put(job("j1", confidential=True))
    await stage.drive(jobs)
    await stage.drive(applications)
    assert set((await stage.rows("state", Kind.STAGE)).values()) == {"due"}
    steps.has.clear()
    await stage.drive(steps)
    assert set((await stage.rows("state, reason", Kind.STAGE)).values()) == {("held", "waits_for_application")}
    await stage.put(job("j1"))
    for writer in (jobs, applications, steps):
        await stage.drive(writer)
    assert set(steps.has) == {"a1.1", "a1.2"}
    assert set((await stage.rows()).values()) == {"delivered"}


async def test_old_record_is_held_outside_the_history_window(stage: Stage, far: FarSide) -> None:
    stage.choices = Choices(history_days=730)
    stage.clock.advance(timedelta(days=800).total_seconds())
    await stage.put(candidate("c1"))
    await stage.drive(far)
    assert await stage.rows("state, reason") == {"c1": ("held", "excluded_history_window")}


async def test_removals_go_first_and_leave_a_tombstone(stage: Stage, far: FarSide) -> None:
    await stage.put(candidate("c1"))
    await stage.drive(far)
    await stage.put(*(candidate(f"d{number}") for number in range(3)))
    await stage.put(gone=(Gone(Kind.CANDIDATE, "c1"),))
    await stage.drive(far)
    assert far.calls[1:] == [["c1"], ["d0", "d1", "d2"]]
    assert (await stage.rows("state, sent_at, fingerprint"))["c1"] == ("gone", None, None)
    await stage.put(candidate("c1", "Late"))  # an update that was under way when the person was erased
    await stage.drive(far)
    assert "c1" not in far.has


async def test_removing_a_candidate_removes_its_applications_and_their_stages(stage: Stage) -> None:
    writers = [FarSide(kind) for kind in Kind]
    await stage.put(job("j1"), candidate("c1"), application("a1", "c1", "j1"), step("a1", 1))
    for writer in writers:
        await stage.drive(writer)
    await stage.put(gone=(Gone(Kind.CANDIDATE, "c1"),))
    for writer in reversed(writers):  # children first
        await stage.drive(writer)
    assert [set(writer.has) for writer in writers] == [{"j1"}, *[set()] * (len(Kind) - 1)]
    bodies = await stage.rows("r.body")
    assert bodies.pop("j1")["title"]
    assert bodies == {"c1": {}, "a1": {}, "a1.1": {}}, "a tombstone holds nothing of the person"


async def test_live_change_overtakes_a_backfill(stage: Stage) -> None:
    far = FarSide(Kind.CANDIDATE, per_call=10)
    await stage.put(*(candidate(f"c{number:04}") for number in range(500)))

    async def change(_: Sequence[Entity]) -> None:
        if len(far.calls) == 2:
            await stage.put(candidate("live"), priority=1)

    far.during = change
    await stage.drive(far)
    position = next(number for number, call in enumerate(far.calls) if "live" in call)
    assert position <= 20  # after the chunk in work, long before the end


async def test_pending_verdict_is_asked_for_and_a_change_meanwhile_is_sent_after_it(stage: Stage) -> None:
    from landbridge.sync.pending import run_checks

    jobs = FarSide(Kind.JOB)
    jobs.verdicts = lambda entity: Outcome(
        record_id=entity.record_id,
        status="pending",
        far={"task": "t1"},
        check_at=stage.clock.now() + timedelta(minutes=5),
    )
    await stage.put(job("j1"))
    end = await stage.drive(jobs)
    assert end.resume_at == stage.clock.now() + timedelta(minutes=5)
    await stage.put(job("j1", "Bus driver"))
    assert await stage.rows("state, far") == {"j1": ("pending", {"task": "t1"})}
    await run_checks(stage.lane(jobs))
    assert await stage.rows() == {"j1": "pending"}  # too early to ask
    stage.clock.advance(301)
    await run_checks(stage.lane(jobs))
    assert await stage.rows("state, sent_revision") == {"j1": ("due", 1)}
    jobs.verdicts = lambda _: None
    await stage.drive(jobs)
    assert b"Bus driver" in jobs.has["j1"]
    assert await stage.rows() == {"j1": "delivered"}


async def test_refused_verdict_quarantines_and_forgets_what_was_sent(stage: Stage) -> None:
    from landbridge.sync.pending import run_checks

    jobs = FarSide(Kind.JOB)
    jobs.verdicts = lambda entity: Outcome(record_id=entity.record_id, status="pending", check_at=stage.clock.now())
    jobs.answers = lambda row: Outcome(record_id=row.record_id, status="refused", reason="job_refused")
    await stage.put(job("j1"))
    await stage.drive(jobs)
    await run_checks(stage.lane(jobs))
    assert await stage.rows("state, reason, fingerprint, sent_at") == {"j1": ("quarantined", "job_refused", None, None)}


async def test_operation_that_needs_another_one_after_it_is_followed_up(stage: Stage) -> None:
    jobs = FarSide(Kind.JOB)
    jobs.verdicts = lambda entity: (
        None if jobs.calls[1:] else Outcome(record_id=entity.record_id, status="again", far={"step": 1})
    )
    await stage.put(job("j1"))
    await stage.drive(jobs)
    await stage.drive(jobs)
    assert len(jobs.calls) == 2
    assert await stage.rows("state, far") == {"j1": ("delivered", {"step": 1})}


async def test_slice_ends_on_time_and_the_rest_stays_due(stage: Stage) -> None:
    far = FarSide(Kind.CANDIDATE, per_call=10)
    await stage.put(*(candidate(f"c{number:03}") for number in range(100)))

    async def take_time(_: Sequence[Entity]) -> None:
        stage.clock.advance(1)

    far.during = take_time
    end = await stage.drive(far, timedelta(seconds=3))
    assert len(far.calls) == 3
    assert end.more
    assert end.resume_at is None
    assert list((await stage.rows()).values()).count("delivered") == 30


async def test_records_of_another_workspace_are_left_alone(stage: Stage, far: FarSide) -> None:
    from landbridge.store.workspaces import create_workspace

    async with stage.database.transaction() as connection:
        other = await create_workspace(
            connection, slug="globex", name="Globex", foreign_id="lb-globex", now=stage.clock.now()
        )
    await stage.put(candidate("c1"))
    stage.workspace, mine = other, stage.workspace
    await stage.put(candidate("c1"))
    await stage.drive(far)
    stage.workspace = mine
    assert await stage.rows() == {"c1": "due"}


async def test_merging_a_page_twice_makes_nothing_due(stage: Stage, far: FarSide) -> None:
    page = Page(records=(candidate("c1"), job("j1"), application("a1", "c1", "j1"), step("a1", 1)))
    arrival = Arrival(pass_name="live", of=Kind.CANDIDATE, priority=2)
    await stage.merge([page], arrival)
    for kind in Kind:
        await stage.drive(FarSide(kind))
    merged = await stage.merge([page], arrival)
    assert (merged.made, merged.changed, merged.kinds) == (0, 0, set())
    assert set((await stage.rows()).values()) == {"delivered"}


async def test_call_that_serves_one_parent_takes_all_its_due_children_along(stage: Stage) -> None:
    applications = [application(f"a{number}", "c1", f"j{number}") for number in range(3)]
    await stage.put(candidate("c1"), *(job(f"j{number}") for number in range(3)), *applications)
    for kind in (Kind.JOB, Kind.CANDIDATE, Kind.APPLICATION):
        await stage.drive(FarSide(kind))
    # The first stages come with the applications, the others much later: far apart in the order of the lane.
    await stage.put(*(step(one.id, 1) for one in applications))
    await stage.put(*(step(one.id, number) for one in applications for number in (2, 3)))
    steps = FarSide(Kind.STAGE, one_parent_per_call=True)

    async def take_time(_: Sequence[Entity]) -> None:
        stage.clock.advance(7)  # an application per chunk

    steps.during = take_time
    while (await stage.drive(steps)).more:
        pass
    assert sorted(map(sorted, steps.calls)) == [[f"a{number}.{step}" for step in (1, 2, 3)] for number in range(3)]
    assert set((await stage.rows(kind=Kind.STAGE)).values()) == {"delivered"}
