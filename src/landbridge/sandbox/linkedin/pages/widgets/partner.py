"""Which page may show a widget: one on an origin that the customer's application allows.

The imitated ATS beside us needs no such permission, so that its candidates show who they are without any setup.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.state import DeveloperApplication

if TYPE_CHECKING:
    from landbridge.sandbox.linkedin.app import LinkedIn

#: What may stand in a content security policy as it is.
ORIGIN: Final = re.compile(r"https?://(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9.-]+)(:\d{1,5})?")


class Partner(Struct, frozen=True):
    """The application a page speaks for with its api_key, and the page's origin."""

    application: DeveloperApplication
    origin: str

    @property
    def framers(self) -> str:
        """Who may be around the widget: the page itself, and those around it."""
        around = [one for one in self.application.sdk_domains if ORIGIN.fullmatch(one)]
        return " ".join(dict.fromkeys([self.origin, *around]))


def partner_of(linkedin: LinkedIn, api_key: str, origin: str) -> Partner:
    """Raises a 401 or 403 :class:`RefusalError` that says what to change where."""
    application = linkedin.state.applications.get(api_key)
    if application is None or application.parent:
        raise RefusalError(401, f"the api_key {api_key!r} is not the client id of a customer's application")
    is_allowed = (
        origin in application.sdk_domains or origin.replace("//localhost", "//127.0.0.1") in linkedin.neighbours
    )
    if not is_allowed or not ORIGIN.fullmatch(origin):
        allowed = ", ".join(application.sdk_domains) or "none"
        raise RefusalError(
            403,
            f"{origin or 'this page'} is not one of the validJsSdkDomains of the application {api_key} "
            f"(allowed: {allowed}), so the widget does not load",
        )
    return Partner(application, origin)
