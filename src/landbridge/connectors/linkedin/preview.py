"""What of a record LinkedIn gets, field by field: for people who decide whether it may.

The values come out of the very translation that sends them, so what is shown cannot differ from what is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from landbridge.connectors.linkedin.advert import visible_text
from landbridge.connectors.linkedin.applications import (
    APPLICANT_DECODER,
    JOB_DECODER,
    translate_application,
)
from landbridge.connectors.linkedin.applications import DECODER as APPLICATION_DECODER
from landbridge.connectors.linkedin.candidates import DECODER as CANDIDATE_DECODER
from landbridge.connectors.linkedin.candidates import translate_candidate
from landbridge.connectors.linkedin.children import (
    FEEDBACK_DECODER,
    NOTE_DECODER,
    STAGE_DECODER,
    translate_feedback,
    translate_note,
    translate_stage,
)
from landbridge.connectors.linkedin.postings import Availability, availability_of, translate_job
from landbridge.connectors.linkedin.resumes import DECODER as RESUME_DECODER
from landbridge.connectors.linkedin.resumes import applied_at, translate_resume
from landbridge.errors import CannotTranslateError
from landbridge.records import Job, Kind

# The company is not known before a contract is chosen; it is no field a person decides about.
_SOME_ORGANIZATION = "urn:li:organization:0"
LONGEST_SHOWN = 240
JOB = msgspec.json.Decoder(Job)


class SharedField(Struct, frozen=True, kw_only=True):
    """``name`` is LinkedIn's; ``always`` False: shared only where an admin has asked for further fields."""

    kind: Kind
    name: str
    title: str
    purpose: str
    always: bool = True

    @property
    def code(self) -> str:
        return f"{self.kind.value}.{self.name}"


def _fields(kind: Kind, *rows: tuple[str, str, str], always: bool = True) -> tuple[SharedField, ...]:
    return tuple(
        SharedField(kind=kind, name=name, title=title, purpose=why, always=always) for name, title, why in rows
    )


SHARED: tuple[SharedField, ...] = (
    *_fields(
        Kind.JOB,
        ("externalJobPostingId", "Id in the ATS", "Joins the job with its applications"),
        ("title", "Title", "Recruiters find the job by it"),
        ("description", "Job ad", "LinkedIn asks for at least 100 characters"),
        ("location", "Location", "Shown with the job"),
        ("workplaceTypes", "Workplace", "On-site or remote"),
        ("companyApplyUrl", "Address of the ad", "Leads back to the ATS"),
        ("listedAt", "Date of publication", "Shown with the job"),
        ("availability", "Visibility", "Who may see the job on LinkedIn; your choice below"),
    ),
    *_fields(
        Kind.CANDIDATE,
        ("firstName", "First name", "Shown in Recruiter, and used to recognise the member"),
        ("lastName", "Last name", "Shown in Recruiter, and used to recognise the member"),
        ("emailAddresses", "E-mail addresses", "The main way to recognise the member"),
        ("externalProfileUrl", "Address in the ATS", "Leads from Recruiter back to the ATS"),
        ("atsCreatedAt", "Date of creation", "Shown in Recruiter"),
        ("atsLastModifiedAt", "Date of the last change", "Tells older news from newer"),
    ),
    *_fields(
        Kind.CANDIDATE,
        ("phoneNumbers", "Phone numbers", "Improves recognition; empty unless you ask for it"),
        ("addresses", "Postal addresses", "Improves recognition; empty unless you ask for it"),
        ("linkedInProfileUrl", "Address of the LinkedIn profile", "Improves recognition"),
        ("currentCompanyName", "Current employer", "Improves recognition"),
        ("currentJobTitle", "Current title", "Improves recognition"),
        always=False,
    ),
    *_fields(
        Kind.APPLICATION,
        ("atsCandidateId", "Id of the candidate", "Joins the application with the person"),
        ("atsJobPostingId", "Id of the job", "Joins the application with the job"),
        ("atsJobPostingName", "Title of the job", "Shown in Recruiter"),
        ("firstName", "First name", "Shown in Recruiter"),
        ("lastName", "Last name", "Shown in Recruiter"),
        ("candidateEmail", "E-mail address", "Used to recognise the member"),
        ("source", "Source", "Where the application came from"),
        ("dispositionReason", "Reason of rejection", "Shown in Recruiter; empty where there is none"),
        ("atsCreatedAt", "Date of the application", "Shown in Recruiter"),
        ("atsLastModifiedAt", "Date of the last change", "Tells older news from newer"),
    ),
    *_fields(
        Kind.STAGE,
        ("stage", "Step", "Shown in Recruiter as the history of the application"),
        ("atsCreatedAt", "Date", "When the step was entered"),
    ),
    *_fields(
        Kind.RESUME,
        ("externalFileName", "Name of the file", "Shown in Recruiter; the file itself goes along"),
        ("fileType", "Kind of file", "PDF, DOC, DOCX or TXT; others stay in the ATS"),
        ("externalCreatedAt", "Date", "When the file was added"),
        always=False,
    ),
    *_fields(
        Kind.FEEDBACK,
        ("feedback", "Comment", "What the reviewer wrote; shown in Recruiter"),
        ("evaluations", "Rating", "From 1 to 5; shown in Recruiter"),
        ("interviewer", "Reviewer", "First and last name of the colleague who wrote it"),
        ("atsCreatedAt", "Date", "When it was written"),
        always=False,
    ),
    *_fields(
        Kind.NOTE,
        ("note", "Note", "What a colleague wrote; shown in Recruiter"),
        ("author", "Author", "First and last name of the colleague who wrote it"),
        ("atsCreatedAt", "Date", "When it was written"),
        always=False,
    ),
)
# What travels along and is about nobody: whose integration it is, and what shall be done.
UNSAID = frozenset({"integrationContext", "jobPostingOperationType", "contract", "externalLastModifiedAt"})


