"""The activity of a workspace, newest first: what came and went, and what people did here."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from landbridge.store.audit import Act, load_actors, load_acts
from landbridge.web.console.access import Who, shows
from landbridge.web.console.account.wording import act_words
from landbridge.web.console.activity.flows import newest_flows
from landbridge.web.console.activity.wording import facts_of, subject_of
from landbridge.web.console.page import Page
from landbridge.web.console.visit import Visit

MOST = 50


class Line(Struct, frozen=True):
    act: Act
    words: str
    subject: str
    facts: str


@shows(Who.VIEWER)
async def show(visit: Visit) -> HttpResponse:
    who, before = visit.asked_text("who", 150), visit.asked_number("before")
    async with visit.transaction() as connection:
        found = await load_acts(connection, visit.workspace.id, before=before, most=MOST + 1, who=who)
        actors = await load_actors(connection, visit.workspace.id)
        flows = [] if who or before else await newest_flows(connection, visit.workspace.id)
    lines = [Line(act, act_words(act.act), subject_of(act), facts_of(act)) for act in found[:MOST]]
    older = lines[-1].act.id if len(found) > MOST else None
    context: dict[str, Any] = {"lines": lines, "older": older, "actors": actors, "who": who, "before": before}
    context["flows"] = flows
    return await visit.render("console/activity/page.html", context)


PAGE = Page(name="activity", title=_("Activity"), icon="activity", routes=[path("activity", show, name="activity")])
