"""What the imitated SmartRecruiters knows: a world, and the orders in which lists show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from landbridge.sandbox.kernel import Clock, kept
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.worlds.company import Source
from landbridge.sandbox.worlds.job import Job
from landbridge.sandbox.worlds.person import Application, Candidate
from landbridge.sandbox.worlds.world import World

T = TypeVar("T")

FILTERED_LISTS_KEPT = 8


@kept(_derived=dict)
class State:
    """``version`` moves with every change, so that what was derived from an older state can be told."""

    def __init__(self, world: World, clock: Clock) -> None:
        self.world = world
        self.clock = clock
        self.version = 0
        # Positions in this list are what candidate page ids hold; a candidate that moves or goes leaves None behind.
        self.listing: list[Candidate | None] = list(world.candidates.values())
        self.job_ids = sorted(world.jobs)
        self.sources = {source.uuid: source for source in world.company.sources}
        self.postings = self._find_postings()
        self.users_by_id = {user.id: user for user in world.users}
        self.restless = world.restless
        self._derived: dict[Any, tuple[int, Any]] = {}

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
        if self.world.restless and choices.RESTLESS_CANDIDATES_MOVE_TO_THE_END:
            self._leave_listing(candidate)
            self.listing.append(candidate)
        self.changed()

    def touch_application(self, application: Application, at: int) -> None:
        candidate = self.world.candidates.get(application.candidate_id)
        if candidate is not None and choices.APPLICATION_CHANGES_MOVE_CANDIDATE:
            self.touch_candidate(candidate, at)
        self.changed()

    def delete_candidate(self, candidate: Candidate) -> None:
        del self.world.candidates[candidate.id]
        self._leave_listing(candidate)
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

    def delete_job(self, job: Job, at: int) -> None:
        del self.world.jobs[job.id]
        self.job_ids.remove(job.id)
        self.postings = self._find_postings()
        if choices.DELETED_JOBS_TAKE_APPLICATIONS:
            for application in [each for each in self.world.applications.values() if each.job_id == job.id]:
                self.delete_application(application, at)
        self.changed()

    def _leave_listing(self, candidate: Candidate) -> None:
        for place, listed in enumerate(self.listing):
            if listed is candidate:
                self.listing[place] = None
                return
