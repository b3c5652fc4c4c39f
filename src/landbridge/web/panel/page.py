"""Serving the panel. The link is all it takes: no account, no session, no cookie is looked at or set."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import path
from msgspec import Struct

from landbridge.connectors.linkedin.settings import AUTH_URL, read_settings
from landbridge.errors import LandbridgeError, SettingError
from landbridge.jobs.queue import ask, matches_wish
from landbridge.jobs.wiring import FAR_SIDE
from landbridge.store.integrations import ENABLED, load_integrations
from landbridge.store.panel import forget_match, origins_in
from landbridge.store.workspaces import load_workspace
from landbridge.web.console.access import machine
from landbridge.web.console.contracts.context import platform_of
from landbridge.web.panel.link import TELLS_WITHIN, Link, is_open, read_link
from landbridge.web.panel.view import View, load_view
from landbridge.web.rooms import Room, room_of

LOADER = "/xdoor/scripts/in.js"
EXTENSION = "/rsc/extensions/profile-widget"
PLUGIN = "PROFILE_PLUGIN"


class Widget(Struct, frozen=True, kw_only=True):
    """LinkedIn's own part. ``platform`` serves its script, ``sign_in`` is where its frame may lead."""

    client_id: str
    context: str
    platform: str
    sign_in: str

    @property
    def loader(self) -> str:
        return self.platform + LOADER

    @property
    def extension(self) -> str:
        return self.platform + EXTENSION


@machine
async def show(request: ASGIRequest, token: str) -> HttpResponse:
    """The panel, or a plain refusal that says nothing about why."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    room = room_of(request)
    link = _link(room, token)
    if link is None:
        return await _refusal(["*"])
    try:
        async with room.database.connection() as connection:
            origins = origins_in((await load_workspace(connection, link.workspace)).choices)
            if not is_open(link, room.clock()):
                return await _refusal(origins)
            view = await load_view(connection, link.workspace, link.candidate, link.user)
    except SettingError:  # the workspace is gone
        return await _refusal(["*"])
    widget = await _widget(room, link) if view.on_linkedin else None
    return await _panel(link, view, widget, origins, token)


@machine
async def linked(request: ASGIRequest, token: str) -> HttpResponse:
    """Somebody has said in LinkedIn's widget who the candidate is. LinkedIn is asked; the browser is not believed."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    room = room_of(request)
    link = _link(room, token)
    if link is None or not is_open(link, room.clock(), TELLS_WITHIN):
        return HttpResponse(status=403)
    async with room.database.transaction() as connection:
        await forget_match(connection, link.workspace, link.candidate)
        await ask(connection, [matches_wish(link.workspace, room.clock())])
    return HttpResponse(status=204)


def _link(room: Room, token: str) -> Link | None:
    return read_link(room.vault, token) if room.vault is not None else None


async def _widget(room: Room, link: Link) -> Widget | None:
    """None where LinkedIn's widget has not been switched on, or nobody is connected with LinkedIn."""
    async with room.database.connection() as connection:
        known = await load_integrations(connection, link.workspace)
    context = next((one.context for one in known if (one.type, one.status) == (PLUGIN, ENABLED)), None)
    if context is None:
        return None
    try:
        async with room.works() as works:
            settings = read_settings(await works.wiring(link.workspace, FAR_SIDE), organization_known=False)
    except LandbridgeError:
        return None
    parts = urlsplit(settings.auth_url or AUTH_URL)
    return Widget(
        client_id=settings.client_id,
        context=context,
        platform=platform_of(settings.auth_url),
        sign_in=f"{parts.scheme}://{parts.netloc}",
    )


async def _panel(link: Link, view: View, widget: Widget | None, origins: list[str], token: str) -> HttpResponse:
    context = {"view": view, "widget": widget, "candidate": link.candidate, "token": token}
    text = await sync_to_async(render_to_string)("panel/panel.html", context)
    return _framed(HttpResponse(text), origins, widget)


async def _refusal(origins: Iterable[str]) -> HttpResponse:
    """There is nothing on it, so it may be shown anywhere: a frame that stays empty would explain less."""
    text = await sync_to_async(render_to_string)("panel/refused.html", {})
    return _framed(HttpResponse(text, status=403), origins, None)


def _framed(answer: HttpResponse, origins: Iterable[str], widget: Widget | None) -> HttpResponse:
    platform = f" {widget.platform}" if widget else ""
    frames = f"{widget.platform} {widget.sign_in}" if widget else "'none'"
    answer["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self'{platform}; style-src 'self'; img-src 'self'{platform}; "
        f"connect-src 'self'{platform}; frame-src {frames}; form-action 'none'; base-uri 'none'; "
        f"frame-ancestors {' '.join(origins) or chr(39) + 'none' + chr(39)}"
    )
    # LinkedIn's script has to learn the page's origin, and its window for signing in to tell that it is done.
    answer["Referrer-Policy"] = "strict-origin"
    answer["Cross-Origin-Opener-Policy"] = "unsafe-none"
    answer["X-Landbridge-Loosens"] = "frame"
    return answer


ROUTES = [
    path("panel/<str:token>", show, name="panel"),
    path("panel/<str:token>/linked", linked, name="panel-linked"),
]
