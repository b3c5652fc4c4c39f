"""People are put on jobs, move through the steps of a hiring process, and leave again."""

from __future__ import annotations

from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.happenings import Author
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.job import Job
from landbridge.sandbox.worlds.person import Application, Candidate, Step


def address(application: Application) -> str:
    return f"/candidates/{application.candidate_id}/jobs/{application.job_id}"


def ids(application: Application) -> tuple[str, str, str]:
    """In the order of an application's events."""
    return application.job_id, application.candidate_id, application.id


def add(state: State, by: Author, candidate: Candidate, job: Job, *, source: int | None, step: Step) -> Application:
    """``source`` is a position among the company's sources."""
    draw, at = state.make("application"), state.clock.ms()
    application = Application(
        id=draw.uuid(),
        candidate_id=candidate.id,
        job_id=job.id,
        created=at,
        step=step,
        kept=(at, step),
        source=source,
    )
    state.add_application(candidate, application)
    state.touch_application(application, at)
    job.last_activity = at
    state.noted("JOB_APPLICATION_CREATED", by, ("APPLICATION", application.id))
    state.happened("application.created", ids(application), address(application))
    return application


def move(
    state: State,
    by: Author,
    application: Application,
    step: Step,
    *,
    reason: int | None = None,
    starts: int | None = None,
) -> None:
    """To another step; ``reason`` is a position among the reasons for the step's status."""
    at = state.clock.ms()
    application.reason, application.starts = reason, starts
    application.move(at, step)
    state.touch_application(application, at)
    state.noted("JOB_APPLICATION_STATE_MODIFIED", by, ("APPLICATION", application.id))
    state.happened("application.status.updated", ids(application), address(application))


def change_source(state: State, by: Author, application: Application, source: int) -> None:
    application.source, application.source_label = source, None
    state.touch_application(application, state.clock.ms())
    state.noted("APPLICATION_SOURCE_MODIFIED", by, ("APPLICATION", application.id))
    state.happened("application.source.updated", ids(application), address(application))


def fields_changed(state: State, application: Application) -> None:
    """A property has another value. Whether that moves the candidate's update time follows the other changes."""
    state.touch_application(application, state.clock.ms())
    state.happened("application.fields.updated", ids(application), f"{address(application)}/properties")


def remove(state: State, application: Application) -> None:
    """No event stands for this; the audit trail knows no name for it either."""
    state.records.forget_application(application.id)
    state.delete_application(application, state.clock.ms())


def first_step() -> Step:
    return Step(choices.FIRST_STATUS_OF_ADDED_CANDIDATES)
