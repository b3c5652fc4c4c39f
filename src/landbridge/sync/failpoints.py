"""Named places where a process may die, so that tests can have it die at each of them.

In production passing one does nothing. ``NAMES`` lists them all: a place that no test reaches fails the suite.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

Hook = Callable[[str], None]


class EffectName(StrEnum):
    """Everything that is done in an ATS."""

    CREATE = "create_candidate"
    ATTACH = "attach_to_job"
    POST = "post_note"
    DELETE = "delete_note"
    CONTACT = "add_contact"


# Before the intent, between the intent and the call, between the answer and its being saved, and after that.
MOMENTS = ("wanted", "intended", "answered", "saved")
EXPORT_READ = "export.read"
EXPORT_KEPT = "export.kept"
MERGED = "mirror.merged"
FORGOTTEN = "closed.forgotten"
NAMES: tuple[str, ...] = (
    EXPORT_READ,
    EXPORT_KEPT,
    *(f"{effect}.{moment}" for effect in EffectName for moment in MOMENTS),
    MERGED,
    FORGOTTEN,
)

_hook: Hook | None = None


def arm(hook: Hook | None) -> None:
    """For tests: call ``hook`` with the name of each place that is passed; None: nothing again."""
    global _hook  # noqa: PLW0603 - the one switch of this process
    _hook = hook


def pass_by(name: str) -> None:
    if _hook is not None:
        _hook(name)
