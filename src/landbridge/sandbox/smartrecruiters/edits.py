"""Changes people make in the ATS, made on purpose: by the control room, and by a world that never sits still."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from msgspec import Struct

from landbridge.sandbox.smartrecruiters.changes import applications, candidates, jobs
from landbridge.sandbox.smartrecruiters.happenings import SYSTEM
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.job import Job
from landbridge.sandbox.worlds.person import Application, Candidate, Step
from landbridge.sandbox.worlds.steps import PATH
from landbridge.sandbox.worlds.vocabulary import LAST_NAMES

REOPENED = Step("IN_REVIEW", "Recruiter Screen")


class Edit(Struct, kw_only=True, forbid_unknown_fields=True):
    """Edit ``percent`` of each of ``of``, at least one where there is any; the same seed edits the same ones."""

    percent: float = 1
    of: tuple[Literal["candidates", "applications", "jobs"], ...] = ("candidates", "applications", "jobs")
    seed: int = 1


class Deletion(Struct, kw_only=True, forbid_unknown_fields=True):
    """The id of what to delete; one of the three."""

    candidate: str | None = None
    application: str | None = None
    job: str | None = None


def edit_share(state: State, edit: Edit) -> dict[str, list[str]]:
    """Carry out ``edit``; the ids of what was edited."""
    if not 0 < edit.percent <= 100:
        raise ValueError("percent is more than 0 and at most 100")
    world = state.world
    draw = Draw("edit", world.seed, edit.seed)
    edited: dict[str, list[str]] = {}
    if "candidates" in edit.of:
        people = _share(draw, list(world.candidates.values()), edit.percent)
        edited["candidates"] = _each(people, lambda candidate: rename(state, draw, candidate))
    if "applications" in edit.of:
        chosen = _share(draw, list(world.applications.values()), edit.percent)
        edited["applications"] = _each(chosen, lambda application: move_on(state, application))
    if "jobs" in edit.of:
        # Drafts are not sent anywhere, so an edit of one would be seen by nobody.
        requisitions = _share(draw, [job for job in world.jobs.values() if job.status != "CREATED"], edit.percent)
        edited["jobs"] = _each(requisitions, lambda job: retitle(state, draw, job))
    return edited


def _share(draw: Draw, options: Sequence[Any], percent: float) -> list[Any]:
    return draw.sample(options, max(1, round(len(options) * percent / 100)))


def _each(chosen: list[Any], change: Callable[[Any], None]) -> list[str]:
    for one in chosen:
        change(one)
    return [one.id for one in chosen]


def rename(state: State, draw: Draw, candidate: Candidate) -> None:
    """Somebody has married: the last name is another one, the address stays."""
    options = [name.text for name in LAST_NAMES if name.text != candidate.last_name]
    candidates.edit(state, candidate, {"lastName": draw.pick(options)})


def move_on(state: State, application: Application) -> None:
    """The application takes the next step; one that had come to its end is opened again."""
    places = [place for place, step in enumerate(PATH[:-1]) if step is application.step]
    applications.move(state, SYSTEM, application, PATH[places[0] + 1] if places else REOPENED)


def retitle(state: State, draw: Draw, job: Job) -> None:
    title = f"{(job.title or 'Deckhand')[:120].rstrip()} ({draw.hex(4)})"
    jobs.edit(state, job, {"title": title})
    ad = job.default_ad
    if ad is not None:
        jobs.edit_ad(state, SYSTEM, job, ad, title=title)


def delete(state: State, deletion: Deletion) -> bool:
    """True when it was there."""
    world = state.world
    if candidate := world.candidates.get(deletion.candidate or ""):
        candidates.erase(state, SYSTEM, candidate)
    elif application := world.applications.get(deletion.application or ""):
        applications.remove(state, application)
    elif job := world.jobs.get(deletion.job or ""):
        jobs.delete(state, SYSTEM, job)
    else:
        return False
    return True


def disturb_listing(state: State, start: int) -> None:
    """In a restless world a page of the candidate list does not leave the list as it was.

    By turns somebody is edited who was listed already and somebody who is still to come. It ends after as many edits
    as the world has coming, so that a second run finds the world at rest.
    """
    if not state.restless:
        return
    state.restless -= 1
    listed = [candidate for candidate in state.listing if candidate is not None and not candidate.oddities]
    if not listed:
        return
    draw = Draw("restless", state.world.seed, state.restless)
    before = [candidate for candidate in state.listing[: start + 1] if candidate is not None and not candidate.oddities]
    chosen = draw.pick(before if before and state.restless % 2 else listed)
    rename(state, draw, chosen)
