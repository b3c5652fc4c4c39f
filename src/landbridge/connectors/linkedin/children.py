"""What belongs to an application: its stages, the feedback of those who met the person, and notes.

v2 takes the children of one application per call, rest of many.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from landbridge.connectors.linkedin import restli, rules
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.dialects import Resource
from landbridge.connectors.linkedin.upsert import UpsertWriter
from landbridge.connectors.linkedin.wire import (
    EvaluationWire,
    FeedbackWire,
    NoteWire,
    PersonNameWire,
    StageWire,
    respelled,
)
from landbridge.errors import CannotTranslateError
from landbridge.ports.destination import Entity, Held, Outgoing
from landbridge.records import Feedback, Kind, Note, Stage

W = TypeVar("W", bound=Struct)
STAGE_DECODER = msgspec.json.Decoder(Stage)
FEEDBACK_DECODER = msgspec.json.Decoder(Feedback)
NOTE_DECODER = msgspec.json.Decoder(Note)
# LinkedIn refuses this text by name.
FORBIDDEN_NAME = "not available"
BEST_RATING = 5


def translate_stage(stage: Stage, now: datetime, form: type[StageWire] = StageWire) -> StageWire:
    """The stage as LinkedIn takes it, or CannotTranslateError with a code of ``reasons``."""
    name = rules.text_of(stage.name, "name", "stage_name_missing")
    if name.lower() == FORBIDDEN_NAME:
        raise CannotTranslateError("the name is one that LinkedIn refuses", code="stage_name_missing")
    return form(ats_created_at=rules.created_millis(stage.entered_at, "entered_at", now), stage=name)


def translate_feedback(feedback: Feedback, now: datetime, form: type[FeedbackWire] = FeedbackWire) -> FeedbackWire:
    """The feedback as LinkedIn takes it, or CannotTranslateError with a code of ``reasons``."""
    text = feedback.comment.strip()
    rating = [] if feedback.rating is None else [_rating_of(feedback.rating)]
    if not text and not rating:
        raise CannotTranslateError("neither a comment nor a rating", code="feedback_empty")
    created = feedback.created_at
    return form(
        ats_created_at=None if created is None else rules.created_millis(created, "created_at", now),
        interviewer=_name_of(feedback.reviewer_first_name, feedback.reviewer_last_name),
        evaluations=rating,
        feedback=text,
    )


def translate_note(note: Note, now: datetime, form: type[NoteWire] = NoteWire, *, versioned: bool = False) -> NoteWire:
    """The note as LinkedIn takes it, or CannotTranslateError with a code of ``reasons``.

    ``versioned``: the API has a place for the time of the last change.
    """
    created = None if note.created_at is None else rules.created_millis(note.created_at, "created_at", now)
    return form(
        note=rules.text_of(note.text, "text", "note_empty"),
        ats_created_at=created,
        ats_last_modified_at=_changed_millis(note, created, now) if versioned else None,
        author=_name_of(note.author_first_name, note.author_last_name),
    )


def _changed_millis(note: Note, created: int | None, now: datetime) -> int | None:
    if note.updated_at is None:
        return None
    return rules.modified_millis(note.updated_at, "updated_at", created or 1, now)


def _name_of(first_name: str, last_name: str) -> PersonNameWire | None:
    first, last = first_name.strip(), last_name.strip()
    return PersonNameWire(first, last) if first and last else None


def _rating_of(rating: int) -> EvaluationWire:
    return EvaluationWire(attribute="Overall rating", result=f"{rating} of {BEST_RATING}")


def application_of(child_id: str) -> str:
    """The application a child belongs to, which its id begins with (see ``records.stage``)."""
    application_id, _, own = child_id.rpartition(".")
    rules.id_of(application_id, "application_id")
    rules.id_of(own, "number")
    return application_id


class ChildWriter(UpsertWriter, ABC, Generic[W]):
    """One resource whose records belong to applications. Subclasses translate into their ``wire``, in the dialect's
    spelling."""

    wire: type[W]

    def __init__(self, client: LinkedInClient, dialect: Resource, organization: str, parents: Resource) -> None:
        """``parents`` is the dialect of applications, whose key stands in the path of v2."""
        super().__init__(client, dialect, organization)
        self._parents = parents
        self._form = respelled(self.wire, dialect.renames)

    @abstractmethod
    def translate(self, body: bytes, now: datetime) -> W:
        """The mirrored record in LinkedIn's form. Raises CannotTranslateError."""

    def render(self, row: Outgoing, now: datetime) -> Entity | Held | None:
        try:
            rules.id_of(row.key, "id")
            application_id = application_of(row.key)
            group = application_id if self.dialect.one_parent_per_call else None
            if row.gone:
                return self.deletion(row, group)
            wire = self.translate(row.body, now)
        except CannotTranslateError as why:
            return Held(reason=why.code, detail=str(why))
        return self.upsertion(row, wire, group)

    def parent_of(self, entity: Entity) -> str | None:
        return application_of(entity.key)

    def path_of(self, first: Entity) -> str:
        if not self.dialect.one_parent_per_call:
            return self.dialect.path
        key = self._parents.key(self._organization, application_of(first.key))
        return self.dialect.path.replace("{parent}", restli.encode_path_key(key, self._parents.protocol))


class StageWriter(ChildWriter[StageWire]):
    kind = Kind.STAGE
    resource = "stages"
    wire = StageWire

    def translate(self, body: bytes, now: datetime) -> StageWire:
        return translate_stage(STAGE_DECODER.decode(body), now, self._form)


class FeedbackWriter(ChildWriter[FeedbackWire]):
    kind = Kind.FEEDBACK
    resource = "feedback"
    wire = FeedbackWire

    def translate(self, body: bytes, now: datetime) -> FeedbackWire:
        return translate_feedback(FEEDBACK_DECODER.decode(body), now, self._form)


class NoteWriter(ChildWriter[NoteWire]):
    kind = Kind.NOTE
    resource = "notes"
    wire = NoteWire

    def translate(self, body: bytes, now: datetime) -> NoteWire:
        return translate_note(NOTE_DECODER.decode(body), now, self._form, versioned=bool(self.dialect.version))
