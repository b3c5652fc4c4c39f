"""``/jobs``: the list, details, status history and hiring team."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, link, ok, present
from landbridge.sandbox.smartrecruiters.paging import (
    instant_of,
    is_after,
    limit_of,
    next_link,
    offset_of,
    page_id,
    place_in,
)
from landbridge.sandbox.smartrecruiters.rules import PAGES_NEED_SORT
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.job import Ad, Job
from landbridge.sandbox.worlds.moment import iso
from landbridge.sandbox.worlds.texts import Language

JOB_STATUSES = frozenset({"CREATED", "SOURCING", "FILLED", "INTERVIEW", "OFFER", "CANCELLED", "ON_HOLD", "OTHER"})
POSTING_STATUSES = frozenset({"PUBLIC", "INTERNAL", "NOT_PUBLISHED", "PRIVATE"})
BY_ID, BY_ACTIVITY = "jobs", "jobs by activity"
TEAM_ROLES = ("HIRING_MANAGER", "RECRUITER")


def list_jobs(state: State, call: Call) -> Answer:
    limit = limit_of(call)
    offset = offset_of(call, deprecated=True)
    by_id = _wants_sort_by_id(call)
    found = _matching(state, call, by_id=by_id)
    first = _first_row(call, found, by_id=by_id) + offset
    rows = found[first : first + limit]
    following = None
    if first + limit < len(found):
        following = page_id(BY_ID, rows[-1].id) if by_id else page_id(BY_ACTIVITY, str(first + limit))
    call.records = len(rows)
    body = {
        "limit": limit,
        "offset": offset,
        "nextPageId": following,
        "totalFound": len(found),
        "content": [_row(state, job, call.base_url) for job in rows],
    }
    answer = ok(present(body))
    if following:
        answer.headers = next_link(call, following)
    return answer


def _first_row(call: Call, found: list[Job], *, by_id: bool) -> int:
    """By id a page begins after a job, whatever changed before it; by activity at a row, by now perhaps another."""
    page = call.value("pageId")
    if not page:
        return 0
    if by_id:
        return bisect_right(found, place_in(BY_ID, page), key=lambda job: job.id)
    call.broke(PAGES_NEED_SORT)
    return int(place_in(BY_ACTIVITY, page))


def _wants_sort_by_id(call: Call) -> bool:
    sort = call.value("sort") or "default"
    if sort not in {"default", "job_id"}:
        raise RefusalError(*choices.VALUE_NOT_UNDERSTOOD, "sort is default or job_id")
    return sort == "job_id"


def _matching(state: State, call: Call, *, by_id: bool) -> list[Job]:
    statuses = _known(call.values("statuses") or call.values("status")[-1:], JOB_STATUSES, "statuses")
    posted = _known(call.values("postingStatus"), POSTING_STATUSES, "postingStatus")
    updated, active = instant_of(call, "updatedAfter"), instant_of(call, "lastActivityAfter")
    words = (call.value("q") or "").lower()
    cities, departments = call.values("city"), call.values("department")
    language = call.value("language")
    members = call.values("hiringTeamMemberId")
    labels = [department.label for department in state.world.company.departments]

    def wanted(job: Job) -> bool:
        return (
            (not statuses or job.status in statuses)
            and (not posted or job.posting_status in posted)
            and (updated is None or is_after(job.updated, updated))
            and (active is None or is_after(job.last_activity, active))
            and (not words or words in (job.title or "").lower())
            and (not cities or (job.place is not None and job.place.city in cities))
            and (not departments or (job.department is not None and labels[job.department] in departments))
            and (language is None or any(ad.language.code == language for ad in job.ads))
            and (not members or any(state.world.users[place].id in members for place in job.hiring_team))
        )

    def find() -> list[Job]:
        jobs = (state.world.jobs[job_id] for job_id in state.job_ids) if by_id else state.jobs_by_activity()
        return [job for job in jobs if wanted(job)]

    key = (by_id, statuses, posted, updated, active, words, cities, departments, language, members)
    return state.derived(("jobs", key), find)


def _known(values: tuple[str, ...], allowed: frozenset[str], name: str) -> tuple[str, ...]:
    for value in values:
        if value not in allowed:
            raise RefusalError(*choices.VALUE_NOT_UNDERSTOOD, f"{name} knows {', '.join(sorted(allowed))}")
    return values


def find_job(state: State, job_id: str) -> Job:
    """Raises what ``GET /jobs/{id}`` answers for a job that is not there or not to be seen."""
    job = state.world.jobs.get(job_id)
    if job is None or job.details_status == 404:
        raise RefusalError(404, "JOB_NOT_FOUND", "there is no such job")
    if job.details_status != 200:
        raise RefusalError(job.details_status, "UNAUTHORIZED_TO_ACCESS_JOB", "this job is not for you")
    return job


def read_job(state: State, call: Call) -> Answer:
    job = find_job(state, call.arguments[0])
    call.records = 1
    return ok(job_details(state, job, call.base_url))


def read_status_history(state: State, call: Call) -> Answer:
    job = find_job(state, call.arguments[0])
    user = link(f"{call.base_url}/user-api/v201804/users/{state.world.users[job.creator].id}")
    rows = [{"status": status, "changedOn": iso(at), "actions": {"user": user}} for at, status in job.history]
    if choices.HISTORIES_ARE_NEWEST_FIRST:
        rows.reverse()
    call.records = len(rows)
    return ok({"totalFound": len(rows), "content": rows})


def read_hiring_team(state: State, call: Call) -> Answer:
    job = find_job(state, call.arguments[0])
    rows = []
    for role, place in zip(TEAM_ROLES, job.hiring_team, strict=False):
        user = state.world.users[place]
        details = link(f"{call.base_url}/user-api/v201804/users/{user.id}")
        rows.append({"id": user.id, "role": role, "actions": {"details": details}})
    call.records = len(rows)
    return ok({"totalFound": len(rows), "content": rows})


def _row(state: State, job: Job, base_url: str) -> dict[str, object]:
    row = present(
        {
            "id": job.id,
            "title": job.title,
            "refNumber": job.ref_number,
            "createdOn": iso(job.created),
            "updatedOn": iso(job.updated),
            "lastActivityOn": iso(job.last_activity),
            "department": _department(state, job),
            "location": location(job, full=False),
            "status": job.status,
            "postingStatus": job.posting_status,
            "language": language_of(job.language) if job.language else None,
            "actions": {"details": link(f"{base_url}/jobs/{job.id}")},
        }
    )
    return {**row, **job.extra} if job.extra else row


def job_details(state: State, job: Job, base_url: str) -> dict[str, object]:
    """What ``GET /jobs/{id}`` answers; also what the dump of jobs holds."""
    url = f"{base_url}/jobs/{job.id}"
    ad = job.default_ad
    creator = state.world.users[job.creator]
    actions = {
        "hiringTeam": link(f"{url}/hiring-team"),
        "publications": link(f"{url}/publication"),
        "positions": link(f"{url}/positions"),
        "applyOnWeb": link(job.apply_url) if job.apply_url else None,
        "details": link(url),
    }
    details: dict[str, object] = {
        **_row(state, job, base_url),
        "location": location(job, full=True),
        "experienceLevel": {"id": job.experience_level, "label": (job.experience_level or "").replace("_", " ")},
        "template": job.template,
        "creator": {"id": creator.id, "firstName": creator.first_name, "lastName": creator.last_name},
        "compensation": _compensation(job),
        "jobAd": {"sections": sections(ad), "language": language_of(ad.language)} if ad else None,
        "properties": [],
        "actions": present(actions),
    }
    found = present(details)
    return {**found, **job.extra} if job.extra else found


def _compensation(job: Job) -> dict[str, object] | None:
    if job.compensation is None:
        return None
    low, high, currency = job.compensation
    return {"min": low, "max": high, "currency": currency}


def _department(state: State, job: Job) -> dict[str, object] | None:
    if job.department is None:
        return None
    department = state.world.company.departments[job.department]
    return {"id": department.id, "label": department.label, "description": department.description}


def language_of(language: Language) -> dict[str, object]:
    return {"code": language.code, "label": language.label, "labelNative": language.native}


def sections(ad: Ad) -> dict[str, Any]:
    """The sections of an ad with their titles; ``videos`` is there and empty, as for an ad without any."""
    titles = dict(
        zip(
            ("companyDescription", "jobDescription", "qualifications", "additionalInformation"),
            ad.language.headings,
            strict=True,
        )
    )
    found: dict[str, Any] = {key: present({"title": titles[key], "text": text}) for key, text in ad.texts().items()}
    found["videos"] = {"urls": []}
    return found


def location(job: Job, *, full: bool) -> dict[str, Any] | None:
    """List rows carry neither coordinates nor address."""
    if job.place_parts is not None:
        return job.place_parts
    place = job.place
    if place is None:
        return None
    found: dict[str, Any] = {
        "country": place.country,
        "countryCode": place.country_code,
        "region": place.region,
        "regionCode": place.region_code,
        "city": place.city,
        "postalCode": place.postal_code,
        "remote": job.remote,
        "manual": False,
    }
    if full:
        found |= {"address": "1 Harbour Road", "latitude": place.latitude, "longitude": place.longitude}
    return found
