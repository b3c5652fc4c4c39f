"""Merging what a read of the ATS brought into the mirror: records, removals, and what has to be read next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, field, structs

from landbridge.ports.source import Page, Pass
from landbridge.records import RECORD_OF, Kind, Record
from landbridge.records.kinship import job_key, pair_key, parent_key
from landbridge.store import erasures, mirror, readings
from landbridge.store.database import Connection
from landbridge.store.erasures import ToldBy
from landbridge.store.mirror import Rows, Touched
from landbridge.store.readings import SetAside
from landbridge.sync import reasons
from landbridge.sync.budget import Urgency

# An index entry of PostgreSQL holds 2,704 bytes; no system we know has ids near this.
LONGEST_KEY = 500
KIND_OF = {record_type: kind for kind, record_type in RECORD_OF.items()}


class Arrival(Struct, frozen=True, kw_only=True):
    """How pages came in.

    ``sweep`` None: a live change. ``is_list``: pages of a list, else single items. ``mark_seen``: the pass tells
    absence afterwards. ``applications_pass`` is the items pass that reads applications by pair. ``reread``: read every
    listed application again, also where its candidate has not changed. ``turn``: the newest merge when reading began;
    what newer ones have written is left alone. ``read_alone``: the pass reads single items by a record's key as well.
    ``told_by`` stands on the receipts of what is gone; None: an event or the sweep, whichever it is.
    """

    pass_name: str
    of: Kind
    priority: int
    sweep: int | None = None
    mark_seen: bool = False
    is_list: bool = False
    applications_pass: str | None = None
    reread: bool = False
    turn: int | None = None
    read_alone: bool = False
    told_by: ToldBy | None = None


class Merged(Struct):
    """What a merge has done. ``kinds`` have something due now; ``added`` counts new items to read, by pass.

    ``overtaken`` are the places of pages that were read before a newer state of a record was merged: to be read again.
    Of a list only the records concerned are left out; they are on the reading list.
    """

    kinds: set[Kind] = field(default_factory=set)
    added: dict[str, int] = field(default_factory=dict)
    made: int = 0
    changed: int = 0
    gone: int = 0
    refused: int = 0
    urgent: bool = False  # something of it must not wait behind a backfill
    overtaken: frozenset[int] = frozenset()


def applications_pass(passes: Iterable[Pass]) -> str | None:
    """The items pass that reads applications by pair, where there is one."""
    return next((one.name for one in passes if one.reads == "items" and one.of is Kind.APPLICATION), None)


async def merge(
    connection: Connection, workspace: int, pages: Sequence[Page], arrival: Arrival, now: datetime
) -> Merged:
    """Merge pages, in their order, inside the caller's transaction; merging one again changes nothing.

    The caller rings for ``Merged.kinds`` when it has done all else in this transaction.
    """
    await mirror.take_turn(connection, workspace)
    turn = await mirror.next_turn(connection, workspace)
    pages, refused = _storable(pages, arrival)
    pages, again, overtaken = await _newest(connection, workspace, pages, arrival, turn)
    rows = _rows_of(pages)
    touched = await mirror.upsert(
        connection,
        workspace,
        rows,
        sweep=arrival.sweep,
        mark_seen=arrival.mark_seen,
        priority=arrival.priority,
        now=now,
        turn=turn,
        stamps=arrival.sweep is None,
    )
    merged = Merged(kinds={Kind(one.kind) for one in touched}, overtaken=overtaken)
    changed = [one.id for one in touched if not one.made]
    merged.made, merged.changed = len(touched) - len(changed), len(changed)
    await mirror.make_due(connection, workspace, changed, priority=arrival.priority, now=now)
    due = await mirror.make_dependents_due(connection, workspace, touched, priority=arrival.priority, now=now)
    merged.kinds |= due
    await _bury(connection, workspace, pages, arrival, now, merged, turn)
    await readings.ask_anew(connection, workspace, again, priority=Urgency.LIVE)
    merged.urgent = bool(merged.gone) or (bool(merged.kinds) and arrival.priority < Urgency.BACKFILL)
    await _list(connection, workspace, pages, touched, arrival, merged)
    await _set_aside(connection, workspace, pages, rows, refused, arrival, now, merged)
    return merged


async def _newest(
    connection: Connection, workspace: int, pages: list[Page], arrival: Arrival, turn: int
) -> tuple[list[Page], list[tuple[str, str]], frozenset[int]]:
    """The pages without what a newer read has overtaken; what of lists to read by itself; the places of other pages.

    Nothing is known of the moment in which the ATS looked, so whatever began before the newest merge of a record may be
    older than that, and is read again.
    """
    if arrival.turn is None or turn == arrival.turn + 1:
        return pages, [], frozenset()
    named = [(KIND_OF[type(one)].value, one.id) for page in pages for one in (*page.records, *page.provisional)]
    stale = await mirror.overtaken(connection, workspace, named, turn=arrival.turn)
    if not stale:
        return pages, [], frozenset()
    if not arrival.is_list:
        places = frozenset(place for place, page in enumerate(pages) if _names_any(page, stale))
        return [Page() if place in places else page for place, page in enumerate(pages)], [], places
    people = {key for kind, key in stale if kind == Kind.CANDIDATE}
    kept = [
        structs.replace(
            page,
            records=tuple(one for one in page.records if (KIND_OF[type(one)].value, one.id) not in stale),
            listed=tuple(pair for pair in page.listed if pair[0] not in people),
        )
        for page in pages
    ]
    again = [(arrival.pass_name, key) for kind, key in sorted(stale) if kind == arrival.of and arrival.read_alone]
    return kept, again, frozenset()


def _names_any(page: Page, named: set[tuple[str, str]]) -> bool:
    return any((KIND_OF[type(one)].value, one.id) in named for one in (*page.records, *page.provisional))


async def _bury(
    connection: Connection,
    workspace: int,
    pages: Sequence[Page],
    arrival: Arrival,
    now: datetime,
    merged: Merged,
    turn: int,
) -> None:
    named = [(gone.kind.value, gone.key) for page in pages for gone in page.gone if gone.key]
    pairs = [gone.pair for page in pages for gone in page.gone if gone.pair is not None and not gone.key]
    told = {
        Kind.STAGE: [key for page in pages for key in page.complete],
        Kind.FEEDBACK: [key for page in pages for key in page.complete_feedback],
        Kind.NOTE: [key for page in pages for key in page.complete_notes],
        Kind.RESUME: [key for page in pages for key in page.complete_resumes],
    }
    for kind, applications in told.items():
        kept = [record.id for page in pages for record in page.records if KIND_OF[type(record)] is kind]
        vanished = await mirror.other_children(connection, workspace, kind, applications, kept)
        named += [(kind.value, key) for key in vanished]
    successors = {gone.key: gone.successor for page in pages for gone in page.gone if gone.successor}
    buried = await mirror.bury(
        connection, workspace, named, pairs, sweep=arrival.sweep, now=now, turn=turn, successors=successors
    )
    told_by = arrival.told_by or ("event" if arrival.sweep is None else "sweep")
    await erasures.erase(connection, workspace, buried, successors=successors, told_by=told_by, now=now)
    merged.gone += len(buried)
    merged.kinds |= {Kind(one.kind) for one in buried}


async def _list(
    connection: Connection,
    workspace: int,
    pages: Sequence[Page],
    touched: Sequence[Touched],
    arrival: Arrival,
    merged: Merged,
) -> None:
    """Put on the reading list what the pages name, without applications that cannot have changed, and the vanished."""
    listed = {pair for page in pages for pair in page.listed}
    items = [(item.pass_name, item.key) for page in pages for item in page.items]
    if arrival.applications_pass is not None:
        known = await _known_pairs(connection, workspace, pages)
        settled = {pair_key(*pair) for pair in listed & known - _stirred(listed, touched, arrival)}
        items = [item for item in items if item[0] != arrival.applications_pass or item[1] not in settled]
        # A live change names a candidate without its applications: it says nothing about which have vanished.
        vanished = known - listed if arrival.sweep is not None and _lists_applications(pages, arrival) else set()
        items += [(arrival.applications_pass, pair_key(*pair)) for pair in sorted(vanished)]
    if arrival.applications_pass is not None and arrival.sweep is None:
        # Lists show a change of an application by its candidate's alone, which they will not find changed any more.
        people = [one.key for one in touched if one.kind == Kind.CANDIDATE and not one.made]
        pairs = await mirror.applications_of(connection, workspace, people)
        items += [(arrival.applications_pass, pair_key(*pair)) for pair in sorted(pairs)]
    for name in dict.fromkeys(name for name, _ in items):
        named = [item for item in items if item[0] == name]
        if arrival.sweep is None:
            added = await readings.ask_anew(connection, workspace, named, priority=arrival.priority)
        else:
            added = await readings.add(connection, workspace, named, sweep=arrival.sweep, priority=arrival.priority)
        merged.added[name] = merged.added.get(name, 0) + added


async def _known_pairs(connection: Connection, workspace: int, pages: Sequence[Page]) -> set[tuple[str, str]]:
    people = [record.id for page in pages for record in page.records if KIND_OF[type(record)] is Kind.CANDIDATE]
    return await mirror.applications_of(connection, workspace, people)


def _stirred(listed: set[tuple[str, str]], touched: Sequence[Touched], arrival: Arrival) -> set[tuple[str, str]]:
    """Known applications that have to be read again: a change of the candidate is all the list shows of a change."""
    changed = {one.key for one in touched if one.kind == Kind.CANDIDATE}
    return {pair for pair in listed if arrival.reread or pair[0] in changed}


def _lists_applications(pages: Sequence[Page], arrival: Arrival) -> bool:
    """Only the list of candidates names all applications of each; reading one candidate does not."""
    return arrival.of is Kind.CANDIDATE and arrival.is_list and any(page.records for page in pages)


async def _set_aside(
    connection: Connection,
    workspace: int,
    pages: Sequence[Page],
    rows: Rows,
    refused: Sequence[SetAside],
    arrival: Arrival,
    now: datetime,
    merged: Merged,
) -> None:
    """Count and keep what could not be read; forget it where it has been read now."""
    told = [
        SetAside(arrival.pass_name, one.key or f"{one.kind.value} {place} before {page.cursor}", one.reason, one.detail)
        for page in pages
        for place, one in enumerate(page.refused)
    ]
    told += refused
    merged.refused = len(told)
    read = [key for kind, key in zip(rows.kinds, rows.keys, strict=True) if kind == arrival.of]
    await readings.clear_set_aside(connection, workspace, arrival.pass_name, read)
    await readings.set_aside(connection, workspace, told, sweep=arrival.sweep, now=now)


def _storable(pages: Sequence[Page], arrival: Arrival) -> tuple[list[Page], list[SetAside]]:
    """The pages without what has no key that can be kept, lest it spoil the rest; and the records left out."""
    kept: list[Page] = []
    aside: list[SetAside] = []
    for page in pages:
        bad = [record for record in (*page.records, *page.provisional) if not _can_be_named(record)]
        for record in bad:
            place = f"{KIND_OF[type(record)].value} {len(aside)} before {page.cursor}"
            aside.append(SetAside(arrival.pass_name, place, reasons.NOT_STORABLE))
        cleaned = structs.replace(
            page,
            records=tuple(record for record in page.records if _can_be_named(record)),
            provisional=tuple(record for record in page.provisional if _can_be_named(record)),
            items=tuple(item for item in page.items if _is_storable(item.key)),
            listed=tuple(pair for pair in page.listed if all(map(_is_storable, pair))),
            gone=tuple(one for one in page.gone if all(map(_is_storable, one.pair or (one.key,)))),
            complete=tuple(filter(_is_storable, page.complete)),
            complete_feedback=tuple(filter(_is_storable, page.complete_feedback)),
            complete_notes=tuple(filter(_is_storable, page.complete_notes)),
            complete_resumes=tuple(filter(_is_storable, page.complete_resumes)),
            refused=tuple(one if _is_storable(one.key) else structs.replace(one, key="") for one in page.refused),
        )
        kept.append(cleaned)
    return kept, aside


def _can_be_named(record: Record) -> bool:
    return all(_is_storable(key) for key in (record.id, parent_key(record) or "-", job_key(record) or "-"))


def _rows_of(pages: Iterable[Page]) -> Rows:
    """The records of the pages in columns, each named once: the last one read, and never a provisional one over it."""
    chosen: dict[tuple[Kind, str], tuple[Record, bool]] = {}
    for page in pages:
        for record in page.provisional:
            chosen.setdefault((KIND_OF[type(record)], record.id), (record, True))
        for record in page.records:
            chosen[KIND_OF[type(record)], record.id] = (record, False)
    rows = Rows()
    order = list(Kind)
    for (kind, key), (record, provisional) in sorted(chosen.items(), key=lambda entry: order.index(entry[0][0])):
        rows.kinds.append(kind.value)
        rows.keys.append(key)
        rows.parents.append(parent_key(record))
        rows.jobs.append(job_key(record))
        rows.bodies.append(encode(record))
        rows.provisional.append(provisional)
    return rows


def _is_storable(key: str) -> bool:
    try:
        return 0 < len(key.encode()) <= LONGEST_KEY and key.isprintable()
    except UnicodeEncodeError:
        return False


def encode(record: Record) -> str:
    """A record as JSON text PostgreSQL can keep: it has neither NUL nor halves of surrogate pairs."""
    try:
        encoded = msgspec.json.encode(record)
    except UnicodeEncodeError:
        encoded = b"\\u0000"
    if b"\\u0000" in encoded:
        encoded = msgspec.json.encode(_cleaned(msgspec.to_builtins(record)))
    return encoded.decode()


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list | tuple):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items()}
    return value
