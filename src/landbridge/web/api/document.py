"""The API put together: its operations, their OpenAPI document, and their addresses among those of the console."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, include, path
from ninja import NinjaAPI

from landbridge.web.api.access import check_operations
from landbridge.web.api.activity import ROUTER as ACTIVITY
from landbridge.web.api.ats import ROUTER as ATS
from landbridge.web.api.candidates import ROUTER as CANDIDATES
from landbridge.web.api.consent import ROUTER as CONSENT
from landbridge.web.api.contracts import ROUTER as CONTRACTS
from landbridge.web.api.desk import ROUTER as DESK
from landbridge.web.api.erasures import ROUTER as ERASURES
from landbridge.web.api.events import ROUTER as EVENTS
from landbridge.web.api.ingest import COMPONENTS
from landbridge.web.api.ingest import ROUTER as INGEST
from landbridge.web.api.panel import ROUTER as PANEL
from landbridge.web.api.people import ROUTER as PEOPLE
from landbridge.web.api.problems import KIND, answer, handle
from landbridge.web.api.seats import ROUTER as SEATS
from landbridge.web.api.sync import ROUTER as SYNC
from landbridge.web.api.tokens import ROUTER as TOKENS
from landbridge.web.api.way import ROUTER as WAY
from landbridge.web.api.workspace import ROUTER as WORKSPACE
from landbridge.web.console.access import machine

BASE = "api/v1/"
FAILED = 400

API = NinjaAPI(
    title="Landbridge",
    version="1",
    description="What the console offers, for programs. Tokens are made in the console, under API access.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
for _router in (
    WORKSPACE,
    WAY,
    ATS,
    CONSENT,
    CONTRACTS,
    SYNC,
    SEATS,
    DESK,
    PEOPLE,
    TOKENS,
    ACTIVITY,
    ERASURES,
    INGEST,
    EVENTS,
    PANEL,
    CANDIDATES,
):
    API.add_router("", _router)
handle(API)
check_operations(API)

View = Callable[..., Awaitable[HttpResponse]]


@functools.cache
def document() -> dict[str, Any]:
    """The OpenAPI document. Ninja knows neither the records that are pushed nor how problems are sent."""
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(dict(API.get_openapi_schema(path_prefix=BASE))))
    told["components"]["schemas"].update(COMPONENTS)
    for operations in told["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= FAILED and "content" in response:
                    response["content"] = {KIND: response["content"].pop("application/json")}
    return told


@machine
async def show(request: HttpRequest) -> HttpResponse:
    """The document itself is no secret: it needs no token."""
    if request.method not in {"GET", "HEAD"}:
        return not_served(HttpResponseNotAllowed(["GET"]))
    return HttpResponse(msgspec.json.encode(document()), content_type="application/json")


def not_served(refusal: HttpResponse) -> HttpResponse:
    headers = {"Allow": refusal.headers["Allow"]}
    return answer(405, "This address does not take this method.", code="request_wrong", headers=headers)


def _guarded(view: View) -> View:
    """An operation's address, in which also a wrong method is answered as a problem."""

    @functools.wraps(view)
    async def enter(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        found = await view(request, *arguments, **named)
        return not_served(found) if isinstance(found, HttpResponseNotAllowed) else found

    return machine(enter)


def _patterns() -> list[URLPattern]:
    found, _, _ = API.urls
    return [
        URLPattern(one.pattern, _guarded(one.callback), one.default_args, f"api-{one.name}")
        for one in found
        if isinstance(one, URLPattern) and one.name != "api-root"
    ]


ROUTES = [path(BASE, include([path("openapi.json", show, name="api-document"), *_patterns()]))]
