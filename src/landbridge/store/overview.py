"""One workspace at a glance: what the status page and ``landbridge status`` show."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.records import Kind
from landbridge.store.connections import SystemState, load_system_states
from landbridge.store.database import Connection
from landbridge.store.integrations import ABSENT, ENABLED, Integration, load_integrations
from landbridge.store.lanes import ARRIVALS
from landbridge.store.reconciliations import Reconciliation, load_newest_reconciliation
from landbridge.store.scope import scoped
from landbridge.store.tallies import KindTotals, ReadingTally, load_reading_tallies, load_tallies, totals
from landbridge.store.workspaces import Workspace, load_workspace

FAR_SIDE = "linkedin"


class PassProgress(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    total: int | None  # None: the ATS has not told
    done: int
    calls: int
    started_at: datetime | None
    finished_at: datetime | None

    def left(self, now: datetime) -> timedelta | None:
        """How long it will still take at the pace it has had; None where that cannot be said."""
        if self.started_at is None or self.finished_at is not None or not self.done or not self.total:
            return None
        return max(self.total - self.done, 0) * ((now - self.started_at) / self.done)


class SweepProgress(Struct, frozen=True, kw_only=True):
    mode: str
    state: str
    pass_name: str
    started_at: datetime
    finished_at: datetime | None
    passes: list[PassProgress]


class LaneState(Struct, frozen=True, kw_only=True):
    resource: str
    blocked_until: datetime | None
    blocked_reason: str
    last_sent_at: datetime | None

    def blocked(self, now: datetime) -> bool:
        return self.blocked_until is not None and self.blocked_until > now


class QuotaUse(Struct, frozen=True, kw_only=True):
    """Calls and records of the running UTC day; ``learned`` is what the far side has told about its limits."""

    system: str
    resource: str
    calls: int
    records: int
    learned: dict[str, Any]


class Turn(StrEnum):
    """Whose turn it is, the most pressing first."""

    RESUME = "resume"  # the admin has paused it
    CONNECT = "connect"  # the admin has not entered credentials
    REPAIR = "repair"  # the admin has to repair a connection
    REQUEST = "request"  # the admin has to request the integrations
    ENABLE = "enable"  # somebody has to enable the integrations in LinkedIn Recruiter
    START = "start"  # the admin has to start the historical sync
    WAIT_FAR_SIDE = "wait_far_side"  # LinkedIn's quota, or its verdict on what it has taken: nothing to do
    WORKING = "working"  # Landbridge reads or sends
    FIX_RECORDS = "fix_records"  # all is done, but LinkedIn refused some records
    DONE = "done"


class Overview(Struct, frozen=True, kw_only=True):
    workspace: Workspace
    systems: list[SystemState]
    integrations: list[Integration]
    sweep: SweepProgress | None
    kinds: list[KindTotals]
    readings: list[ReadingTally]
    quotas: list[QuotaUse]
    lanes: list[LaneState]
    reconciliation: Reconciliation | None

    def turn(self, now: datetime) -> Turn:
        """Whose turn it is."""
        return self._turn_of_people() or self._turn_of_machines(now)

    def _turn_of_people(self) -> Turn | None:
        if self.workspace.paused:
            return Turn.RESUME
        if any(system.state == "needs_person" for system in self.systems):
            return Turn.REPAIR
        systems = {system.system for system in self.systems}
        if FAR_SIDE not in systems or len(systems) < 2:
            return Turn.CONNECT
        if not self.integrations or any(integration.status == ABSENT for integration in self.integrations):
            return Turn.REQUEST
        if any(integration.status != ENABLED for integration in self.integrations):
            return Turn.ENABLE
        return None if self.sweep else Turn.START

    def _turn_of_machines(self, now: datetime) -> Turn:
        blocked = {lane.resource for lane in self.lanes if lane.blocked(now)}
        reads = self.sweep is not None and self.sweep.state == "running"
        reads = reads or any(reading.state == "due" for reading in self.readings)
        if reads or any(kind.due and kind.kind.plural not in blocked for kind in self.kinds):
            return Turn.WORKING
        if any(kind.due or kind.pending for kind in self.kinds):
            return Turn.WAIT_FAR_SIDE
        return Turn.FIX_RECORDS if any(kind.quarantined for kind in self.kinds) else Turn.DONE


@scoped
async def load_overview(connection: Connection, workspace: int, now: datetime) -> Overview:
    """Raises SettingError where there is no such workspace."""
    return Overview(
        workspace=await load_workspace(connection, workspace),
        systems=await load_system_states(connection, workspace),
        integrations=await load_integrations(connection, workspace),
        sweep=await load_newest_sweep(connection, workspace),
        kinds=totals(await load_tallies(connection, workspace)),
        readings=await load_reading_tallies(connection, workspace),
        quotas=await load_quota_use(connection, workspace, now),
        lanes=await load_lane_states(connection, workspace),
        reconciliation=await load_newest_reconciliation(connection, workspace),
    )


@scoped
async def load_newest_sweep(connection: Connection, workspace: int) -> SweepProgress | None:
    """What people watch: the sweep under way; between two, the newest full one, or the newest of any sort."""
    cursor = await connection.execute(
        """
        SELECT id, mode, state, pass_name, started_at, finished_at FROM sweep
        WHERE workspace_id = %s
        ORDER BY state IN ('running', 'paused') DESC, mode = 'full' DESC, id DESC LIMIT 1
        """,
        [workspace],
    )
    found = await cursor.fetchone()
    if found is None:
        return None
    number, mode, state, pass_name, started_at, finished_at = found
    async with connection.cursor(row_factory=class_row(PassProgress)) as passes:
        await passes.execute(
            """
            SELECT name, title, total, done, calls, started_at, finished_at FROM sweep_pass
            WHERE sweep_id = %s ORDER BY ordinal
            """,
            [number],
        )
        return SweepProgress(
            mode=mode,
            state=state,
            pass_name=pass_name,
            started_at=started_at,
            finished_at=finished_at,
            passes=await passes.fetchall(),
        )


@scoped
async def load_quota_use(connection: Connection, workspace: int, now: datetime) -> list[QuotaUse]:
    async with connection.cursor(row_factory=class_row(QuotaUse)) as cursor:
        await cursor.execute(
            """
            SELECT system, resource, CASE WHEN day = %(day)s THEN calls ELSE 0 END AS calls,
                   CASE WHEN day = %(day)s THEN records ELSE 0 END AS records, learned
            FROM budget WHERE workspace_id = %(workspace)s ORDER BY system, resource
            """,
            {"day": now.date(), "workspace": workspace},
        )
        return await cursor.fetchall()


@scoped
async def load_waits(connection: Connection, workspace: int) -> dict[str, datetime]:
    """Resource to the oldest change that LinkedIn does not have yet, among those that are sent next.

    Looks at the front of each queue only, so that it costs the same with a million records waiting.
    """
    cursor = await connection.execute(
        """
        SELECT kind, (
            SELECT min(changed_at) FROM (
                SELECT changed_at FROM delivery
                WHERE workspace_id = %s AND delivery.kind = known.kind AND state = 'due'
                ORDER BY priority, record_id LIMIT 200
            ) AS front
        ) FROM unnest(%s::text[]) AS known (kind)
        """,
        [workspace, [kind.value for kind in Kind]],
    )
    plural = {kind.value: kind.plural for kind in Kind}
    return {plural[kind]: since async for kind, since in cursor if since is not None}


@scoped
async def load_lane_states(connection: Connection, workspace: int) -> list[LaneState]:
    """The lanes to LinkedIn."""
    async with connection.cursor(row_factory=class_row(LaneState)) as cursor:
        await cursor.execute(
            """
            SELECT resource, blocked_until, blocked_reason, last_sent_at FROM lane
            WHERE workspace_id = %s AND resource <> %s
            ORDER BY array_position('{jobs,candidates,applications,stages,feedback,notes,resumes}', resource), resource
            """,
            [workspace, ARRIVALS],
        )
        return await cursor.fetchall()
