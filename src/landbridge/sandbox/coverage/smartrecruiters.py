"""What the integration touches at SmartRecruiters. ``where`` is method and path as in the sandbox's routes."""

from __future__ import annotations

from typing import Final

from landbridge.sandbox.coverage.operation import ABSENT, CLOSE, PARTLY_CHOSEN, Operation

SMARTRECRUITERS: Final = (
    Operation("POST /identity/oauth/token", "oauth.token", PARTLY_CHOSEN, "wording of errors"),
    Operation("GET /jobs", "jobs.list", PARTLY_CHOSEN, "order"),
    Operation("GET /jobs/{}", "jobs.get", CLOSE),
    Operation("GET /jobs/{}/jobads", "jobads.list", CLOSE),
    Operation("GET /jobs/{}/jobads/{}", "jobads.get", CLOSE),
    Operation("GET /jobs/{}/jobads/{}/postings", "jobads.postings", CLOSE),
    Operation("GET /jobs/{}/publication", "jobs.publication", PARTLY_CHOSEN, "which ads it covers"),
    Operation("GET /jobs/{}/status/history", "jobs.history", PARTLY_CHOSEN, "order"),
    Operation("GET /jobs/{}/hiring-team", "jobs.hiring_team", CLOSE),
    Operation("GET /candidates", "candidates.list", PARTLY_CHOSEN, "order, and what moves updatedOn"),
    Operation("GET /candidates/{}", "candidates.get", CLOSE),
    Operation("GET /candidates/{}/jobs/{}", "applications.get", CLOSE),
    Operation("GET /candidates/{}/jobs/{}/status/history", "applications.history", PARTLY_CHOSEN, "order"),
    Operation("GET /job-applications-api/v202112/job-applications/{}", "job_applications.get", CLOSE),
    Operation("GET /user-api/v201804/users", "users.list", CLOSE),
    Operation("GET /user-api/v201804/users/me", "users.me", CLOSE),
    Operation("GET /user-api/v201804/users/{}", "users.get", CLOSE),
    Operation("GET /user-api/v201804/system-roles", "users.roles", CLOSE),
    Operation("GET /configuration/company", "configuration.company", CLOSE),
    Operation("GET /configuration/departments", "configuration.departments", CLOSE),
    Operation("GET /configuration/hiring-processes", "configuration.processes", CLOSE),
    Operation("GET /configuration/hiring-processes/{}", "configuration.process", CLOSE),
    Operation("GET /configuration/rejection-reasons", "configuration.rejection_reasons", CLOSE),
    Operation("GET /configuration/withdrawal-reasons", "configuration.withdrawal_reasons", CLOSE),
    Operation("GET /configuration/sources", "configuration.sources", CLOSE),
    Operation("GET /configuration/sources/{}", "configuration.source", CLOSE),
    Operation("GET /configuration/sources/{}/values", "configuration.source_values", CLOSE),
    Operation("GET /configuration/sources/{}/values/{}", "configuration.source_value", CLOSE),
    Operation("GET /reporting-api/v201804/reports", "reports.list", CLOSE),
    Operation("GET /reporting-api/v201804/reports/{}", "reports.get", CLOSE),
    Operation("POST /reporting-api/v201804/reports/{}/files", "reports.run", CLOSE),
    Operation("GET /reporting-api/v201804/reports/{}/files/recent", "reports.recent", CLOSE),
    Operation("GET /reporting-api/v201804/reports/{}/files/recent/data", "reports.data", PARTLY_CHOSEN, "columns"),
    Operation("GET /v1/companies/{}/postings", "postings.list", CLOSE),
    Operation("GET /v1/companies/{}/postings/{}", "postings.get", CLOSE),
    Operation("webhooks", "subscriptions, activation, deliveries, retries, log", ABSENT),
    Operation("messages", "share", ABSENT),
    Operation("candidates", "create, add to a job, change the status", ABSENT, "POST /_sandbox/edit changes records"),
    Operation("candidates", "attachments, properties, tags, sources", ABSENT),
    Operation("reviews", "list, create", ABSENT),
    Operation("audit events", "list", ABSENT),
    Operation("page", "candidates, jobs", ABSENT),
)
