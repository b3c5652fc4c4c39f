"""The workspace as the console shows it: where it stands, and single records by state and reason."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from ninja import Field, Router, Schema

from landbridge.records import Kind
from landbridge.store.overview import load_overview, load_waits
from landbridge.store.standing import load_standing
from landbridge.store.tokens import Scope
from landbridge.store.workspaces import load_workspace
from landbridge.web.api.access import caller_of, needs
from landbridge.web.api.words import HIGHEST, REFUSALS

ROUTER = Router(tags=["The workspace"])
State = Literal["due", "pending", "held", "delivered", "quarantined", "gone"]


class TokenOut(Schema):
    workspace: str
    label: str
    scopes: list[str]


class SystemOut(Schema):
    system: str
    state: str
    problem_code: str
    problem_hint: str
    checked_at: datetime | None


class IntegrationOut(Schema):
    context: str
    type: str
    name: str
    status: str


class KindOut(Schema):
    """How many records of a kind stand where; ``held`` and ``quarantined`` by reason."""

    kind: str
    total: int
    delivered: int
    pending: int
    due: int
    held: dict[str, int]
    quarantined: dict[str, int]
    gone: int


class QuotaOut(Schema):
    system: str
    resource: str
    calls: int
    records: int


class LaneOut(Schema):
    """``waiting_since``: of the oldest change that LinkedIn does not have yet."""

    resource: str
    blocked_until: datetime | None
    blocked_reason: str
    last_sent_at: datetime | None
    waiting_since: datetime | None


class OverviewOut(Schema):
    """``turn`` says whose turn it is: wait_far_side, working and done are not a person's."""

    workspace: str
    name: str
    paused: bool
    turn: str
    systems: list[SystemOut]
    integrations: list[IntegrationOut]
    kinds: list[KindOut]
    quotas: list[QuotaOut]
    lanes: list[LaneOut]


class StandingOut(Schema):
    """``key`` is the record's id in the ATS; ``detail`` names fields and lengths, never values."""

    number: int
    kind: str
    key: str
    state: str
    reason: str
    detail: str
    changed_at: datetime


class RecordsOut(Schema):
    """``after`` begins the next page; null at the end. A page with less than ``limit`` need not be the last."""

    records: list[StandingOut]
    after: int | None


@ROUTER.get("/token", auth=needs(Scope.READ), response={200: TokenOut, **REFUSALS})
async def token(request: HttpRequest) -> dict[str, Any]:
    """Which workspace this token is for, and what it may do."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found = await load_workspace(connection, caller.workspace_id)
    return {"workspace": found.slug, "label": caller.token.label, "scopes": caller.token.scopes}


@ROUTER.get("/overview", auth=needs(Scope.READ), response={200: OverviewOut, **REFUSALS})
async def overview(request: HttpRequest) -> dict[str, Any]:
    """Where the workspace stands: its systems, its records, today's use of the quotas, and whose turn it is."""
    caller = caller_of(request)
    async with caller.transaction() as connection:
        found = await load_overview(connection, caller.workspace_id, caller.now)
        waits = await load_waits(connection, caller.workspace_id)
    told: dict[str, Any] = msgspec.to_builtins(found)
    facts = {"workspace": found.workspace.slug, "name": found.workspace.name, "paused": found.workspace.paused}
    told["lanes"] = [{**one, "waiting_since": waits.get(one["resource"])} for one in told["lanes"]]
    return {**told, **facts, "turn": found.turn(caller.now).value}


@ROUTER.get("/records", auth=needs(Scope.READ), response={200: RecordsOut, **REFUSALS})
async def records(
    request: HttpRequest,
    kind: Kind,
    state: State,
    reason: Annotated[str | None, Field(max_length=100, pattern="^[a-z0-9_]*$")] = None,
    after: Annotated[int, Field(ge=0, le=HIGHEST)] = 0,
    limit: Annotated[int, Field(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """Single records of one kind in one state, with the reason why they are held or were refused."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found = await load_standing(
            connection, caller.workspace_id, kind=kind.value, state=state, reason=reason, after=after, limit=limit
        )
    return {"records": msgspec.to_builtins(found.records), "after": found.after}
