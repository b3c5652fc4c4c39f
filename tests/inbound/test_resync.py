"""LinkedIn asks for jobs to be sent again, and gets them in minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from landbridge.connectors.linkedin.push import read_push
from landbridge.jobs.onboarding import inbox
from tests.inbound.rig import Recruiting


async def ask(company: Recruiting, jobs: list[str], *, everything: bool = False) -> int:
    """The push, as the sandbox words it; epoch ms of when it came, by the sandbox's clock, which is a little behind."""
    payload = {
        "developerApplicationUrn": "urn:li:developerApplication:1",
        "type": "RESYNC_JOBS",
        "syncAllOpenJobs": everything,
        "externalJobPostingIds": jobs,
    }
    body = msgspec.json.encode(payload)
    push = read_push(body)
    assert push is not None
    await inbox.take(company.works.database, company.workspace, push, body, company.now())
    await inbox.work(company.works, company.workspace)
    return int((company.now() - timedelta(minutes=1)).timestamp() * 1000)


def open_jobs(company: Recruiting) -> list[str]:
    return sorted(row["externalJobPostingId"] for row in far(company).dump("jobs") if row["state"] == "OPEN")


def far(company: Recruiting) -> Any:
    return company.drive.clock._far_side


def updates(company: Recruiting, since: int) -> list[str]:
    return sorted(
        task.job_id
        for task in company.sandbox.linkedin.state.tasks.by_urn.values()
        if task.operation == "UPDATE" and task.posted_at >= since
    )


async def events(company: Recruiting) -> list[tuple[Any, ...]]:
    return await company.rows("SELECT state, problem FROM inbox WHERE type = 'RESYNC_JOBS' ORDER BY id")


@pytest.mark.parametrize("everything", [True, False])
async def test_jobs_that_are_asked_for_are_sent_again_at_once(company: Recruiting, everything: bool) -> None:
    await company.sync()
    wanted = open_jobs(company) if everything else open_jobs(company)[:1]
    asked = await ask(company, [] if everything else wanted, everything=everything)
    ((at,),) = await company.rows(
        "SELECT max(scheduled_at) FROM procrastinate_jobs WHERE status = 'todo' AND lock LIKE 'lane:%%:jobs'"
    )
    assert at <= company.now() + timedelta(seconds=2)
    await company.drive.send()
    assert updates(company, asked) == wanted
    company.clock.advance(timedelta(minutes=2))
    await inbox.work(company.works, company.workspace)
    assert await events(company) == [("done", "")]
    assert far(company).broken_rules() == {}


async def test_same_wish_later_is_another_one(company: Recruiting) -> None:
    await company.sync()
    job = open_jobs(company)[0]
    for _ in range(2):
        asked = await ask(company, [job])
        await company.drive.send()
        assert updates(company, asked) == [job]
        company.clock.advance(timedelta(minutes=7))
        await inbox.work(company.works, company.workspace)
    assert await events(company) == [("done", ""), ("done", "")]


async def test_job_that_is_being_judged_is_sent_again_afterwards(company: Recruiting) -> None:
    await company.sync()
    job = open_jobs(company)[0]
    first = await ask(company, [job])
    jobs = next(writer for writer in company.drive.destination.writers if writer.resource == "jobs")
    await company.drive.drive(jobs)
    company.clock.advance(timedelta(minutes=2))
    second = await ask(company, [job])
    await company.drive.send()
    assert len(updates(company, first)) == 2
    assert updates(company, second) == [job]


async def test_wish_for_jobs_nobody_knows_is_settled(company: Recruiting) -> None:
    await company.sync()
    await ask(company, ["nobody-knows"])
    await ask(company, [])
    assert await events(company) == [("done", ""), ("failed", "resync_of_nothing")]


async def test_wish_that_cannot_be_met_in_time_is_said_to_be_late(company: Recruiting) -> None:
    await company.sync()
    await ask(company, open_jobs(company)[:1])
    company.clock.advance(timedelta(minutes=31))
    await inbox.work(company.works, company.workspace)
    assert await events(company) == [("failed", "resync_late")]
