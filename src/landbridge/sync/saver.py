"""Saving what became of sent records while the next batch is already on its way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from msgspec import Struct, field

from landbridge.http import Clock
from landbridge.records import Kind
from landbridge.records.kinship import KIN, dependents
from landbridge.store import erasures, ledger
from landbridge.store.database import Database
from landbridge.store.ledger import Acknowledged, Fence, Verdict
from landbridge.sync.bell import Bell
from landbridge.sync.reasons import WAITS_FOR

# Rows that may wait for their save before sending pauses: what a crash can make the lane send twice.
MOST_UNSAVED = 2_000
# One statement for many rows costs both sides less than many statements; so a lane that sends fast lets them gather.
SAVED_TOGETHER = 1_000
SAVED_AT_LEAST_EVERY = 0.25  # seconds


class Results(Struct):
    """What a stretch of sending has brought, ready to be saved together."""

    acknowledged: Acknowledged = field(default_factory=Acknowledged)
    unchanged: list[tuple[int, int]] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    arrived: list[int] = field(default_factory=list)  # records LinkedIn has now and had not before

    def __len__(self) -> int:
        return len(self.acknowledged) + len(self.unchanged) + len(self.verdicts)


class Saver:
    """Saves in the background, all that has gathered at a time; ``async with`` it, and ``drain`` before looking back.

    The slower the database, the more rows share one statement, so it never falls behind for long. Errors of saving
    (FencedError among them) surface at the next ``give`` or ``drain``.
    """

    def __init__(
        self,
        database: Database,
        fence: Fence,
        kind: Kind,
        bell: Bell,
        clock: Clock,
        *,
        origins: Sequence[str] = ("due",),
    ) -> None:
        self._database = database
        self._fence = fence
        self._kind = kind
        self._bell = bell
        self._clock = clock
        self._origins = origins
        self._gathered = Results()
        self._under_way = Results()
        self._saving: asyncio.Task[None] | None = None
        self._last_began = float("-inf")

    @property
    def unsaved(self) -> list[int]:
        """Records that were sent and of which the database does not know."""
        rows = (self._gathered, self._under_way)
        return [one for part in rows for one in (*part.acknowledged.records, *(row.record for row in part.verdicts))]

    @property
    def results(self) -> Results:
        """Where to put what is to be saved with the next ``give``."""
        return self._gathered

    async def give(self) -> None:
        """Have the results saved; waits only where too much is unsaved."""
        if self._saving is not None and self._saving.done():
            await self._collect()
        if self._saving is not None and len(self._gathered) >= MOST_UNSAVED:
            await self._collect()
        rested = self._clock.monotonic() - self._last_began
        if len(self._gathered) >= SAVED_TOGETHER or rested >= SAVED_AT_LEAST_EVERY:
            self._begin()

    async def drain(self) -> None:
        """Return when everything is saved."""
        while self._saving is not None or len(self._gathered):
            if self._saving is not None:
                await self._collect()
            self._begin()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            await self.drain()
        elif self._saving is not None:
            # Let the statement under way end; what it could not save is due again and harmless to send again.
            with contextlib.suppress(Exception):
                await self._saving

    def _begin(self) -> None:
        """Save what has gathered, unless a save is under way."""
        if self._saving is None and len(self._gathered):
            self._last_began = self._clock.monotonic()
            self._under_way, self._gathered = self._gathered, Results()
            self._saving = asyncio.create_task(self._save(self._under_way), name=f"save {self._fence.resource}")

    async def _collect(self) -> None:
        saving, self._saving = self._saving, None
        if saving is not None:
            await saving
            self._under_way = Results()

    async def _save(self, rows: Results) -> None:
        now = self._clock.now()
        removed = [one.record for one in rows.verdicts if one.acknowledged is False]
        alone = not removed and sum(map(bool, (len(rows.acknowledged), rows.unchanged, rows.verdicts))) == 1
        # A statement alone is a transaction of its own, without two more round trips to begin and end it.
        async with self._database.connection() if alone else self._database.transaction() as connection:
            if len(rows.acknowledged):
                await ledger.save_acknowledged(connection, self._fence, rows.acknowledged, now=now)
            if rows.unchanged:
                await ledger.save_unchanged(connection, self._fence, rows.unchanged, now=now)
            if rows.verdicts:
                await ledger.save_verdicts(connection, self._fence, rows.verdicts, now=now, origins=self._origins)
            if removed:
                await erasures.note_removed(connection, removed, now=now)
        # Only now, with the save committed: see ledger.wake_waiting.
        if rows.arrived:
            await self._wake_dependents(rows.arrived)
        if removed:
            await self._hasten_parents(removed)
        withdrawn = [one.record for one in rows.verdicts if one.acknowledged is False and one.state == "held"]
        if withdrawn:
            await self._doubt_children(withdrawn)
        await self._look_again(rows.verdicts)

    async def _wake_dependents(self, arrived: Sequence[int]) -> None:
        """Whoever waited for these records may go on."""
        reason = WAITS_FOR.get(self._kind)
        for kind in dependents(self._kind):
            if reason is None:
                continue
            async with self._database.connection() as connection:
                if not await ledger.anybody_waits(connection, self._fence.workspace, kind, reason):
                    continue
            await self._wake(kind, self._kind, reason, arrived=arrived)

    async def _hasten_parents(self, removed: Sequence[int]) -> None:
        """Whoever is removed after these may go on."""
        parent, now = KIN[self._kind].parent, self._clock.now()
        if parent is None:
            return
        async with self._database.transaction() as connection:
            if await ledger.hasten_parents(connection, self._fence.workspace, parent, removed, now=now):
                await self._bell.ring(connection, self._fence.workspace, [parent], urgent=True)

    async def _doubt_children(self, withdrawn: Sequence[int]) -> None:
        """What hung on these records is not on the far side any more, whatever was acknowledged once."""
        for kind in (kind for kind, kin in KIN.items() if kin.parent is self._kind):
            async with self._database.transaction() as connection:
                count = await ledger.doubt_children(
                    connection, self._fence.workspace, kind, withdrawn, now=self._clock.now()
                )
                if count:
                    await self._bell.ring(connection, self._fence.workspace, [kind])

    async def _look_again(self, verdicts: Sequence[Verdict]) -> None:
        """What a record was said to wait for may have arrived before the waiting was saved."""
        for pointed in KIN[self._kind].pointed:
            reason = WAITS_FOR[pointed]
            waiting = [verdict.record for verdict in verdicts if verdict.reason == reason]
            if waiting:
                await self._wake(self._kind, pointed, reason, waiting=waiting)

    async def _wake(
        self,
        kind: Kind,
        pointed: Kind,
        reason: str,
        *,
        arrived: Sequence[int] | None = None,
        waiting: Sequence[int] | None = None,
    ) -> None:
        async with self._database.transaction() as connection:
            woken = await ledger.wake_waiting(
                connection,
                self._fence.workspace,
                kind,
                pointed,
                reason,
                now=self._clock.now(),
                arrived=arrived,
                waiting=waiting,
            )
            if woken:
                workspace = self._fence.workspace
                urgent = await ledger.has_urgent(connection, workspace, kind, now=self._clock.now())
                await self._bell.ring(connection, workspace, [kind], urgent=urgent)
