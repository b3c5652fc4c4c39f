"""Every page of a workspace, in the order of the navigation. A new page is one line here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from landbridge.web.console.activity.page import PAGE as ACTIVITY
from landbridge.web.console.overview.page import PAGE as OVERVIEW
from landbridge.web.console.page import Page
from landbridge.web.console.people.page import PAGE as PEOPLE

PAGES: Final[Sequence[Page]] = (OVERVIEW, PEOPLE, ACTIVITY)

ROUTES = [route for page in PAGES for route in page.routes]
ROUTE_NAMES: Final = frozenset(name for page in PAGES for name in page.route_names)
