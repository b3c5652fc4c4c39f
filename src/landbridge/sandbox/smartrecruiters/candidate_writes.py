"""``/candidates`` and ``/jobs/{id}/candidates``: people are created, put on jobs, edited and erased."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, encode, ok
from landbridge.sandbox.smartrecruiters.candidates import candidate_details, find_candidate
from landbridge.sandbox.smartrecruiters.changes import applications, candidates
from landbridge.sandbox.smartrecruiters.jobs import find_job
from landbridge.sandbox.smartrecruiters.payload import PartialDate, Said, body_of, check_mail, field_set
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.person import Candidate

Tag = Annotated[str, msgspec.Meta(min_length=1, max_length=50)]
DEFAULT_SOURCE: Final = "API"


class Location(msgspec.Struct, rename="camel", omit_defaults=True):
    country: str | None = None
    country_code: str | None = None
    region_code: str | None = None
    region: str | None = None
    city: str | None = None
    lat: float | None = None
    lng: float | None = None


class Web(msgspec.Struct, omit_defaults=True):
    skype: str | None = None
    linkedin: str | None = None
    facebook: str | None = None
    twitter: str | None = None
    website: str | None = None


class Education(msgspec.Struct, rename="camel", omit_defaults=True):
    institution: str
    degree: str | None = None
    major: str | None = None
    current: bool | None = None
    location: str | None = None
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None
    description: str | None = None


class Experience(msgspec.Struct, rename="camel", omit_defaults=True):
    title: str
    company: str
    current: bool | None = None
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None
    location: str | None = None
    description: str | None = None


class SourceDetails(msgspec.Struct, rename="camel"):
    source_type_id: str
    source_id: str
    source_sub_type_id: str | None = None


class CandidateEdit(msgspec.Struct, rename="camel"):
    """The body of ``PATCH /candidates/{id}``; experience and education can only be said at creation."""

    first_name: Said | UnsetType = UNSET
    last_name: Said | UnsetType = UNSET
    email: str | UnsetType = UNSET
    phone_number: str | UnsetType | None = UNSET
    location: Location | UnsetType = UNSET
    web: Web | UnsetType = UNSET


class NewCandidate(msgspec.Struct, rename="camel"):
    """The body of both ways to create a candidate."""

    first_name: Said
    last_name: Said
    email: str
    phone_number: str | UnsetType = UNSET
    location: Location | UnsetType = UNSET
    web: Web | UnsetType = UNSET
    tags: Annotated[list[Tag], msgspec.Meta(max_length=100)] | UnsetType = UNSET
    education: list[Education] | UnsetType = UNSET
    experience: list[Experience] | UnsetType = UNSET
    internal: bool = False
    source_details: SourceDetails | UnsetType = UNSET


def add_to_pool(state: State, call: Call) -> Answer:
    """``POST /candidates``: somebody of the talent pool, whom the candidate list leaves out."""
    wish = _wish(call)
    # A person without an application has no place for a source, but a wrong one is refused all the same.
    source_place(state, wish.source_details)
    if state.people.same_identity(wish.email, wish.last_name):
        raise taken()
    return _created(state, call, _create(state, wish))


def add_to_job(state: State, call: Call) -> Answer:
    """``POST /jobs/{id}/candidates``: a new person, or a known one for whom this is one job more."""
    job = find_job(state, call.arguments[0])
    wish = _wish(call)
    source = source_place(state, wish.source_details)
    person = state.people.same_identity(wish.email, wish.last_name)
    if person is not None and (
        state.application_of(person, job.id) or not choices.KNOWN_PERSON_GETS_ANOTHER_APPLICATION
    ):
        raise taken()
    person = person or _create(state, wish)
    applications.add(state, state.administrator, person, job, source=source, step=applications.first_step())
    return _created(state, call, person)


def _wish(call: Call) -> NewCandidate:
    wish = body_of(call, NewCandidate)
    check_mail(wish.email)
    return wish


def _create(state: State, wish: NewCandidate) -> Candidate:
    said = field_set(wish)
    told = {name: value for name, value in said.items() if name in candidates.TOLD}
    return candidates.create(state, wish.first_name, wish.last_name, wish.email, internal=wish.internal, told=told)


def _created(state: State, call: Call, candidate: Candidate) -> Answer:
    call.records = 1
    return Answer(status=201, body=encode(candidate_details(state, candidate, call.base_url)))


def taken() -> RefusalError:
    return RefusalError(409, "CANDIDATE_DATA_CONFLICT", "another candidate has this e-mail address and last name")


def source_place(state: State, wish: SourceDetails | UnsetType) -> int:
    """The position of a source among the company's. Raises the documented refusals of a wrong one."""
    sources = state.world.company.sources
    if isinstance(wish, UnsetType):
        return next(place for place, source in enumerate(sources) if source.label == DEFAULT_SOURCE)
    living = [(place, source) for place, source in enumerate(sources) if not source.deleted]
    typed = [(place, source) for place, source in living if source.type == wish.source_type_id]
    if not typed:
        raise RefusalError(404, "SOURCE_TYPE_NOT_FOUND", "there is no such type of source")
    if wish.source_sub_type_id is None and any(source.sub_type for _, source in typed):
        raise RefusalError(400, "SUBTYPE_REQUIRED", "this type of source needs sourceSubTypeId")
    for place, source in typed:
        if source.id == wish.source_id and wish.source_sub_type_id in {None, source.sub_type}:
            return place
    if any(source.id == wish.source_id for _, source in living):
        raise RefusalError(400, "INVALID_SOURCE_ID", "this source is of another type or sub-type")
    raise RefusalError(400, "SOURCE_NOT_FOUND", "there is no such source")


def edit(state: State, call: Call) -> Answer:
    candidate = find_candidate(state, call.arguments[0])
    fields = field_set(body_of(call, CandidateEdit))
    if "email" in fields:
        check_mail(fields["email"])
    other = state.people.same_identity(
        fields.get("email", candidate.email), fields.get("lastName", candidate.last_name)
    )
    if other is not None and other is not candidate:
        raise taken()
    candidates.edit(state, candidate, fields)
    call.records = 1
    return ok(candidate_details(state, candidate, call.base_url))


def erase(state: State, call: Call) -> Answer:
    candidates.erase(state, state.administrator, find_candidate(state, call.arguments[0]))
    return Answer(status=204)


class ConsentRequest(msgspec.Struct):
    id: str


class ConsentRequests(msgspec.Struct):
    content: Annotated[list[ConsentRequest], msgspec.Meta(min_length=1, max_length=1000)]


def ask_consent(state: State, call: Call) -> Answer:
    """``POST /candidates/consent-requests``: one result for each candidate, 202 or 403."""
    rows: list[dict[str, Any]] = []
    for each in body_of(call, ConsentRequests).content:
        candidate = state.world.candidates.get(each.id)
        rows.append({"id": each.id, "status": 403 if candidate is None else 202})
        if candidate is not None:
            state.consents[candidate.id] = ("PENDING", state.clock.ms())
    state.changed()
    call.records = len(rows)
    return Answer(status=choices.CONSENT_REQUESTS_STATUS, body=encode({"content": rows}))
