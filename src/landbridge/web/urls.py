"""Every page of the console, and who answers where there is none."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from landbridge.web.console import pages, refusals
from landbridge.web.console.sign_in.pages import ROUTES as SIGN_IN
from landbridge.web.console.workspaces.page import ROUTES as WORKSPACES

urlpatterns: list[URLPattern | URLResolver] = [
    *WORKSPACES,
    *SIGN_IN,
    path("w/<slug:workspace>/", include(pages.ROUTES)),
]

handler400 = refusals.bad_request
handler403 = refusals.forbidden
handler404 = refusals.not_found
handler500 = refusals.failed
