"""Who sees a job in Recruiter follows the hiring team in the ATS, where a workspace has chosen so."""

from __future__ import annotations

from typing import Any

import pytest

from landbridge.jobs import access
from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.visibility import view_of
from landbridge.sandbox.smartrecruiters.changes.jobs import change_team
from landbridge.store.access_lists import count
from landbridge.store.workspaces import load_workspace, save_choices
from tests.inbound.rig import Recruiting
from tests.inbound.told import Told

VIEWERS = {"JOB_POSTING_VIEWERS", "APPLICATION_VIEWERS"}


class Office:
    """A company that has sent its jobs, whose one connected user is put on teams and taken off them."""

    def __init__(self, company: Recruiting, sandbox: Sandbox, user: str) -> None:
        self.company = company
        self.ats = sandbox.smartrecruiters.state
        self.linkedin = sandbox.linkedin
        self.place = next(place for place, one in enumerate(self.ats.world.users) if one.id == user)
        self.other = next(place for place, one in enumerate(self.ats.world.users) if one.id != user)
        self.told = Told(company, sandbox)
        self.turn = 0

    async def choose(self, who: str) -> None:
        async with self.company.works.database.connection() as connection:
            before = (await load_workspace(connection, self.company.workspace)).choices
            await save_choices(connection, self.company.workspace, {**before, "access": who})

    async def staff(self, *jobs: str) -> None:
        """Let the user be on the teams of these jobs and on no other, and have the ATS tell so."""
        for key, job in self.ats.world.jobs.items():
            change_team(self.ats, job, (self.other, self.place) if key in jobs else (self.other,))
        self.turn += 1
        await self.told.deliver(self.turn)

    async def is_behind(self) -> bool:
        works = self.company.works
        async with works.database.connection() as connection:
            return await access.is_behind(works, connection, self.company.workspace)

    async def follow(self) -> None:
        assert await self.is_behind()
        await access.follow(self.company.works, self.company.workspace)
        assert not await self.is_behind()

    def seen(self, feature: str, seat: Any = None) -> set[str]:
        """The jobs a seat's holder sees: to export to, or with their applications in the panel."""
        child, organization = self.linkedin.state.child, self.company.company.organization
        view = view_of(child, organization, (seat or self.company.seat).member, feature)
        return {job for job in self.ats.world.jobs if view.shows(child.book(organization), job)}

    def viewers(self) -> set[str]:
        found = self.linkedin.state.child.integrations.values()
        return {name for one in found for name in one.configurations} & VIEWERS

    def listed(self) -> tuple[int, int]:
        return len(list(self.linkedin.dump("acls") or ())), len(list(self.linkedin.dump("acl_assignees") or ()))


@pytest.fixture
async def office(company: Recruiting, sandbox: Sandbox) -> Office:
    office = Office(company, sandbox, await company.link(company.seat))
    await company.sync()
    return office


async def test_recruiter_sees_the_jobs_of_the_hiring_teams_and_loses_those_left(office: Office) -> None:
    assert not await office.is_behind()
    everything = office.company.jobs()
    first, second, *_ = everything
    await office.choose("teams")
    await office.staff(first, second)
    await office.follow()
    assert sorted(office.company.jobs()) == sorted([first, second])
    assert office.seen("IN_ATS_INDICATOR") == {first, second}
    assert office.seen("ONE_CLICK_EXPORT", office.company.colleague) == set()

    await office.staff(second)
    await office.follow()
    assert office.company.jobs() == [second]
    assert office.seen("IN_ATS_INDICATOR") == {second}
    assert office.listed() == (1, 1)

    await office.choose("everybody")
    await office.follow()
    assert office.viewers() == VIEWERS
    assert sorted(office.company.jobs()) == sorted(everything)
    assert office.listed() == (0, 0)
    assert list(office.linkedin.journal.violations()) == []


async def test_seat_that_is_no_longer_connected_sees_nothing(office: Office) -> None:
    (job, *_) = office.company.jobs()
    await office.choose("teams")
    await office.staff(job)
    await office.follow()
    await office.company.rows("UPDATE seat_link SET ended_at = now(), ended_by = 'admin'")
    await office.follow()
    assert office.seen("ONE_CLICK_EXPORT") == set()
    assert office.listed() == (0, 0)


async def test_job_that_linkedin_does_not_have_is_on_no_list(office: Office) -> None:
    (job, *_) = office.company.jobs()
    await office.choose("teams")
    await office.company.rows("UPDATE delivery SET sent_at = NULL WHERE kind = 'job'")
    await office.staff(job)
    await office.follow()
    assert office.listed() == (0, 1)
    await office.company.rows("UPDATE delivery SET sent_at = now() WHERE kind = 'job'")
    await office.follow()
    assert office.listed() == (1, 1)


async def test_what_linkedin_has_taken_unheard_is_taken_off_all_the_same(office: Office) -> None:
    """The answer was lost, and meanwhile nobody wants the entry any more."""
    (job, *_) = office.company.jobs()
    await office.choose("teams")
    await office.staff(job)
    await office.follow()
    await office.company.rows("UPDATE access_entry SET state = 'intended' WHERE part <> 'viewers'")
    await office.staff()
    await office.follow()
    assert office.listed() == (0, 1)


async def test_refused_entry_is_counted_and_rests(office: Office) -> None:
    (job, *_) = office.company.jobs()
    await office.choose("teams")
    await office.company.rows("UPDATE seat SET person_urn = 'urn:li:person:nobody'")
    await office.staff(job)
    await office.follow()
    async with office.company.works.database.connection() as connection:
        tally = await count(connection, office.company.workspace)
    assert (tally.jobs, tally.people, tally.refused, tally.reason) == (1, 0, 1, "linkedin_invalid")
