"""Windows over what comes from LinkedIn: nothing left out, nothing twice, within one bucket of calls."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from landbridge.errors import LandbridgeError, NotPermittedError, RateLimitedError, UnavailableError
from landbridge.ports.incoming import LONGEST_WINDOW, Batch, Window
from landbridge.records.incoming import ClosedProfile, ExportedPerson, InMail, ProspectNote, SharedContact
from landbridge.store.arrivals import count_arrivals
from landbridge.store.budgets import BudgetKey
from landbridge.store.database import Database
from landbridge.store.streams import count_streams
from landbridge.sync.budget import Budget, StorePool
from landbridge.sync.streams import (
    PROMISED,
    QUICKEST,
    Streaming,
    StreamsEnd,
    pace_of,
    read_slice,
    shared_quota,
    want,
)
from tests.unit.sync.conftest import Stage
from tests.unit.sync.fakes import NOW, ManualClock

CONTRACT, SEATS = "urn:li:contract:7", ("urn:li:seat:1", "urn:li:seat:2")
SLICE = timedelta(seconds=20)
HISTORY = timedelta(days=4)


class Recruiters:
    """What recruiters did, and LinkedIn's answers about it; keeps every window it was asked for."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.messages: dict[str, list[datetime]] = {seat: [] for seat in SEATS}
        self.notes: dict[str, ProspectNote] = {}
        self.windows: dict[tuple[str, str], list[Window]] = {}
        self.trouble: Callable[[str, str], LandbridgeError | None] = lambda _kind, _subject: None

    def note(self, number: int, text: str, *, active: bool = True) -> None:
        now = self._clock.now()
        self.notes[str(number)] = ProspectNote(
            id=str(number), contract=CONTRACT, text=text, active=active, modified_at=now, raw=text.encode()
        )

    async def read_inmails(self, seat: str, seat_person: str | None, window: Window) -> Batch[InMail]:
        self._ask("inmails", seat, window)
        found = [at for at in self.messages[seat] if window.since <= at < window.until]
        return Batch(found=[InMail(id=f"{seat} {at.isoformat()}", seat=seat, at=at, body="Hello") for at in found])

    async def read_notes(self, contract: str, window: Window) -> Batch[ProspectNote]:
        self._ask("notes", contract, window)
        dated = [(note, note.modified_at) for note in self.notes.values()]
        # The bounds of notes are unclear: this LinkedIn includes both.
        return Batch(found=[note for note, at in dated if at is not None and window.since <= at <= window.until])

    async def read_contacts(self, contract: str, seats: Sequence[str], window: Window) -> Batch[SharedContact]:
        self._ask("contacts", contract, window)
        return Batch(found=[], unreadable=[b"{}"])

    async def read_closed(self, window: Window) -> Batch[ClosedProfile]:
        self._ask("closed", "", window)
        return Batch(found=[])

    async def read_export(self, request_id: str) -> ExportedPerson | None:
        raise AssertionError(request_id)

    async def close(self) -> None:
        """Nothing is held."""

    def _ask(self, kind: str, subject: str, window: Window) -> None:
        problem = self.trouble(kind, subject)
        if problem is not None:
            raise problem
        assert window.since <= window.until <= self._clock.now()
        if kind != "closed":
            assert window.until - window.since <= LONGEST_WINDOW
        self.windows.setdefault((kind, subject), []).append(window)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def recruiters(clock: ManualClock) -> Recruiters:
    return Recruiters(clock)


@pytest.fixture
async def streaming(stage: Stage, clock: ManualClock, recruiters: Recruiters) -> Streaming:
    await want_all(stage.database, stage.workspace, clock)
    return Streaming(
        database=stage.database,
        workspace=stage.workspace,
        incoming=recruiters,
        budget=None,
        clock=clock,
        pace=pace_of(4, 100_000),
        seats=dict.fromkeys(SEATS, None),
        owners={CONTRACT: list(SEATS)},
    )


