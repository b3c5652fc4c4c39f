"""The console as one ASGI application: security headers, probes and static files, and Django behind them."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from msgspec import structs
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from landbridge.http import TokenShelf
from landbridge.store.project import configure
from landbridge.store.secrets import Vault, secret_key
from landbridge.web.health import PROBES
from landbridge.web.hooks.ats import receivers
from landbridge.web.hooks.linkedin import PREFIX as PUSHES
from landbridge.web.hooks.linkedin import PushReceiver
from landbridge.web.rooms import KEY, Room

STATIC = "/static/"
# Paths that end in a token. Whoever reads the log must not be able to follow them.
SECRET_PATHS = ("/sign-in/", "/join/", "/handover/", "/panel/")

# Scripts of others that pages load: (package, folder in it).
PACKAGES: list[str | tuple[str, str]] = [
    ("django_htmx", "static/django_htmx"),
    ("allauth.account", "static"),
    ("allauth.mfa", "static"),
]

# Nothing is allowed but our own files: no inline script or style, no frames, no forms to elsewhere.
CONTENT_SECURITY_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    b"content-security-policy": CONTENT_SECURITY_POLICY,
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    # The path of a one-time link is a secret: nobody else is told where a visitor came from. Ourselves are: with
    # no-referrer browsers send forms with the origin "null", which Django's guard against forged forms refuses.
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

# What the page with LinkedIn's window has to set less strictly, and sets itself: the window is LinkedIn's own script.
LOOSENED = (b"content-security-policy", b"referrer-policy", b"cross-origin-opener-policy")
LOOSENED_BY = b"x-landbridge-loosens"

# Requests in work at once, for each connection of the pool. Each has a connection of Django's besides those.
REQUESTS_PER_CONNECTION = 2
# The candidate panel is there to be framed: its policy says by whom, and this header could only say by nobody.
FRAME = b"x-frame-options"


def build(room: Room, vault: Vault) -> ASGIApp:
    """The application for one process. Configures Django."""
    configure(room.settings, room.database.url, secret_key=secret_key(room.settings, vault))
    from django.core.handlers.asgi import ASGIHandler

    from landbridge.web.console.access import check_routes
    from landbridge.web.urls import urlpatterns

    check_routes(urlpatterns)
    room = structs.replace(room, vault=vault, tokens=TokenShelf())
    logging.getLogger("django.request").addFilter(hide_tokens)
    files = StaticFiles(directory=Path(__file__).parent / "static", packages=PACKAGES)
    at_once = REQUESTS_PER_CONNECTION * room.settings.database_connections
    django_app = in_turns(ASGIHandler(), at_once)  # type: ignore[arg-type]  # Django has its own scope types
    partner = room.settings.linkedin_client_secret
    hooks: dict[str, ASGIApp] = {
        PUSHES: PushReceiver(room.database, vault, room.clock, partner.reveal() if partner else None),
        **receivers(room.database, vault, room.clock),
    }

    async def pages(scope: Scope, receive: Receive, send: Send) -> None:
        await django_app({**scope, KEY: room}, receive, send)

    async def static(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await files({**scope, "root_path": STATIC.rstrip("/")}, receive, send)
        except HTTPException:  # no such file: Django has the page that says so
            await pages(scope, receive, send)

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        if probe := PROBES.get(scope["path"]):
            await (await probe(room))(scope, receive, send)
        elif hook := hooks.get(_first_part(scope["path"])):
            await hook(scope, receive, send)
        elif scope["path"].startswith(STATIC):
            await static(scope, receive, send)
        else:
            await pages(scope, receive, send)

    return with_headers(route)


def _first_part(path: str) -> str:
    """Of a path below it: "/static/" of "/static/site.css"."""
    return path[: path.find("/", 1) + 1]


def in_turns(app: ASGIApp, at_once: int) -> ASGIApp:
    """Let so many requests in at a time; the others wait in line.

    A crowd would otherwise use up the connections PostgreSQL allows to everybody: the workers', too.
    """
    places = asyncio.Semaphore(at_once)

    async def admitted(scope: Scope, receive: Receive, send: Send) -> None:
        async with places:
            await app(scope, receive, send)

    return admitted


def with_headers(app: ASGIApp) -> ASGIApp:
    """Put the security headers on every answer, whoever gives it."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        # Files may be kept but are asked about each time; pages hold what only the signed-in may see.
        cache = b"no-cache" if scope["path"].startswith(STATIC) else b"no-store"
        ours = {**HEADERS, b"cache-control": cache}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = {name.lower(): value for name, value in message["headers"]}
                loosened = {LOOSENED_BY, *(LOOSENED if LOOSENED_BY in told else ())}
                framed = {FRAME} if told.get(LOOSENED_BY) == b"frame" else set()
                strict = {name: value for name, value in ours.items() if name not in loosened | framed}
                theirs = [
                    (name, value)
                    for name, value in message["headers"]
                    if name.lower() not in {*strict, *framed, LOOSENED_BY}
                ]
                message = {**message, "headers": [*theirs, *strict.items()]}
            await send(message)

        await app(scope, receive, send_with_headers)

    return guarded


def hide_tokens(record: logging.LogRecord) -> bool:
    """Django logs the path of a request that fails, and the path of a one-time link is a secret."""
    if isinstance(record.args, tuple):
        record.args = tuple(_without_token(given) for given in record.args)
    return True


def _without_token(given: object) -> object:
    if isinstance(given, str):
        for start in SECRET_PATHS:
            if given.startswith(start):
                return f"{start}[token]"
    return given
