"""The first page after signing in: the workspaces one may enter, or the only one at once; and a new one."""

from __future__ import annotations

import secrets
from itertools import count

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from landbridge.store.database import Connection
from landbridge.store.memberships import load_listed
from landbridge.store.workspaces import create_workspace, find_workspace
from landbridge.web.console.access import Who, acts, shows
from landbridge.web.console.visit import Visit

MOST = 100
LONGEST_NAME = 80


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
    search = visit.asked_text("q")
    async with visit.connection() as connection:
        found = await load_listed(connection, visit.person.id, search=search, most=MOST + 1)
    context = {"workspaces": found[:MOST], "more": len(found) > MOST, "search": search}
    return await visit.render("console/workspaces/page.html", context)


@acts(Who.OPERATOR)
async def make(visit: Visit) -> HttpResponse:
    """A workspace for one company. Whoever runs the installation owns it; others are let in under People & access."""
    name = " ".join(visit.form.get("name", "").split())[:LONGEST_NAME]
    if not name:
        return await visit.goes_to("workspaces", tell=_("A workspace needs a name."), tone="bad")
    async with visit.transaction() as connection:
        slug = await _free_slug(connection, name)
        # LinkedIn knows the workspace by this for ever, so it must not depend on a name that may change.
        foreign_id = f"landbridge-{slug}-{secrets.token_hex(6)}"
        await create_workspace(connection, slug=slug, name=name, foreign_id=foreign_id, now=visit.now)
        await visit.note("workspace.made", subject=name, connection=connection)
    return redirect(reverse("overview", kwargs={"workspace": slug}))


async def _free_slug(connection: Connection, name: str) -> str:
    """The name as an address; two makers of the same name at the same instant wait for each other."""
    wanted = slugify(name)[:40].strip("-") or "company"
    await connection.execute("SELECT pg_advisory_xact_lock(hashtext('landbridge.workspace'))")
    for number in count(1):
        slug = wanted if number == 1 else f"{wanted}-{number}"
        if await find_workspace(connection, slug) is None:
            break
    return slug


ROUTES = [
    path("", enter, name="home"),
    path("workspaces", show, name="workspaces"),
    path("workspaces/new", make, name="workspace-new"),
]
