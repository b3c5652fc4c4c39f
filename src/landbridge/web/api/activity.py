"""What was done in the workspace, by whom, and how far what comes in from both sides has been read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from ninja import Field, Router, Schema

from landbridge.jobs.news import load_news
from landbridge.store.audit import load_acts
from landbridge.store.connections import load_system_states
from landbridge.store.flows import load_flows
from landbridge.store.tokens import Scope
from landbridge.sync.streams import PROMISED
from landbridge.web.api.access import caller_of, needs
from landbridge.web.api.words import HIGHEST, REFUSALS, text_of

ROUTER = Router(tags=["Activity"])


class ActOut(Schema):
    """``act`` is a stable code (``role.changed``); ``who`` the name at that time, "API: …" for a token."""

    id: int
    at: datetime
    who: str
    act: str
    subject: str
    facts: dict[str, Any]


class ActivityOut(Schema):
    """``before`` begins the next page; null at the end."""

    acts: list[ActOut]
    before: int | None


class FlowOut(Schema):
    """``way`` in: from LinkedIn to the ATS. ``kind`` of arrival or record, ``key`` in the ATS, "" for none yet.

    ``by``: the holder of the seat who did it, "" where LinkedIn does not say. Whom it is about only the key tells.
    """

    way: Literal["in", "out"]
    kind: str
    key: str
    by: str
    state: str
    reason: str
    came_at: datetime
    at: datetime


class FlowsOut(Schema):
    flows: list[FlowOut]


class ChangesOut(Schema):
    """How changes in the ATS are heard of, as the overview says it: ``way`` is told (by webhooks), quiet (by webhooks
    that have said nothing for a day), looked_for, pushed or not_begun. The lists are read every ``every_s`` besides."""

    way: str
    every_s: float
    every_told_s: float


class PaceOut(Schema):
    """How often each of ``streams`` is read; ``most_at_promised`` of them fit the day's calls at the promised pace."""

    every_s: float
    promised_s: float
    slower: bool
    streams: int
    calls_per_day: int
    most_at_promised: int


class StreamOut(Schema):
    """One kind of what recruiters do, read seat by seat or contract by contract. ``past``: share of history read."""

    kind: str
    streams: int
    oldest_read_until: datetime
    past: float
    troubled: int


class WebhookOut(Schema):
    """How the ATS tells of changes: ``state`` is absent, active or unreached."""

    state: str
    problem: str
    active_since: datetime | None
    heard_until: datetime | None
    healed: int


class IncomingOut(Schema):
    """``newest_push_at``: when LinkedIn last pushed; ``newest_webhook_at``: when the ATS last told of a change."""

    changes: ChangesOut
    pace: PaceOut
    streams: list[StreamOut]
    webhook: WebhookOut | None
    newest_push_at: datetime | None
    newest_webhook_at: datetime | None


@ROUTER.get("/activity", auth=needs(Scope.READ), response={200: ActivityOut, **REFUSALS})
async def activity(
    request: HttpRequest,
    who: Annotated[str, text_of(200)] = "",
    act: Annotated[str, Field(max_length=100, pattern="^[a-z_.]*$")] = "",
    before: Annotated[int | None, Field(ge=1, le=HIGHEST)] = None,
    limit: Annotated[int, Field(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """What was done, the newest first. ``act`` may be the beginning of a code: ``contract.`` is all about contracts."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found = await load_acts(connection, caller.workspace_id, before=before, most=limit, who=who, act=act)
    return {"acts": msgspec.to_builtins(found), "before": found[-1].id if len(found) == limit else None}


@ROUTER.get("/incoming", auth=needs(Scope.READ), response={200: IncomingOut, **REFUSALS})
async def incoming(request: HttpRequest) -> dict[str, Any]:
    """How far InMails, notes and the like have been read, and how the ATS tells of changes."""
    caller = caller_of(request)
    async with caller.transaction() as connection:
        systems = {one.system for one in await load_system_states(connection, caller.workspace_id)}
        news = await load_news(
            connection, caller.workspace_id, systems=systems, settings=caller.room.settings, now=caller.now
        )
    changes, pace = news.changes, news.pace
    return {
        "changes": {
            "way": changes.way,
            "every_s": changes.every.total_seconds(),
            "every_told_s": changes.every_told.total_seconds(),
        },
        "pace": {
            "every_s": pace.every.total_seconds(),
            "promised_s": PROMISED.total_seconds(),
            "slower": pace.slower,
            "streams": pace.streams,
            "calls_per_day": pace.calls_per_day,
            "most_at_promised": pace.most_at_promised,
        },
        "streams": msgspec.to_builtins(news.streams),
        "webhook": msgspec.to_builtins(changes.webhook),
        "newest_push_at": news.pushed_at,
        "newest_webhook_at": changes.newest_at,
    }


@ROUTER.get("/flows", auth=needs(Scope.READ), response={200: FlowsOut, **REFUSALS})
async def flows(request: HttpRequest, limit: Annotated[int, Field(ge=1, le=1000)] = 100) -> dict[str, Any]:
    """What came from LinkedIn and what went there, the newest first; the history is no news and not in it."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        return {"flows": msgspec.to_builtins(await load_flows(connection, caller.workspace_id, most=limit))}
