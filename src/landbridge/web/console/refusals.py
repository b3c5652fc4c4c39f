"""The pages for requests that cannot be answered. They say nothing about why beyond what helps the reader."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from landbridge.errors import LandbridgeError

log = structlog.get_logger(__name__)


def page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "console/layout/refusal.html", {"title": title, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return page(request, 400, _("That did not work"), _("The request could not be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    text = _("Your role does not allow this. An owner of the workspace can change it under People & access.")
    return page(request, 403, _("Not allowed"), text)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    text = _("The form was too old, or your browser kept no cookie. Go back and reload.")
    return page(request, 403, _("Please try again"), text)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    text = _("The address may be mistyped, or it belongs to a workspace that you may not enter.")
    return page(request, 404, _("There is no such page"), text)


def in_trouble(request: HttpRequest, trouble: LandbridgeError) -> HttpResponse:
    """Something of ours is away for a while or wants somebody, most often the database: no mistake of the page's."""
    route = request.resolver_match.route if request.resolver_match else ""
    log.warning("page_in_trouble", code=trouble.code, route=route, hint=trouble.hint)
    text = _("%(what)s Nothing was half done: go back, wait a moment and try again.") % {"what": trouble}
    return page(request, 503, _("Not just now"), text)


def failed(request: HttpRequest) -> HttpResponse:
    text = _("It was noted in Landbridge's log. Nothing you entered is lost elsewhere.")
    return page(request, 500, _("Something went wrong"), text)
