"""Notes of candidates and of applications. Sources: sync-candidate-notes, sync-application-notes."""

from __future__ import annotations

from typing import Final

from landbridge.sandbox.linkedin.resources import applications, candidates
from landbridge.sandbox.linkedin.resources.children import Kind
from landbridge.sandbox.linkedin.restli import KeyShape
from landbridge.sandbox.linkedin.rules.notes import DECODERS, time_of

CANDIDATE_NOTES: Final = Kind(
    entity="candidate_notes",
    parent="candidate",
    parent_shape=candidates.SHAPES["v2"],
    parents=lambda book: book.candidates,
    shelf=lambda book: book.candidate_notes,
    decoders=DECODERS,
    time_of=time_of,
    names=("atsCandidateId", "noteId"),
)
APPLICATION_NOTES: Final = Kind(
    entity="application_notes",
    parent="application",
    parent_shape=applications.SHAPES["v2"],
    parents=lambda book: book.applications,
    shelf=lambda book: book.application_notes,
    decoders=DECODERS,
    time_of=time_of,
    names=("atsJobApplicationId", "noteId"),
)
RESOURCES: Final = (
    *CANDIDATE_NOTES.resources(
        "atsCandidates/notes",
        "candidateNotes",
        KeyShape(("externalNoteId", "externalCandidateId", "integrationContext")),
        since=202512,
    ),
    *APPLICATION_NOTES.resources(
        "atsApplications/notes",
        "applicationNotes",
        KeyShape(("externalNoteId", "externalJobApplicationId", "integrationContext")),
        since=202512,
    ),
)
