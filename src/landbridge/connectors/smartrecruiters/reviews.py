"""Reviews: what colleagues think of an application. Who wrote one stands in the user API."""

from __future__ import annotations

from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.client import SmartRecruiters
from landbridge.connectors.smartrecruiters.identifier import is_usable
from landbridge.connectors.smartrecruiters.moment import read_moment
from landbridge.connectors.smartrecruiters.users import translate_user
from landbridge.errors import NotPermittedError, RecordError, SignInRejectedError, SurpriseError
from landbridge.records import Feedback, User

# So many colleagues are kept in memory; a company's reviewers are few.
MOST_KNOWN = 10_000


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


class Reviewers:
    """The colleagues who wrote reviews, each read once. A name is not worth losing a review for."""

    def __init__(self, account: SmartRecruiters) -> None:
        self._account = account
        self._known: dict[str, User | None] = {}

    async def find(self, user_id: str | None) -> User | None:
        if not user_id or not is_usable(user_id):
            return None
        if user_id not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[user_id] = await self._read(user_id)
        return self._known[user_id]

    async def _read(self, user_id: str) -> User | None:
        try:
            return translate_user(await self._account.user(user_id))
        except (RecordError, NotPermittedError, SignInRejectedError, SurpriseError):
            return None
