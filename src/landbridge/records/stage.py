"""One step an application has entered. The stages of an application are its history, oldest first."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Stage(Struct, frozen=True, kw_only=True):
    # "<application id>.<n>", n counting from 1 in order of time. So the stage known from the application alone and the
    # same stage known from its history have one id, and reading the history later adds to it instead of doubling it.
    id: str
    application_id: str
    name: str
    entered_at: datetime | None = None
