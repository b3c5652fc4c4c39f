"""Why something SmartRecruiters lists could not be read: such rows are set aside, their neighbours go on."""

from __future__ import annotations

from landbridge.records.reason import Reason

REASONS: tuple[Reason, ...] = (
    Reason(
        "not_readable",
        "SmartRecruiters does not show this record to the credential.",
        "Give the credential access to it (its maker's role or access groups), or leave it out.",
    ),
    Reason(
        "unreadable",
        "What SmartRecruiters says of this record cannot be read as such a record.",
        "Look at the record in SmartRecruiters; if it looks ordinary, report the field names shown.",
    ),
    Reason(
        "unusable_id",
        "The record's id is empty or cannot be part of an address.",
        "Ask SmartRecruiters' support why this id differs from all others.",
    ),
    Reason(
        "status_missing",
        "An application, or a step of its history, has no status.",
        "Set the application's status in SmartRecruiters.",
    ),
    Reason(
        "notes_not_permitted",
        "SmartRecruiters shows notes to administrators only, and the credential is not that of one.",
        "Let an administrator make the credential, with the permission messages_read; then read everything again.",
    ),
)
