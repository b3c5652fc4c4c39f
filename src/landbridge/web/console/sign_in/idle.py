"""Sessions that rest, or last too long: whoever walks away from the screen is signed out, even while a page there
renews itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth import alogout
from django.core.handlers.asgi import ASGIRequest

BEGAN_AT, SEEN_AT = "landbridge_began_at", "landbridge_seen_at"
# Django's own time limit begins anew with each note below.
LONGEST = timedelta(hours=12)
# How exactly it is known: once a minute is one write a minute.
NOTED_EVERY = timedelta(minutes=1)


async def has_ended(request: ASGIRequest, now: datetime, minutes: int) -> bool:
    """Whether nothing was done in this session for so many minutes (0: never mind); it is ended then.

    Call it for sessions of people who are signed in. What a page asks for by itself does not count as doing something.
    """
    session, at = request.session, now.timestamp()
    began, seen = session.get(BEGAN_AT), session.get(SEEN_AT)
    if not isinstance(began, float) or not isinstance(seen, float):
        session[BEGAN_AT] = session[SEEN_AT] = at
        return False
    if at - began >= LONGEST.total_seconds() or (minutes and at - seen >= timedelta(minutes=minutes).total_seconds()):
        await alogout(request)
        return True
    if at - seen >= NOTED_EVERY.total_seconds() and not _by_itself(request):
        session[SEEN_AT] = at
    return False


def _by_itself(request: ASGIRequest) -> bool:
    """A part of a page that renews itself; one that somebody types into names the field."""
    return request.headers.get("hx-request") == "true" and "hx-trigger-name" not in request.headers
