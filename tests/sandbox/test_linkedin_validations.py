"""Every validation LinkedIn's public pages name, one row each: where it is said, what is sent, what is answered.

A row that starts with "element" is refused alone, by its entry in the maps or the elements, while the call is 200;
"call" is the status of the whole. Rules without a documented status stand with the one chosen (see ``choices``).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx2
import pytest

from tests.sandbox.linkedin_caller import (
    Caller,
    application,
    candidate,
    ids_query,
    job,
    rest_candidate,
    restli_2_key,
    stage,
    text_key,
)

DAY = 86_400_000
LONG = "x" * 201
Send = Callable[[Caller], Awaitable[httpx2.Response]]


class Row(NamedTuple):
    page: str
    rule: str
    send: Send
    status: int
    whole: bool = False


def put_candidate(**changes: Any) -> Send:
    return lambda caller: caller.put_candidates({"C9": candidate(**changes)})


def put_rest_candidate(**changes: Any) -> Send:
    def send(caller: Caller) -> Awaitable[httpx2.Response]:
        key = {"externalCandidateId": "C9", "integrationContext": caller.organization}
        return caller.put_rest("/rest/candidates", [key], [rest_candidate(**changes)])

    return send


def put_application(**changes: Any) -> Send:
    return lambda caller: caller.put_applications({"A9": application(**changes)})


def put_stage(**changes: Any) -> Send:
    return lambda caller: caller.put_stages("A1", {"S9": stage(**changes)})


def put_child(path: str, value: Mapping[str, Any]) -> Send:
    def send(caller: Caller) -> Awaitable[httpx2.Response]:
        key = caller.candidate_key("C1") if path.startswith("atsCandidates") else caller.application_key("A1")
        parent, child = path.split("/")
        url = f"/v2/{parent}/{text_key(key)}/{child}"
        return caller.send("PUT", url, "ids=N9", {"entities": {"N9": dict(value)}}, x_restli_method="batch_update")

    return send


def post_job(**changes: Any) -> Send:
    return lambda caller: caller.post_jobs(job(caller.organization, **changes))


def post_rest_job(**changes: Any) -> Send:
    def send(caller: Caller) -> Awaitable[httpx2.Response]:
        base = {"integrationContext": None, "company": caller.organization, "availability": "PUBLIC"}
        return caller.post_jobs(job("", **{**base, **changes}), path="/rest/simpleJobPostings")

    return send


def at_day(days: float, make: Callable[..., Send]) -> Send:
    return lambda caller: make(expireAt=caller.sandbox.clock.ms() + round(days * DAY))(caller)


def provision(**changes: Any) -> Send:
    async def send(caller: Caller) -> httpx2.Response:
        await caller.sign_in("parent")
        wanted = {"uniqueForeignId": "t-1", "name": "ExampleATS - Borealis", "description": "T", **changes}
        return await caller.send("POST", "/v2/provisionedApplications", "", drop_none(wanted))

    return send


def patch_provisioned(**changes: Any) -> Send:
    async def send(caller: Caller) -> httpx2.Response:
        urn = caller.sandbox.linkedin.state.child.urn
        await caller.sign_in("parent")
        return await caller.send("POST", f"/v2/provisionedApplications/{urn}", "", {"patch": {"$set": changes}})

    return send


def configure(setting: str, value: Any, integration: str = "ONE_CLICK_EXPORT") -> Send:
    async def send(caller: Caller) -> httpx2.Response:
        caller.sandbox.linkedin.recruiter.request()
        key = text_key(integration_key(caller, integration))
        body = {"entities": {setting: {"configurationValue": {"string": value}}}}
        return await caller.send("PUT", f"/v2/atsIntegrations/{key}/configurations", f"ids={setting}", body)

    return send


def name_integration(patch: Mapping[str, Any], integration: str = "IN_ATS_INDICATOR") -> Send:
    def send(caller: Caller) -> Awaitable[httpx2.Response]:
        key = integration_key(caller, integration)
        return caller.put_v2("/v2/atsIntegrations", [key], [patch], "batch_partial_update")

    return send


def integration_key(caller: Caller, integration: str) -> dict[str, str]:
    return {
        "integrationContext": caller.organization,
        "integrationType": integration,
        "tenantType": "RECRUITER",
        "dataProvider": "ATS",
    }


def put_acl(**changes: str) -> Send:
    def send(caller: Caller) -> Awaitable[httpx2.Response]:
        key = {
            "atsEntityAclId": "sales",
            "dataProvider": "ATS",
            "integrationContext": caller.organization,
            "atsEntityType": "JOB_POSTING",
            "atsEntityId": "J1",
        }
        return caller.put_v2("/v2/atsEntityAcls", [{**key, **changes}], [{}])

    return send


def put_assignees(count: int, person: str = "") -> Send:
    """The last of ``count`` lists of one person; those before are there already."""

    async def send(caller: Caller) -> httpx2.Response:
        who = person or str(caller.sandbox.linkedin.credentials()["people"][0]["person"])
        keys = [
            {
                "atsEntityAclId": f"list-{number}",
                "dataProvider": "ATS",
                "integrationContext": caller.organization,
                "atsEntityType": "JOB_POSTING",
                "assignee": who,
            }
            for number in range(count)
        ]
        if keys[:-1]:
            await caller.put_v2("/v2/atsEntityAclAssignees", keys[:-1], [{}] * (count - 1))
        return await caller.put_v2("/v2/atsEntityAclAssignees", keys[-1:], [{}])

    return send


def attach(patch: Mapping[str, Any], name: str = "C1") -> Send:
    def send(caller: Caller) -> Awaitable[httpx2.Response]:
        return caller.put_v2("/v2/atsCandidates", [caller.candidate_key(name)], [patch], "batch_partial_update")

    return send


def call(method: str, path: str, query: str = "", body: object = None, **headers: str) -> Send:
    return lambda caller: caller.send(method, path, query, body, **headers)


def signed_in_as(who: str, send: Send) -> Send:
    async def after(caller: Caller) -> httpx2.Response:
        await caller.sign_in(who)
        return await send(caller)

    return after


def with_token(token: str, send: Send) -> Send:
    async def after(caller: Caller) -> httpx2.Response:
        caller.token = token
        return await send(caller)

    return after


def without_enabling(send: Send) -> Send:
    def after(caller: Caller) -> Awaitable[httpx2.Response]:
        caller.enable(status="DISABLED")
        return send(caller)

    return after


def later(seconds: float, send: Send) -> Send:
    def after(caller: Caller) -> Awaitable[httpx2.Response]:
        caller.advance(seconds)
        return send(caller)

    return after


def delete(path: str, *ids: str) -> Send:
    def send(caller: Caller) -> Awaitable[httpx2.Response]:
        keys = [caller.candidate_key(one) if path == "atsCandidates" else caller.application_key(one) for one in ids]
        return caller.send("DELETE", f"/v2/{path}", ids_query(keys))

    return send


def token_request(**changes: str) -> Send:
    return lambda caller: caller.fetch_token(**changes)


def drop_none(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value is not None}


def money(**value: Any) -> dict[str, Any]:
    return {"compensations": [{"type": "BONUS", "period": "YEARLY", "value": value}]}


Rules = list[tuple[str, dict[str, Any]]]
CANDIDATE: Rules = [
    ("firstName required since March 2024, at least 1 character", {"firstName": None}),
    ("firstName at least 1 character", {"firstName": ""}),
    ("lastName required", {"lastName": None}),
    ("lastName at least 1 character", {"lastName": ""}),
    ("created time required", {"atsCreatedAt": None}),
    ("created time greater than 0", {"atsCreatedAt": 0}),
    ("created time is a number", {"atsCreatedAt": "1767225600000"}),
    ("modified time required", {"atsLastModifiedAt": None}),
    ("modified time greater than 0", {"atsLastModifiedAt": -1}),
    ("modified time not before the created time", {"atsLastModifiedAt": 1}),
    ("emailAddresses required without a person URN", {"emailAddresses": None}),
    ("e-mail like X@X.X: no @", {"emailAddresses": ["mirela.example.org"]}),
    ("e-mail like X@X.X: nothing before", {"emailAddresses": ["@example.org"]}),
    ("e-mail like X@X.X: no dot", {"emailAddresses": ["mirela@example"]}),
    ("e-mail like X@X.X: empty", {"emailAddresses": [""]}),
    ("emailAddresses is a list of strings", {"emailAddresses": "mirela@example.org"}),
    ("phoneNumbers must be present", {"phoneNumbers": None}),
    ("a phone has a number", {"phoneNumbers": [{"extension": "1"}]}),
    ("addresses must be present", {"addresses": None}),
    ("addresses is a list of objects", {"addresses": ["Brno"]}),
    ("externalProfileUrl required", {"externalProfileUrl": None}),
    ("externalProfileUrl is a URL", {"externalProfileUrl": "people/1"}),
    ("linkedInProfileUrl is a URL", {"linkedInProfileUrl": "mirela"}),
    ("doNotContact is a boolean", {"doNotContact": "yes"}),
    ("currentCompanyName is a string", {"currentCompanyName": 1}),
]
RENAMED = {"atsCreatedAt": "externalCreatedAt", "atsLastModifiedAt": "externalLastModifiedAt"}
APPLICATION: Rules = [
    ("atsJobPostingId required", {"atsJobPostingId": None}),
    ("atsJobPostingId at least 1 character", {"atsJobPostingId": ""}),
    ("atsJobPostingName required", {"atsJobPostingName": None}),
    ("atsJobPostingName at least 1 character", {"atsJobPostingName": ""}),
    ("created time required", {"atsCreatedAt": None}),
    ("created time greater than 0", {"atsCreatedAt": 0}),
    ("modified time required", {"atsLastModifiedAt": None}),
    ("modified time greater than 0", {"atsLastModifiedAt": 0}),
    ("modified time not before the created time", {"atsLastModifiedAt": 1}),
    ("candidateEmail like X@X.X", {"candidateEmail": "mirela"}),
    ("candidateEmail like X@X.X: empty", {"candidateEmail": ""}),
    ("firstName at least 1 character", {"firstName": ""}),
    ("firstName required (section 10.1)", {"firstName": None}),
    ("lastName at least 1 character", {"lastName": ""}),
    ("lastName required (section 10.1)", {"lastName": None}),
    ("accessRestricted is a boolean", {"accessRestricted": "no"}),
]
STAGE: Rules = [
    ("atsCreatedAt required", {"atsCreatedAt": None}),
    ("atsCreatedAt greater than 0", {"atsCreatedAt": 0}),
    ("stage required", {"stage": None}),
    ("stage at least 1 character", {"stage": ""}),
    ("stage is not the text Not Available", {"stage": "Not Available"}),
]
NOTE: Rules = [
    ("author needs a firstName", {"author": {"lastName": "Okoye"}}),
    ("author needs a lastName", {"author": {"firstName": "Ada"}}),
    ("atsCreatedAt is epoch milliseconds", {"atsCreatedAt": "yesterday"}),
    ("note is a string", {"note": 5}),
]
FEEDBACK: Rules = [
    ("interviewer needs a firstName", {"interviewer": {"lastName": "Okoye"}}),
    ("interviewer needs a lastName", {"interviewer": {"firstName": "Ada"}}),
    ("an evaluation needs an attribute", {"evaluations": [{"result": "Strong"}]}),
    ("interviewType is PHONE_SCREEN or ONSITE", {"interviewType": "VIDEO"}),
    ("evaluations is a list", {"evaluations": {"attribute": "Driving"}}),
    ("feedback is a string", {"feedback": 5}),
]
JOB: list[tuple[str, dict[str, Any], int]] = [
    ("company missing", {"integrationContext": None}, 400),
    ("integrationContext is an organization URN", {"integrationContext": "urn:li:company:1"}, 422),
    ("externalJobPostingId required", {"externalJobPostingId": None}, 422),
    ("externalJobPostingId not empty", {"externalJobPostingId": ""}, 422),
    ("externalJobPostingId never a number (500)", {"externalJobPostingId": 17}, 500),
    ("externalJobPostingId at most 200 characters", {"externalJobPostingId": LONG}, 422),
    ("jobPostingOperationType required", {"jobPostingOperationType": None}, 422),
    ("unknown operation", {"jobPostingOperationType": "DELETE"}, 422),
    ("UPGRADE is not for RSC", {"jobPostingOperationType": "UPGRADE"}, 422),
    ("title required", {"title": None}, 422),
    ("title at most 200 characters", {"title": LONG}, 422),
    ("title is a string", {"title": 5}, 422),
    ("description required", {"description": None}, 422),
    ("location required", {"location": None}, 422),
    ("companyApplyUrl required", {"companyApplyUrl": None}, 422),
    ("companyApplyUrl is a valid absolute URL", {"companyApplyUrl": "/jobs/1"}, 400),
    ("listedAt required", {"listedAt": None}, 422),
    ("listedAt not in the future", {"listedAt": 9_999_999_999_999}, 422),
    ("availability required for RSC", {"availability": None}, 422),
    ("availability is one of the documented", {"availability": "SECRET"}, 422),
    ("availability INTERNAL is for selected partners", {"availability": "INTERNAL"}, 422),
    ("accessRestricted is a boolean", {"accessRestricted": "no"}, 422),
    ("companyJobCode not empty", {"companyJobCode": ""}, 422),
    ("requisitionOwnerEmail is a string", {"requisitionOwnerEmail": 5}, 422),
    ("exactly one workplace type: two", {"workplaceTypes": ["Hybrid", "Remote"]}, 400),
    ("unknown workplace type", {"workplaceTypes": ["Somewhere"]}, 422),
    ("industries holds industry URNs", {"industries": ["4"]}, 422),
    ("at most 3 categories", {"categories": ["a", "b", "c", "d"]}, 422),
    ("categories holds strings", {"categories": [4]}, 422),
    ("skillsDescription at most 4,000 characters", {"skillsDescription": "x" * 4001}, 422),
    ("unknown employmentStatus", {"employmentStatus": "FOREVER"}, 422),
    ("unknown experienceLevel", {"experienceLevel": "GURU"}, 422),
    ("unknown compensation type", {"compensation": {"compensations": [{"type": "GOLD", "period": "YEARLY"}]}}, 422),
    ("unknown compensation period", {"compensation": {"compensations": [{"type": "BONUS", "period": "EVER"}]}}, 422),
    ("compensation needs a value", {"compensation": {"compensations": [{"type": "BONUS", "period": "DAILY"}]}}, 422),
    (
        "a range has start and end",
        {"compensation": money(range={"start": {"amount": "1", "currencyCode": "CZK"}})},
        422,
    ),
    ("the amount of money is a string", {"compensation": money(exactAmount={"amount": 1, "currencyCode": "CZK"})}, 422),
    ("money has a currencyCode", {"compensation": money(exactAmount={"amount": "1"})}, 422),
    ("trackingPixelUrl is a URL", {"trackingPixelUrl": "pixel"}, 422),
    ("companyName not blank", {"companyName": " "}, 422),
    ("companyPageUrl not blank", {"companyPageUrl": ""}, 422),
    ("expireAt later than now", {"expireAt": 1}, 422),
    ("alternateLocations is not for RSC", {"alternateLocations": ["Praha, Czechia"]}, 422),
    ("premium needs a job slot", {"listingType": "PREMIUM"}, 402),
    ("unknown listingType", {"listingType": "GOLD"}, 422),
    ("CLOSE of an unknown job", {"jobPostingOperationType": "CLOSE"}, 409),
]
REST_JOB: list[tuple[str, dict[str, Any], int]] = [
    ("company missing", {"company": None}, 400),
    ("company is an organization URN", {"company": "Borealis"}, 422),
    ("externalJobPostingId at most 75 characters", {"externalJobPostingId": "x" * 76}, 422),
    ("no RSC extension", {"availability": "PRIVATE_TO_ATS_INTEGRATION"}, 422),
    ("at most 7 locations", {"alternateLocations": ["Praha, Czechia"] * 8}, 422),
    ("UPGRADE needs a job slot", {"jobPostingOperationType": "UPGRADE"}, 402),
]
JP = "create-jobs, job-posting-api-schema"
ROWS = [
    *(Row("sync-candidates", f"v2: {rule}", put_candidate(**changes), 422) for rule, changes in CANDIDATE),
    *(
        Row(
            "sync-candidates",
            f"rest: {rule}",
            put_rest_candidate(**{RENAMED.get(name, name): value for name, value in changes.items()}),
            422,
        )
        for rule, changes in CANDIDATE
    ),
    Row(
        "sync-candidates",
        "person URN known to the application",
        put_rest_candidate(manualMatchedMember="urn:li:person:x"),
        422,
    ),
    Row("sync-candidates", "patch of one known field", attach({"patch": {"$set": {"firstName": "A"}}}), 422),
    Row("sync-candidates", "patch has the form of a patch", attach({"manualMatchedMember": None}), 400),
    Row(
        "sync-candidates", "patch names a known person", attach({"patch": {"$set": {"manualMatchedMember": "x"}}}), 422
    ),
    Row(
        "sync-candidates",
        "patch of an unknown candidate",
        attach({"patch": {"$set": {"manualMatchedMember": None}}}, "C7"),
        404,
    ),
    Row("sync-candidates", "deletion of an unknown candidate", delete("atsCandidates", "C7"), 404),
    *(Row("sync-applications", rule, put_application(**changes), 422) for rule, changes in APPLICATION),
    Row("sync-applications", "deletion of an unknown application", delete("atsApplications", "A7"), 404),
    *(Row("sync-stages", rule, put_stage(**changes), 422) for rule, changes in STAGE),
    *(
        Row("sync-notes", f"candidate: {rule}", put_child("atsCandidates/notes", changes), 422)
        for rule, changes in NOTE
    ),
    *(
        Row("sync-notes", f"application: {rule}", put_child("atsApplications/notes", changes), 422)
        for rule, changes in NOTE
    ),
    *(
        Row("sync-interview-feedback", rule, put_child("atsApplications/interviewFeedback", changes), 422)
        for rule, changes in FEEDBACK
    ),
    *(Row(JP, f"v2: {rule}", post_job(**changes), status) for rule, changes, status in JOB),
    *(Row(JP, f"rest: {rule}", post_rest_job(**changes), status) for rule, changes, status in REST_JOB),
    Row(JP, "v2: expireAt has an upper bound", at_day(366, post_job), 422),
    Row(JP, "rest: expireAt later than now and a day", at_day(0.5, post_rest_job), 422),
    Row(JP, "rest: expireAt at most 365 days", at_day(366, post_rest_job), 422),
    Row(JP, "a job is an object", lambda caller: caller.post_jobs("job"), 422),
    Row(
        "create-jobs",
        "POST without x-restli-method",
        call("POST", "/v2/simpleJobPostings", "", {"elements": []}),
        403,
        whole=True,
    ),
    Row("create-jobs", "wrong resource path", call("POST", "/v2/simpleJobs", "", {}), 404, whole=True),
    Row("create-jobs", "at least one job", lambda caller: caller.post_jobs(), 400, whole=True),
    Row(
        "create-jobs",
        "at most 100 jobs",
        lambda caller: caller.post_jobs(*[job(caller.organization)] * 101),
        400,
        whole=True,
    ),
    Row(
        "check-job-taskstatus",
        "malformed task URN",
        call("GET", "/v2/simpleJobPostingTasks", "ids=17"),
        400,
        whole=True,
    ),
    Row("check-job-posting-status", "unknown job", call("GET", "/v2/jobPostingStatus", "ids=J7"), 404),
    # Provisioning
    Row("provisioning-api", "uniqueForeignId required", provision(uniqueForeignId=None), 422, whole=True),
    Row("provisioning-api", "uniqueForeignId unique", provision(uniqueForeignId="sandbox-tenant"), 409, whole=True),
    Row("provisioning-api", "name required", provision(name=None), 422, whole=True),
    Row("provisioning-api", "name at most 50 characters", provision(name="x" * 51), 422, whole=True),
    Row("provisioning-api", "name without LinkedIn", provision(name="LinkedIn and Borealis"), 422, whole=True),
    Row("provisioning-api", "description required", provision(description=None), 422, whole=True),
    Row(
        "provisioning-api",
        "domain without a slash",
        provision(validJsSdkDomains=["https://rsc.example.org/"]),
        422,
        whole=True,
    ),
    Row(
        "provisioning-api", "domain with its scheme", provision(validJsSdkDomains=["rsc.example.org"]), 422, whole=True
    ),
    Row(
        "provisioning-api",
        "domain is an origin",
        provision(validJsSdkDomains=["https://rsc.example.org/ats"]),
        422,
        whole=True,
    ),
    Row(
        "provisioning-api",
        "callback is HTTPS",
        provision(oauth2AuthorizedCallbackUrls=["http://rsc.example.org"]),
        422,
        whole=True,
    ),
    Row("provisioning-api", "callback is absolute", provision(oauth2AuthorizedCallbackUrls=["/bind"]), 422, whole=True),
    Row(
        "provisioning-api",
        "callback without #",
        provision(oauth2AuthorizedCallbackUrls=["https://x.example/#a"]),
        422,
        whole=True,
    ),
    Row("provisioning-api", "update checks domains", patch_provisioned(validJsSdkDomains=["x/"]), 422, whole=True),
    Row(
        "provisioning-api",
        "update checks callbacks",
        patch_provisioned(oauth2AuthorizedCallbackUrls=["x"]),
        422,
        whole=True,
    ),
    Row("provisioning-api", "update of an undocumented field", patch_provisioned(name="Another"), 422, whole=True),
    Row(
        "provisioning-api",
        "update of an unknown application",
        signed_in_as(
            "parent",
            call("POST", "/v2/provisionedApplications/urn:li:developerApplication:1", "", {"patch": {"$set": {}}}),
        ),
        404,
        whole=True,
    ),
    Row(
        "provisioning-api",
        "only the parent provisions",
        call("POST", "/v2/provisionedApplications", "", {"uniqueForeignId": "x"}),
        403,
        whole=True,
    ),
    # Integrations and their settings
    Row("integration-types", "integrationName required", name_integration({"patch": {"$set": {}}}), 422),
    Row(
        "integration-types",
        "integrationName not empty",
        name_integration({"patch": {"$set": {"integrationName": " "}}}),
        422,
    ),
    Row(
        "integration-types",
        "nobody enables by a call",
        name_integration({"patch": {"$set": {"status": "ENABLED"}}}),
        422,
    ),
    Row(
        "integration-types",
        "only what was requested",
        name_integration({"patch": {"$set": {"integrationName": "A"}}}, "UNIFIED_SEARCH"),
        404,
    ),
    Row("integration-types", "CALLBACK_URL is HTTPS", configure("CALLBACK_URL", "http://rsc.example.org/1"), 422),
    Row(
        "integration-types",
        "CALLBACK_URL on port 80 or 443",
        configure("CALLBACK_URL", "https://rsc.example.org:8443/1"),
        422,
    ),
    Row("integration-types", "CALLBACK_URL is a string", configure("CALLBACK_URL", 1), 422),
    Row(
        "integration-types",
        "CALLBACK_URL belongs to ONE_CLICK_EXPORT",
        configure("CALLBACK_URL", "https://a.example", "IN_ATS_INDICATOR"),
        422,
    ),
    Row("integration-types", "JOB_POSTING_VIEWERS takes one value", configure("JOB_POSTING_VIEWERS", "ACL_BASED"), 422),
    Row(
        "integration-types",
        "JOB_POSTING_VIEWERS belongs to ONE_CLICK_EXPORT",
        configure("JOB_POSTING_VIEWERS", "ALL_PRODUCT_USERS", "IN_ATS_INDICATOR"),
        422,
    ),
    Row(
        "integration-types",
        "APPLICATION_VIEWERS takes one value",
        configure("APPLICATION_VIEWERS", "SOME", "IN_ATS_INDICATOR"),
        422,
    ),
    Row(
        "integration-types",
        "APPLICATION_VIEWERS belongs to IN_ATS_INDICATOR",
        configure("APPLICATION_VIEWERS", "ALL_PRODUCT_USERS"),
        422,
    ),
    Row("integration-types", "unknown setting", configure("CALLBACK", "https://a.example"), 422),
    # Access control lists
    Row("sync-acls", "JOB_POSTING is the only type", put_acl(atsEntityType="CANDIDATE"), 422),
    Row("sync-acls", "dataProvider is ATS", put_acl(dataProvider="CRM"), 400, whole=True),
    Row("acl-overview", "at most 10 lists per user", put_assignees(11), 422),
    Row("sync-acls", "assignee is a person of this application", put_assignees(1, "urn:li:person:stranger"), 422),
    Row("sync-acls", "the list is asked by criteria", call("GET", "/v2/atsEntityAcls", "q=other"), 400, whole=True),
    Row("sync-acls", "criteria name the organization", call("GET", "/v2/atsEntityAcls", "q=criteria"), 400, whole=True),
    # Keys, batches, sizes, methods, versions
    Row("methods", "key field missing", call("GET", "/v2/atsCandidates", "ids[0].atsCandidateId=C1"), 400, whole=True),
    Row(
        "methods",
        "keys of query and body are the same",
        call("PUT", "/v2/atsApplications/x/stages", "ids=S1", {"entities": {}}),
        400,
        whole=True,
    ),
    Row("methods", "entities is an object", call("PUT", "/v2/atsCandidates", "", {"entities": []}), 400, whole=True),
    Row("methods", "unknown method", call("PATCH", "/v2/atsCandidates"), 405, whole=True),
    Row(
        "methods",
        "header and HTTP method fit",
        call("PUT", "/v2/atsCandidates", x_restli_method="batch_create"),
        400,
        whole=True,
    ),
    Row("query-tunneling", "query over 4 KB", call("GET", "/v2/atsCandidates", "ids=" + "x" * 4097), 414, whole=True),
    Row("query-tunneling", "segment over 4 KB", call("GET", f"/v2/atsCandidates/{'x' * 4097}"), 414, whole=True),
    Row("query-tunneling", "URL over 8 KB", call("GET", "/v2/" + "abc/" * 2100), 414, whole=True),
    Row("query-tunneling", "head over 28 KB", call("GET", "/v2/me", x_fill="x" * 28_700), 414, whole=True),
    Row(
        "query-tunneling",
        "tunnel of another content type",
        call("POST", "/v2/atsCandidates", "", {}, x_http_method_override="PUT", content_type="application/json"),
        400,
        whole=True,
    ),
    Row(
        "versioning",
        "rest without LinkedIn-Version",
        call("GET", "/rest/candidates", linkedin_version=""),
        400,
        whole=True,
    ),
    Row(
        "versioning",
        "version of another form",
        call("GET", "/rest/candidates", linkedin_version="2026-03"),
        400,
        whole=True,
    ),
    Row("versioning", "sunset version", call("GET", "/rest/candidates", linkedin_version="202301"), 426, whole=True),
    Row(
        "versioning",
        "version that never was",
        call("GET", "/rest/candidates", linkedin_version="209901"),
        426,
        whole=True,
    ),
    Row(
        "versioning",
        "resource younger than the version",
        call("GET", "/rest/candidates", "ids=List()", linkedin_version="202512"),
        404,
        whole=True,
    ),
    # Permission and tokens
    Row("error-handling", "no token", with_token("", put_candidate()), 401, whole=True),
    Row("error-handling", "unknown token", with_token("AQXnone", put_candidate()), 401, whole=True),
    Row("client-credentials-flow", "token lives 30 minutes", later(1800, put_candidate()), 401, whole=True),
    Row(
        "recruiter-system-connect", "parent's token for data", signed_in_as("parent", put_candidate()), 403, whole=True
    ),
    Row("recruiter-system-connect", "not enabled yet", without_enabling(put_candidate()), 403, whole=True),
    Row("bind-customer-users", "me needs a member's token", call("GET", "/v2/me"), 403, whole=True),
    Row("client-credentials-flow", "grant_type missing", token_request(grant_type=""), 400, whole=True),
    Row("client-credentials-flow", "client_id missing", token_request(client_id=""), 400, whole=True),
    Row("client-credentials-flow", "client_secret missing", token_request(client_secret=""), 400, whole=True),
    Row("client-credentials-flow", "unknown client_id", token_request(client_id="77nobody"), 400, whole=True),
    Row("client-credentials-flow", "wrong secret", token_request(client_secret="wrong"), 401, whole=True),
    Row(
        "client-credentials-flow",
        "token endpoint takes POST only",
        call("GET", "/oauth/v2/accessToken"),
        405,
        whole=True,
    ),
    Row(
        "application-secret-management",
        "unknown action",
        call("POST", "/v2/developerApplicationsSecurity", "action=x", {}),
        400,
        whole=True,
    ),
]


@pytest.fixture
async def ready(linkedin: Caller) -> Caller:
    """With a candidate C1 and its application A1."""
    await linkedin.put_candidates({"C1": candidate()})
    await linkedin.put_applications({"A1": application()})
    return linkedin


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.page}: {row.rule}" for row in ROWS])
async def test_rule_is_kept(ready: Caller, row: Row) -> None:
    answer = await row.send(ready)
    shown = answer.json()
    if row.whole:
        assert answer.status_code == row.status, answer.text
        check_error(shown, row.status, sign_in="oauth" in str(answer.request.url))
        return
    assert answer.status_code == 200, answer.text
    assert not shown.get("results"), answer.text
    found = [*shown["errors"].values()] if "errors" in shown else [one["error"] for one in shown["elements"]]
    assert len(found) == 1
    check_error(found[0], row.status)


def check_error(body: Mapping[str, Any], status: int, *, sign_in: bool = False) -> None:
    """The documented shapes: status, message and numeric code; of sign-in, error and its description."""
    if sign_in:
        assert body.keys() == {"error", "error_description"}
        return
    assert body["status"] == status
    assert isinstance(body["message"], str)
    assert body["message"]
    assert isinstance(body["serviceErrorCode"], int)


def test_no_rule_stands_there_twice() -> None:
    names = [(row.page, row.rule) for row in ROWS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "send",
    [
        put_candidate(), put_rest_candidate(), put_application(), put_stage(), post_job(), post_rest_job(),
        put_child("atsCandidates/notes", {}), put_child("atsApplications/notes", {}), put_assignees(10), put_acl(),
        put_child("atsApplications/interviewFeedback", {}), at_day(2, post_rest_job), at_day(364, post_job),
        configure("CALLBACK_URL", "https://rsc.example.org:443/1"),
        name_integration({"patch": {"$set": {"integrationName": "A"}}}),
        post_job(compensation=money(exactAmount={"amount": "1", "currencyCode": "CZK"})),
    ],
)  # fmt: skip
async def test_what_the_rows_start_from_is_taken(ready: Caller, send: Send) -> None:
    shown = (await send(ready)).json()
    assert not shown.get("errors"), json.dumps(shown)
    assert not any("error" in element for element in shown.get("elements", ())), json.dumps(shown)


async def test_action_of_a_secret_that_is_the_only_one(ready: Caller) -> None:
    """application-secret-management: two at most, and never none."""
    url = "/v2/developerApplicationsSecurity"
    only = await ready.send("POST", url, "action=deleteDeveloperApplicationSecret", {}, x_restli_method="action")
    assert only.status_code == 409
    roll = "action=rollDeveloperApplicationSecret"
    assert (await ready.send("POST", url, roll, {}, x_restli_method="action")).status_code == 200
    assert (await ready.send("POST", url, roll, {}, x_restli_method="action")).status_code == 409


async def test_children_of_an_unknown_parent_are_refused_in_either_dialect(ready: Caller) -> None:
    key = {"externalNoteId": "N1", "externalCandidateId": "C7", "integrationContext": ready.organization}
    answer = await ready.put_rest("/rest/candidateNotes", [key], [{}])
    assert [one["status"] for one in answer.json()["errors"].values()] == [404]
    query = f"ids=List({restli_2_key({**key, 'integrationContext': quote('x')})})"
    refused = await ready.send("DELETE", "/rest/candidateNotes", query, x_restli_protocol_version="2.0.0")
    assert refused.status_code == 403
