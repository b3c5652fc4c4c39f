"""What the frame around every page shows: the pages of the workspace, and which one this is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from msgspec import Struct

from landbridge.web.console.access import IN_WORKSPACE, RANKS
from landbridge.web.console.page import Page
from landbridge.web.console.pages import PAGES
from landbridge.web.console.visit import Visit


class Entry(Struct, frozen=True, kw_only=True):
    title: Promise
    address: str
    icon: str
    current: bool


def context(request: HttpRequest) -> dict[str, Any]:
    """For every template: the visit, and where it may go. Requests that were refused have no visit."""
    visit = getattr(request, "visit", None)
    if not isinstance(visit, Visit) or visit.entered is None:
        return {"visit": visit, "navigation": ()}
    return {"visit": visit, "navigation": tuple(entries(visit))}


def entries(visit: Visit) -> Iterator[Entry]:
    """The pages this person may see."""
    match = visit.request.resolver_match
    here = match.url_name if match else None
    for page in PAGES:
        if not page.under and may_see(visit, page):
            current = any(here in one.route_names for one in PAGES if page.name in (one.name, one.under))
            yield Entry(title=page.title, address=visit.address(page.name), icon=page.icon, current=current)


def may_see(visit: Visit, page: Page) -> bool:
    shown = next(route for route in page.routes if route.name == page.name)
    needed = getattr(shown.callback, "access").shows  # noqa: B009 - set by the decorator, unknown to the type checker
    return needed not in IN_WORKSPACE or (visit.role is not None and RANKS[visit.role] >= needed)
