"""The historical sync: how far it is, start, pause, compare, the report, and what it will cost."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from landbridge.connectors.linkedin.settings import resources_of
from landbridge.jobs.forecast import forecast
from landbridge.jobs.planning import complete, plan_for, wanted
from landbridge.jobs.wiring import FAR_SIDE
from landbridge.store.connections import load_ats_name, load_settings
from landbridge.store.overview import load_overview
from landbridge.store.pace import load_pace
from landbridge.store.reconciliations import Reconciliation, load_newest_reconciliation
from landbridge.store.tallies import load_tallies, totals
from landbridge.store.tokens import Scope
from landbridge.store.workspaces import load_workspace
from landbridge.sync.choices import read_choices
from landbridge.web.acts import sync as acts
from landbridge.web.api.access import Caller, caller_of, needs
from landbridge.web.api.problems import ProblemError
from landbridge.web.api.words import MISSING, REFUSALS, Done
from landbridge.web.api.workspace import KindOut
from landbridge.web.console.sync.context import is_open, state_of

ROUTER = Router(tags=["Historical sync"])
MOST_COUNTED = 100_000_000
MOST_TEAM = 1_000


class PassOut(Schema):
    name: str
    title: str
    total: int | None
    done: int
    calls: int
    started_at: datetime | None
    finished_at: datetime | None


class SweepOut(Schema):
    """One reading of the ATS: ``state`` is running, paused, done or stopped."""

    mode: str
    state: str
    pass_name: str
    started_at: datetime
    finished_at: datetime | None
    passes: list[PassOut]


class AheadOut(Schema):
    """How long what is left of a resource takes; ``open`` records are on their way or wait for others.

    ``binding``: what it waits for most: records_per_minute, calls_per_day, round_trips, reading or nothing.
    """

    resource: str
    open: int
    left_s: float
    binding: str


class SyncOut(Schema):
    """``sweep`` null: it has not begun. ``state`` is none, reading, sending, paused, waiting or done.

    ``pace``: records a minute of late, by resource; ``ahead``: what is left, the resource that takes longest first.
    What binds a resource that rests: ``GET /overview``, ``lanes``.
    """

    state: str
    paused: bool
    pace: dict[str, float]
    ahead: list[AheadOut]
    sweep: SweepOut | None
    kinds: list[KindOut]


class Start(Schema):
    """``again``: read every application once more, also where nothing seems to have changed."""

    again: bool = False


class ReportOut(Schema):
    """The newest comparison of both sides; each kind with its numbers."""

    at: datetime
    report: dict[str, Any]


class LanePlanOut(Schema):
    resource: str
    calls: int
    alone_s: float
    binding: str


class PlanOut(Schema):
    """``assumed`` names volumes nobody has counted; ``binding`` what the whole waits for."""

    volumes: dict[str, int]
    assumed: list[str]
    read_calls: int
    write_calls: int
    duration_s: float
    binding: str
    lanes: list[LanePlanOut]


@ROUTER.get("/sync", auth=needs(Scope.READ), response={200: SyncOut, **REFUSALS})
async def show(request: HttpRequest) -> dict[str, Any]:
    """How far reading and sending are, kind by kind."""
    caller = caller_of(request)
    async with caller.transaction() as connection:
        overview = await load_overview(connection, caller.workspace_id, caller.now)
        pace = await load_pace(connection, caller.workspace_id, caller.now)
        open_to = await is_open(connection, caller.workspace_id, overview)
        resources = resources_of(await load_settings(connection, caller.workspace_id, FAR_SIDE))
    return {
        "state": state_of(overview, may_send=open_to),
        "paused": overview.workspace.paused,
        "pace": pace,
        "ahead": [
            {"resource": one.resource, "open": one.open, "left_s": one.left.total_seconds(), "binding": one.binding}
            for one in forecast(overview.kinds, overview.sweep, resources, caller.now, overview.quotas)
        ],
        "sweep": msgspec.to_builtins(overview.sweep),
        "kinds": msgspec.to_builtins(overview.kinds),
    }


@ROUTER.post("/sync/start", auth=needs(Scope.SYNC), response={200: Done, **REFUSALS})
async def start(request: HttpRequest, wish: Start) -> dict[str, Any]:
    """Begin, go on after a pause, or read everything once more."""
    await acts.begin(caller_of(request), again=wish.again)
    return {"done": True}


@ROUTER.post("/sync/pause", auth=needs(Scope.SYNC), response={200: Done, **REFUSALS})
async def pause(request: HttpRequest) -> dict[str, Any]:
    """Let reading and sending rest after what is in work."""
    await acts.rest(caller_of(request))
    return {"done": True}


@ROUTER.post("/sync/compare", auth=needs(Scope.SYNC), response={200: Done, **REFUSALS})
async def compare(request: HttpRequest) -> dict[str, Any]:
    """Have both sides compared; the report changes in a moment."""
    await acts.compare(caller_of(request))
    return {"done": True}


@ROUTER.get("/sync/report", auth=needs(Scope.READ), response={200: ReportOut, **MISSING, **REFUSALS})
async def report(request: HttpRequest) -> dict[str, Any]:
    """The newest comparison of both sides."""
    found = await _compared(caller_of(request))
    return {"at": found.at, "report": found.report}


CSV: dict[str, Any] = {
    "responses": {"200": {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}}}}}
}


@ROUTER.get("/sync/report.csv", auth=needs(Scope.READ), response={200: None, **MISSING, **REFUSALS}, openapi_extra=CSV)
async def report_file(request: HttpRequest) -> HttpResponse:
    """The newest comparison as a file: one line per kind."""
    return HttpResponse(acts.table_of(await _compared(caller_of(request))), content_type="text/csv; charset=utf-8")


async def _compared(caller: Caller) -> Reconciliation:
    async with caller.connection() as connection:
        found = await load_newest_reconciliation(connection, caller.workspace_id)
    if found is None:
        hint = "Ask for one with POST /api/v1/sync/compare."
        raise ProblemError(404, "Both sides were not compared yet.", code="nothing_there", hint=hint)
    return found


@ROUTER.get("/plan", auth=needs(Scope.READ), response={200: PlanOut, **REFUSALS})
async def plan(
    request: HttpRequest,
    jobs: Annotated[int | None, Field(ge=0, le=MOST_COUNTED)] = None,
    candidates: Annotated[int | None, Field(ge=0, le=MOST_COUNTED)] = None,
    applications: Annotated[int | None, Field(ge=0, le=MOST_COUNTED)] = None,
    stages: Annotated[int | None, Field(ge=0, le=MOST_COUNTED)] = None,
    feedback: Annotated[int | None, Field(ge=0, le=MOST_COUNTED)] = None,
    notes: Annotated[int | None, Field(ge=0, le=MOST_COUNTED)] = None,
    resumes: Annotated[int | None, Field(ge=0, le=MOST_COUNTED)] = None,
    team: Annotated[int | None, Field(ge=0, le=MOST_TEAM)] = None,
    strategy: Literal["progressive", "naive", "report"] = "progressive",
    dialect: Literal["v2", "rest"] = "v2",
) -> dict[str, Any]:
    """What a first sync costs and how long it takes; volumes not given are those of the mirror.

    Reviews (``feedback``), notes, resumes and access lists (``team``: people who see each job) count where they are
    chosen, or where a number is given for them.
    """
    caller = caller_of(request)
    async with caller.connection() as connection:
        mirrored = {one.kind.plural: one.total for one in totals(await load_tallies(connection, caller.workspace_id))}
        ats = await load_ats_name(connection, caller.workspace_id)
        workspace = await load_workspace(connection, caller.workspace_id)
    given = {"jobs": jobs, "candidates": candidates, "applications": applications, "stages": stages}
    given |= {"feedback": feedback, "notes": notes, "resumes": resumes, "team": team}
    known = {name: mirrored.get(name) or None if count is None else count for name, count in given.items()}
    known = wanted(known, read_choices(workspace.choices))
    volumes, assumed = complete(known, ats)
    found = plan_for(volumes, strategy, dialect, caller.now, ats)
    return {
        "volumes": msgspec.to_builtins(volumes),
        "assumed": assumed,
        "read_calls": found.read_calls,
        "write_calls": found.write_calls,
        "duration_s": found.duration.total_seconds(),
        "binding": found.binding,
        "lanes": [
            {"resource": one.resource, "calls": one.calls, "alone_s": one.alone.total_seconds(), "binding": one.binding}
            for one in found.lanes
        ],
    }
