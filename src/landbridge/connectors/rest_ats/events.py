"""What is sent to an ATS of one's own, event by event. These types are the reference of the how-to.

The body of each is ``{"type": ..., "timestamp": ..., "data": ...}``, as Standard Webhooks recommends it. Fields may be
added; none is ever renamed or taken away.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct


class Trial(Struct, frozen=True, kw_only=True):
    """Nothing has happened: somebody wants to know whether events arrive."""

    message: str = "Landbridge reaches your ATS."


class Person(Struct, frozen=True, kw_only=True):
    """What LinkedIn tells of a member who was exported. It tells an e-mail address only rarely."""

    first_name: str
    last_name: str
    email: str | None = None
    profile_url: str | None = None
    location: str | None = None
    title: str | None = None
    employer: str | None = None


class ExportedBy(Struct, frozen=True, kw_only=True):
    """The recruiter. ``user_id``: your user who is connected with the seat; null: nobody is."""

    name: str
    user_id: str | None


class Exported(Struct, frozen=True, kw_only=True):
    """A recruiter exported a person to a job: make a candidate, or find it, and put it on the job.

    ``candidate_id``: who it is, where Landbridge knows. Answer ``{"id": ...}``, the candidate's id, and push candidate
    and application as always. 404: there is no such job. ``exported_by`` is null where LinkedIn does not say it.
    """

    candidate_id: str | None
    job_id: str
    source: str
    person: Person
    exported_by: ExportedBy | None = None


class ContactShared(Struct, frozen=True, kw_only=True):
    """A member has shared contact details, and the candidate has none, or somebody chose the new ones.

    409: the address is somebody else's.
    """

    candidate_id: str
    email: str | None = None
    phone: str | None = None


class NotePosted(Struct, frozen=True, kw_only=True):
    """An InMail or a note of a recruiter. Answer ``{"id": ...}``, the note's id.

    ``text`` says all of it; ``words`` is what was written, the other fields who, when and which way. ``users``: only
    these of your users may see it; null: whoever may see the candidate.
    """

    candidate_id: str
    kind: Literal["inmail", "note"]
    text: str
    words: str
    author: str
    written_at: datetime | None
    outgoing: bool | None
    users: list[str] | None


class NoteRemoved(Struct, frozen=True, kw_only=True):
    """A note is to go: it was taken back, or edited, and then the new text follows as a note of its own.

    ``id``: the note's, as your ATS answered; null where its answer was lost. ``posted_as``: the ``webhook-id`` of the
    event that posted it. One that is not there (any more) is fine: answer 200 or 404.
    """

    id: str | None
    posted_as: str


Data = Trial | Exported | ContactShared | NotePosted | NoteRemoved

TYPES: dict[type[Struct], str] = {
    Trial: "landbridge.test",
    Exported: "candidate.exported",
    ContactShared: "candidate.contact_shared",
    NotePosted: "note.posted",
    NoteRemoved: "note.removed",
}


class Event(Struct, frozen=True, kw_only=True):
    type: str
    timestamp: datetime
    data: Data


class Made(Struct, frozen=True, kw_only=True):
    """The answer to what makes something."""

    id: str | int = ""
