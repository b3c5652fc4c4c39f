"""A stage of an application. Source: sync-stages."""

from __future__ import annotations

import msgspec
from msgspec import Struct, field

from landbridge.sandbox.linkedin.rules.fields import Millis, NonEmpty


class Stage(Struct, kw_only=True):
    created_at: Millis = field(name="atsCreatedAt")
    stage: NonEmpty

    def __post_init__(self) -> None:
        if self.stage == "Not Available":
            raise ValueError("stage must not be the text Not Available")


DECODER = msgspec.json.Decoder(Stage)
