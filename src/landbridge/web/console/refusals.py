"""The pages for requests that cannot be answered. They say nothing about why beyond what helps the reader."""

from __future__ import annotations

import sys

import psycopg
import structlog
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from landbridge.errors import LandbridgeError, UnavailableError
from landbridge.store.database import SYSTEM, sorted_error

log = structlog.get_logger(__name__)


class DeadLinkError(Http404):
    """A link that was sent to somebody works no more, whoever has it now."""


def page(request: HttpRequest | None, status: int, title: str, text: str) -> HttpResponse:
    """``request`` None: a page that asks nothing of the session, which may be what has failed."""
    return render(request, "console/layout/refusal.html", {"title": title, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, SessionInterrupted):
        return _session_lost(request, exception)
    return page(request, 400, _("That did not work"), _("The request could not be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    text = _("Your role does not allow this. An owner of the workspace can change it under People & access.")
    return page(request, 403, _("Not allowed"), text)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    text = _("The form was too old, or your browser kept no cookie. Go back and reload.")
    return page(request, 403, _("Please try again"), text)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, DeadLinkError):
        text = _("It was taken back, is too old, or was not copied whole. Ask whoever sent it for a new one.")
        return page(request, 404, _("This link does not work any more"), text)
    text = _("The address may be mistyped, or it belongs to a workspace that you may not enter.")
    return page(request, 404, _("There is no such page"), text)


def in_trouble(request: HttpRequest, trouble: LandbridgeError) -> HttpResponse:
    """Something of ours is away for a while or wants somebody, most often the database: no mistake of the page's."""
    route = request.resolver_match.route if request.resolver_match else ""
    log.warning("page_in_trouble", code=trouble.code, route=route, hint=trouble.hint)
    text = _("%(what)s Nothing was half done: go back, wait a moment and try again.") % {"what": trouble}
    return page(None if trouble.facts.get("system") == SYSTEM else request, 503, _("Not just now"), text)


def failed(request: HttpRequest) -> HttpResponse:
    """What nobody has caught. Sessions and accounts are Django's and have connections of their own, which a restarted
    or crowded database ends at any place: that is no mistake of ours, and passes."""
    if trouble := trouble_behind(sys.exception()):
        return in_trouble(request, trouble)
    text = _("It was noted in Landbridge's log. Nothing you entered is lost elsewhere.")
    return page(None, 500, _("Something went wrong"), text)


def trouble_behind(error: BaseException | None) -> LandbridgeError | None:
    """The trouble of ours that led to an error; None where it is a mistake in our code."""
    while error is not None:
        if isinstance(error, LandbridgeError):
            return error
        if isinstance(error, psycopg.Error) and (known := sorted_error(error)):
            return known
        if isinstance(error, InterfaceError):  # Django's, for a connection that was found closed
            return UnavailableError(code="database_unreachable", facts={"system": SYSTEM})
        error = error.__cause__ or error.__context__
    return None


def _session_lost(request: HttpRequest, lost: SessionInterrupted) -> HttpResponse:
    """The session could not be saved: Django blames a sign-out elsewhere, whatever the database says."""
    if trouble := trouble_behind(lost):
        return in_trouble(request, trouble)
    return redirect("sign-in")
