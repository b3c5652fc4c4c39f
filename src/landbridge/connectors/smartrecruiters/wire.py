"""SmartRecruiters' own shapes, in its own spelling, as far as Landbridge reads them.

Everything but an id may be missing or null. Enumerations are plain text, because new values appear without notice.
Sources: the reference pages at https://developers.smartrecruiters.com/reference.
"""

from __future__ import annotations

from msgspec import Raw, Struct


class Wire(Struct, rename="camel", kw_only=True):
    def __repr__(self) -> str:
        # These hold personal data: a traceback that shows local variables must not.
        return f"{type(self).__name__}(…)"


class Rows(Wire):
    """One page of a list. Rows are decoded one by one, so that a bad one does not spoil the others."""

    content: list[Raw] = []
    next_page_id: str | None = None
    total_found: int | None = None


class Labelled(Wire):
    id: str | None = None
    label: str | None = None


class Link(Wire):
    url: str | None = None


class Language(Wire):
    code: str | None = None


class JobRow(Wire):
    id: str


class JobLocation(Wire):
    country: str | None = None
    country_code: str | None = None
    region: str | None = None
    region_code: str | None = None
    city: str | None = None
    postal_code: str | None = None
    remote: bool | None = None


class Section(Wire):
    title: str | None = None
    text: str | None = None


class Sections(Wire):
    company_description: Section | None = None
    job_description: Section | None = None
    qualifications: Section | None = None
    additional_information: Section | None = None


class AdText(Wire):
    sections: Sections | None = None
    language: Language | None = None


class JobActions(Wire):
    apply_on_web: Link | None = None


class Job(Wire):
    """``GET /jobs/{jobId}``; ``job_ad`` is the default ad."""

    id: str
    title: str | None = None
    status: str | None = None
    posting_status: str | None = None
    template: bool | None = None
    location: JobLocation | None = None
    language: Language | None = None
    created_on: str | None = None
    updated_on: str | None = None
    job_ad: AdText | None = None
    actions: JobActions | None = None


class JobAd(Wire):
    """One row of ``GET /jobs/{jobId}/jobads``."""

    title: str | None = None
    job_ad: AdText | None = None
    apply_url: str | None = None
    posting_status: str | None = None
    visibility: str | None = None
    default: bool | None = None


class Publication(Wire):
    published_on: str | None = None


class Publications(Wire):
    content: list[Publication] = []


class TeamMember(Wire):
    """One row of ``GET /jobs/{jobId}/hiring-team``: a user, in one of several roles."""

    id: str | None = None


class Team(Wire):
    content: list[TeamMember] | None = None  # None: none that could be read, which is not the same as nobody


class JobRef(Wire):
    id: str


class Assignment(Wire):
    job: JobRef


class Person(Wire):
    """What a list row and the details of a candidate have in common. The assignments are the jobs applied for."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    created_on: str | None = None
    updated_on: str | None = None
    primary_assignment: Assignment | None = None
    secondary_assignments: list[Assignment] | None = None


class CandidateRow(Person):
    """One row of ``GET /candidates``."""


class Place(Wire):
    country: str | None = None
    region: str | None = None
    city: str | None = None


class Web(Wire):
    linkedin: str | None = None


class Experience(Wire):
    title: str | None = None
    company: str | None = None
    current: bool | None = None


class Candidate(Person):
    """``GET /candidates/{id}``."""

    phone_number: str | None = None
    location: Place | None = None
    web: Web | None = None
    experience: list[Experience] | None = None


class Application(Wire):
    """``GET /candidates/{id}/jobs/{jobId}``."""

    application_id: str
    status: str | None = None
    sub_status: str | None = None
    source: str | None = None
    reason_of_rejection: Labelled | None = None
    reason_of_withdrawal: Labelled | None = None


class JobApplication(Wire):
    """``GET /job-applications-api/v202112/job-applications/{id}``."""

    create_date: str | None = None
    source_identifier: str | None = None


class Change(Wire):
    """One element of a status history; it has no id."""

    changed_on: str | None = None
    status: str | None = None
    sub_status: str | None = None


class Source(Wire):
    label: str | None = None


class Company(Wire):
    identifier: str | None = None
    name: str | None = None


class Role(Wire):
    id: str | None = None
    name: str | None = None


class User(Wire):
    id: str
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    system_role: Role | None = None
    role: str | None = None
    active: bool | None = None
    updated_on: str | None = None


class Review(Wire):
    """One row of ``GET /reviews``. ``overall_rating`` is 1 to 5."""

    id: str
    reviewer_id: str | None = None
    overall_rating: int | None = None
    comment: str | None = None
    created_on: str | None = None
    updated_on: str | None = None


class Attachment(Wire):
    """One row of an application's files. What a row has besides id, name and kind is not documented."""

    id: str
    name: str | None = None
    type: str | None = None
    content_type: str | None = None
    size: int | None = None
    created_on: str | None = None
    updated_on: str | None = None


class AuditLine(Wire):
    """One line of the audit trail."""

    event_date: str | None = None
    author_id: str | None = None
    entity_id: str | None = None


class AuditLines(Wire):
    content: list[AuditLine] = []


class Written(Struct, rename="camel", kw_only=True, omit_defaults=True):
    """A body we send: what is not said is left out."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class SourceDetails(Written):
    source_type_id: str
    source_id: str
    source_sub_type_id: str | None = None


class SourceValue(Wire):
    """One row of ``GET /configuration/sources/{type}/values``."""

    id: str
    label: str | None = None
    source_sub_type: Labelled | None = None


class NewCandidate(Written):
    """``POST /jobs/{jobId}/candidates``."""

    first_name: str
    last_name: str
    email: str
    source_details: SourceDetails
    web: dict[str, str] | None = None
    location: dict[str, str] | None = None
    experience: list[dict[str, str | bool]] | None = None


class CandidateEdit(Written):
    """``PATCH /candidates/{id}``."""

    email: str | None = None
    phone_number: str | None = None


class Audience(Written):
    users: list[str] = []
    open_note: bool = False


class Share(Written):
    """``POST /messages/shares``."""

    content: str
    share_with: Audience


class Shared(Wire):
    id: str


class Message(Wire):
    """One row of ``GET /messages``; it has no id."""

    content: str | None = None


class About(Wire):
    """One application a note is about."""

    application_id: str | None = None
    candidate_id: str | None = None
    job_id: str | None = None


class Context(Wire):
    applications: list[About] = []


class Noted(Message):
    """The rest of such a row. ``visibility`` is PUBLIC or INTERNAL; what either means is not documented."""

    created_on: str | None = None
    visibility: str | None = None
    author_id: str | None = None
    context: Context | None = None


class Failing(Wire):
    code: str | None = None


class Failure(Wire):
    """The error body of most API families."""

    errors: list[Failing] = []
    code: str | None = None
