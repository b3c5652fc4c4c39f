"""``/candidates``: the list (people with at least one application) and the details of a person."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, link, ok, present
from landbridge.sandbox.smartrecruiters.edits import disturb_listing
from landbridge.sandbox.smartrecruiters.paging import (
    instant_of,
    is_after,
    limit_of,
    next_link,
    offset_of,
    page_id,
    place_in,
)
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.moment import iso
from landbridge.sandbox.worlds.person import Application, Candidate
from landbridge.sandbox.worlds.vocabulary import COMPANIES, OCCUPATIONS, PLACES, SCHOOLS, TAGS

APPLICATION_STATUSES = frozenset(
    {"LEAD", "NEW", "IN_REVIEW", "INTERVIEW", "OFFERED", "HIRED", "REJECTED", "WITHDRAWN", "TRANSFERRED"}
)
CONSENTS = ("ACQUIRED", "ACQUIRED", "PENDING", "REQUIRED")
QUESTION_FILTER = ("questionCategory", "questionFieldId", "questionFieldValueId")


def list_candidates(state: State, call: Call) -> Answer:
    limit = limit_of(call)
    offset_of(call, deprecated=True)
    page = call.value("pageId")
    start = int(place_in("candidates", page)) if page else 0
    wanted = _filter(state, call)
    rows, following, total = _everybody(state, start, limit) if wanted is None else _some(state, start, limit, *wanted)
    call.records = len(rows)
    body: dict[str, object] = {"limit": limit, "totalFound": total}
    if following is not None:
        body["nextPageId"] = page_id("candidates", str(following))
    body["content"] = [_row(state, candidate, call.base_url) for candidate in rows]
    answer = ok(body)
    if following is not None:
        answer.headers = next_link(call, str(body["nextPageId"]))
    if wanted is None:
        disturb_listing(state, start)
    return answer


Page = tuple[list[Candidate], int | None, int]
Few = list[Candidate] | None


def _everybody(state: State, start: int, limit: int) -> Page:
    """Walks positions of the listing: what was there is met once, whatever is edited, added or deleted meanwhile."""
    listing = state.listing
    rows: list[Candidate] = []
    for place in range(start, len(listing)):
        candidate = listing[place]
        if candidate is None:
            continue
        if len(rows) == limit:
            return rows, place, len(state.world.candidates) - len(state.pool)
        rows.append(candidate)
    return rows, None, len(state.world.candidates) - len(state.pool)


def _some(state: State, start: int, limit: int, key: Any, wanted: Callable[[Candidate], bool], few: Few) -> Page:
    if few is not None and len(few) <= min(limit, 1) and not start:
        # Nobody needs to know the place of one person in a list of a million.
        found = [each for each in few if each.id not in state.pool and wanted(each)]
        return found, None, len(found)

    def find() -> list[int]:
        if few is not None:
            people = set(few)
            return [place for place, each in enumerate(state.listing) if each in people and wanted(each)]
        return [place for place, each in enumerate(state.listing) if each is not None and wanted(each)]

    places = state.derived(("candidates", key), find)
    first = bisect_left(places, start)
    chosen = places[first : first + limit]
    rows = [candidate for place in chosen if (candidate := state.listing[place]) is not None]
    following = places[first + limit] if first + limit < len(places) else None
    return rows, following, len(places)


class Wanted(Struct, frozen=True):
    """The filters of one call; also what the list found for them is remembered by."""

    jobs: frozenset[str]
    statuses: frozenset[str]
    sub_status: str | None
    tags: frozenset[str]
    places: frozenset[str]
    consents: frozenset[str]
    properties: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str, str], ...]
    updated: int | None
    words: str | None

    def everybody(self) -> bool:
        return not any(getattr(self, name) for name in self.__struct_fields__ if name != "updated") and (
            self.updated is None
        )


def _filter(state: State, call: Call) -> tuple[Wanted, Callable[[Candidate], bool], Few] | None:
    """The asked-for filters as (key, test, the few people it can be if they are known); None without any."""
    wanted = _wanted(call)
    if wanted.everybody():
        return None
    tests = [test for test in (_of_person(state, wanted), _of_application(state, wanted)) if test is not None]
    return wanted, lambda candidate: all(test(candidate) for test in tests), _few(state, wanted)


def _wanted(call: Call) -> Wanted:
    statuses, consents = frozenset(call.values("status")), frozenset(call.values("consentStatus"))
    if not statuses <= APPLICATION_STATUSES or not consents <= set(CONSENTS):
        raise RefusalError(*choices.VALUE_NOT_UNDERSTOOD, "this status is not known")
    if call.value("subStatus") is not None and not statuses:
        raise RefusalError(*choices.VALUE_NOT_UNDERSTOOD, "subStatus needs status")
    if call.value("onboardingStatus") is not None:
        raise RefusalError(400, "ONBOARDING_STATUS_NOT_ACTIVE", "onboarding is not switched on in this account")
    _together(call, "SCREENING_QUESTIONS_CRITERIA_SIZE_VIOLATED", *QUESTION_FILTER)
    return Wanted(
        jobs=frozenset(call.values("jobId")),
        statuses=statuses,
        sub_status=call.value("subStatus"),
        tags=frozenset(tag.lower() for tag in call.values("tag")),
        places=frozenset(place.lower() for place in call.values("location")),
        consents=consents,
        properties=_together(call, "FIELDS_CRITERIA_SIZE_VIOLATED", "propertyId", "propertyValueId"),
        sources=_together(call, "SOURCES_CRITERIA_SIZE_VIOLATED", "sourceType", "sourceSubType", "sourceValueId"),
        updated=instant_of(call, "updatedAfter"),
        words=call.value("q"),
    )


def _together(call: Call, code: str, *names: str) -> tuple[Any, ...]:
    """Values of parameters that belong together, in tuples; they must be equally many."""
    values = [call.values(name) for name in names]
    if len({len(each) for each in values}) > 1:
        raise RefusalError(400, code, f"{', '.join(names)} must be given equally often")
    return tuple(zip(*values, strict=True))


def _of_person(state: State, wanted: Wanted) -> Callable[[Candidate], bool]:
    def test(candidate: Candidate) -> bool:
        return (
            (wanted.updated is None or is_after(candidate.updated, wanted.updated))
            and (not wanted.tags or any(tag.lower() in wanted.tags for tag in tags_of(state, candidate)))
            and (not wanted.places or _lives_in(state, candidate, wanted.places))
            and (not wanted.consents or consent_of(state, candidate)[0] in wanted.consents)
            and (not wanted.properties or _has_properties(state, candidate, wanted.properties))
            and (not wanted.words or _matches(candidate, wanted.words))
        )

    return test


def _few(state: State, wanted: Wanted) -> Few:
    """Who has the e-mail address that is searched for in quotes, or is in the jobs; None for any other search."""
    if wanted.words is not None and re.fullmatch(r'"[^"\s]+@[^"\s]+"', wanted.words):
        return state.people.with_email(wanted.words[1:-1])
    if not wanted.jobs:
        return None
    people = state.world.candidates
    found = (people[each.candidate_id] for job_id in wanted.jobs for each in state.people.of_job(job_id))
    return list(dict.fromkeys(found))


def _of_application(state: State, wanted: Wanted) -> Callable[[Candidate], bool] | None:
    if not (wanted.jobs or wanted.statuses or wanted.sources):
        return None

    def test(application: Application) -> bool:
        return (
            (not wanted.jobs or application.job_id in wanted.jobs)
            and (not wanted.statuses or application.step.status in wanted.statuses)
            and (wanted.sub_status is None or application.step.sub_status == wanted.sub_status)
            and (not wanted.sources or _comes_from(state, application, wanted.sources))
        )

    return lambda candidate: any(test(each) for each in candidate.applications)


def _comes_from(state: State, application: Application, wanted: tuple[tuple[str, str, str], ...]) -> bool:
    source = state.source_of(application)
    return source is not None and (source.type, source.sub_type or "", source.id) in wanted


def _has_properties(state: State, candidate: Candidate, wanted: tuple[tuple[str, str], ...]) -> bool:
    owners = (candidate.id, *(each.id for each in candidate.applications))
    fields = [state.records.fields.get(owner, {}) for owner in owners]
    return all(any(values.get(name) == value for values in fields) for name, value in wanted)


def _lives_in(state: State, candidate: Candidate, wanted: frozenset[str]) -> bool:
    """Any part of the place is enough: the city, the region or the country."""
    parts = _location(state, candidate) or {}
    return any(str(parts.get(name) or "").lower() in wanted for name in ("city", "region", "country", "countryCode"))


def _matches(candidate: Candidate, words: str) -> bool:
    """Any word of the search is enough; in double quotes the whole phrase is meant."""
    text = f"{candidate.first_name or ''} {candidate.last_name or ''} {candidate.email or ''}".lower()
    if len(words) > 1 and words.startswith('"') and words.endswith('"'):
        return words[1:-1].lower() in text
    found = text.split()
    return any(word in found for word in words.lower().split())


def consent_of(state: State, candidate: Candidate) -> tuple[str, int | None]:
    """Status, and since when if that is known."""
    return state.consents.get(candidate.id, (CONSENTS[candidate.trait % len(CONSENTS)], None))


def read_consent(state: State, call: Call) -> Answer:
    status, since = consent_of(state, find_candidate(state, call.arguments[0]))
    call.records = 1
    return ok(present({"status": status, "date": iso(since)}))


def read_consents(state: State, call: Call) -> Answer:
    status, since = consent_of(state, find_candidate(state, call.arguments[0]))
    decision = {"status": "acquired" if status == "ACQUIRED" else "required", "scope": "Single"}
    asked = {"recentPendingRequestCreatedOn": iso(since)} if status == "PENDING" and since else {}
    call.records = 1
    return ok({"decisions": [decision], **asked})


def find_candidate(state: State, candidate_id: str) -> Candidate:
    candidate = state.world.candidates.get(candidate_id)
    if candidate is None or candidate.details_status == 404:
        raise RefusalError(404, "CANDIDATE_NOT_FOUND", "there is no such candidate")
    if candidate.details_status != 200:
        raise RefusalError(*choices.CANDIDATE_DENIED, "this candidate is not for you")
    return candidate


def read_candidate(state: State, call: Call) -> Answer:
    candidate = find_candidate(state, call.arguments[0])
    call.records = 1
    return ok(candidate_details(state, candidate, call.base_url))


def _shared_fields(state: State, candidate: Candidate) -> dict[str, object]:
    return present(
        {
            "id": candidate.id,
            "internal": candidate.internal,
            "firstName": candidate.first_name,
            "lastName": candidate.last_name,
            "email": candidate.email,
            "createdOn": iso(candidate.created),
            "updatedOn": iso(candidate.updated),
            "location": _location(state, candidate),
        }
    )


def _row(state: State, candidate: Candidate, base_url: str) -> dict[str, object]:
    """A row of the list: secondary assignments name their job and nothing else."""
    row = _shared_fields(state, candidate)
    row["tags"] = tags_of(state, candidate)
    row["consent"] = {"status": consent_of(state, candidate)[0]}
    primary, *further = candidate.applications
    row["primaryAssignment"] = present(
        {
            "job": _job(state, primary.job_id, base_url),
            "status": primary.step.status,
            "subStatus": primary.step.sub_status,
        }
    )
    row["secondaryAssignments"] = [
        {"job": {"id": each.job_id, "actions": {"details": link(f"{base_url}/jobs/{each.job_id}")}}} for each in further
    ]
    url = f"{base_url}/candidates/{candidate.id}"
    row["actions"] = {"details": link(url), "properties": link(f"{url}/properties")}
    if candidate.extra:
        row |= candidate.extra
    return row


def candidate_details(state: State, candidate: Candidate, base_url: str) -> dict[str, object]:
    """What ``GET /candidates/{id}`` answers; also what the dump of candidates holds."""
    url = f"{base_url}/candidates/{candidate.id}"
    details = _shared_fields(state, candidate)
    details |= present({**traits_of(candidate), **state.told.get(candidate.id, {})})
    assignments = [_assignment(state, each, base_url) for each in candidate.applications]
    if assignments:
        details["primaryAssignment"] = assignments[0]
    details["secondaryAssignments"] = assignments[1:]
    details["actions"] = {name: link(f"{url}/{name}") for name in ("properties", "attachments", "consent", "consents")}
    if candidate.extra:
        details |= candidate.extra
    return details


def _assignment(state: State, application: Application, base_url: str) -> dict[str, object]:
    row = {"job": _job(state, application.job_id, base_url), **status_fields(state, application, base_url)}
    return {**row, **application.extra} if application.extra else row


def status_fields(state: State, application: Application, base_url: str) -> dict[str, object]:
    """What an assignment and an application's details have in common."""
    source = state.source_of(application)
    company = state.world.company
    step = application.step
    rejected = withdrawn = None
    if application.reason is not None and step.status == "REJECTED":
        reason = company.rejection_reasons[application.reason]
        rejected = {"id": reason.id, "label": reason.label}
    elif application.reason is not None and step.status == "WITHDRAWN":
        reason = company.withdrawal_reasons[application.reason]
        withdrawn = {"id": reason.id, "label": reason.label}
    actions = {}
    if source is not None:
        actions["sourceDetails"] = link(f"{base_url}/configuration/sources/{source.type}/values/{source.id}")
    return present(
        {
            "status": step.status,
            "subStatus": step.sub_status,
            "startsOn": iso(application.starts),
            "source": application.source_label or (source.label if source else None),
            "reasonOfRejection": rejected,
            "reasonOfWithdrawal": withdrawn,
            "actions": actions,
        }
    )


