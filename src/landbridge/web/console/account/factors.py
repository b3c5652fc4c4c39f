"""Second factors: allauth's views in our frame, each only for somebody who has just shown who they are."""

from __future__ import annotations

from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as keys
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path

from landbridge.web.console.access import Access, Who, borrowed, shows
from landbridge.web.console.visit import Visit

LOOK = Access(shows=Who.SIGNED_IN, fresh=True)
CHANGE = Access(shows=Who.SIGNED_IN, changes=Who.SIGNED_IN, fresh=True)


@shows(Who.SIGNED_IN)
async def to_account(visit: Visit) -> HttpResponse:
    """Where allauth sends people when something is done: the account page shows it all."""
    return redirect(visit.address("account"))


ROUTES = [
    path("account/factors", to_account, name="mfa_index"),
    path("account/factors/app", borrowed(app.activate_totp, CHANGE), name="mfa_activate_totp"),
    path("account/factors/app/remove", borrowed(app.deactivate_totp, CHANGE), name="mfa_deactivate_totp"),
    path("account/factors/codes", borrowed(codes.view_recovery_codes, LOOK), name="mfa_view_recovery_codes"),
    path("account/factors/codes/renew", borrowed(codes.generate_recovery_codes, CHANGE),
         name="mfa_generate_recovery_codes"),
    path("account/factors/codes/file", borrowed(codes.download_recovery_codes, LOOK),
         name="mfa_download_recovery_codes"),
    path("account/factors/keys", borrowed(keys.list_webauthn, LOOK), name="mfa_list_webauthn"),
    path("account/factors/keys/add", borrowed(keys.add_webauthn, CHANGE), name="mfa_add_webauthn"),
    path("account/factors/keys/<int:pk>/remove", borrowed(keys.remove_webauthn, CHANGE), name="mfa_remove_webauthn"),
    path("account/factors/keys/<int:pk>/edit", borrowed(keys.edit_webauthn, CHANGE), name="mfa_edit_webauthn"),
]  # fmt: skip