async def want_all(database: Database, workspace: int, clock: ManualClock, seats: Sequence[str] = SEATS) -> None:
    await want(
        database,
        workspace,
        seats=seats,
        contracts=[CONTRACT],
        organization="urn:li:organization:1",
        history=HISTORY,
        now=clock.now(),
    )


async def run_until(streaming: Streaming, clock: ManualClock, end: datetime) -> list[StreamsEnd]:
    """Slices as a worker runs them: again when the last one said so."""
    ends = []
    while clock.now() < end:
        ends.append(await read_slice(streaming, length=SLICE))
        resume_at = ends[-1].resume_at or end
        clock.advance(max((min(resume_at, end) - clock.now()).total_seconds(), 0.5))
    return ends


def holes(windows: Sequence[Window]) -> tuple[list[tuple[datetime, datetime]], datetime, datetime]:
    """What the windows leave out between them, and where they begin and end."""
    ordered = sorted(windows, key=lambda window: window.since)
    pairs = itertools.pairwise(ordered)
    missed = [(one.until, other.since) for one, other in pairs if one.until < other.since]
    return missed, ordered[0].since, max(window.until for window in ordered)


async def test_windows_touch_from_the_beginning_of_history_to_now(
    streaming: Streaming, clock: ManualClock, recruiters: Recruiters
) -> None:
    await run_until(streaming, clock, NOW + timedelta(hours=5))
    for key, windows in recruiters.windows.items():
        missed, first, last = holes(windows)
        assert (missed, first) == ([], NOW - HISTORY), key
        if key[0] != "closed":
            assert last > clock.now() - timedelta(minutes=7), key
    async with streaming.database.connection() as connection:
        assert {one.past for one in await count_streams(connection, streaming.workspace)} == {1.0}


async def test_streams_read_at_the_same_time_count_what_all_of_them_have_kept(
    streaming: Streaming, clock: ManualClock, recruiters: Recruiters
) -> None:
    """Whoever has kept something asks for it to be worked off: what is not counted would wait for the next minute."""
    at = NOW + timedelta(seconds=10)
    for seat in SEATS:
        recruiters.messages[seat].append(at)
    clock.advance(20)
    recruiters.note(1, "Worth a call")
    clock.advance(120)
    (end,) = await run_until(streaming, clock, clock.now() + timedelta(seconds=1))
    assert end.kept == 3


async def test_every_message_is_kept_once_through_outages_and_crashes(
    streaming: Streaming, clock: ManualClock, recruiters: Recruiters
) -> None:
    chance = random.Random(7)
    for messages in recruiters.messages.values():
        span = (HISTORY + timedelta(days=3)).total_seconds()
        messages += [NOW - HISTORY + timedelta(seconds=chance.randrange(int(span))) for _ in range(150)]
    dark = (NOW + timedelta(days=1), NOW + timedelta(days=1, hours=17))

    def trouble(_kind: str, _subject: str) -> LandbridgeError | None:
        if dark[0] <= clock.now() < dark[1]:
            return UnavailableError("away")
        return UnavailableError("a hiccup") if chance.random() < 0.05 else None

    recruiters.trouble = trouble
    await run_until(streaming, clock, NOW + timedelta(days=3))
    recruiters.trouble = lambda _kind, _subject: None
    clock.advance(7200)
    await run_until(streaming, clock, clock.now() + timedelta(hours=2))
    async with streaming.database.connection() as connection:
        counts = await count_arrivals(connection, streaming.workspace)
    distinct = sum(len(set(messages)) for messages in recruiters.messages.values())
    assert counts["inmail", "due", ""] == distinct


async def test_message_that_shows_up_long_after_its_own_time_is_kept(
    streaming: Streaming, clock: ManualClock, recruiters: Recruiters
) -> None:
    await run_until(streaming, clock, NOW + timedelta(hours=2))
    recruiters.messages[SEATS[0]].append(clock.now() - timedelta(minutes=50))
    await run_until(streaming, clock, clock.now() + timedelta(minutes=30))
    async with streaming.database.connection() as connection:
        assert (await count_arrivals(connection, streaming.workspace))["inmail", "due", ""] == 1