class Shown(Struct, frozen=True, kw_only=True):
    """One record as LinkedIn would get it: values by LinkedIn's field names, or the reason why it gets none."""

    values: dict[str, str] = {}
    reason: str = ""


def preview(
    kind: Kind,
    body: str,
    *,
    parent: str | None = None,
    job: str | None = None,
    availability: Availability = "PRIVATE",
    now: datetime,
) -> Shown:
    """Render one mirrored record (JSON as in the mirror) as text for people; ``reason`` is a code where it is held."""
    try:
        wire = _translated(kind, body, parent, job, availability, now)
    except CannotTranslateError as why:
        return Shown(reason=why.code)
    except msgspec.MsgspecError:
        return Shown(reason="unreadable")
    told: Mapping[str, Any] = msgspec.to_builtins(wire)
    return Shown(values={name: _text(name, value) for name, value in told.items() if name not in UNSAID})


def _translated(
    kind: Kind, body: str, parent: str | None, job: str | None, availability: Availability, now: datetime
) -> Struct:
    if kind is Kind.JOB:
        found = JOB.decode(body)
        return translate_job(found, _SOME_ORGANIZATION, availability_of(found, availability), now)
    if kind is Kind.CANDIDATE:
        return translate_candidate(CANDIDATE_DECODER.decode(body), now)
    if kind is Kind.STAGE:
        return translate_stage(STAGE_DECODER.decode(body), now)
    if kind is Kind.FEEDBACK:
        return translate_feedback(FEEDBACK_DECODER.decode(body), now)
    if kind is Kind.NOTE:
        return translate_note(NOTE_DECODER.decode(body), now)
    if kind is Kind.RESUME:
        return translate_resume(RESUME_DECODER.decode(body), "", now, applied=applied_at(parent))
    if parent is None or job is None:
        code = "waits_for_candidate" if parent is None else "waits_for_job"
        raise CannotTranslateError("what it belongs to was not read yet", code=code)
    return translate_application(
        APPLICATION_DECODER.decode(body), APPLICANT_DECODER.decode(parent), JOB_DECODER.decode(job), now
    )


def _text(name: str, value: object) -> str:
    if isinstance(value, list):
        text = "; ".join(_text(name, each) for each in value)
    elif isinstance(value, dict):
        text = ", ".join(str(each) for each in value.values())
    elif isinstance(value, int):
        text = f"{datetime.fromtimestamp(value / 1000, UTC):%Y-%m-%d %H:%M} UTC"
    else:
        text = " ".join(visible_text(str(value).replace("<", " <")).split()) if name == "description" else str(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
