"""``/recruiter/resync``: what LinkedIn itself does when jobs of an ATS look wrong. Source: job-resync-notifications."""

from __future__ import annotations

import re
from typing import Final

from starlette.responses import Response

from landbridge.sandbox.linkedin.pages.page import Page
from landbridge.sandbox.linkedin.pages.visit import Visit
from landbridge.sandbox.linkedin.postings import is_open_at
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.talent.resyncs import RESYNC_MINUTES

ADDRESS: Final = "/recruiter/resync"
SEPARATORS: Final = re.compile(r"[\s,;]+")
SHOWN: Final = 20


def show(visit: Visit) -> Response:
    visit.state.tasks.settle(visit.at)
    children = visit.state.children()
    names = {child.client_id: child.name for child in children}
    open_jobs = {
        child.client_id: sum(
            is_open_at(posting, visit.at) for book in child.books.values() for posting in book.postings.values()
        )
        for child in children
    }
    return visit.show(
        "resync/resync.html",
        systems=children[::-1],
        open_jobs=open_jobs,
        names=names,
        asked=visit.state.talent.resyncs[: -SHOWN - 1 : -1],
        minutes=RESYNC_MINUTES,
    )


def ask(visit: Visit) -> Response:
    named = [one for one in SEPARATORS.split(visit.form("jobs")) if one]
    if visit.form("which") == "some" and not named:
        raise RefusalError(422, "Name at least one job by the id the ATS gave it, or ask for all open jobs.")
    jobs = named if visit.form("which") == "some" else None
    visit.linkedin.talent.resyncs.ask(jobs, visit.form("system") or None)
    return visit.go(ADDRESS, notice=f"The ATS has been asked. It has {RESYNC_MINUTES} minutes to send the jobs again.")


PAGES: Final = (Page(ADDRESS, show), Page(ADDRESS, ask, method="POST"))
