"""The historical sync: how far it is, start, pause, compare, the report, and what it will cost."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from ninja import Field, Router, Schema

from landbridge.jobs.planning import complete, plan_for
from landbridge.store.overview import load_newest_sweep
from landbridge.store.reconciliations import load_newest_reconciliation
from landbridge.store.tallies import load_tallies, totals
from landbridge.store.tokens import Scope
from landbridge.store.workspaces import load_workspace
from landbridge.web.acts import sync as acts
from landbridge.web.api.access import caller_of, needs
from landbridge.web.api.problems import ProblemError, ProblemOut
from landbridge.web.api.workspace import REFUSALS, KindOut

ROUTER = Router(tags=["Historical sync"])
MOST_COUNTED = 100_000_000


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


class SyncOut(Schema):
    """``sweep`` null: it has not begun."""

    paused: bool
    sweep: SweepOut | None
    kinds: list[KindOut]


class Start(Schema):
    """``again``: read every application once more, also where nothing seems to have changed."""

    again: bool = False


class Done(Schema):
    done: bool = True


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
        workspace = await load_workspace(connection, caller.workspace_id)
        sweep = await load_newest_sweep(connection, caller.workspace_id)
        kinds = totals(await load_tallies(connection, caller.workspace_id))
    return {"paused": workspace.paused, "sweep": msgspec.to_builtins(sweep), "kinds": msgspec.to_builtins(kinds)}


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


@ROUTER.get("/sync/report", auth=needs(Scope.READ), response={200: ReportOut, 404: ProblemOut, **REFUSALS})
async def report(request: HttpRequest) -> dict[str, Any]:
    """The newest comparison of both sides."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found = await load_newest_reconciliation(connection, caller.workspace_id)
    if found is None:
        hint = "Ask for one with POST /api/v1/sync/compare."
        raise ProblemError(404, "Both sides were not compared yet.", code="nothing_there", hint=hint)
    return {"at": found.at, "report": found.report}


@ROUTER.get("/plan", auth=needs(Scope.READ), response={200: PlanOut, **REFUSALS})
async def plan(
    request: HttpRequest,
    jobs: Annotated[int | None, Field(ge=0, le=MOST_COUNTED)] = None,
    candidates: Annotated[int | None, Field(ge=0, le=MOST_COUNTED)] = None,
    applications: Annotated[int | None, Field(ge=0, le=MOST_COUNTED)] = None,
    stages: Annotated[int | None, Field(ge=0, le=MOST_COUNTED)] = None,
    strategy: Literal["progressive", "naive", "report"] = "progressive",
    dialect: Literal["v2", "rest"] = "v2",
) -> dict[str, Any]:
    """What a first sync costs and how long it takes; volumes not given are those of the mirror."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        mirrored = {one.kind.plural: one.total for one in totals(await load_tallies(connection, caller.workspace_id))}
    given = {"jobs": jobs, "candidates": candidates, "applications": applications, "stages": stages}
    known = {name: mirrored[name] or None if count is None else count for name, count in given.items()}
    volumes, assumed = complete(known)
    found = plan_for(volumes, strategy, dialect, caller.now)
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
