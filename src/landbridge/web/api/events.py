"""Where Landbridge sends events for an ATS of one's own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from ninja import Router, Schema

from landbridge.errors import SettingError
from landbridge.jobs.events import load_events
from landbridge.store.tokens import Scope
from landbridge.web.acts import events as acts
from landbridge.web.api.access import caller_of, needs
from landbridge.web.api.words import REFUSALS, Done, text_of

ROUTER = Router(tags=["Events for an ATS of your own"])


class EventsOut(Schema):
    """``url`` "": none are sent. ``rotates_until``: until then two secrets sign, the present one and the one before."""

    url: str
    has_secret: bool
    rotates_until: datetime | None
    state: str
    problem_code: str
    problem_hint: str
    checked_at: datetime | None


class EventsIn(Schema):
    """An https address; "" stops events. What comes meanwhile waits."""

    url: Annotated[str, text_of(500)]


class SecretOut(Schema):
    """``secret`` is shown this once; null: the one you have goes on."""

    secret: str | None


@ROUTER.get("/ats/events", auth=needs(Scope.READ), response={200: EventsOut, **REFUSALS})
async def show_events(request: HttpRequest) -> dict[str, Any]:
    """Where events go, and whether they arrive."""
    caller = caller_of(request)
    async with caller.works() as works:
        found = await load_events(works, caller.workspace_id)
    if found is None:
        hint = "In the console, under API access, let an ATS of your own push into it."
        raise SettingError("This workspace has no ATS that pushes.", code="no_pushes", hint=hint)
    told: dict[str, Any] = msgspec.to_builtins(found)
    return told


@ROUTER.put("/ats/events", auth=needs(Scope.ATS), response={200: SecretOut, **REFUSALS})
async def send_events_to(request: HttpRequest, wish: EventsIn) -> dict[str, Any]:
    """Say where events go. The first time the answer holds the signing secret."""
    return {"secret": await acts.send_to(caller_of(request), wish.url)}


@ROUTER.post("/ats/events/secret", auth=needs(Scope.ATS), response={200: SecretOut, **REFUSALS})
async def rotate_secret(request: HttpRequest) -> dict[str, Any]:
    """Make a new signing secret. The one before signs as well for 24 hours."""
    return {"secret": await acts.rotate(caller_of(request))}


@ROUTER.post("/ats/events/test", auth=needs(Scope.ATS), response={200: Done, **REFUSALS})
async def send_test_event(request: HttpRequest) -> dict[str, Any]:
    """Send a test event now; the problem says what the ATS answered."""
    await acts.send_test(caller_of(request))
    return {"done": True}
