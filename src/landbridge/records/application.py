"""One person's application for one job."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType


class Application(Struct, frozen=True, kw_only=True):
    id: str
    candidate_id: str
    job_id: str
    status: str  # as the ATS shows it to people, for example "Interview: Panel"
    source: str | None = None
    rejection_reason: str | None = None
    created_at: datetime | None = None
    # Newest change of status. SmartRecruiters has no "last updated": it follows from the status history.
    status_changed_at: datetime | UnsetType = UNSET
