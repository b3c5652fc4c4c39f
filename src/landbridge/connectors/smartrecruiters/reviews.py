"""Reviews: what colleagues think of an application. Who wrote one stands in the user API."""

from __future__ import annotations

from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.moment import read_moment
from landbridge.records import Feedback, User


def translate_review(application_id: str, review: wire.Review, reviewer: User | None) -> Feedback:
    """Pure. ``reviewer`` None: not known, or not to be seen by the credential."""
    return Feedback(
        id=f"{application_id}.{review.id}",
        application_id=application_id,
        rating=review.overall_rating,
        comment=(review.comment or "").strip(),
        reviewer_first_name=reviewer.first_name if reviewer else "",
        reviewer_last_name=reviewer.last_name if reviewer else "",
        created_at=read_moment(review.created_on),
        updated_at=read_moment(review.updated_on),
    )
