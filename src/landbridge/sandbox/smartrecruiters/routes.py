"""Which address is answered by what, and with which scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import (
    ads,
    applications,
    candidates,
    configuration,
    jobs,
    postings,
    users,
)
from landbridge.sandbox.smartrecruiters.call import Call
from landbridge.sandbox.smartrecruiters.state import State

USERS = "/user-api/v201804"
REPORTS = "/reporting-api/v201804/reports"
JOB_APPLICATIONS = "/job-applications-api/v202112/job-applications"
Handler = Callable[[State, Call], Answer]


class Route(Struct, frozen=True):
    """``{}`` in the path takes one segment. Any one of ``scopes`` is enough; none: no credential is needed.

    ``answer`` is None for what needs more than the state: tokens and reports.
    """

    method: str
    path: str
    operation: str
    scopes: tuple[str, ...]
    answer: Handler | None = None


JOBS = ("jobs_read",)
CANDIDATES = ("candidates_read",)
HISTORY = ("candidates_read", "candidate_status_read")
CONFIGURATION = ("configuration_read",)

ROUTES = (
    Route("POST", "/identity/oauth/token", "oauth.token", ()),
    Route("GET", "/jobs", "jobs.list", JOBS, jobs.list_jobs),
    Route("GET", "/jobs/{}", "jobs.get", JOBS, jobs.read_job),
    Route("GET", "/jobs/{}/jobads", "jobads.list", JOBS, ads.list_ads),
    Route("GET", "/jobs/{}/jobads/{}", "jobads.get", JOBS, ads.read_ad),
    Route("GET", "/jobs/{}/jobads/{}/postings", "jobads.postings", JOBS, ads.list_postings_of_ad),
    Route("GET", "/jobs/{}/publication", "jobs.publication", JOBS, ads.list_publications),
    Route("GET", "/jobs/{}/status/history", "jobs.history", JOBS, jobs.read_status_history),
    Route("GET", "/jobs/{}/hiring-team", "jobs.hiring_team", JOBS, jobs.read_hiring_team),
    Route("GET", "/candidates", "candidates.list", CANDIDATES, candidates.list_candidates),
    Route("GET", "/candidates/{}", "candidates.get", CANDIDATES, candidates.read_candidate),
    Route("GET", "/candidates/{}/jobs/{}", "applications.get", CANDIDATES, applications.read_application),
    Route("GET", "/candidates/{}/jobs/{}/status/history", "applications.history", HISTORY, applications.read_history),
    Route(
        "GET", f"{JOB_APPLICATIONS}/{{}}", "job_applications.get", ("job_applications_read",),
        applications.read_job_application,
    ),
    Route("GET", f"{USERS}/users", "users.list", ("users_read",), users.list_users),
    Route("GET", f"{USERS}/users/me", "users.me", ("user_me_read", "users_read"), users.read_me),
    Route("GET", f"{USERS}/users/{{}}", "users.get", ("users_read",), users.read_user),
    Route("GET", f"{USERS}/system-roles", "users.roles", ("users_read",), users.list_roles),
    Route(
        "GET", "/configuration/company", "configuration.company", ("configuration_read", "company_read"),
        configuration.read_company,
    ),
    Route(
        "GET", "/configuration/departments", "configuration.departments", CONFIGURATION,
        configuration.list_departments,
    ),
    Route(
        "GET", "/configuration/hiring-processes", "configuration.processes", CONFIGURATION,
        configuration.list_processes,
    ),
    Route(
        "GET", "/configuration/hiring-processes/{}", "configuration.process", CONFIGURATION,
        configuration.read_process,
    ),
    Route(
        "GET", "/configuration/rejection-reasons", "configuration.rejection_reasons", CONFIGURATION,
        configuration.list_rejection_reasons,
    ),
    Route(
        "GET", "/configuration/withdrawal-reasons", "configuration.withdrawal_reasons", CONFIGURATION,
        configuration.list_withdrawal_reasons,
    ),
    Route("GET", "/configuration/sources", "configuration.sources", CONFIGURATION, configuration.list_source_types),
    Route("GET", "/configuration/sources/{}", "configuration.source", CONFIGURATION, configuration.read_source),
    Route(
        "GET", "/configuration/sources/{}/values", "configuration.source_values", CONFIGURATION,
        configuration.list_source_values,
    ),
    Route(
        "GET", "/configuration/sources/{}/values/{}", "configuration.source_value", CONFIGURATION,
        configuration.read_source_value,
    ),
    Route("GET", REPORTS, "reports.list", ("reporting_read",)),
    Route("GET", f"{REPORTS}/{{}}", "reports.get", ("reporting_read",)),
    Route("POST", f"{REPORTS}/{{}}/files", "reports.run", ("reporting_write",)),
    Route("GET", f"{REPORTS}/{{}}/files/recent", "reports.recent", ("reporting_read",)),
    Route("GET", f"{REPORTS}/{{}}/files/recent/data", "reports.data", ("reporting_read",)),
    Route("GET", "/v1/companies/{}/postings", "postings.list", (), postings.list_postings),
    Route("GET", "/v1/companies/{}/postings/{}", "postings.get", (), postings.read_posting),
)  # fmt: skip


class RouteTree:
    """Finds a route in as many steps as the path has segments."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self._root: dict[str, Any] = {}
        for route in routes:
            node = self._root
            for segment in route.path.strip("/").split("/"):
                node = node.setdefault(segment, {})
            node.setdefault("", {})[route.method] = route

    def find(self, path: str) -> tuple[dict[str, Route], tuple[str, ...]]:
        """Routes by method and the segments that ``{}`` took; no routes for an address nobody knows."""
        node: dict[str, Any] | None = self._root
        taken: list[str] = []
        for segment in path.strip("/").split("/"):
            if node is None or not segment:
                return {}, ()
            literal = node.get(segment) if segment != "{}" else None
            if literal is None:
                taken.append(segment)
                literal = node.get("{}")
            node = literal
        return (node.get("", {}) if node else {}), tuple(taken)
