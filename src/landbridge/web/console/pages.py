"""Every page of a workspace, in the order of the navigation. A new page is one line here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from landbridge.web.console.activity.page import PAGE as ACTIVITY
from landbridge.web.console.api_access.page import PAGE as API_ACCESS
from landbridge.web.console.ats.page import PAGE as ATS
from landbridge.web.console.connect_users.page import PAGE as CONNECT_USERS
from landbridge.web.console.consent.page import PAGE as CONSENT
from landbridge.web.console.contracts.page import PAGE as CONTRACTS
from landbridge.web.console.desk.page import PAGE as DESK
from landbridge.web.console.erased.page import PAGE as ERASED
from landbridge.web.console.migration.page import PAGE as MIGRATION
from landbridge.web.console.overview.page import PAGE as OVERVIEW
from landbridge.web.console.page import Page
from landbridge.web.console.people.page import PAGE as PEOPLE
from landbridge.web.console.sync.page import PAGE as SYNC
from landbridge.web.panel.console import PAGE as CANDIDATE

PAGES: Final[Sequence[Page]] = (
    OVERVIEW, ATS, CONSENT, CONTRACTS, MIGRATION, SYNC, CONNECT_USERS, DESK, PEOPLE, API_ACCESS, ERASED, ACTIVITY,
    CANDIDATE,
)  # fmt: skip

ROUTES = [route for page in PAGES for route in page.routes]
ROUTE_NAMES: Final = frozenset(name for page in PAGES for name in page.route_names)
