"""The candidate panel, for the server of an ATS that shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from landbridge.store.tokens import Scope
from landbridge.web.acts import panel as acts
from landbridge.web.api.access import caller_of, needs
from landbridge.web.api.words import REFUSALS, text_of
from landbridge.web.panel.link import OPENS_WITHIN

ROUTER = Router(tags=["The candidate panel"])


class PanelOut(Schema):
    """Origins of the pages that may show the panel in a frame."""

    origins: list[str]


class PanelIn(Schema):
    """All of them: what is not named may no longer. As https://ats.example.com, without a path."""

    origins: Annotated[list[Annotated[str, text_of(300)]], Field(max_length=20)]


class PanelLinkIn(Schema):
    """``candidate`` is its id in the ATS; ``user`` the id of the ATS's user who looks, "" for somebody unknown.

    What the user may see, InMails and notes of connected colleagues, depends on it: name whoever is signed in.
    """

    candidate: Annotated[str, text_of(500, 1)]
    user: Annotated[str, text_of(500)] = ""


class PanelLinkOut(Schema):
    """``url`` goes into the ``src`` of a frame, at once: it opens until ``opens_until`` and not later."""

    url: str
    opens_until: datetime


@ROUTER.get("/panel", auth=needs(Scope.READ), response={200: PanelOut, **REFUSALS})
async def show_panel(request: HttpRequest) -> dict[str, Any]:
    """Which pages may show the panel."""
    return {"origins": await acts.load_origins(caller_of(request))}


@ROUTER.put("/panel", auth=needs(Scope.ATS), response={200: PanelOut, **REFUSALS})
async def name_origins(request: HttpRequest, wish: PanelIn) -> dict[str, Any]:
    """Say which pages may show the panel."""
    return {"origins": await acts.name_origins(caller_of(request), wish.origins)}


@ROUTER.post("/panel/links", auth=needs(Scope.PANEL), response={200: PanelLinkOut, **REFUSALS})
async def make_panel_link(request: HttpRequest, wish: PanelLinkIn) -> dict[str, Any]:
    """Make a link to the panel of one candidate, for one user of the ATS."""
    caller = caller_of(request)
    path = await acts.open_link(caller, wish.candidate, wish.user)
    base = caller.room.settings.public_url
    return {
        "url": base + path if base else request.build_absolute_uri(path),
        "opens_until": caller.now + OPENS_WITHIN,
    }
