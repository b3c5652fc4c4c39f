"""What was synced: one book per application and organization."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from landbridge.sandbox.linkedin.packing import FEW, Example, Examples, pack, unpack

#: One id, or several.
Ids = str | tuple[str, ...] | set[str]


class Stored(Struct, gc=False):
    """One synced entity, ``kept`` as the JSON it came in: a third of the memory of an object; or, where there is an
    entity ``like`` it, as the values it has in the same form.

    ``dialect`` says with which field names; ``modified`` is the client's own last-modified (epoch ms), 0 for what there
    may be millions of: theirs is read from the JSON; ``manual`` is a candidate's person URN set by hand.
    """

    kept: bytes
    dialect: str
    written_at: int
    modified: int = 0
    manual: str | None = None
    like: Example | None = None

    @property
    def raw(self) -> bytes:
        return self.kept if self.like is None else unpack(self.kept, self.like)


class Posting(Struct, kw_only=True):
    """One job as the last successful task left it."""

    number: int
    fields: dict[str, Any]
    closed: bool
    expires_at: int
    changed_at: int


class Book(Struct):
    """What one application has synced for one organization.

    Children (stages, notes, feedback) are by the id of their parent, then by their own. ``acls`` holds the ids of the
    access control lists by entity type and id, ``assignees`` by entity type and person URN. ``attachments`` are by
    type and id of what they hang on, then by their own.
    ``matched`` holds the ids of the candidates a member (by number) is matched with, ``applications_of`` those of the
    applications of a candidate (by its id, or by address where an application names none): see ``matching``.
    ``examples`` are the records after which others of their kind and dialect are packed.
    ``erased`` keeps the last-modified of deleted candidates and applications, to notice updates that come too late.
    """

    postings: dict[str, Posting] = field(default_factory=dict)
    candidates: dict[str, Stored] = field(default_factory=dict)
    applications: dict[str, Stored] = field(default_factory=dict)
    stages: dict[str, dict[str, Stored]] = field(default_factory=dict)
    candidate_notes: dict[str, dict[str, Stored]] = field(default_factory=dict)
    application_notes: dict[str, dict[str, Stored]] = field(default_factory=dict)
    feedback: dict[str, dict[str, Stored]] = field(default_factory=dict)
    acls: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    assignees: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    attachments: dict[tuple[str, str], dict[str, Stored]] = field(default_factory=dict)
    matched: dict[int, Ids] = field(default_factory=dict)
    applications_of: dict[str, Ids] = field(default_factory=dict)
    erased: dict[tuple[str, str], int] = field(default_factory=dict)
    announced: set[str] = field(default_factory=set)
    examples: dict[str, Examples] = field(default_factory=dict)

    def keep_candidate(self, own_id: str, raw: bytes, dialect: str, written_at: int, manual: str | None) -> None:
        kept, like = self._packed("candidates", len(self.candidates), raw, dialect)
        self.candidates[own_id] = Stored(kept, dialect, written_at, manual=manual, like=like)

    def keep_application(self, own_id: str, raw: bytes, dialect: str, written_at: int) -> None:
        kept, like = self._packed("applications", len(self.applications), raw, dialect)
        self.applications[own_id] = Stored(kept, dialect, written_at, like=like)

    def _packed(self, kind: str, count: int, raw: bytes, dialect: str) -> tuple[bytes, Example | None]:
        return (raw, None) if count < FEW else pack(raw, self.examples.setdefault(f"{kind}/{dialect}", {}))