async def test_edits_and_ends_of_notes_are_followed_and_older_states_ignored(
    streaming: Streaming, clock: ManualClock, recruiters: Recruiters
) -> None:
    recruiters.note(1, "Likes trains")
    recruiters.note(2, "Wrong person")
    clock.advance(3600)
    await read_slice(streaming, length=SLICE)
    clock.advance(3600)
    recruiters.note(1, "Likes night trains")
    recruiters.note(2, "", active=False)
    clock.advance(3600)
    kept = (await read_slice(streaming, length=SLICE)).kept
    clock.advance(3600)
    again = (await read_slice(streaming, length=SLICE)).kept
    async with streaming.database.connection() as connection:
        cursor = await connection.execute(
            """SELECT far_id, revision, body->>'text', body->'active' FROM arrival
               WHERE workspace_id = %s AND kind = 'note' ORDER BY far_id""",
            [streaming.workspace],
        )
        assert await cursor.fetchall() == [("1", 2, "Likes night trains", True), ("2", 2, "", False)]
    assert (kept, again) == (2, 0)


async def test_a_seat_that_comes_back_catches_up(
    streaming: Streaming, clock: ManualClock, recruiters: Recruiters
) -> None:
    await run_until(streaming, clock, NOW + timedelta(hours=3))
    await want_all(streaming.database, streaming.workspace, clock, seats=SEATS[:1])
    recruiters.messages[SEATS[1]].append(clock.now() + timedelta(hours=20))
    await run_until(streaming, clock, NOW + timedelta(days=2))
    asked = len(recruiters.windows["inmails", SEATS[1]])
    await want_all(streaming.database, streaming.workspace, clock)
    await run_until(streaming, clock, NOW + timedelta(days=2, hours=1))
    assert len(recruiters.windows["inmails", SEATS[1]]) > asked
    assert holes(recruiters.windows["inmails", SEATS[1]])[0] == []
    async with streaming.database.connection() as connection:
        assert (await count_arrivals(connection, streaming.workspace))["inmail", "due", ""] == 1


async def test_a_contract_that_is_switched_off_holds_up_nobody_else(
    streaming: Streaming, clock: ManualClock, recruiters: Recruiters
) -> None:
    recruiters.trouble = lambda kind, _: NotPermittedError("off") if kind in {"notes", "contacts"} else None
    await run_until(streaming, clock, NOW + timedelta(hours=2))
    assert ("notes", CONTRACT) not in recruiters.windows
    assert holes(recruiters.windows["inmails", SEATS[0]])[0] == []
    async with streaming.database.connection() as connection:
        troubled = {one.kind: one.troubled for one in await count_streams(connection, streaming.workspace)}
    assert troubled == {"closed": 0, "contacts": 1, "inmails": 0, "notes": 1}
    recruiters.trouble = lambda _kind, _subject: None
    await run_until(streaming, clock, clock.now() + timedelta(hours=7))
    assert holes(recruiters.windows["notes", CONTRACT])[0] == []


async def test_trouble_of_our_own_database_is_held_against_no_stream(
    streaming: Streaming, clock: ManualClock, recruiters: Recruiters
) -> None:
    """LinkedIn's answers need tokens, which are ours to keep: a full disk may be met in the midst of a call."""
    ours = UnavailableError("the database is away", facts={"system": "database"})
    recruiters.trouble = lambda kind, _: ours if kind == "notes" else None
    with pytest.raises(UnavailableError):
        await run_until(streaming, clock, NOW + timedelta(hours=1))
    async with streaming.database.connection() as connection:
        assert {one.kind: one.troubled for one in await count_streams(connection, streaming.workspace)}["notes"] == 0
    # What was read beside it is kept and known, so it is not asked for once more.
    assert recruiters.windows["inmails", SEATS[0]]
    recruiters.trouble = lambda _kind, _subject: None
    await run_until(streaming, clock, clock.now() + timedelta(hours=7))
    assert holes(recruiters.windows["notes", CONTRACT])[0] == []


