"""A virtual month of a company whose recruiters write while everything around them fails now and then.

Real: the sandbox with its clock, PostgreSQL, reading and posting as workers do it. Nobody waits: clocks stand and are
moved, so that a slow machine has the same month as a quick one. What happened is judged by the far sides: LinkedIn's
journal says which windows were asked for, the ATS which notes it has.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from msgspec import Struct, structs

from landbridge.errors import TryLaterError
from landbridge.jobs import incoming
from landbridge.sandbox.linkedin.records import Note, Thread
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.worlds.network import Seat
from tests.inbound.rig import Recruiting

PEOPLE = 5
HISTORY = timedelta(days=3)
# How far apart people do something.
BETWEEN = (timedelta(minutes=25), timedelta(minutes=100))
LATE = timedelta(minutes=45)
SHORTEST = timedelta(seconds=1)
QUIET = timedelta(hours=3)
CRASHES = 0.02
# A killed worker's job is taken over when it has been silent for so long, with something to spare.
TAKEN_OVER = timedelta(seconds=30)
CALLS_PER_DAY = 100_000
LONGEST = timedelta(hours=12)
FINDERS = ("conversation_events.*", "prospect_notes.*", "mail_stubs.*")


class Asked(Struct, frozen=True):
    """One window that LinkedIn has answered."""

    at: datetime
    stream: tuple[str, str]
    since: datetime
    until: datetime


class Month:
    """``texts``: what has to be in the ATS how often, by a word that is nowhere else."""

    def __init__(self, company: Recruiting, seed: int, length: timedelta) -> None:
        self.company = company
        self.chance = random.Random(seed)
        self.length = length
        self.done: Counter[str] = Counter()
        self._numbers = iter(range(1_000_000))
        self._threads: list[Thread] = []
        self._notes: list[Note] = []
        self._working = True
        self._people: list[int] = []
        self._linked: dict[str, datetime] = {}
        self._spent: tuple[datetime, datetime] | None = None
        self._mails: list[tuple[str, str, datetime]] = []
        self._gone: set[str] = set()

    # -- the month

    async def run(self) -> None:
        company = self.company
        company.sandbox.linkedin.journal.resize(300_000)
        company.clock.stand()
        await self._meet()
        self._began = company.now()
        await self._link(company.seat, 0)
        plan = sorted(self._plan().items(), key=lambda one: one[1])
        for happens, at in plan:
            await self._pass_until(self._began + at)
            await happens()
        await self._pass_until(self._began + self.length)
        await self._let_pass(QUIET)

    def _plan(self) -> dict[Any, timedelta]:
        """Troubles, each with its place in the month."""
        shares = {
            self._outage: 0.08,
            self._nobody_works: 0.2,
            self._somebody_joins: 0.5,
            self._too_often: 0.55,
            self._quota_spent: 0.62,
            self._clock_jumps: 0.78,
            self._clock_goes_back: 0.85,
        }
        return {happens: self.length * share for happens, share in shares.items()}

    async def _outage(self) -> None:
        """LinkedIn is down for five hours."""
        faults = self.company.sandbox.linkedin.faults
        for operation in FINDERS:
            faults.add({"operation": operation, "kind": "status", "status": 503, "times": None})
        await self._pass_until(self.company.now() + timedelta(hours=5))
        faults.clear()
        self.done["outage"] += 1

    async def _nobody_works(self) -> None:
        """No worker for more than a day, while recruiters go on."""
        self._working = False
        await self._pass_until(self.company.now() + timedelta(hours=26))
        self._working = True
        self.done["day without a worker"] += 1

    async def _somebody_joins(self) -> None:
        await self._link(self.company.colleague, 1)
        self.done["seat joined"] += 1

    async def _too_often(self) -> None:
        """429, with a time to come back and without."""
        faults = self.company.sandbox.linkedin.faults
        for number, operation in enumerate(FINDERS):
            again = 120 if number else None
            faults.add({"operation": operation, "kind": "status", "status": 429, "times": 4, "retry_after": again})
        await self._pass_until(self.company.now() + timedelta(hours=2))
        faults.clear()
        self.done["429"] += 1

    async def _quota_spent(self) -> None:
        """Others have used up the calls of this day."""
        now = self.company.now()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        await self.company.rows(
            "UPDATE budget SET day = %s, calls = %s WHERE system = 'linkedin' AND resource = 'inbound'",
            now.date(),
            CALLS_PER_DAY,
        )
        self._spent = (now, midnight)
        await self._pass_until(midnight)
        self.done["quota spent"] += 1

    async def _clock_jumps(self) -> None:
        """The machine slept for three hours, in the midst of things."""
        self.company.clock.advance(timedelta(hours=3))
        self.done["clock jumped"] += 1

    async def _clock_goes_back(self) -> None:
        """Ours alone, as where somebody sets it right; later it is right again."""
        self.company.clock.wrong = -timedelta(minutes=7)
        await self._pass_until(self.company.now() + timedelta(hours=1))
        self.company.clock.wrong = timedelta(0)
        self.done["clock went back"] += 1

    # -- time

    async def _pass_until(self, end: datetime) -> None:
        while self.company.now() < end:
            self._somebody_does_something()
            low, high = BETWEEN
            await self._let_pass(min(low + (high - low) * self.chance.random(), end - self.company.now()))

    async def _let_pass(self, length: timedelta) -> None:
        """Let workers do what is due on the way."""
        clock, end = self.company.clock, self.company.now() + length
        while (now := self.company.now()) < end:
            resume_at = await self._read() if self._working else end
            # Reading itself may have taken a while.
            clock.advance(min(max(resume_at - now, SHORTEST), max(end - self.company.now(), timedelta(0))))
        if self._working:
            await self._post()

    async def _read(self) -> datetime:
        """A slice, and when the next is to be; now and then its worker dies somewhere in it, and another goes on."""
        reading = asyncio.create_task(incoming.read(self.company.works, self.company.workspace, stopping=lambda: False))
        if self.chance.random() < CRASHES:
            for _ in range(self.chance.randrange(400)):
                await asyncio.sleep(0)
            reading.cancel()
            self.done["worker died"] += 1
        with suppress(asyncio.CancelledError, TryLaterError):
            end = await reading
            assert end.resume_at is not None, "there is nothing to read"
            return end.resume_at
        return self.company.now() + TAKEN_OVER

    async def _post(self) -> None:
        for _ in range(20):
            end = await incoming.take_effect(self.company.works, self.company.workspace, stopping=lambda: False)
            if end.problem is not None and not isinstance(end.problem, TryLaterError):
                raise end.problem
            if end.resume_at is None or end.resume_at > self.company.now() + timedelta(minutes=1):
                return
            self.company.clock.advance(max(end.resume_at - self.company.now(), timedelta(0)) + timedelta(seconds=1))

    # -- people

    async def _meet(self) -> None:
        """Candidates who are known to be members, so that all said about them has its place."""
        company = self.company
        known = [one.id for one in company.candidates().values() if one.details_status == 200]
        network = company.sandbox.linkedin.state.network
        taken = {seat.member for seat in network.seats}
        members = [member.number for member in network.members if member.number not in taken]
        for member, candidate in zip(members[:PEOPLE], known, strict=False):
            await company.know(member, candidate)
            self._people.append(member)
        self.candidates = known[: len(self._people)]

    async def _link(self, seat: Seat, place: int) -> None:
        await self.company.link(seat, place)
        self._linked[seat.urn] = self.company.now()

    def _somebody_does_something(self) -> None:
        acts = [
            self._write_to_somebody, self._write_to_somebody, self._answer, self._answer, self._note, self._note,
            self._edit, self._take_away, self._late_message, self._late_note, self._message_at_a_bound, self._share,
        ]  # fmt: skip
        with suppress(RefusalError, IndexError):
            self.chance.choice(acts)()

    def _word(self) -> str:
        return f"word{next(self._numbers):06d}."

    def _somebody(self) -> int:
        return self.chance.choice(self._people)

    def _seat(self) -> str:
        return self.chance.choice([self.company.seat, self.company.colleague]).urn

    def _write_to_somebody(self) -> Thread:
        word, seat = self._word(), self._seat()
        thread = self.company.talent.inmails.send(seat, self._somebody(), "A role", f"Would you? {word}")
        self._threads.append(thread)
        self._mails.append((word, seat, _instant(thread.events[-1].at)))
        return thread

    def _answer(self) -> Thread:
        thread, word = self.chance.choice(self._threads), self._word()
        act = self.chance.choice([self.company.talent.inmails.reply, self.company.talent.inmails.follow_up])
        event = act(thread.urn, f"Gladly. {word}")
        self._mails.append((word, thread.seat, _instant(event.at)))
        return thread

    def _share(self) -> None:
        self.company.talent.inmails.share_contact(self.chance.choice(self._threads).urn)

    def _late_message(self) -> None:
        """It has its own time, and shows up long after it."""
        self._date_back(self._answer(), LATE)

    def _message_at_a_bound(self) -> None:
        """At the very instant at which an earlier window may have ended: half an hour ago, to the millisecond."""
        self._date_back(self._write_to_somebody(), timedelta(minutes=30))

    def _date_back(self, thread: Thread, length: timedelta) -> None:
        at = thread.events[-1].at - round(length.total_seconds() * 1000)
        thread.events[-1] = structs.replace(thread.events[-1], at=at)
        word, seat, _ = self._mails[-1]
        self._mails[-1] = (word, seat, _instant(at))

    def _note(self) -> Note:
        note = self.company.talent.notes.write(self._seat(), self._somebody(), f"Noted. {self._word()}")
        self._notes.append(note)
        return note

    def _late_note(self) -> None:
        note = self._note()
        note.created_at = note.modified_at = note.modified_at - round(LATE.total_seconds() * 1000)

    def _edit(self) -> None:
        note = self.chance.choice([note for note in self._notes if note.active])
        before = note.text
        self.company.talent.notes.edit(note.seat, note.id, f"Noted anew. {self._word()}")
        self._gone.add(_word_of(before))

    def _take_away(self) -> None:
        note = self.chance.choice([note for note in self._notes if note.active])
        before = note.text
        self.company.talent.notes.delete(note.seat, note.id)
        self._gone.add(_word_of(before))

    # -- what came of it

    def findings(self) -> list[str]:
        return [*self._wrong_texts(), *self._holes(), *self._calls()]

    def wanted(self) -> Counter[str]:
        """How often each word has to be in the ATS."""
        words: Counter[str] = Counter()
        for word, seat, at in self._mails:
            linked = self._linked.get(seat)
            if linked is not None:
                words[word] = int(at >= linked - HISTORY)
        words.update({_word_of(note.text): 1 for note in self._notes if note.active})
        words.update(dict.fromkeys(self._gone, 0))
        return words

    def _wrong_texts(self) -> list[str]:
        there: Counter[str] = Counter()
        for candidate in self.candidates:
            for text in self.company.notes(candidate):
                there.update(re.findall(r"word\d{6}\.", text))
        wanted = self.wanted()
        return [
            f"{word} is {there[word]} times in the ATS instead of {wanted[word]}"
            for word in wanted.keys() | there.keys()
            if there[word] != wanted[word]
        ]

    def asked(self) -> list[Asked]:
        """Every window that LinkedIn has answered, by its own journal."""
        found = []
        for entry in self.company.sandbox.linkedin.journal.entries():
            window = _window_of(entry.operation, unquote(entry.query)) if entry.status == 200 else None
            if window is not None:
                found.append(Asked(_instant(entry.at), *window))
        return found

    def _holes(self) -> list[str]:
        """Windows that are too long, and time that no window covers."""
        streams: dict[tuple[str, str], list[Asked]] = {}
        for one in self.asked():
            streams.setdefault(one.stream, []).append(one)
        found = [
            f"{one.stream} in {one}" for many in streams.values() for one in many if one.until - one.since > LONGEST
        ]
        for stream, windows in streams.items():
            since = self._linked.get(stream[1], self._began) - HISTORY
            # It is wanted from when reading first comes round to it.
            covered = since + timedelta(minutes=1)
            for one in sorted(windows, key=lambda one: one.since):
                if one.since > covered:
                    found.append(f"{stream} leaves out {covered} to {one.since}")
                covered = max(covered, one.until)
            if covered < self.company.now() - timedelta(hours=1):
                found.append(f"{stream} ends at {covered}")
        return found + ([] if len(streams) >= 3 else [f"only {list(streams)} were read"])

    def _calls(self) -> list[str]:
        """Calls beyond the bucket of a day, and calls on a day on which none was left."""
        days = Counter(one.at.date() for one in self.asked())
        found = [f"{count} calls on {day}" for day, count in days.items() if count > CALLS_PER_DAY]
        if self._spent is not None:
            since, until = self._spent
            late = sum(since < one.at < until for one in self.asked())
            found += [f"{late} calls where none was left"] if late else []
        return found


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def _word_of(text: str) -> str:
    return str(re.findall(r"word\d{6}\.", text)[-1])


def _window_of(operation: str, query: str) -> tuple[tuple[str, str], datetime, datetime] | None:
    """The stream and the bounds that a call asked for; None for calls of other kinds."""
    match operation.partition(".")[0]:
        case "conversation_events":
            bounds, subject = r"timeRange.start=(\d+).*timeRange.end=(\d+)", r"viewer=(urn:li:seat:\d+)"
        case "prospect_notes":
            bounds, subject = r"cutoffDate=(\d+).*beforeDate=(\d+)", r"contract=(urn:li:contract:\d+)"
        case "mail_stubs":
            bounds, subject = r"createdDateStart=(\d+).*createdDateEnd=(\d+)", r"contract=(urn:li:contract:\d+)"
        case _:
            return None
    since, until = (int(found) for found in re.search(bounds, query).groups())  # type: ignore[union-attr]
    late = operation.startswith("prospect_notes")  # its lower bound is excluded
    stream = (operation.partition(".")[0], re.search(subject, query).group(1))  # type: ignore[union-attr]
    return stream, _instant(since + late), _instant(until)
