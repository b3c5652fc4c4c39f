"""What happens in the imitated account: told to webhooks and to the audit trail, whoever made it happen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

# Name of an event to the fields of its body, in order (webhooks, events and payloads). Events of offers, approvals,
# positions and onboarding can be subscribed to, but nothing in the sandbox makes them happen.
_APPLICATION: Final = ("job_id", "candidate_id", "application_id")
_AD: Final = ("job_id", "job_ad_id")
_OFFER: Final = ("job_id", "candidate_id", "offer_id")
_APPROVALS: Final = (
    "approval.created", "approval.approved", "approval.rejected", "approval.abandoned", "approval.step.approved",
    "approval.step.rejected", "approver.skipped", "approver.delegated", "approval.comment.created",
)  # fmt: skip
EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("job.created", "job.updated", "job.status.updated", "job.hiring-team.updated"), ("id",)),
    **dict.fromkeys(("job.ad.created", "job.ad.updated", "job.ad.postings.updated"), _AD),
    **dict.fromkeys(("position.created", "position.updated", "position.deleted"), ("job_id", "position_id")),
    **dict.fromkeys(
        (
            "application.created", "application.status.updated", "application.fields.updated",
            "application.source.updated", "application.onboarding-status.updated",
            "application.screening-answers.created", "application.screening-answers.updated",
        ),
        _APPLICATION,
    ),
    "application.attachment.created": (*_APPLICATION, "attachment_id"),
    **dict.fromkeys(("candidate.created", "candidate.updated", "candidate.deleted"), ("id",)),
    **dict.fromkeys(("review.created", "review.updated", "review.deleted"), ("application_id", "review_id")),
    **dict.fromkeys(("offer.created", "offer.updated"), _OFFER),
    **{f"offer.{name}": (*_OFFER, "approval_id") for name in _APPROVALS},
    **{f"job.{name}": ("approval_id", "job_id") for name in _APPROVALS},
    **dict.fromkeys(
        (
            "onboarding.process.started", "onboarding.assignments.high-priority.completed",
            "onboarding.assignments.completed",
        ),
        ("onboarding_process_id", "new_hire_id"),
    ),
}  # fmt: skip


class Author(Struct, frozen=True):
    """Who made something happen. ``kind`` is the audit trail's: ``USER``, or ``SYSTEM`` for the control room."""

    kind: str
    id: str | None = None


SYSTEM: Final = Author("SYSTEM")


class Happening(Struct, frozen=True, kw_only=True):
    """One event of :data:`EVENTS`. ``ids`` are the values of its fields in order, ``path`` the address of what it is
    about (None for deletions, which have no ``Link``)."""

    name: str
    at: int
    ids: tuple[str, ...]
    path: str | None

    def body(self) -> dict[str, str]:
        return dict(zip(EVENTS[self.name], self.ids, strict=True))
