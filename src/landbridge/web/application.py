"""The console as one ASGI application: static files, security headers, and Django behind them."""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from landbridge.store.project import configure
from landbridge.store.secrets import Vault, secret_key
from landbridge.web.rooms import KEY, Room

STATIC = "/static/"

# Nothing is allowed but our own files: no inline script or style, no frames, no forms to elsewhere.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # The path of a one-time link is a secret: no page is told where its visitor came from.
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def build(room: Room, vault: Vault) -> ASGIApp:
    """The application for one process. Configures Django."""
    configure(room.settings, room.database.url, secret_key=secret_key(room.settings, vault))
    from django.core.handlers.asgi import ASGIHandler

    files = StaticFiles(directory=Path(__file__).parent / "static")
    django_app = ASGIHandler()

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(STATIC):
            await files({**scope, "root_path": STATIC.rstrip("/")}, receive, send)
        else:
            await django_app({**scope, KEY: room}, receive, send)  # type: ignore[arg-type]  # Django's own scope types

    return with_headers(route)


def with_headers(app: ASGIApp) -> ASGIApp:
    """Put the security headers on every answer, whoever gives it."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers.update(HEADERS)
                # Files may be kept but are asked about each time; pages hold what only the signed-in may see.
                headers["cache-control"] = "no-cache" if scope["path"].startswith(STATIC) else "no-store"
            await send(message)

        await app(scope, receive, send_with_headers)

    return guarded
