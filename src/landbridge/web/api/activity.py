"""What was done in the workspace, by whom, and how far what comes in from both sides has been read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from ninja import Field, Router, Schema

from landbridge.store.audit import load_acts
from landbridge.store.inbox import newest_event_at
from landbridge.store.streams import count_streams
from landbridge.store.tokens import Scope
from landbridge.store.webhooks import load_webhook
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
    async with caller.connection() as connection:
        webhook = await load_webhook(connection, caller.workspace_id)
        return {
            "streams": msgspec.to_builtins(await count_streams(connection, caller.workspace_id)),
            "webhook": msgspec.to_builtins(webhook),
            "newest_push_at": await newest_event_at(connection, caller.workspace_id, "linkedin"),
            "newest_webhook_at": await newest_event_at(connection, caller.workspace_id, "smartrecruiters"),
        }
