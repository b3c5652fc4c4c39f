"""Times show in the reader's zone: the one chosen in the profile, else what the browser tells in a cookie, else UTC."""

from __future__ import annotations

import zoneinfo
from collections.abc import Awaitable, Callable
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import async_only_middleware

COOKIE = "landbridge-zone"  # set by console.js; names a zone of the IANA database, which is nothing personal
CHOSEN = "landbridge_zone"  # in the session, beside the profile it is kept in


@cache
def known_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def zone_of(request: HttpRequest) -> str:
    """A zone that exists, whatever the cookie says."""
    for name in (request.session.get(CHOSEN), request.COOKIES.get(COOKIE)):
        if isinstance(name, str) and name in known_zones():
            return name
    return "UTC"


@async_only_middleware
def reader_zone(
    get_response: Callable[[HttpRequest], Awaitable[HttpResponse]],
) -> Callable[[HttpRequest], Awaitable[HttpResponse]]:
    from asgiref.sync import sync_to_async

    async def in_zone(request: HttpRequest) -> HttpResponse:
        with timezone.override(await sync_to_async(zone_of)(request)):
            return await get_response(request)

    return in_zone
