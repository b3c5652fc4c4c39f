"""Which address is answered by what, and with which scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import (
    ads,
    application_writes,
    applications,
    attachments,
    audit,
    candidate_writes,
    candidates,
    choices,
    configuration,
    job_writes,
    jobs,
    messages,
    postings,
    properties,
    reviews,
    users,
)
from landbridge.sandbox.smartrecruiters.call import Call
from landbridge.sandbox.smartrecruiters.state import State

USERS = "/user-api/v201804"
REPORTS = "/reporting-api/v201804/reports"
WEBHOOKS = "/webhooks-api/v201907/subscriptions"
REVIEWS = "/reviews-api/v201910/reviews"
AUDIT = "/audit-api/v201910/audit-events"
IN_JOB = "/candidates/{}/jobs/{}"
JOB_APPLICATIONS = "/job-applications-api/v202112/job-applications"
Handler = Callable[[State, Call], Answer]


class Route(Struct, frozen=True):
    """``{}`` in the path takes one segment. Any one of ``scopes`` is enough; none: no credential is needed.

    ``answer`` is None for what needs more than the state: tokens, reports and webhooks.
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
JOBS_WRITE = (choices.JOBS_WRITE_SCOPE,)
CREATE = ("candidates_create",)
MANAGE = ("candidates_manage",)
ACCESS_GROUPS = f"{USERS}/access-groups"
WEBHOOKS_READ = ("webhooks_read", "webhooks_manage")
WEBHOOKS_WRITE = ("webhooks_write", "webhooks_manage")

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
    Route("PATCH", "/jobs/{}", "jobs.patch", JOBS_WRITE, job_writes.patch),
    Route("PUT", "/jobs/{}/status", "jobs.change_status", JOBS_WRITE, job_writes.change_status),
    Route("GET", "/jobs/{}/note", "jobs.note", JOBS, job_writes.read_note),
    Route("PUT", "/jobs/{}/note", "jobs.write_note", JOBS_WRITE, job_writes.write_note),
    Route("GET", "/jobs/{}/positions", "jobs.positions", JOBS, job_writes.list_positions),
    Route("POST", "/jobs/{}/publication", "jobs.publish", JOBS_WRITE, job_writes.publish),
    Route("DELETE", "/jobs/{}/publication", "jobs.unpublish", JOBS_WRITE, job_writes.unpublish),
    Route("POST", "/jobs/{}/jobads/{}/postings", "jobads.publish", JOBS_WRITE, job_writes.publish_ad),
    Route("DELETE", "/jobs/{}/jobads/{}/postings", "jobads.unpublish", JOBS_WRITE, job_writes.unpublish_ad),
    Route("POST", "/jobs/{}/candidates", "candidates.add_to_job", CREATE, candidate_writes.add_to_job),
    Route("POST", "/candidates", "candidates.create", CREATE, candidate_writes.add_to_pool),
    Route("POST", "/candidates/consent-requests", "candidates.ask_consent", MANAGE, candidate_writes.ask_consent),
    Route("PATCH", "/candidates/{}", "candidates.patch", MANAGE, candidate_writes.edit),
    Route("DELETE", "/candidates/{}", "candidates.delete", MANAGE, candidate_writes.erase),
    Route("GET", "/candidates/{}/consent", "candidates.consent", CANDIDATES, candidates.read_consent),
    Route("GET", "/candidates/{}/consents", "candidates.consents", CANDIDATES, candidates.read_consents),
    Route("GET", "/candidates/{}/properties", "candidates.properties", CANDIDATES, properties.read_of_candidate),
    Route(
        "PUT", "/candidates/{}/properties/{}", "candidates.write_property", MANAGE, properties.write_of_candidate,
    ),
    Route("DELETE", IN_JOB, "applications.delete", (choices.APPLICATIONS_DELETE_SCOPE,), application_writes.remove),
    Route("PUT", f"{IN_JOB}/status", "applications.change_status", MANAGE, application_writes.change_status),
    Route("PUT", f"{IN_JOB}/source", "applications.change_source", MANAGE, application_writes.change_source),
    Route("GET", f"{IN_JOB}/properties", "applications.properties", CANDIDATES, properties.read_of_application),
    Route("PUT", f"{IN_JOB}/properties", "applications.write_properties", MANAGE, properties.write_many),
    Route(
        "PUT", f"{IN_JOB}/properties/{{}}", "applications.write_property", MANAGE, properties.write_of_application,
    ),
    Route("GET", f"{IN_JOB}/attachments", "attachments.list", CANDIDATES, attachments.list_attachments),
    Route("POST", f"{IN_JOB}/attachments", "attachments.create", CREATE, attachments.add),
    Route("GET", "/candidates/attachments/{}", "attachments.get", CANDIDATES, attachments.read),
    Route("DELETE", "/candidates/attachments/{}", "attachments.delete", MANAGE, attachments.delete),
    Route(
        "GET", f"{IN_JOB}/screening-answers", "applications.screening_answers", CANDIDATES,
        applications.read_screening_answers,
    ),
    Route(
        "DELETE", f"{JOB_APPLICATIONS}/{{}}", "job_applications.delete", (choices.APPLICATIONS_DELETE_SCOPE,),
        application_writes.remove_by_id,
    ),
    Route("POST", "/messages/shares", "messages.share", ("messages_write",), messages.share),
    Route("GET", "/messages", "messages.list", ("messages_read",), messages.list_messages),
    Route("DELETE", "/messages/shares/{}", "messages.delete", ("messages_manage",), messages.delete),
    Route("GET", REVIEWS, "reviews.list", ("reviews_read",), reviews.list_reviews),
    Route("POST", REVIEWS, "reviews.create", ("reviews_write",), reviews.create),
    Route("GET", f"{REVIEWS}/{{}}", "reviews.get", ("reviews_read",), reviews.read),
    Route("PATCH", f"{REVIEWS}/{{}}", "reviews.patch", ("reviews_write",), reviews.edit),
    Route("DELETE", f"{REVIEWS}/{{}}", "reviews.delete", ("reviews_write",), reviews.delete),
    Route("GET", AUDIT, "audit.list", ("audit_events_read",), audit.list_events),
    Route("POST", WEBHOOKS, "webhooks.create", WEBHOOKS_WRITE),
    Route("GET", WEBHOOKS, "webhooks.list", WEBHOOKS_READ),
    Route("GET", f"{WEBHOOKS}/{{}}", "webhooks.get", WEBHOOKS_READ),
    Route("DELETE", f"{WEBHOOKS}/{{}}", "webhooks.delete", ("webhooks_delete", "webhooks_manage")),
    Route("PUT", f"{WEBHOOKS}/{{}}/activation", "webhooks.activate", WEBHOOKS_WRITE),
    Route("POST", f"{WEBHOOKS}/{{}}/secret-key", "webhooks.make_key", WEBHOOKS_WRITE),
    Route("GET", f"{WEBHOOKS}/{{}}/secret-key", "webhooks.key", WEBHOOKS_READ),
    Route("GET", f"{WEBHOOKS}/{{}}/callbacks-log", "webhooks.log", WEBHOOKS_READ),
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
    Route("PUT", f"{USERS}/users/{{}}/activation", "users.activate", ("users_manage",), users.switch),
    Route("DELETE", f"{USERS}/users/{{}}/activation", "users.deactivate", ("users_manage",), users.switch),
    Route("GET", ACCESS_GROUPS, "access_groups.list", ("users_read",), users.list_access_groups),
    Route("POST", f"{ACCESS_GROUPS}/{{}}/users", "access_groups.add", ("users_manage",), users.add_to_group),
    Route(
        "DELETE", f"{ACCESS_GROUPS}/{{}}/users/{{}}", "access_groups.remove", ("users_manage",), users.take_from_group,
    ),
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
        "GET", "/configuration/departments/{}", "configuration.department", CONFIGURATION,
        configuration.read_department,
    ),
    Route(
        "GET", "/configuration/candidate-properties", "configuration.candidate_properties", CONFIGURATION,
        properties.list_candidate_properties,
    ),
    Route(
        "GET", "/configuration/candidate-properties/{}", "configuration.candidate_property", CONFIGURATION,
        properties.read_property,
    ),
    Route(
        "GET", "/configuration/candidate-properties/{}/values", "configuration.candidate_property_values",
        CONFIGURATION, properties.list_values,
    ),
    Route(
        "GET", "/configuration/job-properties", "configuration.job_properties", CONFIGURATION,
        properties.list_job_properties,
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
