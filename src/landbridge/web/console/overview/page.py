"""The overview of a workspace: what it is doing, how fresh LinkedIn is, and whose turn it is."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from landbridge.jobs.news import load_news
from landbridge.store.consents import load_consent, was_withdrawn
from landbridge.store.contracts import Contract, load_contracts
from landbridge.store.desk import count_asking
from landbridge.store.overview import load_overview, load_waits
from landbridge.store.seats import count_seats
from landbridge.web.console.access import Who, shows
from landbridge.web.console.contracts.context import BADGES
from landbridge.web.console.overview import way
from landbridge.web.console.overview.context import Pill, card
from landbridge.web.console.overview.news import shown
from landbridge.web.console.page import Page
from landbridge.web.console.visit import Visit


@shows(Who.VIEWER)
async def show(visit: Visit) -> HttpResponse:
    number = visit.workspace.id
    async with visit.transaction() as connection:
        overview = await load_overview(connection, number, visit.now)
        systems = {one.system for one in overview.systems}
        news = await load_news(connection, number, systems=systems, settings=visit.room.settings, now=visit.now)
        around = way.Around(
            overview=overview,
            contracts=await load_contracts(connection, number),
            agreed=await load_consent(connection, number) is not None,
            withdrawn=await was_withdrawn(connection, number),
            seats=await count_seats(connection, number),
            pace=news.pace,
            asking=await count_asking(connection, number),
            address=visit.address,
        )
        waits = await load_waits(connection, number)
    steps = way.way(around)
    context = {
        "news": shown(news),
        "card": card(overview, visit.now, waits),
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
