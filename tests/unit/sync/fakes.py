"""Both far sides of the engine, in memory, and time that only moves when told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import msgspec

from landbridge.errors import LandbridgeError
from landbridge.ports.destination import Entity, Held, Limits, Outcome, Outgoing
from landbridge.ports.source import Access, Page, Pass
from landbridge.records import Application, Candidate, Job, Kind, Record, Stage, User
from landbridge.store.database import Connection

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


class ManualClock:
    """Sleeping moves it on at once."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class RecordingBell:
    """Remembers who was called."""

    def __init__(self) -> None:
        self.rung: list[Kind] = []

    async def ring(
        self, connection: Connection, workspace: int, kinds: Collection[Kind], *, urgent: bool = False
    ) -> None:
        self.rung += kinds


def candidate(key: str, first_name: str = "Mirela", **more: object) -> Candidate:
    return Candidate(
        id=key,
        first_name=first_name,
        last_name="Novotna",
        emails=(f"{key}@example.org",),
        created_at=NOW - timedelta(days=30),
        updated_at=NOW - timedelta(days=1),
        **more,  # type: ignore[arg-type]
    )


def job(key: str, title: str = "Tram driver", **more: object) -> Job:
    return Job(id=key, title=title, status="open", visibility="public", **more)  # type: ignore[arg-type]


def application(key: str, candidate_id: str, job_id: str, status: str = "New") -> Application:
    return Application(
        id=key, candidate_id=candidate_id, job_id=job_id, status=status, created_at=NOW - timedelta(days=3)
    )


def stage(application_id: str, number: int, name: str = "New") -> Stage:
    return Stage(id=f"{application_id}.{number}", application_id=application_id, name=name, entered_at=NOW)


Hook = Callable[[Sequence[Entity]], Awaitable[None]]


class FarSide:
    """A writer that keeps what it was sent. ``sent`` is every accepted entity in order, ``calls`` every batch.

    ``failing`` decides on an error for a batch, ``verdicts`` on an outcome per key; ``during`` runs inside each call.
    """

    def __init__(
        self,
        kind: Kind,
        *,
        per_call: int = 100,
        limits: Limits | None = None,
        version: str = "",
        one_parent_per_call: bool = False,
    ) -> None:
        self.kind = kind
        self.one_parent_per_call = one_parent_per_call
        self.resource = kind.plural
        self.limits = limits or Limits(records_per_minute=None, calls_per_day=None, records_per_call=per_call)
        self.version = version
        self.calls: list[list[str]] = []
        self.sent: list[Entity] = []
        self.has: dict[str, bytes] = {}
        self.failing: Callable[[Sequence[Entity]], LandbridgeError | None] = lambda _: None
        self.verdicts: Callable[[Entity], Outcome | None] = lambda _: None
        self.answers: Callable[[Outgoing], Outcome] = lambda row: Outcome(record_id=row.record_id, status="delivered")
        self.during: Hook | None = None
        self.held: dict[str, str] = {}
        self.broken: set[str] = set()

    def render(self, row: Outgoing, now: datetime) -> Entity | Held | None:
        if row.key in self.broken:
            raise ZeroDivisionError
        if row.key in self.held and not row.gone:
            return Held(reason=self.held[row.key])
        body = b"" if row.gone else self.version.encode() + row.body + (row.parent or b"") + (row.job or b"")
        return Entity(
            record_id=row.record_id,
            key=row.key,
            revision=row.revision,
            operation="delete" if row.gone else "upsert",
            body=body,
            fingerprint=blake2b(body, digest_size=16).digest(),
            group=row.key.rpartition(".")[0] if self.one_parent_per_call else None,
        )

    def batches(self, entities: Sequence[Entity]) -> Iterable[Sequence[Entity]]:
        groups: dict[str | None, list[Entity]] = {}
        for entity in entities:
            groups.setdefault(entity.group, []).append(entity)
        size = self.limits.records_per_call
        for group in groups.values():
            for start in range(0, len(group), size):
                yield group[start : start + size]

    async def write(self, batch: Sequence[Entity], now: datetime) -> Sequence[Outcome]:
        self.calls.append([entity.key for entity in batch])
        if self.during is not None:
            await self.during(batch)
        error = self.failing(batch)
        if error is not None:
            raise error
        return [self._take(entity) for entity in batch]

    def _take(self, entity: Entity) -> Outcome:
        told = self.verdicts(entity)
        if told is not None:
            return told
        self.sent.append(entity)
        if entity.operation == "delete":
            self.has.pop(entity.key, None)
        else:
            self.has[entity.key] = entity.body
        return Outcome(record_id=entity.record_id, status="delivered")

    async def check(self, rows: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        return [self.answers(row) for row in rows]

    @property
    def sent_keys(self) -> list[str]:
        return [entity.key for entity in self.sent]


CANDIDATES = Pass(
    name="candidates",
    reads="list",
    of=Kind.CANDIDATE,
    title="Candidates",
    calls=1,
    concurrency=1,
    page_size=2,
    notices_absence=True,
)
JOBS = Pass(name="jobs", reads="items", of=Kind.JOB, title="Jobs", calls=1, concurrency=4)
APPLICATIONS = Pass(
    name="applications", reads="items", of=Kind.APPLICATION, title="Applications", calls=2, concurrency=4
)
HISTORY = Pass(name="history", reads="items", of=Kind.STAGE, title="History", calls=1, concurrency=4)


class Ats:
    """A source made of pages by (pass, cursor) and items by (pass, key); a callable item may raise."""

    name = "smartrecruiters"

    def __init__(self, *passes: Pass) -> None:
        self._passes = passes
        self.lists: dict[tuple[str, str | None], Page | LandbridgeError] = {}
        self.items: dict[tuple[str, str], Page | LandbridgeError] = {}
        self.reads: list[tuple[str, str | None]] = []
        self.since: list[datetime | None] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self.during: Callable[[], Awaitable[None]] | None = None

    @property
    def passes(self) -> Sequence[Pass]:
        return self._passes

    async def check(self) -> Access:
        return Access()

    async def read_list(self, pass_name: str, cursor: str | None, since: datetime | None) -> Page:
        self.since.append(since)
        return await self._answer(pass_name, cursor, self.lists.get((pass_name, cursor), Page()))

    async def read_item(self, pass_name: str, key: str) -> Page:
        return await self._answer(pass_name, key, self.items.get((pass_name, key), Page()))

    async def _answer(self, pass_name: str, key: str | None, answer: Page | LandbridgeError) -> Page:
        self.reads.append((pass_name, key))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(0)
            if self.during is not None:
                await self.during()
        finally:
            self.in_flight -= 1
        if isinstance(answer, LandbridgeError):
            raise answer
        return answer

    async def read_users(self, cursor: str | None) -> tuple[Sequence[User], str | None]:
        return [], None

    async def close(self) -> None:
        pass


def body_of(record: Record) -> dict[str, object]:
    made: dict[str, object] = msgspec.to_builtins(record)
    return made
