"""``reviews-api``: what people of the company think of an application, from 1 to 5."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, encode, ok, present
from landbridge.sandbox.smartrecruiters.changes import applications
from landbridge.sandbox.smartrecruiters.happenings import Author
from landbridge.sandbox.smartrecruiters.payload import body_of
from landbridge.sandbox.smartrecruiters.records import Review
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.moment import iso, moment_of
from landbridge.sandbox.worlds.person import Application
from landbridge.sandbox.worlds.steps import PATH

AwareInstant = Annotated[datetime, msgspec.Meta(tz=True)]


class NewReview(msgspec.Struct, rename="camel"):
    """The body of ``POST /reviews``: unlike a note, a review may name another author and an earlier time."""

    candidate_id: str
    job_id: str
    overall_rating: int
    reviewer_id: str | None = None
    comment: str | None = None
    created_on: AwareInstant | None = None


class ReviewEdit(msgspec.Struct, rename="camel"):
    """The body of ``PATCH /reviews/{id}``."""

    reviewer_id: str
    overall_rating: int | None = None
    comment: str | None = None


def list_reviews(state: State, call: Call) -> Answer:
    candidate_id, job_id = call.value("candidateId"), call.value("jobId")
    if not candidate_id or not job_id:
        raise RefusalError(*choices.VALUE_NOT_UNDERSTOOD, "candidateId and jobId are both needed")
    application = _application(state, candidate_id, job_id)
    rows = [_row(review) for review in state.records.reviews_of(application.id)]
    call.records = len(rows)
    return ok(rows)


def create(state: State, call: Call) -> Answer:
    wish = body_of(call, NewReview)
    application = _application(state, wish.candidate_id, wish.job_id)
    reviewer = wish.reviewer_id or state.administrator.id or ""
    _check_reviewer(state, reviewer)
    created = moment_of(wish.created_on) if wish.created_on else None
    review = leave(state, state.administrator, application, reviewer, wish.overall_rating, wish.comment, created)
    call.records = 1
    return Answer(status=201, body=encode(_row(review)))


def leave(
    state: State,
    by: Author,
    application: Application,
    reviewer: str,
    rating: int,
    comment: str | None,
    created: int | None = None,
) -> Review:
    """A new review. One on a new application moves it on, as the product's help says."""
    _check_rating(rating)
    at = state.clock.ms()
    review = Review(
        id=state.make("review").uuid(),
        candidate_id=application.candidate_id,
        job_id=application.job_id,
        application_id=application.id,
        reviewer=reviewer,
        rating=rating,
        comment=comment,
        created=created if created is not None else at,
        updated=at,
    )
    state.records.reviews[review.id] = review
    state.changed()
    state.happened("review.created", (application.id, review.id), _address(review))
    if application.step.status == "NEW":
        applications.move(state, by, application, PATH[1])
    return review


def read(state: State, call: Call) -> Answer:
    call.records = 1
    return ok(_row(_find(state, call)))


def edit(state: State, call: Call) -> Answer:
    review, wish = _find(state, call), body_of(call, ReviewEdit)
    _check_same(review, wish.reviewer_id)
    if wish.overall_rating is not None:
        _check_rating(wish.overall_rating)
        review.rating = wish.overall_rating
    review.comment = wish.comment if wish.comment is not None else review.comment
    review.updated = state.clock.ms()
    state.changed()
    state.happened("review.updated", (review.application_id, review.id), _address(review))
    return ok(_row(review))


def delete(state: State, call: Call) -> Answer:
    review = _find(state, call)
    _check_same(review, call.value("reviewerId") or "")
    del state.records.reviews[review.id]
    state.changed()
    state.happened("review.deleted", (review.application_id, review.id))
    return Answer(status=204)


def _application(state: State, candidate_id: str, job_id: str) -> Application:
    candidate = state.world.candidates.get(candidate_id)
    application = state.application_of(candidate, job_id) if candidate else None
    if application is None:
        raise RefusalError(404, "APPLICATION_NOT_FOUND", "this candidate is not in this job")
    return application


def _find(state: State, call: Call) -> Review:
    review = state.records.reviews.get(call.arguments[0])
    if review is None:
        raise RefusalError(404, "REVIEW_NOT_FOUND", "there is no such review")
    return review


def _check_rating(rating: int) -> None:
    if not 1 <= rating <= 5:
        raise RefusalError(400, "INVALID_OVERALL", "overallRating is a number from 1 to 5")


def _check_reviewer(state: State, reviewer: str) -> None:
    user = state.users_by_id.get(reviewer)
    if user is None:
        raise RefusalError(400, "NON_EXISTING_REVIEWER", "there is no user with this id")
    if not user.active:
        raise RefusalError(400, "INACTIVE_OR_DELETED_REVIEWER", "this user is not active")


def _check_same(review: Review, reviewer: str) -> None:
    if review.reviewer != reviewer:
        raise RefusalError(400, "REVIEWER_ID_DOES_NOT_MATCH", "reviewerId is not that of the review")


def _address(review: Review) -> str:
    return f"/reviews-api/v201910/reviews/{review.id}"


def _row(review: Review) -> dict[str, object]:
    return present(
        {
            "id": review.id,
            "candidateId": review.candidate_id,
            "jobId": review.job_id,
            "reviewerId": review.reviewer,
            "overallRating": review.rating,
            "comment": review.comment,
            "createdOn": iso(review.created),
            "updatedOn": iso(review.updated),
        }
    )
