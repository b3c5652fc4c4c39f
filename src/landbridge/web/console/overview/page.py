"""The overview of a workspace: what it is doing, how fresh LinkedIn is, and whose turn it is."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from landbridge.store.contracts import Contract
from landbridge.store.overview import load_waits
from landbridge.web.console.access import Who, shows
from landbridge.web.console.contracts.context import BADGES
from landbridge.web.console.overview import way
from landbridge.web.console.overview.around import load_around
from landbridge.web.console.overview.context import Pill, card
from landbridge.web.console.overview.news import shown
from landbridge.web.console.page import Page
from landbridge.web.console.visit import Visit


@shows(Who.VIEWER)
async def show(visit: Visit) -> HttpResponse:
    around, news = await load_around(visit, visit.address)
    async with visit.connection() as connection:
        waits = await load_waits(connection, visit.workspace.id)
    steps = way.way(around)
    context = {
        "news": shown(news),
        "card": card(around.overview, visit.now, waits),
        "turn": way.turn_of(around, steps, visit.now),
        "steps": () if way.complete(steps) else steps,
        "tasks": way.tasks(around),
        "contracts": [(one, badge_of(one)) for one in around.contracts],
        "seats": around.seats,
    }
    return await visit.render("console/overview/page.html", context)


def badge_of(contract: Contract) -> Pill:
    tone, words = BADGES[contract.state]
    return Pill(_("Paused"), "wait") if contract.paused and contract.state == "enabled" else Pill(words, tone)


PAGE = Page(name="overview", title=_("Overview"), icon="overview", routes=[path("", show, name="overview")])