async def test_a_limit_ends_the_slice_and_says_when_to_come_again(
    streaming: Streaming, clock: ManualClock, recruiters: Recruiters
) -> None:
    recruiters.trouble = lambda _kind, _subject: RateLimitedError("slow", retry_after=timedelta(minutes=3))
    end = await read_slice(streaming, length=SLICE)
    assert isinstance(end.problem, RateLimitedError)
    assert end.resume_at == clock.now() + timedelta(minutes=3)
    assert (end.windows, end.kept) == (0, 0)


async def test_the_past_leaves_the_present_its_calls(
    streaming: Streaming, clock: ManualClock, recruiters: Recruiters
) -> None:
    """With a bucket far too small for the history, the present is read at its pace all the same."""
    key = BudgetKey(streaming.workspace, "linkedin", "inbound")
    budget = Budget(StorePool(streaming.database), key, shared_quota(900))
    tight = structs.replace(streaming, budget=budget, pace=pace_of(4, 900, with_past=4))
    await run_until(tight, clock, NOW + timedelta(hours=11))
    calls = sum(len(windows) for windows in recruiters.windows.values())
    assert 150 < calls <= 900
    _, _, last = holes(recruiters.windows["inmails", SEATS[0]])
    assert last > clock.now() - timedelta(minutes=35)


@given(st.integers(1, 20_000), st.integers(1_000, 1_000_000))
def test_a_pace_fits_into_the_bucket_and_says_when_it_breaks_the_promise(streams: int, calls: int) -> None:
    pace = pace_of(streams, calls)
    assert streams * (timedelta(days=1) / pace.every) <= calls
    assert pace.every >= QUICKEST
    assert pace.slower == (pace.every > PROMISED) == (streams > pace.most_at_promised)


def test_two_thousand_seats_are_read_every_half_hour_and_more_are_warned_of() -> None:
    assert pace_of(2_002, 100_000).every == PROMISED
    assert not pace_of(2_002, 100_000).slower
    crowd = pace_of(5_000, 100_000)
    assert crowd.slower
    assert crowd.most_at_promised == 2_041
    assert pace_of(10, 100_000).every == QUICKEST


async def test_a_clock_that_moves_while_reading_does_not_make_a_stream_due_at_once(
    streaming: Streaming, clock: ManualClock, recruiters: Recruiters
) -> None:
    def trouble(_kind: str, _subject: str) -> None:
        clock.advance(0.2)

    recruiters.trouble = trouble
    clock.advance(3600)
    await read_slice(streaming, length=SLICE)
    before = len(recruiters.windows["inmails", SEATS[0]])
    clock.advance(1)
    await read_slice(streaming, length=SLICE)
    present = [window for window in recruiters.windows["inmails", SEATS[0]][before:] if window.until > NOW]
    assert not present


async def test_present_that_is_days_behind_is_caught_up_with_at_the_pace_of_one_seat(
    streaming: Streaming, clock: ManualClock, recruiters: Recruiters
) -> None:
    asked: list[datetime] = []

    def note(kind: str, subject: str) -> None:
        if (kind, subject) == ("inmails", SEATS[0]):
            asked.append(clock.now())

    await run_until(streaming, clock, NOW + timedelta(minutes=10))
    clock.advance(timedelta(days=9).total_seconds())
    recruiters.trouble = note
    await run_until(streaming, clock, clock.now() + timedelta(minutes=20))
    fullest = max(sum(timedelta(0) <= other - at < timedelta(minutes=1) for other in asked) for at in asked)
    assert (len(asked) > 18, fullest <= 12) == (True, True)
