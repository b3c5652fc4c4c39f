"""Proving once more who one is, before something sensitive: by password, code or passkey."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.views import reauthenticate as by_password
from allauth.mfa.base.views import reauthenticate as by_code
from allauth.mfa.webauthn.views import reauthenticate_webauthn as by_passkey
from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path

from landbridge.web.console.access import Access, Who, borrowed, shows
from landbridge.web.console.sign_in.pages import destination
from landbridge.web.console.visit import Visit

OPEN = Access(shows=Who.SIGNED_IN, changes=Who.SIGNED_IN)


@shows(Who.SIGNED_IN)
async def confirm(visit: Visit) -> HttpResponse:
    """On to the way this person has; whoever has none signs in again."""
    methods = await sync_to_async(get_adapter().get_reauthentication_methods)(visit.person)
    if not methods:
        return await visit.render("console/account/again.html")
    return redirect(f"{methods[0]['url']}?{urlencode({'next': destination(visit.request)}, safe='/')}")


def confirming(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """allauth's view refuses people who have no such way; the page that knows all ways can help them."""

    def confirm_by(request: HttpRequest) -> HttpResponseBase:
        try:
            return view(request)
        except PermissionDenied:
            return redirect("confirm")

    return confirm_by


ROUTES = [
    path("account/confirm", confirm, name="confirm"),
    path("account/confirm/password", borrowed(confirming(by_password), OPEN), name="account_reauthenticate"),
    path("account/confirm/code", borrowed(confirming(by_code), OPEN), name="mfa_reauthenticate"),
    path("account/confirm/passkey", borrowed(confirming(by_passkey), OPEN), name="mfa_reauthenticate_webauthn"),
]
