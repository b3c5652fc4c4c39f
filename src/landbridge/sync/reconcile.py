"""Comparing what the mirror holds, what the ledger believes and what the far side has."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Literal, Protocol

import msgspec
from msgspec import Struct, field

from landbridge.errors import RecordError
from landbridge.http import Clock
from landbridge.ports.destination import Entity, Writer
from landbridge.records import Job, Kind
from landbridge.store import ledger, readings
from landbridge.store.database import Connection, Database
from landbridge.store.ledger import Due, Standing
from landbridge.sync.rendering import outgoing_of

JOB_DECODER = msgspec.json.Decoder(Job)
AT_A_TIME = 500
# Findings that are kept one by one for people to look at; all are counted.
MOST_FINDINGS = 100


class Seen(Struct, frozen=True):
    """One record as the far side has it. ``fields`` are those that :meth:`FarView.expect` names as well."""

    key: str
    fields: Mapping[str, Any]


class FarView(Protocol):
    """A way to see all that the far side has: a sandbox's dump, or LinkedIn's batch-get of our own keys."""

    def expect(self, entity: Entity) -> Mapping[str, Any]:
        """What the far side should show once it has taken this entity."""
        ...

    def read(self, kind: Kind) -> AsyncIterator[Seen]:
        """Every record of a kind, each once, in any order."""
        ...


class Finding(Struct, frozen=True, kw_only=True):
    """One difference. ``fields`` are the names of fields that differ, never their values."""

    kind: str
    key: str
    what: Literal["missing", "extra", "different", "stale"]
    fields: tuple[str, ...] = ()


class KindReport(Struct, kw_only=True):
    """``linkedin + missing + held + quarantined = ats``: what is held or quarantined counts there, wherever it is.

    ``missing``: eligible and not on LinkedIn. ``extra``: on LinkedIn and not in the ATS (any more). ``different``:
    other than it should be. ``stale``: an older revision is there, a newer one is due or held back.
    ``unread``: rows of the ATS that could not be read, by reason; they are in none of the other numbers.
    """

    ats: int = 0
    linkedin: int = 0
    missing: int = 0
    extra: int = 0
    different: int = 0
    stale: int = 0
    held: dict[str, int] = field(default_factory=dict)
    quarantined: dict[str, int] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)


class Report(Struct, kw_only=True):
    """By resource: jobs, candidates, applications, stages, and feedback, notes and resumes where there are any."""

    kinds: dict[str, KindReport] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether LinkedIn has all that is eligible, as it should be, and nothing else."""
        return not any(one.missing or one.extra or one.different or one.stale for one in self.kinds.values())


class Reconciling(Struct, frozen=True, kw_only=True):
    """``view`` None: nothing is asked, the ledger is believed. ``kind_of_pass`` tells what each reading pass reads."""

    database: Database
    workspace: int
    writers: Sequence[Writer]
    clock: Clock
    view: FarView | None = None
    kind_of_pass: Mapping[str, Kind] = {}


async def reconcile(reconciling: Reconciling) -> Report:
    """Compare kind by kind; memory stays flat however many records there are."""
    report = Report()
    for writer in reconciling.writers:
        comparison = _Comparison(reconciling, writer, report)
        result = await comparison.run()
        if not writer.kind.optional or result != KindReport():
            report.kinds[writer.kind.plural] = result
    await _count_unread(reconciling, report)
    return report


async def _count_unread(reconciling: Reconciling, report: Report) -> None:
    async with reconciling.database.connection() as connection:
        aside = await readings.count_set_aside(connection, reconciling.workspace)
    for (pass_name, reason), count in aside.items():
        kind = reconciling.kind_of_pass.get(pass_name)
        if kind is not None and kind.plural in report.kinds:
            unread = report.kinds[kind.plural].unread
            unread[reason] = unread.get(reason, 0) + count


