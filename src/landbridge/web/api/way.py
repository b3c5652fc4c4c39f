"""From nothing to all in step, as the console's overview shows it: the steps, and what waits for a person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Schema

from landbridge.store.tokens import Scope
from landbridge.store.workspaces import load_workspace
from landbridge.web.api.access import caller_of, needs
from landbridge.web.api.contracts import StepOut, steps_of
from landbridge.web.api.words import REFUSALS
from landbridge.web.console.overview.around import load_around
from landbridge.web.console.overview.way import complete, tasks, turn_of, way

ROUTER = Router(tags=["The workspace"])


class TaskOut(Schema):
    """Something only a person can do; ``address`` of the page where. ``tone`` bad: something stands still by it."""

    text: str
    address: str
    tone: str


class WayOut(Schema):
    """``whose`` and ``text``: whose turn it is, in words; for programs there is ``turn`` of ``GET /overview``."""

    whose: str
    text: str
    complete: bool
    steps: list[StepOut]
    tasks: list[TaskOut]


@ROUTER.get("/way", auth=needs(Scope.READ), response={200: WayOut, **REFUSALS})
async def show(request: HttpRequest) -> dict[str, Any]:
    """The steps of the set-up with whose turn each is, and what waits for a person besides."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        slug = (await load_workspace(connection, caller.workspace_id)).slug
    around, _ = await load_around(caller, lambda name: reverse(name, kwargs={"workspace": slug}))
    steps = way(around)
    turn = turn_of(around, steps, caller.now)
    page = reverse("overview", kwargs={"workspace": slug})
    return {
        "whose": str(turn.whose),
        "text": str(turn.text),
        "complete": complete(steps),
        "steps": steps_of(steps),
        "tasks": [
            {"text": one.text, "address": one.address if one.address[:1] == "/" else page, "tone": one.tone}
            for one in tasks(around)
        ],
    }
