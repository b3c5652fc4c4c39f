"""All pages, in one list, and the menu."""

from __future__ import annotations

from typing import Final

from landbridge.sandbox.linkedin.pages import static
from landbridge.sandbox.linkedin.pages.admin import ats
from landbridge.sandbox.linkedin.pages.as_member import as_member
from landbridge.sandbox.linkedin.pages.export import export
from landbridge.sandbox.linkedin.pages.frame import home
from landbridge.sandbox.linkedin.pages.inmails import inmails
from landbridge.sandbox.linkedin.pages.notes import notes
from landbridge.sandbox.linkedin.pages.page import Page, Place
from landbridge.sandbox.linkedin.pages.people import person, search
from landbridge.sandbox.linkedin.pages.resync import resync
from landbridge.sandbox.linkedin.pages.sign_in import contract, sign_in
from landbridge.sandbox.linkedin.pages.widgets import extension, member, onboarding, widget

#: First segments of paths that are pages. Everything else is the API's.
ROOTS: Final = frozenset({"", "login", "logout", "recruiter", "rsc", "xdoor"})
PAGES: Final[tuple[Page, ...]] = (
    *static.PAGES,
    *home.PAGES,
    *sign_in.PAGES,
    *contract.PAGES,
    *search.PAGES,
    *person.PAGES,
    *export.PAGES,
    *inmails.PAGES,
    *notes.PAGES,
    *as_member.PAGES,
    *resync.PAGES,
    *ats.PAGES,
    *extension.PAGES,
    *widget.PAGES,
    *onboarding.PAGES,
    *member.PAGES,
)
NAVIGATION: Final[tuple[Place, ...]] = (
    Place("People", search.ADDRESS),
    Place("InMails", inmails.ADDRESS),
    Place("Admin Settings", ats.ADDRESS, more=True),
    Place("Ask the ATS for jobs", resync.ADDRESS, more=True),
)