class _Comparison:
    """One kind on both sides."""

    def __init__(self, reconciling: Reconciling, writer: Writer, report: Report) -> None:
        self._reconciling = reconciling
        self._writer = writer
        self._kind = writer.kind
        self._report = report
        self._result = KindReport()

    async def run(self) -> KindReport:
        # One transaction holds the list of what was seen, as a temporary table, so that it costs no memory here.
        async with self._reconciling.database.transaction() as connection:
            await self._count(connection)
            if self._reconciling.view is None:
                await self._believe(connection)
            else:
                await self._compare(connection, self._reconciling.view)
        return self._result

    async def _count(self, connection: Connection) -> None:
        counts = await ledger.count_present(connection, self._reconciling.workspace, self._kind)
        for (state, reason), count in counts.items():
            self._result.ats += count
            by_reason = {"held": self._result.held, "quarantined": self._result.quarantined}.get(state)
            if by_reason is not None:
                by_reason[reason] = by_reason.get(reason, 0) + count

    async def _believe(self, connection: Connection) -> None:
        there = await ledger.count_there(connection, self._reconciling.workspace, self._kind)
        self._result.linkedin = there.current + there.stale
        self._result.stale = there.stale
        eligible = self._result.ats - sum(self._result.held.values()) - sum(self._result.quarantined.values())
        self._result.missing = eligible - self._result.linkedin

    async def _compare(self, connection: Connection, view: FarView) -> None:
        async with ledger.seen_records(connection) as noted:
            chunk: list[Seen] = []
            async for seen in view.read(self._kind):
                chunk.append(seen)
                if len(chunk) == AT_A_TIME:
                    await noted(await self._compare_chunk(connection, view, chunk))
                    chunk = []
            await noted(await self._compare_chunk(connection, view, chunk))
            missing = await ledger.unseen_eligible(
                connection, self._reconciling.workspace, self._kind, most=MOST_FINDINGS
            )
        self._result.missing = missing.count
        for key in missing.keys:
            self._find("missing", key)

    async def _compare_chunk(self, connection: Connection, view: FarView, chunk: Sequence[Seen]) -> list[int]:
        """Compare what the far side has; the records of ours that were seen."""
        keys = [seen.key for seen in chunk]
        workspace = self._reconciling.workspace
        standings = await ledger.load_standings(connection, workspace, self._kind, keys)
        delivered = [one.record for one in standings.values() if one.state == "delivered"]
        rows = {row.key: row for row in await ledger.load_rows(connection, workspace, self._kind, delivered)}
        job_ids = {row.job_id for row in rows.values() if row.job_id is not None}
        jobs = await ledger.load_jobs(connection, workspace, list(job_ids)) if job_ids else {}
        for seen in chunk:
            self._judge(view, seen, standings.get(seen.key), rows.get(seen.key), jobs)
        return [one.record for one in standings.values()]

    def _judge(
        self,
        view: FarView,
        seen: Seen,
        standing: Standing | None,
        row: Due | None,
        jobs: Mapping[int, bytes],
    ) -> None:
        if standing is None or standing.state == "gone":
            self._find("extra", seen.key)
        elif standing.gone or standing.state != "delivered" or row is None:
            # Its removal or a newer revision is on its way, or it may not be sent as it is now.
            self._find("stale", seen.key)
            self._result.linkedin += standing.state in {"due", "pending"} and not standing.gone
        else:
            self._result.linkedin += 1
            self._compare_fields(view, seen, row, jobs.get(row.job_id) if row.job_id is not None else None)

    def _compare_fields(self, view: FarView, seen: Seen, row: Due, job: bytes | None) -> None:
        # As if it had never been sent: then the writer gives the whole entity.
        fresh = outgoing_of(row._replace(far=None), job, gone=False)
        try:
            entity = self._writer.render(fresh, self._reconciling.clock.now())
        except RecordError:
            entity = None
        if not isinstance(entity, Entity):
            self._find("stale", seen.key)
            return
        if self._kind is Kind.JOB and JOB_DECODER.decode(row.body).status == "closed":
            return  # a far side takes no update of what is closed: it stays as it was then
        expected = view.expect(entity)
        differing = tuple(sorted(name for name, value in expected.items() if seen.fields.get(name) != value))
        if differing:
            self._find("different", seen.key, differing)

    def _find(
        self, what: Literal["missing", "extra", "different", "stale"], key: str, fields: tuple[str, ...] = ()
    ) -> None:
        if what != "missing":
            setattr(self._result, what, getattr(self._result, what) + 1)
        if len(self._report.findings) < MOST_FINDINGS:
            finding = Finding(kind=self._kind.plural, key=key, what=what, fields=fields)
            self._report.findings.append(finding)
