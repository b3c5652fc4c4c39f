"""What one person of the company thinks of an application: SmartRecruiters' reviews, LinkedIn's interview feedback."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Feedback(Struct, frozen=True, kw_only=True):
    # "<application id>.<review id>": LinkedIn's older API names the application in the address, also for a removal.
    id: str
    application_id: str
    rating: int | None = None  # 1 to 5
    comment: str = ""
    # Both or neither: LinkedIn takes no half of a name.
    reviewer_first_name: str = ""
    reviewer_last_name: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None

    def __repr__(self) -> str:
        return "Feedback(…)"
