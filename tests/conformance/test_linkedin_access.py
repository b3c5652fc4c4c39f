"""Access lists on LinkedIn's sandbox: jobs and people on lists, and who then sees what."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import msgspec
import pytest

from landbridge.connectors.linkedin.access import (
    Entry,
    delete_entries,
    leave_to_lists,
    open_to_everybody,
    write_entries,
)
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.destination import open_client
from landbridge.connectors.linkedin.onboarding import set_up_integrations
from landbridge.connectors.linkedin.settings import Settings, read_settings
from landbridge.sandbox import Sandbox
from tests.conformance.linkedin_side import CALLBACK_URL, LinkedInSide, job, rendered, row_of, send, writer_of

TEAMS = {"access": "teams"}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(candidates=5) as sandbox:
        yield sandbox


@pytest.fixture
async def side(sandbox: Sandbox) -> AsyncIterator[LinkedInSide]:
    side = LinkedInSide(sandbox)
    side.enable()
    yield side
    await side.close()


@pytest.fixture(params=["v2", "rest"])
def settings(side: LinkedInSide, request: pytest.FixtureRequest) -> Settings:
    return read_settings(side.wiring(choices=TEAMS, dialect=request.param))


@pytest.fixture
async def child(side: LinkedInSide, settings: Settings) -> AsyncIterator[LinkedInClient]:
    client = open_client(settings, side.wiring())
    yield client
    await client.close()


def person(side: LinkedInSide, place: int = 0) -> str:
    return str(side.sandbox.linkedin.credentials()["people"][place]["person"])


def viewers(side: LinkedInSide) -> set[str]:
    rows = side.dump("integrations")
    return {name for row in rows for name in row["configurations"] if name.endswith("VIEWERS")}


async def test_jobs_and_people_are_put_on_lists_and_taken_off(
    side: LinkedInSide, settings: Settings, child: LinkedInClient
) -> None:
    jobs = [Entry("job", "team & co", f"J/{number}") for number in range(100)]
    people = [Entry("person", "team & co", person(side))]
    for entries in (jobs, people, jobs):
        assert {one.status for one in await write_entries(child, settings, entries)} == {"delivered"}
    assert {row["atsEntityId"] for row in side.dump("acls")} == {entry.subject for entry in jobs}
    assert [(row["atsEntityAclId"], row["assignee"]) for row in side.dump("acl_assignees")] == [
        ("team & co", person(side))
    ]
    for entries in (jobs, people, people):
        assert {one.status for one in await delete_entries(child, settings, entries)} == {"delivered"}
    assert (side.dump("acls"), side.dump("acl_assignees")) == ([], [])
    side.assert_no_violations()


async def test_refusal_of_one_person_is_that_entrys_own(
    side: LinkedInSide, settings: Settings, child: LinkedInClient
) -> None:
    entries = [Entry("person", "team", "urn:li:person:nobody"), Entry("person", "team", person(side))]
    outcomes = await write_entries(child, settings, entries)
    assert [(one.status, one.reason) for one in outcomes] == [("refused", "linkedin_invalid"), ("delivered", "")]


async def test_viewer_settings_are_taken_away_and_set_again(
    side: LinkedInSide, settings: Settings, child: LinkedInClient
) -> None:
    both = {"JOB_POSTING_VIEWERS", "APPLICATION_VIEWERS"}
    for _ in range(2):
        await open_to_everybody(child, settings)
        assert viewers(side) == both
    for _ in range(2):  # what is not there any more is no error
        await leave_to_lists(child, settings)
        assert viewers(side) == set()
    side.assert_no_violations()


@pytest.mark.parametrize(("choices", "found"), [({}, 2), (TEAMS, 0)])
async def test_setting_up_leaves_the_viewer_settings_out_where_lists_decide(
    side: LinkedInSide, choices: dict[str, Any], found: int
) -> None:
    settings = read_settings(side.wiring(choices=choices))
    client = open_client(settings, side.wiring())
    await set_up_integrations(client, settings, name="Landbridge", callback_url=CALLBACK_URL, contracts=[])
    await client.close()
    assert len(viewers(side)) == found


@pytest.mark.parametrize("restricted", [True, False])
async def test_jobs_are_restricted_where_lists_decide(side: LinkedInSide, restricted: bool) -> None:
    writer = writer_of(side.open(choices=TEAMS if restricted else {}), "jobs")
    (entity,) = rendered(writer, [row_of(job())], side.now)
    assert msgspec.json.decode(entity.body).get("accessRestricted", False) is restricted
    assert {one.status for one in (await send(writer, [row_of(job())], side.now)).values()} == {"pending"}
    side.assert_no_violations()
