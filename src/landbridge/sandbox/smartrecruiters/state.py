"""What the imitated SmartRecruiters knows: a world, and the orders in which lists show it."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from typing import Any, TypeVar

from landbridge.sandbox.kernel import Clock, kept
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.happenings import Author, Happening
from landbridge.sandbox.smartrecruiters.people import People
from landbridge.sandbox.smartrecruiters.records import Messages, Records
from landbridge.sandbox.smartrecruiters.trail import Trail
from landbridge.sandbox.worlds.company import Source
from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.job import Ad, Job
from landbridge.sandbox.worlds.person import Application, Candidate
from landbridge.sandbox.worlds.world import World

T = TypeVar("T")

FILTERED_LISTS_KEPT = 8


@kept(_derived=dict, tell=lambda: _nobody_listens)
class State:
    """``version`` moves with every change, so that what was derived from an older state can be told."""

    def __init__(self, world: World, clock: Clock) -> None:
        self.world = world
        self.clock = clock
        self.version = 0
        # Positions in this list are what candidate page ids hold; a candidate that moves or goes leaves None behind.
        self.listing: list[Candidate | None] = [each for each in world.candidates.values() if each.applications]
        self.job_ids = sorted(world.jobs)
        self.sources = {source.uuid: source for source in world.company.sources}
        self.postings = self._find_postings()
        self.users_by_id = {user.id: user for user in world.users}
        self.restless = world.restless
        self._derived: dict[Any, tuple[int, Any]] = {}
        self.people = People(world)
        self.trail = Trail()
        self.messages = Messages()
        self.records = Records()
        self.tell: Callable[[Happening], None] = _nobody_listens
        # What somebody said about a person, over what is derived from the person's trait: few people have it.
        self.told: dict[str, dict[str, Any]] = {}
        # The talent pool: people without any application, whom the candidate list leaves out.
        self.pool = {each.id: each for each in world.candidates.values() if not each.applications}
        # Consents asked for or given since the world was made: status and when.
        self.consents: dict[str, tuple[str, int]] = {}
        groups = Draw("smartrecruiters", "access groups", world.seed)
        self.access_groups = {groups.hex(24): name for name in ("Executive search", "Overseas offices")}
        self.group_members: dict[str, frozenset[str]] = {}
        self._made = 0

    @property
    def administrator(self) -> Author:
        """Whom both credentials belong to."""
        return Author("USER", self.world.users[0].id)

    def make(self, kind: str) -> Draw:
        """The randomness of one new thing: the same calls in the same world make the same ids."""
        self._made += 1
        return Draw("smartrecruiters", kind, self.world.name, self.world.seed, self._made)

    def happened(self, name: str, ids: tuple[str, ...], path: str | None = None) -> None:
        self.tell(Happening(name=name, at=self.clock.ms(), ids=ids, path=path))

    def noted(self, name: str, by: Author, entity: tuple[str, str]) -> None:
        """A line of the audit trail."""
        self.trail.note(self.clock.ms(), name, by, entity)

    def _find_postings(self) -> dict[str, tuple[str, str]]:
        """Posting id and posting uuid to (job id, ad id)."""
        found = {}
        for job in self.world.jobs.values():
            for ad in job.ads:
                found[ad.posting_id] = found[ad.posting_uuid] = (job.id, ad.id)
        return found

    def changed(self) -> None:
        self.version += 1

    def derived(self, key: Any, make: Callable[[], T]) -> T:
        """``make()``, or what it gave for the same key since the last change."""
        known = self._derived.get(key)
        if known is not None and known[0] == self.version:
            found: T = known[1]
            return found
        if len(self._derived) >= FILTERED_LISTS_KEPT:
            self._derived.pop(next(iter(self._derived)))
        made = make()
        self._derived[key] = (self.version, made)
        return made

    def jobs_by_activity(self) -> list[Job]:
        def activity(job: Job) -> tuple[int, str]:
            return (-job.last_activity if isinstance(job.last_activity, int) else 0, job.id)

        return self.derived("jobs by activity", lambda: sorted(self.world.jobs.values(), key=activity))

    def application_of(self, candidate: Candidate, job_id: str) -> Application | None:
        return next((each for each in candidate.applications if each.job_id == job_id), None)

    def source_of(self, application: Application) -> Source | None:
        return None if application.source is None else self.world.company.sources[application.source]

    def touch_candidate(self, candidate: Candidate, at: int) -> None:
        """The candidate was edited: ``updatedOn`` moves, and in a restless world so does the place in the list."""
        candidate.updated = at
        if self.world.restless and candidate.id not in self.pool and choices.RESTLESS_CANDIDATES_MOVE_TO_THE_END:
            self._leave_listing(candidate)
            self.listing.append(candidate)
        self.changed()

    def touch_application(self, application: Application, at: int) -> None:
        candidate = self.world.candidates.get(application.candidate_id)
        if candidate is not None and choices.APPLICATION_CHANGES_MOVE_CANDIDATE:
            self.touch_candidate(candidate, at)
        self.changed()

    def add_candidate(self, candidate: Candidate) -> None:
        self.world.candidates[candidate.id] = candidate
        self.pool[candidate.id] = candidate
        self.people.met(candidate)
        self.changed()

    def add_application(self, candidate: Candidate, application: Application) -> None:
        self.world.applications[application.id] = application
        candidate.applications = (*candidate.applications, application)
        self.people.applied(application)
        if self.pool.pop(candidate.id, None):
            self.listing.append(candidate)
        self.changed()

    def add_job(self, job: Job) -> None:
        self.world.jobs[job.id] = job
        insort(self.job_ids, job.id)
        for ad in job.ads:
            self.know_posting(job, ad)
        self.changed()

    def know_posting(self, job: Job, ad: Ad) -> None:
        self.postings[ad.posting_id] = self.postings[ad.posting_uuid] = (job.id, ad.id)

    def delete_candidate(self, candidate: Candidate) -> None:
        del self.world.candidates[candidate.id]
        if self.pool.pop(candidate.id, None) is None:
            self._leave_listing(candidate)
        self.told.pop(candidate.id, None)
        self.messages.forget(candidate.id)
        self.records.fields.pop(candidate.id, None)
        for application in candidate.applications:
            self.world.applications.pop(application.id, None)
        self.changed()

    def delete_application(self, application: Application, at: int) -> None:
        """Without any application left, a candidate stays as a person of the talent pool, who is not listed."""
        del self.world.applications[application.id]
        candidate = self.world.candidates[application.candidate_id]
        candidate.applications = tuple(each for each in candidate.applications if each is not application)
        self.touch_application(application, at)
        if not candidate.applications:
            self._leave_listing(candidate)
            self.pool[candidate.id] = candidate

    def delete_job(self, job: Job, at: int) -> None:
        del self.world.jobs[job.id]
        self.job_ids.remove(job.id)
        self.postings = self._find_postings()
        if choices.DELETED_JOBS_TAKE_APPLICATIONS:
            for application in self.people.of_job(job.id):
                self.delete_application(application, at)
        self.changed()

    def _leave_listing(self, candidate: Candidate) -> None:
        for place, listed in enumerate(self.listing):
            if listed is candidate:
                self.listing[place] = None
                return


def _nobody_listens(_: Happening) -> None:
    """Until webhooks are there."""
