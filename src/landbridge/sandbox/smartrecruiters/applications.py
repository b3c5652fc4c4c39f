"""An application: by candidate and job, by its own id, and its status history."""

from __future__ import annotations

import re

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, ok, present
from landbridge.sandbox.smartrecruiters.candidates import status_fields
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.moment import iso
from landbridge.sandbox.worlds.person import Application

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def read_application(state: State, call: Call) -> Answer:
    application = find_application(state, call)
    if application.details_status == 404:
        raise RefusalError(*choices.APPLICATION_UNKNOWN, "there is no such application")
    if application.details_status != 200:
        raise RefusalError(*choices.CANDIDATE_DENIED, "this candidate is not for you")
    call.records = 1
    return ok(application_details(state, application, call.base_url))


def read_history(state: State, call: Call) -> Answer:
    application = find_application(state, call)
    if application.history_status == 404:
        raise RefusalError(404, "CANDIDATE_NOT_FOUND", "there is no such candidate")
    if application.history_status != 200:
        raise RefusalError(403, "NO_ACCESS_TO_CANDIDATE", "this candidate is not for you")
    rows = history_rows(application)
    if choices.HISTORIES_ARE_NEWEST_FIRST:
        rows.reverse()
    call.records = len(rows)
    return ok({"totalFound": len(rows), "content": rows})


def read_job_application(state: State, call: Call) -> Answer:
    """``job-applications-api``: the only place that knows when an application was made."""
    application = find_job_application(state, call.arguments[0])
    call.records = 1
    source = state.source_of(application)
    fields = {
        "id": application.id,
        "status": application.step.status,
        "subStatus": application.step.sub_status,
        "sourceIdentifier": source.uuid if source else None,
        "createDate": iso(application.created),
        "profileId": application.candidate_id,
        "jobId": application.job_id,
    }
    return ok(present(fields))


def find_job_application(state: State, application_id: str) -> Application:
    """By its own id."""
    if not UUID.fullmatch(application_id):
        raise RefusalError(400, "INVALID_JOB_APPLICATION_ID", "this is no id of a job application")
    application = state.world.applications.get(application_id)
    if application is None or application.details_status != 200:
        raise RefusalError(404, "JOB_APPLICATION_NOT_FOUND", "there is no such job application")
    return application


def find_application(state: State, call: Call) -> Application:
    """By candidate and job, the first two arguments of a call."""
    candidate_id, job_id = call.arguments[:2]
    candidate = state.world.candidates.get(candidate_id)
    if candidate is None:
        raise RefusalError(404, "CANDIDATE_NOT_FOUND", "there is no such candidate")
    application = state.application_of(candidate, job_id)
    if application is None:
        code = choices.APPLICATION_UNKNOWN if job_id in state.world.jobs else (404, "JOB_NOT_FOUND")
        raise RefusalError(*code, "this candidate is not in this job")
    return application


def read_screening_answers(state: State, call: Call) -> Answer:
    """No job of the sandbox asks questions."""
    find_application(state, call)
    return ok({"totalFound": 0, "content": []})


def application_details(state: State, application: Application, base_url: str) -> dict[str, object]:
    """What ``GET /candidates/{id}/jobs/{id}`` answers; also part of the dump of applications."""
    url = f"{base_url}/candidates/{application.candidate_id}/jobs/{application.job_id}"
    found = {
        "applicationId": application.id,
        "candidateId": application.candidate_id,
        "jobId": application.job_id,
        **status_fields(state, application, base_url),
        "url": url,
    }
    return {**found, **application.extra} if application.extra else found


def history_rows(application: Application) -> list[dict[str, object]]:
    """In the world's own order: oldest first, where nothing is odd."""
    return [
        present({"changedOn": iso(at), "status": step.status, "subStatus": step.sub_status, "actions": {}})
        for at, step in application.steps()
    ]
