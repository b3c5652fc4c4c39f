"""People are created, edited, merged and erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.happenings import Author
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.person import Application, Candidate

# What is said about a new person and kept beside the person; the names are the API's.
TOLD: Final = ("phoneNumber", "location", "web", "tags", "education", "experience")
UNSAID: Final[Mapping[str, Any]] = {
    "phoneNumber": None, "location": None, "web": {}, "tags": [], "education": [], "experience": [],
}  # fmt: skip


def create(
    state: State, first_name: str, last_name: str, email: str, *, internal: bool = False, told: Mapping[str, Any]
) -> Candidate:
    """A person of the talent pool. Whether the address and the last name are free is the caller's to see."""
    draw, at = state.make("candidate"), state.clock.ms()
    candidate = Candidate(
        id=draw.uuid(),
        first_name=first_name,
        last_name=last_name,
        email=email,
        created=at,
        updated=at,
        place=None,
        trait=1,
        internal=internal,
    )
    state.told[candidate.id] = {**UNSAID, **told}
    state.add_candidate(candidate)
    state.happened("candidate.created", (candidate.id,), f"/candidates/{candidate.id}")
    return candidate


def edit(state: State, candidate: Candidate, fields: Mapping[str, Any]) -> bool:
    """Take over ``fields`` by their API names; False when nothing is different."""
    names = {"firstName": "first_name", "lastName": "last_name", "email": "email"}
    told = state.told.get(candidate.id, {})
    changed = False
    for name, value in fields.items():
        if name in names and getattr(candidate, names[name]) != value:
            setattr(candidate, names[name], value)
            changed = True
        elif name in TOLD and (name not in told or told[name] != value):
            told = state.told[candidate.id] = {**told, name: value}
            changed = True
    if changed:
        updated(state, candidate)
    return changed


def updated(state: State, candidate: Candidate) -> None:
    """Whatever ``candidate.updated`` stands for has changed."""
    state.people.met(candidate)
    state.touch_candidate(candidate, state.clock.ms())
    state.happened("candidate.updated", (candidate.id,), f"/candidates/{candidate.id}")


def erase(state: State, by: Author, candidate: Candidate, why: str = "CANDIDATE_DELETED") -> None:
    """The person, with all applications and what hangs on them. Applications have no event of their own for it."""
    for application in candidate.applications:
        state.records.forget_application(application.id)
    state.delete_candidate(candidate)
    state.noted(why, by, ("CANDIDATE", candidate.id))
    state.happened("candidate.deleted", (candidate.id,))


def merge(state: State, by: Author, master: Candidate, other: Candidate) -> None:
    """``other`` becomes part of ``master``: its applications move over, but where both applied for the same job the
    master's is kept; blank fields are filled; notes follow (source: the help page about merging)."""
    jobs = {each.job_id for each in master.applications}
    moved = tuple(each for each in other.applications if each.job_id not in jobs)
    other.applications = tuple(each for each in other.applications if each.job_id in jobs)
    for application in moved:
        application.candidate_id = master.id
        _give(state, master, application)
    master.email = master.email or other.email
    master.linkedin_url = master.linkedin_url or other.linkedin_url
    state.messages.retag(other.id, master.id)
    state.noted("CANDIDATE_PROFILE_UPDATED_DUE_TO_MERGE", by, ("CANDIDATE", master.id))
    erase(state, by, other, "CANDIDATE_DELETED_DUE_TO_MERGE")
    if choices.MERGE_TELLS_MASTER_UPDATED:
        updated(state, master)


def _give(state: State, master: Candidate, application: Application) -> None:
    del state.world.applications[application.id]
    state.add_application(master, application)
