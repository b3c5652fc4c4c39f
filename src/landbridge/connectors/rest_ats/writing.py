"""An ATS of one's own, written by signed events: it does what each says, once, and answers with the id.

Nothing is asked of it: who is there stands in the mirror, since it pushes all it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from landbridge.connectors.description import Wiring
from landbridge.connectors.rest_ats.endpoint import Courier
from landbridge.connectors.rest_ats.events import (
    ContactShared,
    Exported,
    ExportedBy,
    Made,
    NotePosted,
    NoteRemoved,
    Person,
)
from landbridge.errors import SettingError, SurpriseError
from landbridge.http import Answer
from landbridge.ports.ats import Exporter, Known, Mirror, NewNote, NewPerson
from landbridge.ports.source import Page

LONGEST_NOTE = 100_000
LONGEST_ID = 200
ABSENT = frozenset({404})


def open_writing(wiring: Wiring) -> RestAtsWriting:
    """Raises NeedsPersonError."""
    if wiring.mirror is None:
        raise SettingError("an ATS that pushes is written by processes with a database only")
    return RestAtsWriting(Courier(wiring), wiring.mirror)


class RestAtsWriting:
    """``ports.ats.AtsWriting`` of one workspace."""

    longest_note = LONGEST_NOTE
    is_email_needed = False
    is_repeatable = True
    is_exporter_taken = True

    def __init__(self, courier: Courier, mirror: Mirror) -> None:
        self._courier = courier
        self._mirror = mirror

    async def read_candidate(self, key: str) -> Known | None:
        return await self._mirror.read_candidate(key)

    async def find_by_email(self, email: str) -> Sequence[Known]:
        return await self._mirror.find_by_email(email)

    async def find_by_profile(self, profile_url: str, first_name: str, last_name: str) -> Sequence[Known]:  # noqa: ARG002 - the port's
        """The ATS looks itself: it is told the profile with the export."""
        return []

    async def is_on_job(self, candidate: str, job: str) -> bool:
        return await self._mirror.is_on_job(candidate, job)

    async def create_candidate(
        self, person: NewPerson, job: str, source: str, *, by: Exporter | None = None, key: str = ""
    ) -> str:
        told = Person(
            first_name=person.first_name,
            last_name=person.last_name,
            email=person.email,
            profile_url=person.profile_url,
            location=person.location,
            title=person.title,
            employer=person.employer,
        )
        event = Exported(candidate_id=None, job_id=job, source=source, person=told, exported_by=_told(by))
        return _id_in(await self._courier.send(event, key))

    async def attach_to_job(
        self, candidate: Known, job: str, source: str, *, by: Exporter | None = None, key: str = ""
    ) -> str:
        told = Person(first_name=candidate.first_name, last_name=candidate.last_name, email=candidate.email)
        event = Exported(candidate_id=candidate.key, job_id=job, source=source, person=told, exported_by=_told(by))
        return _id_in(await self._courier.send(event, key))

    async def add_contact(
        self, candidate: str, *, email: str | None = None, phone: str | None = None, key: str = ""
    ) -> None:
        await self._courier.send(ContactShared(candidate_id=candidate, email=email, phone=phone), key)

    async def post_note(self, note: NewNote, *, key: str = "") -> str:
        event = NotePosted(
            candidate_id=note.candidate,
            kind=note.kind,
            text=note.text,
            words=note.words,
            author=note.author,
            written_at=note.at,
            outgoing=note.outgoing,
            users=None if note.users is None else list(note.users),
        )
        return _id_in(await self._courier.send(event, key))

    async def has_note(self, candidate: str, marker: str) -> bool:  # noqa: ARG002 - the port's
        """Never asked: what may have been posted is posted again, under its key."""
        return False

    async def delete_note(self, note: str, *, posted_as: str = "") -> None:
        event = NoteRemoved(id=note or None, posted_as=posted_as)
        await self._courier.send(event, _mark_of("removed", note, posted_as), accepts=ABSENT)

    async def read_back(self, candidate: str, job: str | None) -> Sequence[Page]:
        """Nothing more than it has pushed. Raises SurpriseError as long as that is still to come."""
        known = await self._mirror.read_candidate(candidate)
        if known is None or (job is not None and not await self._mirror.is_on_job(candidate, job)):
            raise SurpriseError(
                "the ATS has taken an exported person and not pushed candidate and application yet",
                code="not_pushed",
                hint="Have it push both, as it does with everybody; the export is finished then.",
            )
        return ()

    async def close(self) -> None:
        await self._courier.close()


def _told(by: Exporter | None) -> ExportedBy | None:
    return ExportedBy(name=by.name, user_id=by.user) if by else None


def _id_in(answer: Answer) -> str:
    """The id in an answer. Raises SurpriseError where there is none; the event is sent again later, under its key."""
    found = str(answer.decode(Made).id) if answer.content.strip() else ""
    if not found or len(found) > LONGEST_ID or not found.isprintable():
        raise SurpriseError(
            "the ATS answered an event without the id of what it made",
            code="answer_without_id",
            hint='Have it answer {"id": "..."}: to the same webhook-id always the same.',
        )
    return found


def _mark_of(*parts: str) -> str:
    return "LB-" + blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=12).hexdigest()
