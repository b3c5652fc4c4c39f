"""The status page."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from landbridge.store.overview import load_overview
from landbridge.store.workspaces import load_workspaces
from landbridge.web.rooms import room_of
from landbridge.web.status.context import card


@require_safe
async def show(request: ASGIRequest) -> HttpResponse:
    user = await request.auser()
    if not isinstance(user, User):
        return redirect_to_login(request.get_full_path())
    room = room_of(request)
    now = room.clock()
    async with room.database.transaction() as connection:
        overviews = [await load_overview(connection, one.id, now) for one in await load_workspaces(connection)]
    context = {
        "signed_in": user,
        "cards": [card(overview, now) for overview in overviews],
        "now": now,
        "needs_password": not user.has_usable_password(),
    }
    return await sync_to_async(render)(request, "status/page.html", context)
