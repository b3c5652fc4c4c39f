"""The overview of a workspace: what it is doing, how fresh LinkedIn is, and whose turn it is."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from landbridge.store.overview import load_overview
from landbridge.web.console.access import Who, shows
from landbridge.web.console.overview.context import card
from landbridge.web.console.page import Page
from landbridge.web.console.visit import Visit


@shows(Who.VIEWER)
async def show(visit: Visit) -> HttpResponse:
    async with visit.transaction() as connection:
        overview = await load_overview(connection, visit.workspace.id, visit.now)
    return await visit.render("console/overview/page.html", {"card": card(overview, visit.now)})


PAGE = Page(name="overview", title=_("Overview"), icon="overview", routes=[path("", show, name="overview")])
