"""What comes from LinkedIn: people exported to a job, InMails, contact details shared, notes, accounts closed.

These are events and their newest state, not records we keep in step, so they are no ``Kind``. All of it is personal
data: none of these shows its values when printed. ``raw`` is the element as it came, because LinkedIn publishes no
full schema of any of them: what is not understood today can be read from it later.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Incoming(Struct, frozen=True, kw_only=True):
    """What all of them have: an id that tells one from another, and the element as it came."""

    id: str
    raw: bytes = b""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class ExportedPerson(Incoming, frozen=True, kw_only=True):
    """A member a recruiter has exported to a job of the ATS. ``id`` is the request's. LinkedIn gives no e-mail.

    ``integration_context`` is the organization the export was made for: whoever takes it in has to compare it with the
    customer whose callback was told. ``exporter`` is the seat, where LinkedIn says so.
    """

    integration_context: str
    job_id: str | None = None
    person_urn: str | None = None
    first_name: str = ""
    last_name: str = ""
    headline: str | None = None
    title: str | None = None
    location: str | None = None
    employers: tuple[str, ...] = ()
    profile_url: str | None = None
    email: str | None = None
    exporter: str | None = None


class InMail(Incoming, frozen=True, kw_only=True):
    """One message between a seat holder and a member. ``outgoing``: the seat holder wrote it; None: cannot be told."""

    seat: str
    at: datetime | None = None
    person_urn: str | None = None  # the member on the other side
    outgoing: bool | None = None
    thread: str | None = None
    subject: str = ""
    body: str = ""
    private: bool = False


class ProspectNote(Incoming, frozen=True, kw_only=True):
    """A note a recruiter wrote about a member. One that is not ``active`` has to go here too; it may have no text."""

    contract: str
    active: bool = True
    created_at: datetime | None = None
    modified_at: datetime | None = None
    seat: str | None = None
    person_urn: str | None = None
    private: bool = False
    text: str = ""


class SharedContact(Incoming, frozen=True, kw_only=True):
    """Contact details a member agreed to share when answering an InMail (LinkedIn: stub profile)."""

    contract: str
    seat: str | None = None
    at: datetime | None = None
    person_urn: str | None = None
    first_name: str = ""
    last_name: str = ""
    emails: tuple[str, ...] = ()
    phone: str | None = None
    title: str | None = None
    employer: str | None = None


class ClosedProfile(Incoming, frozen=True, kw_only=True):
    """A member who was exported once and has closed the account since."""

    person_urn: str | None = None
    profile_url: str | None = None
    at: datetime | None = None
