"""What the admin of a workspace has chosen, as the engine reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct

from landbridge.errors import SettingError
from landbridge.records import Kind

# LinkedIn's certification asks for two years of history where the ATS has them.
LEAST_HISTORY = timedelta(days=730)


class Choices(Struct, frozen=True, kw_only=True):
    """``history_days`` None: everything the ATS has. Choices of other parts of the product are theirs to read."""

    availability: Literal["PUBLIC", "PRIVATE"] = "PRIVATE"
    history_days: int | None = None
    exclude_confidential: bool = False
    # Who sees a job in Recruiter: whoever has a seat, or those of its hiring team who have one.
    access: Literal["everybody", "teams"] = "everybody"
    share_reviews: bool = False  # reviews of applications, as interview feedback
    share_notes: bool = False  # notes on applications
    share_resumes: bool = False  # the files people applied with, as attachments
    export_address: str = ""  # for exported people whose e-mail nobody knows; "": they wait on the desk

    @property
    def history_window(self) -> timedelta | None:
        return None if self.history_days is None else timedelta(days=self.history_days)

    @property
    def shared_kinds(self) -> dict[Kind, bool]:
        """Of each optional kind, whether it is shared."""
        return {Kind.FEEDBACK: self.share_reviews, Kind.NOTE: self.share_notes, Kind.RESUME: self.share_resumes}


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


# Where something stands in an address that is another one for each person.
PLACE = "{id}"
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
LONGEST_MAIL = 254


def is_address(text: str) -> bool:
    """Whether a text is an e-mail address, as far as that can be said without writing to it."""
    return len(text) <= LONGEST_MAIL and _MAIL.fullmatch(text) is not None


def read_export_address(text: str) -> str:
    """An address for exported people whose e-mail nobody knows; "" or "wait" for none. Raises SettingError."""
    text = text.strip()
    if text in {"", "wait"}:
        return ""
    name, _, domain = text.partition("@")
    if name.count(PLACE) != 1 or PLACE in domain or not is_address(text.replace(PLACE, "x" * 20)):
        raise SettingError(
            "This is no address that can be another one for each person.",
            code="export_address",
            hint=f"Write it with {PLACE} before the @, at a domain of your own, such as exports+{PLACE}@example.com.",
        )
    return text
