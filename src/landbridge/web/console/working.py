"""The address by which a reader meets the console, and problems in the reader's words."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.translation import gettext as _
from msgspec import Struct

from landbridge.errors import LandbridgeError, RateLimitedError, TryLaterError
from landbridge.web.acts.actor import Actor
from landbridge.web.console.visit import Visit
from landbridge.web.words import EXPLAINED, said


def console_origin(visit: Visit) -> str:
    """The address at which this reader's browser meets the console, as LinkedIn's widget wants it named."""
    return origin_of(visit, visit.request)


def origin_of(visit: Actor, request: HttpRequest) -> str:
    """The public address, else the one by which ``request`` came."""
    if visit.room.settings.public_url:
        return visit.room.settings.public_url
    parts = urlsplit(request.build_absolute_uri("/"))
    return f"{parts.scheme}://{parts.netloc}"


class Problem(Struct, frozen=True, kw_only=True):
    """What went wrong and what to do, as a page says it. ``later``: trying again may be all it takes."""

    text: str
    hint: str
    code: str
    later: bool = False


def problem_of(error: LandbridgeError) -> Problem:
    """An error in the reader's words: those of the table of codes, else the error's own."""
    found = EXPLAINED.get(error.code)
    hint = said(error.hint or (found.fix if found else ""), error.code)
    later = isinstance(error, TryLaterError)
    if isinstance(error, RateLimitedError):
        hint = hint or _("The other side asked for a pause. Try again in a minute.")
    elif later:
        hint = hint or _("Try again in a minute; nothing you entered was lost.")
    text = said(found.meaning if found else str(error))
    return Problem(text=text[:1].upper() + text[1:], hint=hint, code=error.code, later=later)
