"""Writing into an ATS what recruiters did on the far side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from landbridge.ports.source import Page


class Known(Struct, frozen=True, kw_only=True):
    """A candidate as the ATS has it at this moment. ``key`` is the mirror's key of the record."""

    key: str
    first_name: str = ""
    last_name: str = ""
    email: str | None = None
    phone: str | None = None
    profile_url: str | None = None

    def __repr__(self) -> str:
        return "Known(…)"


class NewPerson(Struct, frozen=True, kw_only=True):
    """Somebody to be made a candidate. ``email`` None only where the ATS can do without."""

    first_name: str
    last_name: str
    email: str | None = None
    profile_url: str | None = None
    location: str | None = None
    title: str | None = None
    employer: str | None = None

    def __repr__(self) -> str:
        return "NewPerson(…)"


class Exporter(Struct, frozen=True, kw_only=True):
    """The recruiter who exported somebody. ``user``: the user of the ATS connected with the seat, None: nobody is."""

    name: str
    user: str | None = None

    def __repr__(self) -> str:
        return "Exporter(…)"


class NewNote(Struct, frozen=True, kw_only=True):
    """A note on a candidate. ``users`` None: for all who may see the candidate; else for these users of the ATS.

    ``text`` is complete in itself: it says who, when and which way. The rest says the same for an ATS that has a place
    for it; ``words`` are what was written, and nothing else.
    """

    candidate: str
    text: str
    users: tuple[str, ...] | None = None
    kind: Literal["inmail", "note"] = "note"
    words: str = ""
    author: str = ""
    at: datetime | None = None
    outgoing: bool | None = None

    def __repr__(self) -> str:
        return "NewNote(…)"


class Mirror(Protocol):
    """What an ATS has told so far, for one that cannot be asked."""

    async def read_candidate(self, key: str) -> Known | None:
        """None: it is not there, or gone."""
        ...

    async def find_by_email(self, email: str) -> Sequence[Known]: ...

    async def is_on_job(self, candidate: str, job: str) -> bool: ...


class AtsWriting(Protocol):
    """Unless ``is_repeatable``, no effect is idempotent: whoever repeats one looks first whether it has happened.

    ``key`` is the same for one effect however often it is tried, and another for the next one.
    All calls raise what the far side's refusals mean: TryLaterError where the outcome is not known or nothing was done,
    RejectedError, MissingError and ExistsError where nothing was done, NotPermittedError, SignInRejectedError.
    """

    @property
    def longest_note(self) -> int:
        """How many characters a note may have."""
        ...

    @property
    def is_email_needed(self) -> bool:
        """Whether nobody can be made a candidate without an e-mail address."""
        ...

    @property
    def is_repeatable(self) -> bool:
        """Whether an effect may be repeated under its key: the ATS does it once, and answers as it did then."""
        ...

    @property
    def is_exporter_taken(self) -> bool:
        """Whether the ATS has a place for who exported somebody; elsewhere a note on the candidate says it."""
        ...

    async def read_candidate(self, key: str) -> Known | None:
        """None: it is gone."""
        ...

    async def find_by_email(self, email: str) -> Sequence[Known]:
        """Everybody with this address, whatever their name."""
        ...

    async def find_by_profile(self, profile_url: str, first_name: str, last_name: str) -> Sequence[Known]:
        """Everybody of this name with this address on the far side's network."""
        ...

    async def is_on_job(self, candidate: str, job: str) -> bool: ...

    async def create_candidate(
        self, person: NewPerson, job: str, source: str, *, by: Exporter | None = None, key: str = ""
    ) -> str:
        """Make a candidate on a job; the key. ``source`` is the label under which the ATS shall show it, ``by`` who
        exported the person, where that is known.

        Raises ExistsError where somebody of this identity is on the job, SettingError where the source is not known.
        """
        ...

    async def attach_to_job(
        self, candidate: Known, job: str, source: str, *, by: Exporter | None = None, key: str = ""
    ) -> str:
        """Put a known candidate on one more job; the key of who is on it now. Raises as ``create_candidate``."""
        ...

    async def add_contact(
        self, candidate: str, *, email: str | None = None, phone: str | None = None, key: str = ""
    ) -> None:
        """Set what is given. Repeating changes nothing. Raises ExistsError where the address is somebody else's."""
        ...

    async def post_note(self, note: NewNote, *, key: str = "") -> str:
        """The note's id, the only thing by which it can be deleted."""
        ...

    async def has_note(self, candidate: str, marker: str) -> bool:
        """Whether a note on this candidate holds the marker. NotPermittedError: the credential cannot look."""
        ...

    async def delete_note(self, note: str, *, posted_as: str = "") -> None:
        """Repeating changes nothing. ``posted_as`` is the key it was posted under: all that is known of a note whose
        id was never told ("").
        """
        ...

    async def read_back(self, candidate: str, job: str | None) -> Sequence[Page]:
        """The candidate, and its application for the job, as pages for the mirror."""
        ...

    async def close(self) -> None: ...
