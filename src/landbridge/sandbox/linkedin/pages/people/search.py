"""``/recruiter/people``: search by words, with or without those an ATS knows. Sources: in-ATS search filter (help)."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from landbridge.sandbox.linkedin.pages.page import Page
from landbridge.sandbox.linkedin.pages.people.looking import in_ats_of, shown_of
from landbridge.sandbox.linkedin.pages.visit import Visit
from landbridge.sandbox.linkedin.people import people_of

ADDRESS: Final = "/recruiter/people"
ON_A_PAGE: Final = 25
WORDS_LENGTH: Final = 200
FILTERS: Final = {"": "Everybody", "in": "In the ATS", "out": "Not in the ATS"}


def show(visit: Visit) -> Response:
    words, chosen, page = visit.query("words")[:WORDS_LENGTH], visit.query("ats"), _page(visit.query("page"))
    in_ats, closed = in_ats_of(visit), visit.state.talent.closures
    found = people_of(visit.state).search(
        words,
        (page - 1) * ON_A_PAGE,
        ON_A_PAGE,
        only=in_ats.known() if in_ats.systems and chosen == "in" else None,
        without=[*([closed] if closed else []), *([in_ats.known()] if chosen == "out" else [])],
    )

    def address(number: int) -> str:
        return f"{ADDRESS}?{urlencode({'words': words, 'ats': chosen, 'page': number})}"

    return visit.show(
        "people/search.html",
        words=words,
        chosen=chosen,
        filters=FILTERS,
        systems=in_ats.systems,
        total=found.total,
        first=(page - 1) * ON_A_PAGE + 1,
        people=[shown_of(visit, member, in_ats.read(member.number)) for member in found.members],
        before=address(page - 1) if page > 1 else "",
        after=address(page + 1) if page * ON_A_PAGE < found.total else "",
    )


def _page(text: str) -> int:
    """Page 1 where the address says nothing sensible."""
    return max(1, int(text)) if text.isdecimal() and text.isascii() and len(text) < 9 else 1


PAGES: Final = (Page(ADDRESS, show),)