def _job(state: State, job_id: str, base_url: str) -> dict[str, object]:
    job = state.world.jobs.get(job_id)
    title = job.title if job else None
    return present({"id": job_id, "title": title, "actions": {"details": link(f"{base_url}/jobs/{job_id}")}})


def _location(state: State, candidate: Candidate) -> dict[str, object] | None:
    told = state.told.get(candidate.id, {})
    if "location" in told:
        location: dict[str, object] | None = told["location"]
        return location
    if candidate.place is None:
        return None
    place = PLACES[candidate.place]
    return {
        "country": place.country,
        "countryCode": place.country_code,
        "regionCode": place.region_code,
        "region": place.region,
        "city": place.city,
        "lat": float(place.latitude),
        "lng": float(place.longitude),
    }


def tags_of(state: State, candidate: Candidate) -> list[str]:
    told: list[str] = state.told.get(candidate.id, {}).get("tags", _tags(candidate))
    return told


def _tags(candidate: Candidate) -> list[str]:
    return [TAGS[candidate.trait % len(TAGS)]] if candidate.trait % 3 == 0 else []


def traits_of(candidate: Candidate) -> dict[str, object]:
    """Phone, web, tags, school and work: derived from one number, so that a million people cost little memory."""
    trait = candidate.trait
    occupation, employer = OCCUPATIONS[trait % len(OCCUPATIONS)], COMPANIES[trait // 16 % len(COMPANIES)]
    began = 2005 + trait // 256 % 15
    return {
        "phoneNumber": f"+1 555 01{trait // 8 % 100:02d} {trait % 10_000:04d}",
        "web": {"linkedin": candidate.linkedin_url} if candidate.linkedin_url else {},
        "tags": _tags(candidate),
        "education": [
            {
                "institution": SCHOOLS[trait // 4 % len(SCHOOLS)],
                "degree": "BSc",
                "major": "Oceanography",
                "current": False,
                "startDate": str(began - 4),
                "endDate": f"{began}-06",
            }
        ],
        "experience": [
            {"title": occupation, "company": employer, "current": True, "startDate": f"{began + 2}-03-01"},
            {"title": "Trainee", "company": COMPANIES[trait // 3 % len(COMPANIES)], "current": False,
             "startDate": str(began), "endDate": f"{began + 2}-02"},
        ],
    }  # fmt: skip
