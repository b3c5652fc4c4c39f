"""Interview feedback of applications. Source: sync-interview-feedback."""

from __future__ import annotations

from typing import Final

from landbridge.sandbox.linkedin.resources.applications import SHAPES
from landbridge.sandbox.linkedin.resources.children import Kind
from landbridge.sandbox.linkedin.restli import KeyShape
from landbridge.sandbox.linkedin.rules.feedback import DECODER

FEEDBACK: Final = Kind(
    entity="interview_feedback",
    parent="application",
    parent_shape=SHAPES["v2"],
    parents=lambda book: book.applications,
    shelf=lambda book: book.feedback,
    decoders={"v2": DECODER, "rest": DECODER},
    time_of=lambda feedback: feedback.created_at if isinstance(feedback.created_at, int) else 0,
    names=("atsJobApplicationId", "feedbackId"),
)
RESOURCES: Final = FEEDBACK.resources(
    "atsApplications/interviewFeedback",
    "applicationInterviewFeedbacks",
    KeyShape(("interviewFeedbackId", "jobApplicationId", "integrationContext")),
    since=202512,
)
