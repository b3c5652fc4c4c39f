"""Why a record is not on the far side: a stable code and plain words for the person who can change it."""

from __future__ import annotations

from msgspec import Struct


class Reason(Struct, frozen=True):
    """One entry of ``docs/reference/reasons.md``; ``fix`` says what a person does, or that nothing needs doing."""

    code: str
    meaning: str
    fix: str
