"""Who in Recruiter may see which job and which application of an ATS. Sources: acl-overview, integration-types.

A person sees a job when one list holds both. A job on no list is hidden from everybody, unless the viewer setting of
the feature says that all may see all. What belongs to an application follows the application's job; a candidate's own
data is not secured by lists.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from landbridge.sandbox.linkedin.books import Book
from landbridge.sandbox.linkedin.state import DeveloperApplication

ALL: Final = "ALL_PRODUCT_USERS"
#: Feature -> the setting that opens everything of it to everybody.
OPENED_BY: Final = {"ONE_CLICK_EXPORT": "JOB_POSTING_VIEWERS", "IN_ATS_INDICATOR": "APPLICATION_VIEWERS"}


class View(Struct, frozen=True):
    """What one person may see of one feature: everything, or what is on these lists (entity type, list id)."""

    everything: bool
    lists: frozenset[tuple[str, str]] = frozenset()

    def shows(self, book: Book, job_id: str) -> bool:
        """Whether the job, and with it its applications, is visible."""
        if self.everything:
            return True
        return any((kind, acl) in self.lists for kind, acls in _lists_of(book, job_id) for acl in acls)


def view_of(application: DeveloperApplication, context: str, member: int, feature: str) -> View:
    """How this member sees ``ONE_CLICK_EXPORT`` (jobs to export to) or ``IN_ATS_INDICATOR`` (applications).

    ``context`` is the organization the member works for. Whether the feature is enabled is not asked here.
    """
    if _is_open_to_all(application, context, feature):
        return View(everything=True)
    person = application.persons.urn(member)
    assignees = application.book(context).assignees
    mine = ((kind, acl) for (kind, subject), acls in assignees.items() if subject == person for acl in acls)
    return View(everything=False, lists=frozenset(mine))


def _is_open_to_all(application: DeveloperApplication, context: str, feature: str) -> bool:
    return any(
        integration.configurations.get(OPENED_BY[feature]) == ALL
        for integration in application.integrations.values()
        if integration.type == feature and integration.context == context
    )


def _lists_of(book: Book, job_id: str) -> list[tuple[str, set[str]]]:
    """Entity type and list ids of a job; jobs are secured under more than one type name."""
    kinds = ("JOB_POSTING", "JOB_REQUISITION")
    return [(kind, book.acls[kind, job_id]) for kind in kinds if (kind, job_id) in book.acls]
