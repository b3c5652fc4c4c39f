"""What a push announces and ``q=request`` reads: exported candidates, and evaluations of applications.

Sources: retrieve-exported-candidates, exported-application-evaluation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import EVALUATION_FEATURE, EXPORTER_FIELD, UNKNOWN_REQUEST_STATUS
from landbridge.sandbox.linkedin.limits import EVALUATIONS
from landbridge.sandbox.linkedin.records import Evaluation, Export
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.resources.finding import check_company, check_finder, page_of
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import parameter
from landbridge.sandbox.worlds.profile import profile_of

R = TypeVar("R", Export, Evaluation)


def find_exported(call: Call) -> Answer:
    """The exported member, and the job the recruiter chose."""
    export = _requested(call, call.state.talent.exports)
    check_company(call, export.organization, "ONE_CLICK_EXPORT")
    if export.member in call.state.talent.closures:
        raise RefusalError(UNKNOWN_REQUEST_STATUS, "the member has closed the account")
    export.read_at = export.read_at or call.at
    return page_of(call, [export], lambda one: _shown_export(call, one))


def _requested(call: Call, shelf: Mapping[str, R]) -> R:
    check_finder(call, "request")
    request_id = parameter(call.query, "requestId")
    if not request_id:
        raise RefusalError(400, "requestId is missing")
    found = shelf.get(request_id)
    if found is None or found.client_id != call.application.client_id:
        raise RefusalError(UNKNOWN_REQUEST_STATUS, "no such request")
    if call.at >= found.expires_at:
        raise RefusalError(UNKNOWN_REQUEST_STATUS, "the request has expired", rule=audit.TOO_LATE, finding=request_id)
    return found


def _shown_export(call: Call, export: Export) -> dict[str, Any]:
    member = call.state.directory.members[export.member]
    profile = profile_of(member, call.state.network.organization_name)
    return {
        "integrationContext": export.organization,
        "externalJobPostingId": export.job,
        EXPORTER_FIELD: export.seat,
        "candidate": {
            "member": call.application.persons.urn(export.member),
            "firstName": member.first_name,
            "lastName": member.last_name,
            "headline": profile.headline,
            "location": profile.place,
            "currentEmployerNames": [profile.company],
            "profileUrl": member.profile_url,
        },
    }


def find_evaluation(call: Call) -> Answer:
    evaluation = _requested(call, call.state.talent.evaluations)
    check_company(call, evaluation.organization, EVALUATION_FEATURE)
    evaluation.read_at = evaluation.read_at or call.at
    return page_of(call, [evaluation], _shown_evaluation)


def _shown_evaluation(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "integrationContext": evaluation.organization,
        "externalJobApplicationId": evaluation.application,
        "evaluatedAt": evaluation.at,
        "rating": evaluation.rating,
        "summary": evaluation.summary,
    }


RESOURCES: Final = (
    Resource(name="exported_candidates", generation="v2", path="exportedCandidates", methods={"finder": find_exported}),
    Resource(
        name="exported_candidates",
        generation="rest",
        path="exportedCandidates",
        methods={"finder": find_exported},
        since=202603,
    ),
    *(
        Resource(
            name="evaluations",
            generation="rest",
            path=path,
            methods={"finder": find_evaluation},
            bucket=EVALUATIONS,
            since=202507,
        )
        for path in ("exportedApplicationEvaluation", "exportedApplicationEvaluations")
    ),
)
