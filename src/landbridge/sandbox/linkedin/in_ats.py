"""What Recruiter shows of a member from an ATS: the in-ATS indicator and what opens behind it.

Sources: RSC-202 to 204 (what is shown), RSC-402 (to whom), RSC-501 to 504 (what vanishes when).
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

from msgspec import Struct

from landbridge.sandbox.linkedin.books import Book, Stored
from landbridge.sandbox.linkedin.matching import ids_on
from landbridge.sandbox.linkedin.postings import is_open_at
from landbridge.sandbox.linkedin.rules import applications, candidates, feedback, notes, stages
from landbridge.sandbox.linkedin.rules.notes import PersonName
from landbridge.sandbox.linkedin.state import State
from landbridge.sandbox.linkedin.visibility import View, view_of

FEATURE: Final = "IN_ATS_INDICATOR"


class KnownNote(Struct, frozen=True, kw_only=True):
    """Times are epoch ms of the ATS, None where it told none."""

    text: str
    author: str
    at: int | None


class KnownStage(Struct, frozen=True, kw_only=True):
    name: str
    at: int


class KnownFeedback(Struct, frozen=True, kw_only=True):
    text: str
    interviewer: str
    kind: str
    at: int | None
    evaluations: tuple[tuple[str, str], ...]


class KnownApplication(Struct, frozen=True, kw_only=True):
    """``stages`` newest first: the first is where the application stands. ``job_state``: open, closed or unknown."""

    id: str
    job_id: str
    job_name: str
    job_state: str
    source: str
    disposition: str
    created_at: int
    modified_at: int
    stages: tuple[KnownStage, ...]
    notes: tuple[KnownNote, ...]
    feedback: tuple[KnownFeedback, ...]


class KnownCandidate(Struct, frozen=True, kw_only=True):
    """One record of one ATS. ``facts`` are pairs of a label and a text, in the order in which they are read."""

    ats: str
    id: str
    name: str
    profile_url: str
    do_not_contact: bool
    created_at: int
    modified_at: int
    facts: tuple[tuple[str, str], ...]
    notes: tuple[KnownNote, ...]
    applications: tuple[KnownApplication, ...]


class Ats(Struct, frozen=True):
    """One ATS whose indicator is enabled, with its book and what the looking member may see in it."""

    name: str
    book: Book
    view: View


class InAts:
    """What one member with a seat of the organization ``context`` sees at ``at`` (epoch ms).

    Candidates written after ``ripe_at`` are not matched yet. ``systems`` are those whose indicator is enabled.
    """

    def __init__(self, state: State, context: str, viewer: int, *, at: int, ripe_at: int) -> None:
        self._at = at
        self._ripe_at = ripe_at
        state.tasks.settle(at)
        self.systems = [
            Ats(integration.name or child.name, child.book(context), view_of(child, context, viewer, FEATURE))
            for child in state.children()
            for integration in child.integrations.values()
            if integration.type == FEATURE and integration.context == context and integration.status == "ENABLED"
        ]

    def known(self) -> Container[int]:
        """The members on whom the indicator shows. A filter asks it for each of a million."""
        if self._ripe_at >= self._at and len(self.systems) == 1:
            return self.systems[0].book.matched
        matched = {member for ats in self.systems for member in ats.book.matched}
        return {member for member in matched if self._ripe_at >= self._at or any(self._matched(member))}

    def read(self, member: int) -> list[KnownCandidate]:
        """All that may be seen of the member, one entry per matched candidate."""
        return [_candidate(ats, candidate_id, stored, self._at) for ats, candidate_id, stored in self._matched(member)]

    def _matched(self, member: int) -> Iterator[tuple[Ats, str, Stored]]:
        for ats in self.systems:
            if member not in ats.book.matched:
                continue
            for candidate_id in sorted(ids_on(ats.book.matched, member)):
                stored = ats.book.candidates.get(candidate_id)
                if stored is not None and stored.written_at <= self._ripe_at:
                    yield ats, candidate_id, stored


def _candidate(ats: Ats, candidate_id: str, stored: Stored, at: int) -> KnownCandidate:
    candidate = candidates.DECODERS[stored.dialect].decode(stored.raw)
    owners = [candidate_id, *(address.lower() for address in candidate.email_addresses or ())]
    ids = {one for owner in owners for one in ids_on(ats.book.applications_of, owner)}
    decoded = ((one, applications.DECODER.decode(ats.book.applications[one].raw)) for one in ids)
    shown = [_application(ats.book, one, found, at) for one, found in decoded if ats.view.shows(ats.book, found.job_id)]
    shown.sort(key=lambda one: (-one.created_at, one.id))
    return KnownCandidate(
        ats=ats.name,
        id=candidate_id,
        name=_name(candidate),
        profile_url=candidate.external_profile_url,
        do_not_contact=candidate.do_not_contact is True,
        created_at=candidate.created_at,
        modified_at=candidate.modified_at,
        facts=tuple(_facts(candidate)),
        notes=_notes(ats.book.candidate_notes.get(candidate_id, {})),
        applications=tuple(shown),
    )


def _name(candidate: candidates.Candidate) -> str:
    middle = candidate.middle_initial or ""
    parts = (candidate.prefix or "", candidate.first_name, middle, candidate.last_name, candidate.suffix or "")
    return " ".join(part for part in parts if part)


def _facts(candidate: candidates.Candidate) -> Iterator[tuple[str, str]]:
    """Every value the ATS sent and that is not shown elsewhere."""
    if candidate.current_job_title:
        yield "Title", candidate.current_job_title
    if candidate.current_company_name:
        yield "Company", candidate.current_company_name
    for address in candidate.email_addresses or ():
        yield "E-mail", address
    for phone in candidate.phone_numbers:
        yield "Phone", f"{phone.number} ext. {phone.extension}" if phone.extension else phone.number
    for place in candidate.addresses:
        parts = (place.line1, place.line2, place.postal_code, place.city, place.geographic_area, place.country)
        yield "Address", ", ".join(part for part in parts if part)
    if candidate.linked_in_profile_url:
        yield "LinkedIn profile given", candidate.linked_in_profile_url


def _application(book: Book, application_id: str, found: applications.Application, at: int) -> KnownApplication:
    posting = book.postings.get(found.job_id)
    state = "unknown" if posting is None else "open" if is_open_at(posting, at) else "closed"
    return KnownApplication(
        id=application_id,
        job_id=found.job_id,
        job_name=found.job_name,
        job_state=state,
        source=found.source or "",
        disposition=found.disposition_reason or "",
        created_at=found.created_at,
        modified_at=found.modified_at,
        stages=_stages(book.stages.get(application_id, {})),
        notes=_notes(book.application_notes.get(application_id, {})),
        feedback=_feedback(book.feedback.get(application_id, {})),
    )


def _stages(kept: dict[str, Stored]) -> tuple[KnownStage, ...]:
    found = [stages.DECODER.decode(stored.raw) for stored in kept.values()]
    found.sort(key=lambda stage: stage.created_at)
    return tuple(KnownStage(name=stage.stage, at=stage.created_at) for stage in reversed(found))


def _notes(kept: dict[str, Stored]) -> tuple[KnownNote, ...]:
    found = [(notes.DECODERS[stored.dialect].decode(stored.raw), stored.modified) for stored in kept.values()]
    known = [KnownNote(text=note.note or "", author=_person(note.author), at=at or None) for note, at in found]
    return tuple(sorted(known, key=lambda note: note.at or 0, reverse=True))


def _feedback(kept: dict[str, Stored]) -> tuple[KnownFeedback, ...]:
    found = [(feedback.DECODER.decode(stored.raw), stored.modified) for stored in kept.values()]
    known = [
        KnownFeedback(
            text=one.feedback or "",
            interviewer=_person(one.interviewer),
            kind=(one.interview_type or "").replace("_", " ").capitalize(),
            at=at or None,
            evaluations=tuple((part.attribute, part.result or "") for part in one.evaluations or ()),
        )
        for one, at in found
    ]
    return tuple(sorted(known, key=lambda one: one.at or 0, reverse=True))


def _person(name: PersonName | object) -> str:
    return f"{name.first_name} {name.last_name}" if isinstance(name, PersonName) else ""
