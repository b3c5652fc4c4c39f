"""Reading what a far side has for the ATS, window by window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from landbridge.records.incoming import (
    ClosedProfile,
    ExportedPerson,
    InMail,
    ProspectNote,
    SharedContact,
)

T = TypeVar("T")

# LinkedIn's pages on InMail history and prospect notes: at most twelve hours per call.
LONGEST_WINDOW = timedelta(hours=12)


class Window(Struct, frozen=True):
    """From ``since`` (included) to ``until`` (not included)."""

    since: datetime
    until: datetime


class Batch(Struct, Generic[T], frozen=True, kw_only=True):
    """What one window brought. Elements that cannot be understood stand in ``unreadable`` as they came; nothing of a
    window is lost for their sake. ``calls``: how many calls it took."""

    found: Sequence[T]
    unreadable: Sequence[bytes] = ()
    calls: int = 1


class Incoming(Protocol):
    """All calls may raise NotPermittedError while the access they need is not enabled, and TryLaterError.

    What is at the very edge of a window may come in both windows that touch there: ids tell it apart.
    """

    async def read_export(self, request_id: str) -> ExportedPerson | None:
        """The person a push told of; None where the request is unknown or has expired. Readable for a day."""
        ...

    async def read_inmails(self, seat: str, seat_person: str | None, window: Window) -> Batch[InMail]:
        """InMails one seat sent and received. ``seat_person``, the holder's person URN, tells the directions apart."""
        ...

    async def read_notes(self, contract: str, window: Window) -> Batch[ProspectNote]:
        """Notes of one contract whose last change lies in the window."""
        ...

    async def read_contacts(self, contract: str, seats: Sequence[str], window: Window) -> Batch[SharedContact]:
        """Contact details shared with these seats within the window."""
        ...

    async def read_closed(self, window: Window) -> Batch[ClosedProfile]:
        """Accounts of exported people closed within the window. Raises SettingError where the call is not known."""
        ...

    async def close(self) -> None: ...
