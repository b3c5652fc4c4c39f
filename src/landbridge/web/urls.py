"""Every page of the console, and who answers where there is none."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from landbridge.web.api.document import ROUTES as API
from landbridge.web.api.problems import unless_api
from landbridge.web.console import pages, refusals
from landbridge.web.console.account.confirmation import ROUTES as CONFIRMATION
from landbridge.web.console.account.factors import ROUTES as FACTORS
from landbridge.web.console.account.page import ROUTES as ACCOUNT
from landbridge.web.console.accounts.page import ROUTES as ACCOUNTS
from landbridge.web.console.connect_users.confirmation import GUEST_ROUTES as CONFIRMED_SEATS
from landbridge.web.console.contracts.page import GUEST_ROUTES as HANDOVER
from landbridge.web.console.join.page import ROUTES as JOIN
from landbridge.web.console.sign_in.pages import ROUTES as SIGN_IN
from landbridge.web.console.sign_in.second import ROUTES as SECOND
from landbridge.web.console.workspaces.page import ROUTES as WORKSPACES
from landbridge.web.panel.page import ROUTES as PANEL

urlpatterns: list[URLPattern | URLResolver] = [
    *WORKSPACES,
    *SECOND,  # before those that end in a token
    *SIGN_IN,
    *JOIN,
    *ACCOUNT,
    *CONFIRMATION,
    *FACTORS,
    *ACCOUNTS,
    *HANDOVER,
    *CONFIRMED_SEATS,
    *PANEL,
    *API,
    path("w/<slug:workspace>/", include(pages.ROUTES)),
]

# Under /api/ there is no page either for what goes wrong outside an operation: an unknown address, an unknown host.
handler400 = unless_api(refusals.bad_request, 400, "The request could not be understood.", code="request_wrong")
handler403 = refusals.forbidden
handler404 = unless_api(refusals.not_found, 404, "There is nothing at this address.", code="nothing_there")
handler500 = unless_api(refusals.failed, 500, "This went wrong on our side.", code="failed")
