"""The engine's own reasons for holding a record back or setting it aside. Connectors add theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from landbridge.records import Kind
from landbridge.records.kinship import KIN
from landbridge.records.reason import Reason

EXCLUDED_TEMPLATE = "excluded_template"
EXCLUDED_CONFIDENTIAL = "excluded_confidential"
EXCLUDED_HISTORY_WINDOW = "excluded_history_window"
EXCLUDED_JOB = "excluded_job"
EXCLUDED_REVIEWS = "excluded_reviews"
EXCLUDED_NOTES = "excluded_notes"
EXCLUDED_RESUMES = "excluded_resumes"
WAITS_FOR_JOB = "waits_for_job"
WAITS_FOR_CANDIDATE = "waits_for_candidate"
WAITS_FOR_APPLICATION = "waits_for_application"
FAR_SIDE_FAILS = "far_side_fails"
NOT_RENDERED = "not_rendered"
NOT_STORABLE = "not_storable"

# What a record waits for, by the kind of the record it points at.
WAITS_FOR: Mapping[Kind, str] = {
    Kind.JOB: WAITS_FOR_JOB,
    Kind.CANDIDATE: WAITS_FOR_CANDIDATE,
    Kind.APPLICATION: WAITS_FOR_APPLICATION,
}


def waits() -> Iterator[tuple[Kind, Kind, str]]:
    """Each kind with each kind its records may have to wait for, and the reason they are held for then."""
    for kind, kin in KIN.items():
        for pointed in kin.pointed:
            yield kind, pointed, WAITS_FOR[pointed]


REASONS = (
    Reason(
        EXCLUDED_TEMPLATE,
        "The job is a template: a pattern for jobs, not a job.",
        "Nothing to do. Jobs made from the template are sent.",
    ),
    Reason(
        EXCLUDED_CONFIDENTIAL,
        "The job is confidential in the ATS, and the workspace keeps such jobs from LinkedIn.",
        "Nothing to do, or allow confidential jobs in the workspace's choices.",
    ),
    Reason(
        EXCLUDED_HISTORY_WINDOW,
        "The record is older than the history the workspace has chosen to send.",
        "Nothing to do, or choose a longer history in the workspace's choices.",
    ),
    Reason(
        EXCLUDED_JOB,
        "The application is for a job that is not sent: a template, or confidential.",
        "Nothing to do; it is sent when its job is.",
    ),
    Reason(
        EXCLUDED_REVIEWS,
        "The workspace does not share reviews with LinkedIn (any more).",
        "Nothing to do, or share reviews in the workspace's choices.",
    ),
    Reason(
        EXCLUDED_NOTES,
        "The workspace does not share notes with LinkedIn (any more).",
        "Nothing to do, or share notes in the workspace's choices.",
    ),
    Reason(
        EXCLUDED_RESUMES,
        "The workspace does not share resumes with LinkedIn (any more).",
        "Nothing to do, or share resumes in the workspace's choices.",
    ),
    Reason(
        WAITS_FOR_JOB,
        "The application's job is not on LinkedIn yet.",
        "Look at the job: it is on its way, held or refused. The application follows by itself.",
    ),
    Reason(
        WAITS_FOR_CANDIDATE,
        "The application's candidate is not on LinkedIn yet.",
        "Look at the candidate: it is on its way, held or refused. The application follows by itself.",
    ),
    Reason(
        WAITS_FOR_APPLICATION,
        "The application that this stage, review, note or resume belongs to is not on LinkedIn.",
        "Look at the application: it is on its way, held or refused. What belongs to it follows by itself.",
    ),
    Reason(
        FAR_SIDE_FAILS,
        "LinkedIn answers with a server error each time this record is sent, also when it is sent alone.",
        "Change the record in the ATS, or retry it later; tell LinkedIn the request id from the journal.",
    ),
    Reason(
        NOT_RENDERED,
        "Landbridge failed to bring this record into LinkedIn's form. That is a defect of Landbridge.",
        "Report it with the detail shown. After an update, retry refused records.",
    ),
    Reason(
        NOT_STORABLE,
        "The ATS gave this record an id that cannot be stored (empty, too long, or with control characters).",
        "Correct the id in the ATS, if it lets you.",
    ),
)
