"""``/recruiter/people/{member}/export`` and the jobs its type-ahead asks for.

Without a script the jobs found stand on the page as a list to choose from; with one they appear while one types.
"""

from __future__ import annotations

from typing import Final

import orjson
from msgspec import structs
from starlette.responses import Response

from landbridge.sandbox.linkedin.pages.page import Page
from landbridge.sandbox.linkedin.pages.people.looking import exported_to, in_ats_of, member_of, shown_of
from landbridge.sandbox.linkedin.pages.rendering import page_headers, policy
from landbridge.sandbox.linkedin.pages.visit import Visit
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.talent.exports import Target

ADDRESS: Final = "/recruiter/people/{member:int}/export"
JOBS: Final = "/recruiter/jobs"
MOST: Final = 20
WORDS_LENGTH: Final = 200


def show(visit: Visit) -> Response:
    member, exports = member_of(visit), visit.linkedin.talent.exports
    return visit.show(
        "export/export.html",
        person=shown_of(visit, member, in_ats_of(visit).read(member.number)),
        systems=exports.systems(),
        system=visit.query("system"),
        words=visit.query("words")[:WORDS_LENGTH],
        jobs=_found(visit),
        most=MOST,
        left=exports.left(visit.viewer.seat.urn),
        before=[export.job for export in exports.of_member(member.number)],
    )


def find_jobs(visit: Visit) -> Response:
    """The jobs that fit what was typed, as JSON."""
    body = orjson.dumps({"jobs": [structs.asdict(job) for job in _found(visit)]})
    return Response(body, headers=page_headers(policy()), media_type="application/json")


def export(visit: Visit) -> Response:
    """The field ``target`` names the system by its client id and, after a blank, the job by its id."""
    member = member_of(visit)
    client_id, _, job = visit.form("target").partition(" ")
    if not job:
        raise RefusalError(422, "Choose a job first.")
    done = visit.linkedin.talent.exports.export(visit.viewer.seat.urn, member.number, job, client_id)
    system, title = exported_to(visit, done)
    notice = f"Exported to “{title}”. {system} has been told and will read the profile."
    return visit.go(f"/recruiter/people/{member.number}", notice=notice)


def _found(visit: Visit) -> list[Target]:
    words = visit.query("words")[:WORDS_LENGTH]
    system = visit.query("system") or None
    return visit.linkedin.talent.exports.jobs(visit.viewer.seat.urn, words, system, MOST)


PAGES: Final = (Page(ADDRESS, show), Page(ADDRESS, export, method="POST"), Page(JOBS, find_jobs))
