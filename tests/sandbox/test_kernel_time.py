"""Lengths of time, and a clock that is moved: tokens, quotas, tasks and pushes follow, each at its own instant."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.kernel.lengths import parse_length
from landbridge.sandbox.linkedin.choices import PUSH_RETRY_SECONDS
from landbridge.sandbox.smartrecruiters.choices import WEBHOOK_RETRY_MINUTES
from landbridge.sandbox.smartrecruiters.webhooks.book import Subscription
from tests.sandbox.callback import Callback, eventually
from tests.sandbox.linkedin_caller import Caller, candidate, job

MORNING = datetime(2030, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90m", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("1h30m", timedelta(minutes=90)),
        ("1h 30m", timedelta(minutes=90)),
        ("1.5h", timedelta(minutes=90)),
        ("250ms", timedelta(milliseconds=250)),
        ("3w", timedelta(weeks=3)),
        ("PT90M", timedelta(minutes=90)),
        ("P2D", timedelta(days=2)),
        ("P1DT12H", timedelta(hours=36)),
        ("P2W", timedelta(weeks=2)),
        ("-1h", timedelta(hours=-1)),
        (45, timedelta(seconds=45)),
    ],
)
def test_length_is_read_as_people_write_it(text: object, length: timedelta) -> None:
    assert parse_length(text) == length


@pytest.mark.parametrize("text", ["", "P", "PT", "90", "soon", "1y", "m", "P1M", "1h30", None, True, []])
def test_what_is_no_length_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="length of time"):
        parse_length(text)


async def test_token_expires_when_the_clock_moves(linkedin: Caller) -> None:
    linkedin.sandbox.site.advance(timedelta(minutes=29))
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 200
    linkedin.sandbox.site.advance(timedelta(minutes=2))
    refused = await linkedin.put_candidates({"C1": candidate()})
    assert (refused.status_code, refused.json()["code"]) == (401, "EXPIRED_ACCESS_TOKEN")


async def test_quota_of_the_day_resets_at_midnight(linkedin: Caller) -> None:
    sandbox = linkedin.sandbox
    sandbox.clock.set(MORNING)
    await linkedin.sign_in()
    sandbox.linkedin.set_limits({"calls_per_day": {"v2.atsCandidates": 1}})
    assert [(await linkedin.put_candidates({"C1": candidate()})).status_code for _ in range(2)] == [200, 429]
    sandbox.site.advance(timedelta(hours=15) - timedelta(milliseconds=1))
    await linkedin.sign_in()
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 429
    sandbox.site.advance(timedelta(milliseconds=1))
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 200


async def test_tasks_finish_at_their_own_instants(linkedin: Caller) -> None:
    sandbox = linkedin.sandbox
    sandbox.linkedin.set_limits({"task_delay_seconds": 240})
    began = sandbox.clock.ms()
    await linkedin.post_jobs(job(linkedin.organization, "J1"))
    sandbox.site.advance(timedelta(minutes=1))
    await linkedin.post_jobs(job(linkedin.organization, "J2"))
    sandbox.site.advance(timedelta(days=1))
    book = sandbox.linkedin.state.child.book(linkedin.organization)
    assert [posting.changed_at - began for posting in book.postings.values()] == [240_000, 300_000]
    assert sandbox.clock.ms() - began == 86_460_000


def test_retries_of_a_push_fire_in_order_at_their_own_instants() -> None:
    """A callback that refuses connections: every retry is tried, each at its time, all before the call returns."""
    sandbox = Sandbox(candidates=5)
    sandbox.clock.freeze()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/push"
    sandbox.linkedin.recruiter.request()
    child = sandbox.linkedin.state.child
    for integration in child.integrations.values():
        integration.configurations["CALLBACK_URL"] = url
    began = sandbox.clock.ms()
    organization = str(sandbox.linkedin.credentials()["organization"])
    sandbox.linkedin.recruiter.set_status(organization, "IN_ATS_INDICATOR", "ENABLED")
    sandbox.site.advance(timedelta(hours=1))
    [push] = sandbox.linkedin.pushes.log()
    tried = [attempt.at - began for attempt in push.attempts]
    assert tried == [PUSH_RETRY_SECONDS * 1000 * number for number in range(13)]
    assert push.state == "waiting"
    assert sandbox.clock.ms() - began == 3_600_000


def test_clock_that_goes_back_lets_nothing_happen() -> None:
    sandbox = Sandbox(candidates=5)
    sandbox.clock.freeze()
    began = sandbox.clock.ms()
    sandbox.site.advance(timedelta(hours=-1))
    assert sandbox.clock.ms() == began - 3_600_000


def test_retries_of_both_systems_reach_the_client_in_the_order_of_time() -> None:
    """One receiver that refuses everything, for LinkedIn's pushes and for SmartRecruiters' webhooks alike."""
    sandbox, receiver = Sandbox(candidates=5), Callback()
    receiver.statuses = [500] * 1000
    receiver.first_takes = 0.5  # still under way when the clock begins to move
    sandbox.clock.freeze()
    began = sandbox.clock.ms()
    subscription = Subscription(
        id="one", callback_url=receiver.url, events=("candidate.updated",), base_url="http://ats", active=True
    )
    book = sandbox.smartrecruiters.book
    book.add(subscription)
    sandbox.smartrecruiters.state.happened("candidate.updated", ("C1",))
    eventually(lambda: bool(receiver.got))
    sandbox.linkedin.recruiter.request()
    for integration in sandbox.linkedin.state.child.integrations.values():
        integration.configurations["CALLBACK_URL"] = receiver.url
    organization = sandbox.linkedin.state.network.organization
    sandbox.linkedin.recruiter.set_status(organization, "IN_ATS_INDICATOR", "ENABLED")
    sandbox.site.advance(timedelta(hours=3))
    receiver.stop()

    [push] = sandbox.linkedin.pushes.log()
    pushed = [attempt.at - began for attempt in push.attempts]
    hooked = [attempt.at - began for attempt in subscription.log]
    assert pushed == [PUSH_RETRY_SECONDS * 1000 * number for number in range(37)]
    ladder = accumulate(WEBHOOK_RETRY_MINUTES, initial=0)
    assert hooked == [minutes * 60_000 for minutes in ladder if minutes <= 180]
    left = {True: iter(hooked), False: iter(pushed)}
    arrived = [next(left["event-name" in headers]) for _, headers in receiver.got]
    assert len(arrived) == len(pushed) + len(hooked)
    assert arrived == sorted(arrived)
