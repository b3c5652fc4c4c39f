"""What the engine needs from an ATS: ordered passes of reading, each page complete in itself.

A connector implements :class:`Source`; the engine knows no vendor. Reading costs calls, and calls are what a
historical sync takes days for, so a source says up front what each pass costs (:class:`Pass`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from landbridge.records import Kind, Record, User


class Item(Struct, frozen=True):
    """Something to read in a later pass: the pass's name and a key only that pass understands.

    But for applications, and what events say hangs on them: ``records.kinship`` has the keys that the engine makes.
    """

    pass_name: str
    key: str


class Gone(Struct, frozen=True):
    """A record the ATS no longer has.

    An application may be known to the reader by its ``pair`` (candidate id, job id) only; ``key`` is then empty and
    means every application the mirror holds for that pair. ``successor`` is the candidate a candidate was merged into,
    where the ATS tells: that one, and the applications that are its own now, stand on the same page.
    """

    kind: Kind
    key: str
    pair: tuple[str, str] | None = None
    successor: str = ""


class Refused(Struct, frozen=True, kw_only=True):
    """A row that could not be made a record: its neighbours went on. Neither text holds a value of the row.

    ``key`` is the row's id where it has a usable one, else "". ``reason`` is a code of ``docs/reference/reasons.md``.
    """

    kind: Kind
    key: str
    reason: str
    detail: str = ""


class Page(Struct, frozen=True, kw_only=True):
    """What one read brought: records to mirror, items to read later, records to forget.

    ``cursor`` is where the next page of a list begins, None at the end. ``total`` is the number of rows of the whole
    list where the ATS tells it. ``listed`` names every application of the candidates on this page as
    (candidate id, job id), so that the store can see which ones are new and which ones have vanished.
    ``provisional`` records are taken only where the mirror has none under their key: the stage that follows from an
    application's present status must not overwrite one that its history has told.
    ``complete`` names applications all of whose stages are among ``records``: others the mirror holds are gone;
    ``complete_feedback`` says the same of their feedback, ``complete_notes`` of their notes, ``complete_resumes`` of
    their resumes.
    ``refused`` are rows that could not be read; they are counted and shown.
    """

    records: tuple[Record, ...] = ()
    provisional: tuple[Record, ...] = ()
    complete: tuple[str, ...] = ()
    complete_feedback: tuple[str, ...] = ()
    complete_notes: tuple[str, ...] = ()
    complete_resumes: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    items: tuple[Item, ...] = ()
    gone: tuple[Gone, ...] = ()
    listed: tuple[tuple[str, str], ...] = ()
    cursor: str | None = None
    total: int | None = None
    calls: int = 1


class Pass(Struct, frozen=True, kw_only=True):
    """One pass over the ATS.

    A *list* pass walks pages; an *items* pass works off what earlier passes put on the reading list.
    ``calls`` is the cost of one page or of one item; ``concurrency`` how many may be in flight.
    """

    name: str
    reads: Literal["list", "items"]
    of: Kind
    title: str  # what the admin reads while it runs
    calls: int
    concurrency: int
    page_size: int = 1
    # After a complete list pass, records of this kind that were not listed are checked one by one (and may be gone):
    # ``read_item`` takes this pass's name with the record's key.
    notices_absence: bool = False


class Access(Struct, frozen=True, kw_only=True):
    """What a credential can reach: counts where the ATS tells them, and the permissions it lacks, by their labels."""

    company: str | None = None
    counts: dict[str, int] = {}
    missing: tuple[str, ...] = ()


class Source(Protocol):
    """An ATS, read."""

    name: str

    @property
    def passes(self) -> Sequence[Pass]:
        """The passes of a full sync, in order, for this workspace's choices."""
        ...

    async def check(self) -> Access:
        """Try the credential and every permission the sync needs. Raises NeedsPersonError, TryLaterError."""
        ...

    async def read_list(self, pass_name: str, cursor: str | None, since: datetime | None) -> Page:
        """Read one page of a list pass; ``since`` narrows it to rows changed after that instant."""
        ...

    async def read_item(self, pass_name: str, key: str) -> Page:
        """Read one item. A record the ATS does not have (any more) comes back in ``gone``, not as an error.

        Raises RecordError when this one item cannot be read, TryLaterError and NeedsPersonError for the connection.
        """
        ...

    async def read_users(self, cursor: str | None) -> tuple[Sequence[User], str | None]:
        """One page of the ATS's users and the cursor of the next."""
        ...

    async def close(self) -> None: ...
