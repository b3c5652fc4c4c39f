"""Jobs against LinkedIn's sandbox over sockets: operations, their tasks, and what becomes of answers that get lost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from landbridge.connectors.linkedin.destination import LinkedIn
from landbridge.errors import UnavailableError
from landbridge.ports.destination import Entity, Held, Outcome, Outgoing, Writer
from landbridge.records import Job, Location
from landbridge.sandbox import Sandbox
from tests.conformance.linkedin_side import CREATED, LinkedInSide, job, millis, row_of, send, writer_of


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(candidates=5, limits="real") as sandbox:
        yield sandbox


@pytest.fixture
async def side(sandbox: Sandbox) -> AsyncIterator[LinkedInSide]:
    side = LinkedInSide(sandbox)
    side.enable()
    yield side
    await side.close()
    side.assert_no_violations()


@pytest.fixture(params=["v2", "rest"])
def linkedin(side: LinkedInSide, request: pytest.FixtureRequest) -> LinkedIn:
    return side.open(dialect=request.param, choices={"availability": "PUBLIC"})


class Desk:
    """Does with one job what the engine does: render, write, wait, check, until nothing is left to do."""

    def __init__(self, side: LinkedInSide, linkedin: LinkedIn) -> None:
        self.side = side
        self.writer: Writer = writer_of(linkedin, "jobs")
        self.far: dict[str, Any] | None = None
        self.operations: list[str] = []
        self.outcome: Outcome | None = None

    def row(self, record: Job, *, gone: bool = False) -> Outgoing:
        return row_of(record, far=self.far, gone=gone)

    async def post(self, record: Job, *, gone: bool = False) -> Outcome | Held | None:
        """One render and, where there is something to send, one write."""
        entity = self.writer.render(self.row(record, gone=gone), self.side.now)
        if not isinstance(entity, Entity):
            return entity
        self.operations.append(entity.operation)
        (outcome,) = await self.writer.write([entity], self.side.now)
        return self._keep(outcome)

    async def look(self, record: Job, *, gone: bool = False) -> Outcome:
        """Wait until the task may be read, and read it."""
        assert self.outcome is not None
        assert self.outcome.check_at is not None
        self.side.sandbox.clock.set(max(self.outcome.check_at, self.side.now))
        (outcome,) = await self.writer.check([self.row(record, gone=gone)], self.side.now)
        return self._keep(outcome)

    async def settle(self, record: Job, *, gone: bool = False) -> Outcome | Held | None:
        """To the end, through everything that must follow."""
        for _ in range(30):
            outcome = await self.post(record, gone=gone)
            while isinstance(outcome, Outcome) and outcome.status == "pending":
                outcome = await self.look(record, gone=gone)
            if not isinstance(outcome, Outcome) or outcome.status not in {"again", "retry"}:
                return outcome
        raise AssertionError(f"never settles: {self.operations}")

    def _keep(self, outcome: Outcome) -> Outcome:
        self.far, self.outcome = outcome.far, outcome
        return outcome


@pytest.fixture
def desk(side: LinkedInSide, linkedin: LinkedIn) -> Desk:
    return Desk(side, linkedin)


def status_of(outcome: Outcome | Held | None) -> str | None:
    return outcome.status if isinstance(outcome, Outcome) else None


async def test_open_job_is_created_and_read_back_with_every_field(side: LinkedInSide, desk: Desk) -> None:
    outcome = await desk.settle(job())
    assert status_of(outcome) == "delivered"
    assert desk.operations == ["CREATE"]
    (posting,) = side.dump("jobs")
    assert posting["externalJobPostingId"] == job().id
    assert posting["integrationContext"] == side.organization
    assert posting["title"] == "Tram Driver 1"
    assert posting["description"] == job().description.replace(". </p>", ". </p>")
    assert posting["location"] == "Brno, Jihomoravský kraj, Czechia"
    assert posting["companyApplyUrl"] == "https://jobs.example.org/1"
    assert posting["listedAt"] == millis(CREATED)
    assert posting["availability"] == "PUBLIC"
    assert posting["workplaceTypes"] == ["On-site"]
    assert posting["state"] == "OPEN"


async def test_task_is_first_read_after_five_minutes(side: LinkedInSide, desk: Desk) -> None:
    posted_at = side.now
    outcome = await desk.post(job())
    assert isinstance(outcome, Outcome)
    assert outcome.status == "pending"
    assert outcome.check_at is not None
    assert timedelta(minutes=5) < outcome.check_at - posted_at < timedelta(minutes=5, seconds=5)
    too_early = await desk.writer.check([desk.row(job())], side.now)
    assert [early.status for early in too_early] == ["pending"]
    assert not [note for note in side.notes if "Tasks" in note.route]


async def test_closed_job_is_created_privately_and_then_closed(side: LinkedInSide, desk: Desk) -> None:
    outcome = await desk.settle(job(status="closed"))
    assert status_of(outcome) == "delivered"
    assert desk.operations == ["CREATE", "CLOSE"]
    (posting,) = side.dump("jobs")
    assert (posting["state"], posting["availability"]) == ("CLOSED", "PRIVATE_TO_ATS_INTEGRATION")
    assert await desk.post(job(status="closed")) is None
    assert await desk.post(job(status="closed", description="")) is None


async def test_unchanged_job_needs_nothing(desk: Desk) -> None:
    await desk.settle(job())
    assert await desk.post(job()) is None


async def test_changed_job_is_updated(side: LinkedInSide, desk: Desk) -> None:
    await desk.settle(job())
    await desk.settle(job(title="Ferry Pilot"))
    assert desk.operations == ["CREATE", "UPDATE"]
    assert side.dump("jobs")[0]["title"] == "Ferry Pilot"
    assert await desk.post(job(title="Ferry Pilot")) is None


async def test_filled_job_is_closed_and_a_reopened_one_created_again(side: LinkedInSide, desk: Desk) -> None:
    await desk.settle(job())
    await desk.settle(job(status="closed", visibility="unpublished"))
    assert side.dump("jobs")[0]["state"] == "CLOSED"
    await desk.settle(job())
    assert desk.operations == ["CREATE", "CLOSE", "CREATE"]
    assert side.dump("jobs")[0]["state"] == "OPEN"


async def test_job_whose_ad_is_emptied_can_still_be_closed(side: LinkedInSide, desk: Desk) -> None:
    await desk.settle(job())
    emptied = job(status="closed", description="", title=" ", url=None, location=Location(), published_at=None)
    assert status_of(await desk.settle(emptied)) == "delivered"
    (posting,) = side.dump("jobs")
    assert (posting["state"], posting["title"], posting["location"]) == (
        "CLOSED",
        "Tram Driver 1",
        "Brno, Jihomoravský kraj, Czechia",
    )


async def test_job_that_turns_private_is_closed_and_created_anew(side: LinkedInSide, desk: Desk) -> None:
    await desk.settle(job())
    await desk.settle(job(visibility="internal"))
    assert desk.operations == ["CREATE", "CLOSE", "CREATE"]
    (posting,) = side.dump("jobs")
    assert (posting["state"], posting["availability"]) == ("OPEN", "PRIVATE_TO_ATS_INTEGRATION")


async def test_vanished_job_is_closed_and_one_never_sent_is_left_alone(side: LinkedInSide, desk: Desk) -> None:
    assert await desk.post(job(), gone=True) is None
    await desk.settle(job())
    assert status_of(await desk.settle(job(), gone=True)) == "delivered"
    assert desk.operations == ["CREATE", "CLOSE"]
    assert side.dump("jobs")[0]["state"] == "CLOSED"
    assert await desk.post(job(), gone=True) is None


async def test_open_job_is_renewed_before_it_ends_again_and_again(side: LinkedInSide, desk: Desk) -> None:
    await desk.settle(job())
    for _ in range(3):
        assert desk.far is not None
        before = side.dump("jobs")[0]
        side.sandbox.clock.set(datetime.fromtimestamp(desk.far["renew_at"] - 60, UTC))
        assert await desk.post(job()) is None
        side.sandbox.clock.advance(timedelta(minutes=1))
        assert side.dump("jobs")[0]["state"] == "OPEN"
        assert status_of(await desk.settle(job())) == "delivered"
        assert side.dump("jobs")[0]["jobPosting"] == before["jobPosting"]
    assert desk.operations == ["CREATE", "RENEW", "RENEW", "RENEW"]


async def test_change_waits_while_a_task_is_open(side: LinkedInSide, desk: Desk) -> None:
    await desk.post(job())
    outcome = await desk.post(job(title="Ferry Pilot"))
    assert status_of(outcome) == "pending"
    assert desk.operations == ["CREATE", "WAIT"]
    assert len(side.sandbox.linkedin.state.tasks.by_urn) == 1
    outcome = await desk.look(job(title="Ferry Pilot"))
    assert outcome.status == "again"
    await desk.settle(job(title="Ferry Pilot"))
    assert desk.operations == ["CREATE", "WAIT", "UPDATE"]
    assert side.dump("jobs")[0]["title"] == "Ferry Pilot"


async def test_create_whose_answer_was_lost_ends_well(side: LinkedInSide, desk: Desk) -> None:
    side.sandbox.linkedin.faults.add({"operation": "jobs.batch_create", "kind": "lost_answer"})
    with pytest.raises(UnavailableError):
        await desk.post(job())
    side.sandbox.clock.advance(timedelta(minutes=10))
    assert status_of(await desk.settle(job())) == "delivered"
    assert desk.operations == ["CREATE", "CREATE", "UPDATE"]
    assert len(side.dump("jobs")) == 1


async def test_closed_job_whose_create_was_lost_is_still_closed(side: LinkedInSide, desk: Desk) -> None:
    side.sandbox.linkedin.faults.add({"operation": "jobs.batch_create", "kind": "lost_answer"})
    with pytest.raises(UnavailableError):
        await desk.post(job(status="closed"))
    side.sandbox.clock.advance(timedelta(minutes=10))
    assert status_of(await desk.settle(job(status="closed"))) == "delivered"
    assert desk.operations == ["CREATE", "CREATE", "UPDATE", "CLOSE"]
    assert side.dump("jobs")[0]["state"] == "CLOSED"


async def test_lost_create_of_another_availability_is_closed_and_made_anew(side: LinkedInSide, desk: Desk) -> None:
    side.sandbox.linkedin.faults.add({"operation": "jobs.batch_create", "kind": "lost_answer"})
    with pytest.raises(UnavailableError):
        await desk.post(job())
    side.sandbox.clock.advance(timedelta(minutes=10))
    assert status_of(await desk.settle(job(visibility="internal"))) == "delivered"
    assert desk.operations == ["CREATE", "CREATE", "UPDATE", "CLOSE", "CREATE"]
    (posting,) = side.dump("jobs")
    assert (posting["state"], posting["availability"]) == ("OPEN", "PRIVATE_TO_ATS_INTEGRATION")


async def test_update_of_a_job_that_linkedin_has_lost_creates_it_again(side: LinkedInSide, desk: Desk) -> None:
    await desk.settle(job())
    side.sandbox.linkedin.state.child.book(side.organization).postings.clear()
    assert status_of(await desk.settle(job(title="Ferry Pilot"))) == "delivered"
    assert desk.operations == ["CREATE", "UPDATE", "CREATE"]
    assert side.dump("jobs")[0]["title"] == "Ferry Pilot"


async def test_closing_a_job_that_linkedin_has_closed_already_is_done(side: LinkedInSide, desk: Desk) -> None:
    await desk.settle(job())
    side.sandbox.linkedin.state.child.book(side.organization).postings.clear()
    assert await desk.settle(job(status="closed")) is None
    assert desk.operations == ["CREATE", "CLOSE"]
    assert desk.outcome is not None
    assert desk.outcome.status == "again"


async def test_job_that_linkedin_never_takes_is_refused_after_both_operations(side: LinkedInSide, desk: Desk) -> None:
    for _ in range(2):
        outcome = await fail_next(side, desk)
        assert outcome.status == "retry"
    assert outcome.detail == "SPAM_REJECTION"
    refusal = await desk.post(job())
    assert isinstance(refusal, Outcome)
    assert (refusal.status, refusal.reason) == ("refused", "job_task_failed")
    assert desk.operations == ["CREATE", "UPDATE", "CLOSE"]
    # Once the record changes, everything is tried anew.
    assert status_of(await desk.settle(job(title="Ferry Pilot"))) == "delivered"


async def fail_next(side: LinkedInSide, desk: Desk) -> Outcome:
    """One task that fails, whatever was sent."""
    assert status_of(await desk.post(job())) == "pending"
    for task in side.sandbox.linkedin.state.tasks.by_urn.values():
        if task.status == "IN_PROGRESS":
            task.status, task.error = "FAILED", "SPAM_REJECTION: a sentence about the job"
            side.sandbox.linkedin.state.tasks._waiting.clear()
    return await desk.look(job())


async def test_task_code_names_the_reason_at_once(side: LinkedInSide, desk: Desk) -> None:
    await desk.post(job())
    (task,) = side.sandbox.linkedin.state.tasks.by_urn.values()
    task.status, task.error = "FAILED", "MISSING_INDUSTRY_CODES"
    side.sandbox.linkedin.state.tasks._waiting.clear()
    outcome = await desk.look(job())
    assert (outcome.status, outcome.reason) == ("refused", "job_industry_missing")


async def test_task_that_stays_open_is_asked_ever_later_and_given_up_within_a_day(
    side: LinkedInSide, desk: Desk
) -> None:
    side.sandbox.linkedin.set_limits({"task_delay_seconds": 10_000_000})
    posted_at = side.now
    outcome = await desk.post(job())
    looks = []
    while isinstance(outcome, Outcome) and outcome.status == "pending":
        outcome = await desk.look(job())
        looks.append(side.now)
    assert status_of(outcome) == "retry"
    assert timedelta(hours=22) < looks[-1] - posted_at < timedelta(hours=24)
    assert len(looks) < 35
    pauses = [later - sooner for sooner, later in pairwise(looks)]
    assert pauses[0] < pauses[1] < pauses[2]
    assert max(pauses) <= timedelta(hours=1, minutes=1)


async def test_task_that_is_never_decided_is_refused_in_the_end(side: LinkedInSide, desk: Desk) -> None:
    side.sandbox.linkedin.set_limits({"task_delay_seconds": 10_000_000})
    outcome = await desk.settle(job())
    assert isinstance(outcome, Outcome)
    assert (outcome.status, outcome.reason) == ("refused", "job_task_lost")
    assert desk.operations == ["CREATE"] * 3


async def test_batches_of_jobs_hold_every_operation_and_at_most_a_hundred(side: LinkedInSide, desk: Desk) -> None:
    rows = [row_of(job(number), number) for number in range(1, 131)]
    outcomes = await send(desk.writer, rows, side.now)
    assert {outcome.status for outcome in outcomes.values()} == {"pending"}
    assert [note.records for note in side.notes if "simpleJobPostings" in note.route] == [100, 30]
    side.sandbox.clock.advance(timedelta(minutes=6))
    pending = [msgspec.structs.replace(row, far=outcomes[row.record_id].far) for row in rows]
    side.notes.clear()
    checked = await desk.writer.check(pending, side.now)
    assert {outcome.status for outcome in checked} == {"delivered"}
    assert [note.records for note in side.notes] == [100, 30]
    assert len(side.dump("jobs")) == 130


async def test_refused_jobs_leave_their_neighbours_pending(side: LinkedInSide, desk: Desk) -> None:
    side.sandbox.linkedin.faults.add({"operation": "jobs.batch_create", "kind": "half_fail", "status": 422})
    outcomes = await send(desk.writer, [row_of(job(number), number) for number in (1, 2, 3)], side.now)
    assert [outcomes[number].status for number in (1, 2, 3)] == ["pending", "refused", "pending"]


async def test_draft_is_held_and_closed_when_it_was_open_before(side: LinkedInSide, desk: Desk) -> None:
    assert await desk.post(job(status="draft")) == Held(reason="job_not_published")
    await desk.settle(job())
    await desk.settle(job(status="draft"))
    assert side.dump("jobs")[0]["state"] == "CLOSED"
    assert await desk.post(job(status="draft")) == Held(reason="job_not_published")


async def test_confidential_and_private_choices_never_become_public(side: LinkedInSide) -> None:
    public = writer_of(side.open(choices={"availability": "PUBLIC"}), "jobs")
    private = writer_of(side.open(), "jobs")
    rows = [row_of(job(1, confidential=True), 1), row_of(job(2, visibility="internal"), 2)]
    await send(public, rows, side.now)
    await send(private, [row_of(job(3), 3)], side.now)
    side.sandbox.clock.advance(timedelta(minutes=6))
    assert {row["availability"] for row in side.dump("jobs")} == {"PRIVATE_TO_ATS_INTEGRATION"}
    assert len(side.dump("jobs")) == 3
