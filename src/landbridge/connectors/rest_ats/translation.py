"""From what was pushed to records, one by one: what cannot be taken is told by its place, its neighbours go on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import UNSET, Struct, structs

from landbridge.connectors.rest_ats.wire import (
    Deletion,
    PushedApplication,
    PushedCandidate,
    PushedJob,
    PushedNotes,
    PushedStages,
    PushedUser,
)
from landbridge.ports.marks import is_ours
from landbridge.ports.source import Gone, Page
from landbridge.records import Application, Candidate, Job, Kind, Location, Note, Record, Stage, User

P = TypeVar("P", bound=Struct)
# msgspec ends its sentence with the path of the value.
_PATH = re.compile(r" - at `(?:key in )?\$\.?([^`]*)`$")


class Fault(Struct, frozen=True, kw_only=True):
    """Why one record was not taken. ``place`` counts from 0; ``id`` is the record's own where it has one."""

    place: int
    id: str
    code: str
    field: str
    hint: str


class Sorted(Struct, Generic[P], frozen=True, kw_only=True):
    """What could be read of a call, with the place of each, and what could not."""

    good: list[tuple[int, P]]
    faults: list[Fault]


def sort_out(rows: Sequence[Any], kind: type[P]) -> Sorted[P]:
    """Read each row on its own; unknown fields are ignored."""
    good: list[tuple[int, P]] = []
    faults: list[Fault] = []
    for place, row in enumerate(rows):
        try:
            one = msgspec.convert(row, kind)
        except msgspec.ValidationError as error:
            faults.append(_shape_fault(place, row, str(error)))
            continue
        bad = next((name for name in KEYS if not _is_key(getattr(one, name, "-"))), None)
        if bad is not None:
            hint = "An id holds visible characters only and at most 500 bytes."
            faults.append(Fault(place=place, id="", code="not_storable", field=bad, hint=hint))
            continue
        try:
            good.append((place, in_utc(one)))
        except _OddTimeError as odd:
            hint = f"A time lies between the years {YEARS[0]} and {YEARS[-1]}. Correct it and push the record again."
            faults.append(Fault(place=place, id=_id_of(row), code="field_wrong", field=odd.field, hint=hint))
    return Sorted(good=good, faults=faults)


# Times outside these are mistakes, and some of them no database can hold.
YEARS = range(1900, 2201)


class _OddTimeError(ValueError):
    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def in_utc(one: P) -> P:
    """The same times in UTC: some zones that JSON can name (+17:27) a database cannot."""
    changes: dict[str, Any] = {}
    for name in one.__struct_fields__:
        value = getattr(one, name)
        if isinstance(value, datetime):
            changes[name] = _utc(value, name)
        elif isinstance(value, list) and value and isinstance(value[0], Struct):
            changes[name] = [in_utc(part) for part in value]
    return structs.replace(one, **changes)


def _utc(value: datetime, field: str) -> datetime:
    try:
        moved = value.astimezone(UTC)
    except OverflowError:
        raise _OddTimeError(field) from None
    if moved.year not in YEARS:
        raise _OddTimeError(field)
    return moved


KEYS = ("id", "application_id", "candidate_id", "job_id")


def _is_key(value: str) -> bool:
    try:
        return value.isprintable() and len(value.encode()) <= 500
    except UnicodeEncodeError:
        return False


def _shape_fault(place: int, row: Any, told: str) -> Fault:
    found = _PATH.search(told)
    field = found[1] if found else ""
    missing = "missing required field" in told
    named = re.search(r"missing required field `(\w+)`", told)
    if named:
        field = f"{field}.{named[1]}".lstrip(".")
    return Fault(
        place=place,
        id=_id_of(row),
        code="field_missing" if missing else "field_wrong",
        field=field,
        hint=_PATH.sub("", told) + ". Correct the field and push the record again.",
    )


def _id_of(row: Any) -> str:
    if not isinstance(row, dict):
        return ""
    told = row.get("id") or row.get("application_id")
    return told if isinstance(told, str) and len(told) <= 200 and _is_key(told) else ""


def page_of(pushed: Iterable[Struct]) -> Page:
    """The page the engine merges."""
    records: list[Record] = []
    provisional: list[Record] = []
    complete: list[str] = []
    complete_notes: list[str] = []
    gone: list[Gone] = []
    for one in pushed:
        if isinstance(one, PushedJob):
            records.append(job_of(one))
        elif isinstance(one, PushedCandidate):
            records.append(candidate_of(one))
        elif isinstance(one, PushedApplication):
            records.append(application_of(one))
            provisional.append(present_step(one))
        elif isinstance(one, PushedStages):
            records += stages_of(one)
            complete.append(one.application_id)
        elif isinstance(one, PushedNotes):
            records += notes_of(one)
            complete_notes.append(one.application_id)
        elif isinstance(one, Deletion) and one.kind != "user":
            gone.append(Gone(Kind(one.kind), one.id))
    return Page(
        records=tuple(records),
        provisional=tuple(provisional),
        complete=tuple(complete),
        complete_notes=tuple(complete_notes),
        gone=tuple(gone),
    )


def job_of(one: PushedJob) -> Job:
    told = structs.asdict(one)
    return Job(**{**told, "location": Location(**structs.asdict(one.location))})


def candidate_of(one: PushedCandidate) -> Candidate:
    return Candidate(**{**structs.asdict(one), "emails": tuple(one.emails)})


def application_of(one: PushedApplication) -> Application:
    told = structs.asdict(one)
    return Application(**{**told, "status_changed_at": one.status_changed_at or UNSET})


def present_step(one: PushedApplication) -> Stage:
    """What shows until the steps are pushed; it never takes the place of one that was."""
    entered = one.status_changed_at or one.created_at
    return Stage(id=f"{one.id}.1", application_id=one.id, name=one.status, entered_at=entered)


def stages_of(one: PushedStages) -> list[Stage]:
    owner = one.application_id
    return [
        Stage(id=f"{owner}.{n}", application_id=owner, name=step.name, entered_at=step.entered_at)
        for n, step in enumerate(one.steps, 1)
    ]


def notes_of(one: PushedNotes) -> list[Note]:
    """What came from LinkedIn does not go back there."""
    owner = one.application_id
    return [
        Note(**{**structs.asdict(note), "id": f"{owner}.{note.id}", "application_id": owner})
        for note in one.notes
        if not is_ours(note.text)
    ]


def user_of(one: PushedUser) -> User:
    return User(**structs.asdict(one))
