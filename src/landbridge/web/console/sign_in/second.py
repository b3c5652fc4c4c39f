"""What may follow, or stand in place of, a password: the second factor, a passkey, single sign-on."""

from __future__ import annotations

from allauth.mfa.base.views import authenticate
from allauth.mfa.webauthn.views import login_webauthn
from allauth.socialaccount.providers.openid_connect.views import callback, login
from asgiref.sync import sync_to_async
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _

from landbridge.web.console.access import Access, Who, acts, borrowed, shows
from landbridge.web.console.visit import Visit

PROVIDER = "sso"
OPEN = Access(shows=Who.ANYBODY, changes=Who.ANYBODY)
LOOK = Access(shows=Who.ANYBODY)


@acts(Who.ANYBODY)
async def to_issuer(visit: Visit) -> HttpResponse:
    if {visit.asked.get("process"), visit.form.get("process")} - {None, "login"}:
        raise Http404  # linking asks first who it is
    return await _leave(visit)


@acts(Who.SIGNED_IN, fresh=True)
async def link(visit: Visit) -> HttpResponse:
    """The form says ``process=connect``, which allauth reads: who signs in over there belongs to this account."""
    return await _leave(visit)


async def _leave(visit: Visit) -> HttpResponse:
    """By a page with a link: the content security policy lets no form lead to another site."""
    if not _configured(visit):
        raise Http404
    answer: HttpResponse = await sync_to_async(login)(visit.request, PROVIDER)
    address = answer.headers.get("location", "")
    if answer.status_code != 302 or not address.startswith(("https://", "http://")):
        return answer
    return await visit.render("console/sign_in/leaving.html", {"address": address})


@shows(Who.ANYBODY)
async def refused(visit: Visit) -> HttpResponse:
    """Where allauth sends people whose single sign-on came to nothing."""
    await visit.tell(_("Signing in there did not work, or was cancelled. You can try again."), "bad")
    return redirect("sign-in")


@shows(Who.ANYBODY)
async def known_already(visit: Visit) -> HttpResponse:
    """allauth would ask for another e-mail address here; the person has an account already and can link it."""
    await visit.tell(
        _("There is an account with your e-mail address. Sign in to it, and link single sign-on there."), "bad"
    )
    return redirect("sign-in")


@shows(Who.SIGNED_IN)
async def linked(visit: Visit) -> HttpResponse:
    return redirect(visit.address("account"))


def _configured(visit: Visit) -> bool:
    return visit.room.settings.oidc_issuer is not None


@shows(Who.ANYBODY)
async def closed(visit: Visit) -> HttpResponse:
    return await visit.render("account/account_inactive.html", status=403)


ROUTES = [
    path("sign-in/closed", closed, name="account_inactive"),
    path("second-factor", borrowed(authenticate, OPEN), name="mfa_authenticate"),
    path("passkey", borrowed(login_webauthn, OPEN), name="mfa_login_webauthn"),
    path("sso/start", to_issuer, name="sso"),
    path("account/sso/link", link, name="sso-link"),
    path("sso/<slug:provider_id>/callback", borrowed(callback, LOOK), name="openid_connect_callback"),
    path("sso/cancelled", refused, name="socialaccount_login_cancelled"),
    path("sso/failed", refused, name="socialaccount_login_error"),
    path("sso/known", known_already, name="socialaccount_signup"),
    path("sso/linked", linked, name="socialaccount_connections"),
]
