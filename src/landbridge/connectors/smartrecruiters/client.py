"""The calls Landbridge makes to SmartRecruiters: addresses, limits and what its refusals mean."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlencode

from msgspec import Raw

from landbridge.connectors.description import Wiring
from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.settings import CANDIDATE_LIST, TIMEOUT, Settings
from landbridge.errors import MissingError, RejectedError, SurpriseError
from landbridge.http import (
    Answer,
    Auth,
    Call,
    Client,
    ClientCredentials,
    KeyHeader,
    Learned,
    OutcomeTable,
    Resolution,
    Verdict,
    path_segment,
)
from landbridge.http.decoding import decode_json

T = TypeVar("T")

NAME = "smartrecruiters"
PAGE_SIZE = 100
JOB_APPLICATIONS = "/job-applications-api/v202112/job-applications"
USERS = "/user-api/v201804"
REVIEWS = "/reviews-api/v201910/reviews"
REPORTS = "/reporting-api/v201804"
ATTACHMENTS = "/candidates/attachments"
MESSAGES = "/messages"
AUDIT = "/audit-api/v201910/audit-events"
# No Retry-After is documented; the limits are per second, so a short silence is enough.
PAUSE_AFTER_429 = timedelta(seconds=2)

NOT_READABLE = "not_readable"
_CLOSED = Verdict(Resolution.FAIL, RejectedError, NOT_READABLE, "The credential may not see this record.")
_ABSENT = Verdict(Resolution.FAIL, MissingError)
OUTCOMES: OutcomeTable = {
    # These say that one record is closed to us; the same statuses without them may mean the credential as a whole.
    (401, "UNAUTHORIZED_TO_ACCESS_JOB"): _CLOSED,
    (403, "ACCESS_FORBIDDEN"): _CLOSED,
    (403, "NO_ACCESS_TO_CANDIDATE"): _CLOSED,
    (403, "NO_ACCESS_TO_JOB"): _CLOSED,
    # A 404 in other words may come from a gateway or a wrong address. Taken for an answer about a record, it would
    # delete people from LinkedIn.
    404: Verdict(Resolution.FAIL, RejectedError, "not_found_unexplained", "Check the API address."),
    (403, "MALWARE_DETECTED"): Verdict(Resolution.FAIL, RejectedError),
    (404, "APPLICATION_NOT_FOUND"): _ABSENT,
    (404, "ATTACHMENT_NOT_FOUND"): _ABSENT,
    (404, "CANDIDATE_NOT_FOUND"): _ABSENT,
    (404, "JOB_APPLICATION_NOT_FOUND"): _ABSENT,
    (404, "JOB_NOT_FOUND"): _ABSENT,
}


def read_code(answer: Answer) -> str:
    """The code of an error body, or ""."""
    try:
        failure = decode_json(answer.content, wire.Failure)
    except SurpriseError:
        return ""
    return next((error.code for error in failure.errors if error.code), failure.code or "")


def read_limits(answer: Answer) -> Learned | None:
    """``X-RateLimit-*``: calls per second and calls in flight, sent with every answer."""
    rate = _whole(answer.headers.get("x-ratelimit-limit"))
    in_flight = _whole(answer.headers.get("x-ratelimit-concurrent-limit"))
    pause = PAUSE_AFTER_429 if answer.status == 429 and "retry-after" not in answer.headers else None
    if rate is None and in_flight is None and pause is None:
        return None
    return Learned(rate=rate, in_flight=in_flight, pause=pause)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and int(text[:9]) > 0 else None


def open_client(settings: Settings, wiring: Wiring) -> Client:
    return Client(
        base_url=settings.base_url,
        system=NAME,
        auth=_auth(settings, wiring),
        journal=wiring.journal,
        gate=wiring.gate,
        error_table=OUTCOMES,
        transport=wiring.transport,
        dry_run=wiring.dry_run,
        clock=wiring.clock,
        allow_plain=settings.plain_http,
        read_code=read_code,
        read_limits=read_limits,
    )


def _auth(settings: Settings, wiring: Wiring) -> Auth:
    if settings.api_key:
        return KeyHeader("X-SmartToken", settings.api_key)
    return ClientCredentials(
        token_url=settings.token_url,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        system=NAME,
        journal=wiring.journal,
        clock=wiring.clock,
        transport=wiring.transport,
        allow_plain=settings.plain_http,
    )


class SmartRecruiters:
    """One method per call. Raises what ``Client.send`` raises, MissingError only in SmartRecruiters' own words."""

    def __init__(self, http: Client) -> None:
        self._http = http

    async def jobs(
        self, *, page_id: str | None = None, active_after: str | None = None, limit: int = PAGE_SIZE
    ) -> wire.Rows:
        # Without sort=job_id a page may miss rows. Publishing moves lastActivityOn, but maybe not updatedOn.
        query = {"limit": str(limit), "sort": "job_id", "pageId": page_id, "lastActivityAfter": active_after}
        return await self._read("/jobs", "/jobs", wire.Rows, query)

    async def job(self, job_id: str) -> wire.Job:
        return await self._read(f"/jobs/{path_segment(job_id)}", "/jobs/{jobId}", wire.Job)

    async def job_ads(self, job_id: str) -> list[wire.JobAd]:
        return await self._read(f"/jobs/{path_segment(job_id)}/jobads", "/jobs/{jobId}/jobads", list[wire.JobAd])

    async def publications(self, job_id: str) -> list[wire.Publication]:
        """Of the default ad, ended ones as well."""
        path, route = f"/jobs/{path_segment(job_id)}/publication", "/jobs/{jobId}/publication"
        return (await self._read(path, route, wire.Publications, {"activeOnly": "false"})).content

    async def hiring_team(self, job_id: str) -> list[wire.TeamMember] | None:
        """Without paging: all of it comes at once."""
        path, route = f"/jobs/{path_segment(job_id)}/hiring-team", "/jobs/{jobId}/hiring-team"
        return (await self._read(path, route, wire.Team)).content

    async def candidates(
        self, *, page_id: str | None = None, updated_after: str | None = None, limit: int = PAGE_SIZE
    ) -> wire.Rows:
        """People with at least one application; others the list leaves out."""
        query = {"limit": str(limit), "pageId": page_id, "updatedAfter": updated_after}
        return await self._read("/candidates", "/candidates", wire.Rows, query, CANDIDATE_LIST)

    async def candidate(self, candidate_id: str) -> wire.Candidate:
        return await self._read(f"/candidates/{path_segment(candidate_id)}", "/candidates/{id}", wire.Candidate)

    async def application(self, candidate_id: str, job_id: str) -> wire.Application:
        path = f"/candidates/{path_segment(candidate_id)}/jobs/{path_segment(job_id)}"
        return await self._read(path, "/candidates/{id}/jobs/{jobId}", wire.Application)

    async def history(self, candidate_id: str, job_id: str) -> wire.Rows:
        path = f"/candidates/{path_segment(candidate_id)}/jobs/{path_segment(job_id)}/status/history"
        return await self._read(path, "/candidates/{id}/jobs/{jobId}/status/history", wire.Rows)

    async def job_application(self, application_id: str) -> wire.JobApplication:
        path = f"{JOB_APPLICATIONS}/{path_segment(application_id)}"
        return await self._read(path, JOB_APPLICATIONS + "/{jobApplicationId}", wire.JobApplication)

    async def source(self, identifier: str) -> wire.Source:
        path = f"/configuration/sources/{path_segment(identifier)}"
        return await self._read(path, "/configuration/sources/{sourceIdentifier}", wire.Source)

    async def company(self) -> wire.Company:
        return await self._read("/configuration/company", "/configuration/company", wire.Company)

    async def users(self, *, page_id: str | None = None, limit: int = PAGE_SIZE) -> wire.Rows:
        return await self._read(f"{USERS}/users", f"{USERS}/users", wire.Rows, {"limit": str(limit), "pageId": page_id})

    async def user(self, user_id: str) -> wire.User:
        return await self._read(f"{USERS}/users/{path_segment(user_id)}", f"{USERS}/users/{{id}}", wire.User)

    async def reviews(self, candidate_id: str, job_id: str) -> list[Raw]:
        """Of one application, all of them."""
        return await self._read(REVIEWS, REVIEWS, list[Raw], {"candidateId": candidate_id, "jobId": job_id})

    async def messages(
        self, candidate_id: str, job_id: str | None = None, *, page_id: str | None = None, limit: int = PAGE_SIZE
    ) -> tuple[list[Raw], str | None]:
        """Notes about a candidate, or about one application, and the id of the next page. For administrators only."""
        query = {"candidateId": candidate_id, "jobId": job_id, "limit": str(limit), "pageId": page_id}
        answer = await self._answer(MESSAGES, MESSAGES, query)
        return answer.decode(list[Raw]), next_page(answer.headers.get("link", ""))

    async def attachments(self, candidate_id: str, job_id: str) -> wire.Rows:
        """The files of one application, all of them."""
        path = f"/candidates/{path_segment(candidate_id)}/jobs/{path_segment(job_id)}/attachments"
        return await self._read(path, "/candidates/{id}/jobs/{jobId}/attachments", wire.Rows)

    def attachment_file(self, attachment_id: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """One file, in pieces and unpacked: what is small on the way could be huge here."""
        path, route = f"{ATTACHMENTS}/{path_segment(attachment_id)}", ATTACHMENTS + "/{attachmentId}"
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        return self._http.stream(Call(method="GET", path=path, route=route, headers=headers, timeout=TIMEOUT))

    async def audit(self, event: str, candidate_id: str | None = None) -> list[wire.AuditLine]:
        """The newest lines of one kind about candidates, or about one."""
        query = {"eventName": event, "entityType": "CANDIDATE", "entityId": candidate_id, "limit": str(PAGE_SIZE)}
        return (await self._read(AUDIT, AUDIT, wire.AuditLines, query)).content

    async def report(self, report_id: str) -> wire.Labelled:
        return await self._read(
            f"{REPORTS}/reports/{path_segment(report_id)}", REPORTS + "/reports/{id}", wire.Labelled
        )

    def report_file(self, report_id: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The newest finished file of a report: CSV in pieces."""
        path = f"{REPORTS}/reports/{path_segment(report_id)}/files/recent/data"
        route = REPORTS + "/reports/{id}/files/recent/data"
        call = Call(method="GET", path=path, route=route, headers={"Accept": "text/csv"}, timeout=TIMEOUT)
        return self._http.stream(call)

    async def close(self) -> None:
        await self._http.close()

    async def _read(
        self, path: str, route: str, kind: type[T], query: dict[str, str | None] | None = None, allowance: str = ""
    ) -> T:
        return (await self._answer(path, route, query, allowance)).decode(kind)

    async def _answer(self, path: str, route: str, query: dict[str, str | None] | None, allowance: str = "") -> Answer:
        encoded = urlencode({name: value for name, value in (query or {}).items() if value is not None})
        call = Call(method="GET", path=path, route=route, query=encoded, allowance=allowance, timeout=TIMEOUT)
        return await self._http.send(call)


def next_page(link: str) -> str | None:
    """The page id in a Link header. The address itself is never followed."""
    found = re.search(r'[?&]pageId=([^&>;]+)[^>]*>\s*;[^,]*rel="?next"?', link)
    return found.group(1) if found else None
