"""One person's application for one job."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType


class Application(Struct, frozen=True, kw_only=True):
    id: str
    candidate_id: str
    job_id: str
    status: str  # as the ATS shows it to people, for example "Interview: Panel"
    # None where the ATS has nothing to say; left unset by a reader that was told of a change of status only.
    source: str | UnsetType | None = None
    rejection_reason: str | UnsetType | None = None
    created_at: datetime | UnsetType | None = None
    # Newest change of status. SmartRecruiters has no "last updated": it follows from the status history.
    status_changed_at: datetime | UnsetType = UNSET
