"""All pages, in one list, and the menu."""

from __future__ import annotations

from typing import Final

from landbridge.sandbox.linkedin.pages import static
from landbridge.sandbox.linkedin.pages.frame import home
from landbridge.sandbox.linkedin.pages.page import Page, Place
from landbridge.sandbox.linkedin.pages.sign_in import contract, sign_in

#: First segments of paths that are pages. Everything else is the API's.
ROOTS: Final = frozenset({"", "login", "logout", "recruiter", "rsc", "xdoor"})
PAGES: Final[tuple[Page, ...]] = (
    *static.PAGES,
    *home.PAGES,
    *sign_in.PAGES,
    *contract.PAGES,
)
NAVIGATION: Final[tuple[Place, ...]] = ()
