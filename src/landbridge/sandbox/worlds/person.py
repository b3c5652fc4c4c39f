"""Candidates and their applications. A world may hold a million of them, so they are compact."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from landbridge.sandbox.worlds.moment import Moment
from landbridge.sandbox.worlds.steps import History, Step, unpack

__all__ = ["Application", "Candidate", "History", "Step"]


class Application(Struct, gc=False, kw_only=True, eq=False):
    """One candidate in one job. ``history`` runs from the oldest step to the newest, except in hostile worlds; it is
    ``kept`` packed as long as it is as the world was made."""

    id: str
    candidate_id: str
    job_id: str
    created: Moment
    step: Step
    kept: bytes | History
    source: int | None  # position among the company's sources
    source_label: str | None = None  # replaces the source's own label
    reason: int | None = None  # position among the rejection or withdrawal reasons
    starts: Moment = None
    details_status: int = 200
    history_status: int = 200
    extra: dict[str, Any] | None = None
    oddities: tuple[str, ...] = ()

    @property
    def history(self) -> History:
        return unpack(self.kept) if isinstance(self.kept, bytes) else self.kept

    def steps(self) -> Iterator[tuple[Moment, Step]]:
        flat = self.history
        return zip(flat[::2], flat[1::2], strict=True)

    def move(self, at: int, step: Step) -> None:
        self.step = step
        self.kept = (*self.history, at, step)


class Candidate(Struct, gc=False, kw_only=True, eq=False):
    """A person. ``applications`` begins with the primary one and is never empty."""

    id: str
    first_name: str | None
    last_name: str | None
    email: str | None
    created: Moment
    updated: Moment
    place: int | None  # position in PLACES
    trait: int  # seed of what is derived when asked for: phone, work, school, tags
    linkedin_url: str | None = None
    internal: bool = False
    applications: tuple[Application, ...] = ()
    details_status: int = 200
    extra: dict[str, Any] | None = None
    oddities: tuple[str, ...] = ()
