"""An application as ``atsApplications`` demands it, alike in both dialects. Source: sync-applications."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from landbridge.sandbox.linkedin.rules.fields import Email, Millis, NonEmpty, check_times


class Application(Struct, kw_only=True):
    """``firstName`` and ``lastName`` count as required (section 10.1 of the reference lists them so)."""

    job_id: NonEmpty = field(name="atsJobPostingId")
    job_name: NonEmpty = field(name="atsJobPostingName")
    created_at: Millis = field(name="atsCreatedAt")
    modified_at: Millis = field(name="atsLastModifiedAt")
    first_name: NonEmpty = field(name="firstName")
    last_name: NonEmpty = field(name="lastName")
    candidate_id: str | UnsetType | None = field(name="atsCandidateId", default=UNSET)
    candidate_email: Email | UnsetType | None = field(name="candidateEmail", default=UNSET)
    source: str | UnsetType | None = UNSET
    disposition_reason: str | UnsetType | None = field(name="dispositionReason", default=UNSET)
    access_restricted: bool | UnsetType | None = field(name="accessRestricted", default=UNSET)

    def __post_init__(self) -> None:
        check_times(self.created_at, self.modified_at)


DECODER = msgspec.json.Decoder(Application)
