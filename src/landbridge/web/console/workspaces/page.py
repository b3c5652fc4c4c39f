"""The first page after signing in: the workspaces one may enter, or the only one at once."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from landbridge.store.memberships import load_listed
from landbridge.web.console.access import Who, shows
from landbridge.web.console.visit import Visit

MOST = 100


@shows(Who.SIGNED_IN)
async def enter(visit: Visit) -> HttpResponse:
    """Straight into the workspace where there is only one."""
    async with visit.connection() as connection:
        found = await load_listed(connection, visit.person.id, most=2)
    if len(found) == 1:
        return redirect(reverse("overview", kwargs={"workspace": found[0].slug}))
    return redirect(reverse("workspaces"))


@shows(Who.SIGNED_IN)
async def show(visit: Visit) -> HttpResponse:
    search = visit.asked.get("q", "").strip()[:100]
    async with visit.connection() as connection:
        found = await load_listed(connection, visit.person.id, search=search, most=MOST + 1)
    context = {"workspaces": found[:MOST], "more": len(found) > MOST, "search": search}
    return await visit.render("console/workspaces/page.html", context)


ROUTES = [path("", enter, name="home"), path("workspaces", show, name="workspaces")]
