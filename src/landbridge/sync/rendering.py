"""From due rows to what the far side is to have: send it, hold it back, or nothing to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog
from msgspec import Struct, field

from landbridge.errors import RecordError
from landbridge.ports.destination import Entity, Held, Outgoing, Writer
from landbridge.records import Kind
from landbridge.records.kinship import KIN
from landbridge.store.ledger import Due, Verdict
from landbridge.sync import reasons
from landbridge.sync.eligibility import Eligibility

log = structlog.get_logger(__name__)

# Which reason a waiting record is given, for its parent.
CLEAR = b""
# How soon to look again whether what hangs on a record has been removed; mostly it is called before that.
CHILDREN_PAUSE = timedelta(seconds=3)


class Sending(Struct, frozen=True):
    """One entity on its way, with what is needed to save its outcome. ``then_held``: it is being withdrawn, and why."""

    row: Due
    entity: Entity
    then_held: str = ""


class Rendered(Struct):
    """A chunk, sorted by what has to be done with it."""

    sendings: dict[int, Sending] = field(default_factory=dict)
    unchanged: list[tuple[int, int]] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)


def settle(row: Due, state: str, reason: str = "", detail: str = "") -> Verdict:
    """Where a row stands without having been sent."""
    return Verdict(record=row.record_id, revision=row.revision, state=state, reason=reason, detail=detail)


def gone(row: Due, then_held: str = "") -> Verdict:
    """The far side does not have this record (any more)."""
    return Verdict(
        record=row.record_id,
        revision=row.revision,
        state="held" if then_held else "gone",
        reason=then_held,
        fingerprint=CLEAR,
        acknowledged=False,
    )


def postponed(row: Due, until: datetime) -> Verdict:
    """A removal whose turn has not come."""
    return Verdict(record=row.record_id, revision=row.revision, state="due", next_at=until, attempts=row.attempts)


def orphaned(row: Due, reason: str) -> Verdict:
    """A row whose parent the far side does not have. Had it the row, it went with the parent: it is to be sent anew."""
    if not row.there:
        return settle(row, "held", reason)
    return Verdict(
        record=row.record_id,
        revision=row.revision,
        state="held",
        reason=reason,
        fingerprint=CLEAR,
        acknowledged=False,
    )


class Renderer:
    """Brings rows into the writer's form, under the workspace's rules, as of one instant."""

    def __init__(self, writer: Writer, eligibility: Eligibility, now: datetime) -> None:
        self._writer = writer
        self._kind = writer.kind
        self._eligibility = eligibility
        self._now = now
        kin = KIN[writer.kind]
        self._waits_for_parent = reasons.WAITS_FOR[kin.parent] if kin.parent else ""

    def render(self, rows: Sequence[Due], jobs: Mapping[int, bytes], rendered: Rendered) -> None:
        """Sort the rows into ``rendered``; ``jobs`` holds the jobs of applications among them, by record id."""
        for row in rows:
            job = jobs.get(row.job_id) if row.job_id is not None else None
            if row.waits:
                rendered.verdicts.append(postponed(row, self._now + CHILDREN_PAUSE))
            elif row.gone:
                self._render_one(row, outgoing_of(row, job, gone=True), rendered)
            else:
                self._render_wanted(row, job, rendered)

    def _render_wanted(self, row: Due, job: bytes | None, rendered: Rendered) -> None:
        exclusion = self._eligibility.judge(self._kind, row.body, job)
        if exclusion is not None:
            if exclusion.withdraw and row.there:
                self._render_one(row, outgoing_of(row, job, gone=True), rendered, then_held=exclusion.reason)
            else:
                rendered.verdicts.append(settle(row, "held", exclusion.reason))
        elif not row.job_there:
            rendered.verdicts.append(settle(row, "held", reasons.WAITS_FOR_JOB))
        elif not row.parent_there and row.there and self._kind is Kind.APPLICATION:
            # Theirs who became somebody else by a merge; it may still be on LinkedIn as that of the other.
            self._render_one(row, outgoing_of(row, job, gone=True), rendered, then_held=self._waits_for_parent)
        elif not row.parent_there:
            rendered.verdicts.append(orphaned(row, self._waits_for_parent))
        else:
            self._render_one(row, outgoing_of(row, job, gone=False), rendered)

    def _render_one(self, row: Due, outgoing: Outgoing, rendered: Rendered, then_held: str = "") -> None:
        try:
            result = self._writer.render(outgoing, self._now)
        except RecordError as error:
            rendered.verdicts.append(settle(row, "held", error.code, error.hint))
        except Exception as error:  # noqa: BLE001 - one record we fail over must not hold up its neighbours
            log.error("render_failed", kind=self._kind.value, error=type(error).__name__)  # noqa: TRY400 - values
            rendered.verdicts.append(settle(row, "quarantined", reasons.NOT_RENDERED, type(error).__name__))
        else:
            self._sort(row, outgoing, result, rendered, then_held)

    def _sort(
        self, row: Due, outgoing: Outgoing, result: Entity | Held | None, rendered: Rendered, then_held: str
    ) -> None:
        if isinstance(result, Held):
            rendered.verdicts.append(settle(row, "held", result.reason, result.detail))
        elif result is None and outgoing.gone:
            rendered.verdicts.append(gone(row, then_held))
        elif result is None or (not outgoing.gone and result.fingerprint == row.fingerprint):
            rendered.unchanged.append((row.record_id, row.revision))
        else:
            rendered.sendings[row.record_id] = Sending(row, result, then_held)


def outgoing_of(row: Due, job: bytes | None, *, gone: bool) -> Outgoing:
    return Outgoing(
        record_id=row.record_id,
        key=row.key,
        revision=row.revision,
        body=row.body,
        parent=row.parent,
        job=job,
        gone=gone,
        far=None if row.far is None else msgspec.json.decode(row.far),
    )
