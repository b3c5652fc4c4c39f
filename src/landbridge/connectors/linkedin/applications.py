"""Applications: who applied for which job, in LinkedIn's form."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Struct

from landbridge.connectors.linkedin import rules
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.dialects import Resource
from landbridge.connectors.linkedin.postings import title_of
from landbridge.connectors.linkedin.upsert import UpsertWriter
from landbridge.connectors.linkedin.wire import ApplicationWire, respelled
from landbridge.errors import CannotTranslateError
from landbridge.ports.destination import Entity, Held, Outgoing
from landbridge.records import Application, Kind


class Applicant(Struct):
    """What an application shows of its candidate."""

    first_name: str
    last_name: str
    emails: tuple[str, ...] = ()
    updated_at: datetime | None = None


class JobTitle(Struct):
    """What an application shows of its job; the ad, which may be long, is passed over."""

    title: str


DECODER = msgspec.json.Decoder(Application)
APPLICANT_DECODER = msgspec.json.Decoder(Applicant)
JOB_DECODER = msgspec.json.Decoder(JobTitle)


def translate_application(
    application: Application,
    applicant: Applicant,
    job: JobTitle,
    now: datetime,
    form: type[ApplicationWire] = ApplicationWire,
) -> ApplicationWire:
    """The whole application as LinkedIn takes it, or CannotTranslateError with a code of ``reasons``.

    SmartRecruiters keeps no last change of an application: it is the newest of its creation, its last change of
    status and the last change of the candidate whose name and address it shows. An address that cannot be used is
    left out, because here LinkedIn does without.
    """
    created = rules.created_millis(application.created_at or None, "created_at", now)
    status_changed = rules.modified_millis(application.status_changed_at or None, "status_changed_at", created, now)
    emails = rules.usable_emails(applicant.emails)
    return form(
        ats_candidate_id=rules.id_of(application.candidate_id, "candidate_id"),
        ats_job_posting_id=rules.id_of(application.job_id, "job_id"),
        ats_job_posting_name=title_of(job.title, "job_title_missing"),
        ats_created_at=created,
        ats_last_modified_at=rules.modified_millis(applicant.updated_at, "candidate updated_at", status_changed, now),
        first_name=rules.text_of(applicant.first_name, "first_name", "first_name_missing"),
        last_name=rules.text_of(applicant.last_name, "last_name", "last_name_missing"),
        disposition_reason=(application.rejection_reason or "").strip(),
        candidate_email=emails[0] if emails else None,
        source=(application.source or "").strip() or None,
    )


class ApplicationWriter(UpsertWriter):
    kind = Kind.APPLICATION
    resource = "applications"

    def __init__(self, client: LinkedInClient, dialect: Resource, organization: str) -> None:
        super().__init__(client, dialect, organization)
        self._form = respelled(ApplicationWire, dialect.renames)

    def render(self, row: Outgoing, now: datetime) -> Entity | Held | None:
        if row.gone:
            return self.deletion(row)
        if row.parent is None:
            return Held(reason="waits_for_candidate")
        if row.job is None:
            return Held(reason="waits_for_job")
        try:
            rules.id_of(row.key, "id")
            wire = translate_application(
                DECODER.decode(row.body),
                APPLICANT_DECODER.decode(row.parent),
                JOB_DECODER.decode(row.job),
                now,
                self._form,
            )
        except CannotTranslateError as why:
            return Held(reason=why.code, detail=str(why))
        return self.upsertion(row, wire)
