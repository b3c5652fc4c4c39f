"""Which page may show a widget: one on an origin that the customer's application allows."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.state import DeveloperApplication, State

#: What may stand in a content security policy as it is.
ORIGIN: Final = re.compile(r"https?://(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9.-]+)(:\d{1,5})?")


class Partner(Struct, frozen=True):
    """The application a page speaks for with its api_key, and the page's origin."""

    application: DeveloperApplication
    origin: str


def partner_of(state: State, api_key: str, origin: str) -> Partner:
    """Raises a 401 or 403 :class:`RefusalError` that says what to change where."""
    application = state.applications.get(api_key)
    if application is None or application.parent:
        raise RefusalError(401, f"the api_key {api_key!r} is not the client id of a customer's application")
    if origin not in application.sdk_domains or not ORIGIN.fullmatch(origin):
        allowed = ", ".join(application.sdk_domains) or "none"
        raise RefusalError(
            403,
            f"{origin or 'this page'} is not one of the validJsSdkDomains of the application {api_key} "
            f"(allowed: {allowed}), so the widget does not load",
        )
    return Partner(application, origin)
