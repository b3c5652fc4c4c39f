"""What an interviewer said. Source: sync-interview-feedback."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from landbridge.sandbox.linkedin.rules.fields import Millis, NonEmpty
from landbridge.sandbox.linkedin.rules.notes import PersonName


class Evaluation(Struct, omit_defaults=True):
    attribute: NonEmpty
    result: str | None = None


class Feedback(Struct, kw_only=True):
    created_at: Millis | UnsetType | None = field(name="atsCreatedAt", default=UNSET)
    interviewer: PersonName | UnsetType | None = UNSET
    evaluations: list[Evaluation] | UnsetType | None = UNSET
    feedback: str | UnsetType | None = UNSET
    interview_type: Literal["PHONE_SCREEN", "ONSITE"] | UnsetType | None = field(name="interviewType", default=UNSET)


DECODER = msgspec.json.Decoder(Feedback)
