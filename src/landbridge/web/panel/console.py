"""The same about one candidate, inside the console: without LinkedIn's profile, and without anybody's words."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from landbridge.web.console.access import Who, shows
from landbridge.web.console.page import Page
from landbridge.web.console.visit import Visit
from landbridge.web.panel.view import load_view

LONGEST_KEY = 500


@shows(Who.VIEWER)
async def show(visit: Visit) -> HttpResponse:
    """Roles of the console are not seats of Recruiter: nobody reads InMails and notes here."""
    key = visit.asked_text("key", LONGEST_KEY)
    view = None
    if key:
        async with visit.connection() as connection:
            view = await load_view(connection, visit.workspace.id, key, "")
    return await visit.render("panel/console.html", {"key": key, "view": view})


PAGE = Page(name="candidate", title=_("A candidate"), under="ats", routes=[path("candidate", show, name="candidate")])
