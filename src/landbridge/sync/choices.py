"""What the admin of a workspace has chosen, as the engine reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct

from landbridge.errors import SettingError

# LinkedIn's certification asks for two years of history where the ATS has them.
LEAST_HISTORY = timedelta(days=730)


class Choices(Struct, frozen=True, kw_only=True):
    """``history_days`` None: everything the ATS has. Choices of other parts of the product are theirs to read."""

    availability: Literal["PUBLIC", "PRIVATE"] = "PRIVATE"
    history_days: int | None = None
    exclude_confidential: bool = False
    share_reviews: bool = False  # reviews of applications, as interview feedback

    @property
    def history_window(self) -> timedelta | None:
        return None if self.history_days is None else timedelta(days=self.history_days)


def read_choices(stored: Mapping[str, Any]) -> Choices:
    """From a workspace's row. Raises SettingError where a choice makes no sense."""
    try:
        choices = msgspec.convert(dict(stored), Choices)
    except msgspec.ValidationError as error:
        raise SettingError(f"The workspace's choices cannot be read: {error}.", code="choices") from None
    if choices.history_window is not None and choices.history_window < LEAST_HISTORY:
        raise SettingError(
            "The history window is shorter than LinkedIn allows.",
            code="choices",
            hint=f"Choose at least {LEAST_HISTORY.days} days, or everything.",
        )
    return choices
