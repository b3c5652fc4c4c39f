"""Every page of the console."""

from __future__ import annotations

from django.urls import path

from landbridge.web import refusals
from landbridge.web.sign_in import pages as sign_in
from landbridge.web.status import page as status

urlpatterns = [
    path("", status.show, name="status"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/<str:token>", sign_in.sign_in_once, name="sign-in-once"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("password", sign_in.choose_password, name="password"),
]

handler400 = refusals.bad_request
handler403 = refusals.forbidden
handler404 = refusals.not_found
handler500 = refusals.failed
