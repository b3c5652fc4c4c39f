"""The truth of the imitated ATS, for an independent checker: every field, nothing paged, nothing denied.

Instants are ISO texts as the API shows them. ``oddities`` names what is wrong with a record in a hostile world, and
``readable`` tells the status with which the API answers for its details. Lone surrogates have no form in UTF-8: they
appear as U+FFFD here, while the API sends them as JSON escapes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from landbridge.sandbox.smartrecruiters.ads import ad_details, publication_row
from landbridge.sandbox.smartrecruiters.applications import application_details, history_rows
from landbridge.sandbox.smartrecruiters.candidates import candidate_details
from landbridge.sandbox.smartrecruiters.jobs import job_details
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.smartrecruiters.users import user_row
from landbridge.sandbox.worlds.job import Job
from landbridge.sandbox.worlds.moment import iso
from landbridge.sandbox.worlds.person import Application, Candidate

Rows = Iterator[dict[str, Any]]
BASE_URL = ""


def dump(state: State, entity: str) -> Rows | None:
    rows = DUMPS.get(entity)
    return None if rows is None else (_writable(row) for row in rows(state))


def _jobs(state: State) -> Rows:
    return (_job(state, job) for job in state.world.jobs.values())


def _job(state: State, job: Job) -> dict[str, Any]:
    ads = []
    for ad in job.ads:
        publications = [publication_row(publication) for publication in ad.publications]
        readable = {"publications": publications, "readable": ad.details_status}
        ads.append({**ad_details(state, job, ad, BASE_URL), **readable})
    history = [{"changedOn": iso(at), "status": status} for at, status in job.history]
    further = {"jobAds": ads, "statusHistory": history, "readable": job.details_status, "oddities": job.oddities}
    return {**job_details(state, job, BASE_URL), **further}


def _candidates(state: State) -> Rows:
    return (_candidate(state, candidate) for candidate in state.world.candidates.values())


def _candidate(state: State, candidate: Candidate) -> dict[str, Any]:
    applications = [application.id for application in candidate.applications]
    further = {
        "applications": applications,
        "listed": bool(applications),
        "readable": candidate.details_status,
        "oddities": candidate.oddities,
    }
    return {**candidate_details(state, candidate, BASE_URL), **further}


def _applications(state: State) -> Rows:
    return (_application(state, application) for application in state.world.applications.values())


def _application(state: State, application: Application) -> dict[str, Any]:
    source = state.source_of(application)
    candidate = state.world.candidates[application.candidate_id]
    return {
        **application_details(state, application, BASE_URL),
        "createDate": iso(application.created),
        "sourceIdentifier": source.uuid if source else None,
        "primary": candidate.applications[0] is application,
        "readable": application.details_status,
        "oddities": application.oddities,
    }


def _histories(state: State) -> Rows:
    for application in state.world.applications.values():
        yield {
            "applicationId": application.id,
            "candidateId": application.candidate_id,
            "jobId": application.job_id,
            "content": history_rows(application),
            "readable": application.history_status,
            "oddities": application.oddities,
        }


def _users(state: State) -> Rows:
    return (user_row(user) for user in state.world.users)


def _sources(state: State) -> Rows:
    for source in state.world.company.sources:
        yield {
            "sourceIdentifier": source.uuid,
            "id": source.id,
            "label": source.label,
            "type": source.type,
            "subType": source.sub_type,
            "deleted": source.deleted,
        }


DUMPS: dict[str, Callable[[State], Rows]] = {
    "jobs": _jobs,
    "candidates": _candidates,
    "applications": _applications,
    "histories": _histories,
    "users": _users,
    "sources": _sources,
}


def _writable(value: Any) -> Any:
    """``value`` with everything in it as UTF-8 can hold it."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {key: _writable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_writable(part) for part in value]
    return value
