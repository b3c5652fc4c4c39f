"""What can be written to the imitated SmartRecruiters: what it does, whom it tells, and every documented refusal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.smartrecruiters.happenings import Happening
from landbridge.sandbox.worlds.job import Job
from landbridge.sandbox.worlds.person import Application, Candidate

REVIEWS = "/reviews-api/v201910/reviews"
AUDIT = "/audit-api/v201910/audit-events"
PATCH = {"content-type": "application/json-patch+json"}
SHARES = "/messages/shares"
OWN_APPLICATION = "/candidates/<PERSON>/jobs/<OWN_JOB>"


class Account:
    """An account without a port, called with its API key, and what subscribers would have heard."""

    def __init__(self, sandbox: Sandbox, http: httpx2.AsyncClient) -> None:
        self.sandbox, self.http = sandbox, http
        self.heard: list[tuple[str, dict[str, str], str | None]] = []
        self.state.tell = self._hear

    def _hear(self, happening: Happening) -> None:
        self.heard.append((happening.name, happening.body(), happening.path))

    @property
    def state(self) -> Any:
        return self.sandbox.smartrecruiters.state

    @property
    def names(self) -> list[str]:
        return [name for name, _, _ in self.heard]

    @property
    def person(self) -> Candidate:
        """Somebody with one application."""
        people = self.state.world.candidates.values()
        found: Candidate = next(each for each in people if len(each.applications) == 1)
        return found

    @property
    def application(self) -> Application:
        return self.person.applications[0]

    @property
    def job(self) -> Job:
        """A published one nobody above is in."""
        jobs = self.state.world.jobs.values()
        taken = self.application.job_id
        found: Job = next(job for job in jobs if job.posting_status == "PUBLIC" and job.id != taken)
        return found

    def fill(self, text: str) -> str:
        """``text`` with the ids of this world in place of the words for them."""
        words = {
            "PERSON": self.person.id, "OTHER_JOB": self.job.id, "OWN_JOB": self.application.job_id,
            "APPLICATION": self.application.id, "USER": self.state.world.users[1].id,
        }  # fmt: skip
        for word, value in words.items():
            text = text.replace(f"<{word}>", value)
        return text

    async def call(self, method: str, path: str, status: int, **further: Any) -> Any:
        answer = await self.http.request(method, self.fill(path), **further)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def refused(self, method: str, path: str, status: int, **further: Any) -> str:
        answer = await self.call(method, path, status, **further)
        assert set(answer) == {"message", "errors"}
        code: str = answer["errors"][0]["code"]
        return code


@pytest.fixture
async def account(sandbox: Sandbox) -> AsyncIterator[Account]:
    transport = httpx2.ASGITransport(app=sandbox.smartrecruiters)
    headers = {"X-SmartToken": sandbox.smartrecruiters.keys.api_key}
    async with httpx2.AsyncClient(transport=transport, base_url="http://sr.test", headers=headers) as http:
        yield Account(sandbox, http)


def somebody(**further: Any) -> dict[str, Any]:
    return {"firstName": "Ilse", "lastName": "Quist", "email": "ilse@example.org", **further}


def source(account: Account, label: str = "LinkedIn Recruiter") -> dict[str, str]:
    found = next(each for each in account.state.world.company.sources if each.label == label)
    return {"sourceTypeId": found.type, "sourceSubTypeId": found.sub_type, "sourceId": found.id}


async def test_person_of_the_pool_is_not_listed_until_put_on_a_job(account: Account) -> None:
    made = await account.call("POST", "/candidates", 201, json=somebody(tags=["sea legs"], web={"linkedin": "u"}))
    assert (made["tags"], made["web"], made["education"]) == (["sea legs"], {"linkedin": "u"}, [])
    assert "primaryAssignment" not in made
    before = await account.call("GET", "/candidates", 200)
    same = await account.call("POST", "/jobs/<OTHER_JOB>/candidates", 201, json=somebody())
    after = await account.call("GET", "/candidates?limit=100", 200)
    assert same["id"] == made["id"]
    assert same["primaryAssignment"]["status"] == "LEAD"
    assert same["primaryAssignment"]["source"] == "API"
    assert (before["totalFound"], after["totalFound"]) == (12, 13)
    assert after["content"][-1]["id"] == made["id"]
    assert account.names == ["candidate.created", "application.created"]
    details = await account.call("GET", account.heard[1][2] or "", 200)
    assert details["applicationId"] == account.heard[1][1]["application_id"]


async def test_export_from_linkedin_carries_its_source(account: Account) -> None:
    wish = somebody(sourceDetails=source(account))
    made = await account.call("POST", "/jobs/<OTHER_JOB>/candidates", 201, json=wish)
    assert made["primaryAssignment"]["source"] == "LinkedIn Recruiter"
    found = await account.call("GET", "/candidates", 200, params={"q": '"ILSE@example.org"'})
    assert [row["id"] for row in found["content"]] == [made["id"]]


async def test_same_calls_make_the_same_ids(account: Account) -> None:
    first = await account.call("POST", "/candidates", 201, json=somebody())
    await account.http.post("/_sandbox/reset")
    again = await account.call("POST", "/candidates", 201, json=somebody())
    assert again["id"] == first["id"]


@pytest.mark.parametrize("path", ["/candidates", "/jobs/<OWN_JOB>/candidates"])
async def test_address_and_last_name_belong_to_one_person(account: Account, path: str) -> None:
    person = account.person
    wish = {"firstName": "X", "lastName": (person.last_name or "").upper(), "email": (person.email or "").upper()}
    assert await account.refused("POST", path, 409, json=wish) == "CANDIDATE_DATA_CONFLICT"
    await account.call("POST", path, 201, json={**wish, "lastName": "Somebody-Else"})


async def test_patch_changes_what_it_names_and_conflicts_with_others(account: Account) -> None:
    await account.call("POST", "/candidates", 201, json=somebody())
    details = await account.call("PATCH", "/candidates/<PERSON>", 200, json={"phoneNumber": "+44 1"})
    assert (details["phoneNumber"], details["email"]) == ("+44 1", account.person.email)
    wish = {"lastName": "Quist", "email": "ilse@example.org"}
    assert await account.refused("PATCH", "/candidates/<PERSON>", 409, json=wish) == "CANDIDATE_DATA_CONFLICT"
    account.heard.clear()
    await account.call("PATCH", "/candidates/<PERSON>", 200, json={"phoneNumber": "+44 1"})
    assert account.heard == []


async def test_erased_person_leaves_nothing_behind(account: Account) -> None:
    person, application = account.person, account.application
    note = {"content": f"Hello #[CANDIDATE:{person.id}]", "shareWith": {"openNote": True}}
    await account.call("POST", SHARES, 201, json=note)
    review = {"candidateId": person.id, "jobId": application.job_id, "overallRating": 4}
    await account.call("POST", REVIEWS, 201, json=review)
    await account.call("PUT", f"/candidates/{person.id}/properties/linkedin-member", 204, json={"value": "urn"})
    account.heard.clear()
    await account.call("DELETE", f"/candidates/{person.id}", 204)
    assert account.heard == [("candidate.deleted", {"id": person.id}, None)]
    state = account.state
    assert (state.messages.everything(), state.records.reviews, state.records.fields) == ([], {}, {})
    assert application.id not in state.world.applications
    events = (await account.call("GET", AUDIT, 200, params={"eventName": "CANDIDATE_DELETED"}))["content"]
    assert [event["entityId"] for event in events] == [person.id]


async def test_application_moves_with_its_step_reason_and_start(account: Account) -> None:
    path = "/candidates/<PERSON>/jobs/<OWN_JOB>"
    await account.call("PUT", f"{path}/status", 204, json={"status": "INTERVIEW", "subStatus": "Panel"})
    reason = account.state.world.company.rejection_reasons[2]
    await account.call("PUT", f"{path}/status", 204, json={"status": "REJECTED", "reason": reason.id})
    details = await account.call("GET", path, 200)
    assert (details["status"], details["reasonOfRejection"]["label"]) == ("REJECTED", reason.label)
    history = (await account.call("GET", f"{path}/status/history", 200))["content"]
    assert [row["status"] for row in history[:2]] == ["REJECTED", "INTERVIEW"]
    wish = {"status": "HIRED", "startsOn": "2027-02-01T00:00:00.000Z"}
    await account.call("PUT", f"{path}/status", 204, json=wish)
    assert (await account.call("GET", path, 200))["startsOn"] == wish["startsOn"]
    application = account.application
    body = {"job_id": application.job_id, "candidate_id": application.candidate_id, "application_id": application.id}
    assert account.heard == [("application.status.updated", body, account.fill(path))] * 3


async def test_source_of_an_application_can_be_changed(account: Account) -> None:
    path = "/candidates/<PERSON>/jobs/<OWN_JOB>"
    await account.call("PUT", f"{path}/source", 204, json=source(account, "Employee Referral"))
    assert (await account.call("GET", path, 200))["source"] == "Employee Referral"
    assert account.names == ["application.source.updated"]


@pytest.mark.parametrize("path", [OWN_APPLICATION, "/job-applications-api/v202112/job-applications/<APPLICATION>"])
async def test_last_application_that_goes_leaves_a_person_of_the_pool(account: Account, path: str) -> None:
    person = account.person
    await account.call("DELETE", path, 204)
    assert account.heard == []
    listed = (await account.call("GET", "/candidates?limit=100", 200))["content"]
    assert person.id not in {row["id"] for row in listed}
    await account.call("GET", f"/candidates/{person.id}", 200)


async def test_merged_profile_keeps_the_masters_id_and_takes_what_the_other_had(account: Account) -> None:
    master, other = list(account.state.world.candidates.values())[:2]
    jobs = {each.job_id for each in (*master.applications, *other.applications)}
    await account.call("POST", SHARES, 201, json={"content": f"Old #[CANDIDATE:{other.id}]"})
    await account.call("POST", "/_sandbox/merge", 200, json={"master": master.id, "other": other.id})
    assert {each.job_id for each in master.applications} == jobs
    assert all(each.candidate_id == master.id for each in master.applications)
    await account.call("GET", f"/candidates/{other.id}", 404)
    (note,) = await account.call("GET", "/messages", 200, params={"candidateId": master.id})
    assert note["content"] == f"Old #[CANDIDATE:{master.id}]"
    assert account.names == ["candidate.deleted", "candidate.updated"]
    events = (await account.call("GET", AUDIT, 200))["content"]
    assert [event["eventName"] for event in events] == [
        "CANDIDATE_DELETED_DUE_TO_MERGE", "CANDIDATE_PROFILE_UPDATED_DUE_TO_MERGE",
    ]  # fmt: skip


async def test_job_is_patched_published_and_closed(account: Account) -> None:
    job = account.job
    department = account.state.world.company.departments[3]
    patch = [
        {"op": "test", "path": "/title", "value": job.title},
        {"op": "replace", "path": "/title", "value": "Tide Reader"},
        {"op": "replace", "path": "/department/id", "value": department.id},
        {"op": "replace", "path": "/location/city", "value": "Faro"},
    ]
    details = await account.call("PATCH", f"/jobs/{job.id}", 200, json=patch, headers=PATCH)
    assert (details["title"], details["department"]["label"]) == ("Tide Reader", department.label)
    assert details["location"]["city"] == "Faro"
    address = job.ads[0].apply_url
    await account.call("POST", f"/jobs/{job.id}/publication", 204)
    assert job.ads[0].apply_url != address
    await account.call("PUT", f"/jobs/{job.id}/status", 204, json={"status": "FILLED"})
    assert (await account.call("GET", f"/jobs/{job.id}", 200))["postingStatus"] == "NOT_PUBLISHED"
    assert account.names[:3] == ["job.updated", "job.ad.postings.updated", "job.status.updated"]
    assert set(account.names[3:]) == {"job.ad.postings.updated"}
    await account.call("PUT", f"/jobs/{job.id}/note", 200, json={"content": "Ask twice"})
    assert await account.call("GET", f"/jobs/{job.id}/note", 200) == {"content": "Ask twice"}


async def test_one_ad_can_be_taken_down_and_the_default_one_takes_all(account: Account) -> None:
    job = next(each for each in account.state.world.jobs.values() if len(each.ads) > 1 and each.ads[0].published)
    default, further = job.ads[0], job.ads[1]
    answer = await account.call("DELETE", f"/jobs/{job.id}/jobads/{further.id}/postings", 202)
    assert (answer, default.published, further.published) == ({"unpostingStatus": "PENDING"}, True, False)
    await account.call("POST", f"/jobs/{job.id}/jobads/{further.id}/postings", 202)
    await account.call("DELETE", f"/jobs/{job.id}/jobads/{default.id}/postings", 202)
    assert not any(ad.published for ad in job.ads)


async def test_publishing_has_a_slower_pace_of_its_own(account: Account) -> None:
    account.sandbox.smartrecruiters.set_limits({"mode": "real"})
    path = "/jobs/<OTHER_JOB>/publication"
    statuses = [(await account.http.post(account.fill(path))).status_code for _ in range(3)]
    assert statuses == [204, 204, 429]
    await account.call("GET", "/jobs", 200)


async def test_note_is_shared_listed_and_deleted_by_its_id(account: Account) -> None:
    wish = {
        "content": account.fill("Ask @[USER:<USER>] about #[CANDIDATE:<PERSON>]"),
        "correlationId": "urn:li:note:1",
        "shareWith": {"openNote": True},
    }
    made = await account.call("POST", SHARES, 201, json=wish)
    assert made["shareRequired"] is False
    # The correlation id is text and nothing else, so the same note can be there twice.
    again = await account.call("POST", SHARES, 201, json=wish)
    assert again["id"] != made["id"]
    rows = await account.call("GET", "/messages", 200, params=account_query(account))
    assert [row["content"] for row in rows] == [f"{wish['content']}\nurn:li:note:1"] * 2
    assert rows[0]["authorId"] == account.state.world.users[0].id
    assert rows[0]["context"]["applications"][0]["applicationId"] == account.application.id
    assert "id" not in rows[0]
    await account.call("DELETE", f"{SHARES}/{made['id']}", 204)
    await account.call("DELETE", f"{SHARES}/{made['id']}", 404)
    assert len(await account.call("GET", "/messages", 200)) == 1


def account_query(account: Account) -> dict[str, str]:
    return {"candidateId": account.person.id, "jobId": account.application.job_id}


async def test_review_may_name_another_author_and_moves_a_new_application(account: Account) -> None:
    person, application = account.person, account.application
    application.step = type(application.step)("NEW")
    users = account.state.world.users
    wish = {
        "candidateId": person.id, "jobId": application.job_id, "overallRating": 5, "reviewerId": users[1].id,
        "createdOn": "2025-05-06T07:08:09.000Z",
    }  # fmt: skip
    made = await account.call("POST", REVIEWS, 201, json=wish)
    assert (made["reviewerId"], made["createdOn"]) == (users[1].id, wish["createdOn"])
    assert application.step.status == "IN_REVIEW"
    assert account.names == ["review.created", "application.status.updated"]
    path = f"{REVIEWS}/{made['id']}"
    assert await account.refused("PATCH", path, 400, json={"reviewerId": "x"}) == "REVIEWER_ID_DOES_NOT_MATCH"
    await account.call("PATCH", path, 200, json={"reviewerId": users[1].id, "comment": "Good"})
    assert (await account.call("GET", path, 200))["comment"] == "Good"
    listed = await account.call("GET", REVIEWS, 200, params=account_query(account))
    assert [row["overallRating"] for row in listed] == [5]
    await account.call("DELETE", path, 204, params={"reviewerId": users[1].id})
    assert account.names[-2:] == ["review.updated", "review.deleted"]


async def test_file_of_an_application_goes_up_and_comes_down(account: Account) -> None:
    path = "/candidates/<PERSON>/jobs/<OWN_JOB>/attachments"
    file = {"file": ("letter.txt", b"Dear all", "text/plain")}
    made = await account.call("POST", path, 201, files=file, data={"attachmentType": "COVER_LETTER"})
    assert (made["name"], made["type"]) == ("letter.txt", "COVER_LETTER")
    assert (await account.call("GET", path, 200))["totalFound"] == 1
    fetched = await account.http.get(f"/candidates/attachments/{made['id']}")
    assert (fetched.content, fetched.headers["content-disposition"]) == (b"Dear all", "attachment")
    await account.call("DELETE", f"/candidates/attachments/{made['id']}", 204)
    await account.call("GET", f"/candidates/attachments/{made['id']}", 404)
    assert account.heard[0][1]["attachment_id"] == made["id"]


async def test_custom_fields_are_written_read_and_searched(account: Account) -> None:
    path = "/candidates/<PERSON>/jobs/<OWN_JOB>/properties"
    batch = {"properties": [{"id": "notice-period", "value": "month"}, {"id": "works-weekends", "value": True}]}
    await account.call("PUT", path, 204, json=batch)
    await account.call("PUT", f"{path}/linkedin-member", 204, json={"value": "urn:li:person:1"})
    rows = (await account.call("GET", path, 200))["content"]
    assert [row["value"] for row in rows] == [{"id": "month", "label": "One month"}, True, "urn:li:person:1"]
    query = {"propertyId": "notice-period", "propertyValueId": "month"}
    found = await account.call("GET", "/candidates", 200, params=query)
    assert [row["id"] for row in found["content"]] == [account.person.id]
    assert account.names == ["application.fields.updated"] * 2


async def test_candidates_are_narrowed_by_source_place_and_consent(account: Account) -> None:
    wanted = source(account)
    query = {
        "sourceType": wanted["sourceTypeId"], "sourceSubType": wanted["sourceSubTypeId"],
        "sourceValueId": wanted["sourceId"], "limit": "100",
    }  # fmt: skip
    found = await account.call("GET", "/candidates", 200, params=query)
    people = account.state.world.candidates.values()
    assert {row["id"] for row in found["content"]} == {
        each.id for each in people if any(application.source == 0 for application in each.applications)
    }
    wish = {"content": [{"id": account.person.id}, {"id": "x"}]}
    asked = await account.call("POST", "/candidates/consent-requests", 207, json=wish)
    assert [row["status"] for row in asked["content"]] == [202, 403]
    pending = await account.call("GET", "/candidates", 200, params={"consentStatus": "PENDING", "limit": "100"})
    assert account.person.id in {row["id"] for row in pending["content"]}
    assert (await account.call("GET", "/candidates/<PERSON>/consent", 200))["status"] == "PENDING"


async def test_users_are_switched_off_and_put_into_groups(account: Account) -> None:
    path = "/user-api/v201804"
    await account.call("DELETE", f"{path}/users/<USER>/activation", 204)
    assert (await account.call("GET", f"{path}/users/<USER>", 200))["active"] is False
    (event,) = (await account.call("GET", AUDIT, 200, params={"entityType": "USER"}))["content"]
    assert event["eventName"] == "USER_ACCOUNT_DEACTIVATED"
    group = (await account.call("GET", f"{path}/access-groups", 200))["content"][0]["id"]
    ids = {"ids": [account.state.world.users[2].id]}
    await account.call("POST", f"{path}/access-groups/{group}/users", 204, json=ids)
    await account.call("DELETE", f"{path}/access-groups/{group}/users/{ids['ids'][0]}", 204)


async def test_audit_trail_is_paged_by_what_came_before(account: Account) -> None:
    for number in range(3):
        await account.call("POST", "/jobs/<OTHER_JOB>/candidates", 201, json=somebody(lastName=f"Q{number}"))
    first = await account.call("GET", AUDIT, 200, params={"limit": "2"})
    await account.call("POST", "/jobs/<OTHER_JOB>/candidates", 201, json=somebody(lastName="Q9"))
    rest = await account.call("GET", AUDIT, 200, params={"limit": "2", "nextPageId": first["nextPageId"]})
    ids = [event["id"] for event in (*first["content"], *rest["content"])]
    assert (len(ids), len(set(ids)), "nextPageId" in rest) == (3, 3, False)


STATUS = "/candidates/<PERSON>/jobs/<OWN_JOB>/status"
TOO_OPEN = {"everyone": True, "openNote": True}
ADD = "/jobs/<OTHER_JOB>/candidates"
REFUSALS: list[tuple[str, str, Any, int, str]] = [
    ("POST", "/candidates", {"firstName": "A", "lastName": "B"}, 400, "INVALID_REQUEST"),
    ("POST", "/candidates", somebody(firstName=""), 400, "INVALID_REQUEST"),
    ("POST", "/candidates", somebody(email="nobody"), 400, "INVALID_REQUEST"),
    ("POST", "/candidates", somebody(tags=["x" * 51]), 400, "INVALID_REQUEST"),
    ("POST", "/candidates", somebody(education=[{"institution": "A", "startDate": "May"}]), 400, "INVALID_REQUEST"),
    ("POST", "/candidates", [], 400, "INVALID_REQUEST"),
    ("POST", "/jobs/nothing/candidates", somebody(), 404, "JOB_NOT_FOUND"),
    ("POST", ADD, somebody(sourceDetails={"sourceTypeId": "X", "sourceId": "y"}), 404, "SOURCE_TYPE_NOT_FOUND"),
    ("POST", ADD, somebody(sourceDetails={"sourceTypeId": "PAID", "sourceId": "y"}), 400, "SUBTYPE_REQUIRED"),
    ("POST", ADD, somebody(sourceDetails={"sourceTypeId": "REFERRAL", "sourceId": "y"}), 400, "SOURCE_NOT_FOUND"),
    ("PATCH", "/candidates/nobody", {}, 404, "CANDIDATE_NOT_FOUND"),
    ("PATCH", "/candidates/<PERSON>", {"email": "nobody"}, 400, "INVALID_REQUEST"),
    ("DELETE", "/candidates/nobody", None, 404, "CANDIDATE_NOT_FOUND"),
    ("PUT", STATUS, {"status": "HIRED", "reason": "x"}, 400, "NO_REASON_SUPPORT_FOR_STATUS"),
    ("PUT", STATUS, {"status": "REJECTED", "reason": "x"}, 400, "REASON_NOT_FOUND"),
    ("PUT", STATUS, {"status": "INTERVIEW"}, 400, "REQUIRED_SUB_STATUS_OMITTED"),
    ("PUT", STATUS, {"status": "INTERVIEW", "subStatus": "Nap"}, 400, "INVALID_PARAMETER"),
    ("PUT", STATUS, {"status": "TRANSFERRED"}, 400, "INVALID_PARAMETER"),
    ("PUT", "/candidates/<PERSON>/jobs/<OTHER_JOB>/status", {"status": "NEW"}, 404, "APPLICATION_NOT_FOUND"),
    ("PUT", "/candidates/<PERSON>/jobs/nothing/status", {"status": "NEW"}, 404, "JOB_NOT_FOUND"),
    ("PUT", "/jobs/<OTHER_JOB>/status", {"status": "OTHER"}, 400, "INVALID_PARAMETER"),
    ("POST", "/jobs/<OTHER_JOB>/jobads/nothing/postings", None, 404, "JOBAD_NOT_FOUND"),
    ("PUT", "/jobs/<OTHER_JOB>/note", {"content": "x" * 20_001}, 400, "INVALID_REQUEST"),
    ("PATCH", "/jobs/<OTHER_JOB>", [], 415, "UNSUPPORTED_MEDIA_TYPE"),
    ("POST", SHARES, {"content": ""}, 400, "INVALID_REQUEST"),
    ("POST", SHARES, {"content": "x" * 10_001}, 400, "INVALID_REQUEST"),
    ("POST", SHARES, {"content": "<b>x</b>"}, 400, "INVALID_CONTENT"),
    ("POST", SHARES, {"content": "x", "shareWith": TOO_OPEN}, 400, "INVALID_VISIBILITY_OPTIONS"),
    ("POST", SHARES, {"content": "x", "shareWith": {"hiringTeamOf": ["x"]}}, 400, "JOB_NOT_FOUND"),
    ("POST", SHARES, {"content": "#[CANDIDATE:nobody]"}, 400, "NO_ACCESS_TO_CANDIDATE"),
    ("POST", SHARES, {"content": "@[USER:nobody]"}, 400, "MENTIONED_USERS_NOT_FOUND"),
    ("POST", SHARES, {"content": "x", "shareWith": {"users": ["nobody"]}}, 400, "SHARED_WITH_USERS_NOT_FOUND"),
    ("GET", "/messages?candidateId=nobody", None, 400, "CANDIDATE_NOT_FOUND"),
    ("GET", "/messages?jobId=nothing", None, 400, "JOB_NOT_FOUND"),
    ("GET", "/messages?candidateId=<PERSON>&jobId=<OTHER_JOB>", None, 400, "APPLICATION_NOT_FOUND"),
    ("GET", REVIEWS, None, 400, "INVALID_PARAMETER"),
    ("GET", f"{REVIEWS}/nothing", None, 404, "REVIEW_NOT_FOUND"),
    ("GET", "/candidates?propertyId=a", None, 400, "FIELDS_CRITERIA_SIZE_VIOLATED"),
    ("GET", "/candidates?sourceType=a", None, 400, "SOURCES_CRITERIA_SIZE_VIOLATED"),
    ("GET", "/candidates?questionFieldId=a", None, 400, "SCREENING_QUESTIONS_CRITERIA_SIZE_VIOLATED"),
    ("GET", "/candidates?onboardingStatus=READY_TO_ONBOARD", None, 400, "ONBOARDING_STATUS_NOT_ACTIVE"),
    ("PUT", "/candidates/<PERSON>/properties/nothing", {"value": 1}, 404, "PROPERTY_NOT_FOUND"),
    ("PUT", "/candidates/<PERSON>/properties/notice-period", {"value": "never"}, 400, "INVALID_REQUEST"),
    ("POST", "/candidates/<PERSON>/jobs/<OWN_JOB>/attachments", {}, 400, "INVALID_REQUEST"),
    ("GET", f"{AUDIT}?authorType=NOBODY", None, 400, "INVALID_PARAMETER"),
    ("POST", "/candidates/consent-requests", {"content": []}, 400, "INVALID_REQUEST"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), REFUSALS)
async def test_wrong_call_is_refused(
    account: Account, method: str, path: str, body: Any, status: int, code: str
) -> None:
    further = {} if body is None else {"json": body}
    assert await account.refused(method, path, status, **further) == code
    assert account.heard == []


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"overallRating": 6}, "INVALID_OVERALL"),
        ({"reviewerId": "nobody"}, "NON_EXISTING_REVIEWER"),
        ({"jobId": "nothing"}, "APPLICATION_NOT_FOUND"),
    ],
)
async def test_wrong_review_is_refused(account: Account, wish: dict[str, Any], code: str) -> None:
    body = {**account_query(account), "overallRating": 3, **wish}
    status = 404 if code == "APPLICATION_NOT_FOUND" else 400
    assert await account.refused("POST", REVIEWS, status, json=body) == code


async def test_review_by_somebody_who_left_is_refused(account: Account) -> None:
    account.state.world.users[1].active = False
    body = {**account_query(account), "overallRating": 3, "reviewerId": account.state.world.users[1].id}
    assert await account.refused("POST", REVIEWS, 400, json=body) == "INACTIVE_OR_DELETED_REVIEWER"


async def test_too_many_recipients_are_refused() -> None:
    sandbox = Sandbox(candidates=25_000)
    transport = httpx2.ASGITransport(app=sandbox.smartrecruiters)
    headers = {"X-SmartToken": sandbox.smartrecruiters.keys.api_key}
    async with httpx2.AsyncClient(transport=transport, base_url="http://sr.test", headers=headers) as http:
        users = [user.id for user in sandbox.smartrecruiters.state.world.users]
        for count, status in ((100, 201), (101, 400)):
            body = {"content": "x", "shareWith": {"users": users[:count]}}
            assert (await http.post(SHARES, json=body)).status_code == status


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "/title", "value": "x" * 257},
        {"op": "replace", "path": "/title", "value": 7},
        {"op": "remove", "path": "/title"},
        {"op": "replace", "path": "/status", "value": "FILLED"},
        {"op": "replace", "path": "/department/id", "value": "nothing"},
        {"op": "test", "path": "/title", "value": "another"},
        {"op": "replace", "path": "/title"},
        {"op": "move", "path": "/title", "from": "/refNumber"},
        {"op": "replace", "path": "title", "value": "x"},
    ],
)
async def test_wrong_patch_of_a_job_changes_nothing(account: Account, operation: dict[str, Any]) -> None:
    before = account.job.title
    assert await account.refused("PATCH", "/jobs/<OTHER_JOB>", 400, json=[operation], headers=PATCH)
    assert (account.job.title, account.heard) == (before, [])


@pytest.mark.parametrize(
    ("path", "scope"),
    [("/candidates", "candidates_create"), (SHARES, "messages_write"), (REVIEWS, "reviews_write")],
)
async def test_writing_needs_its_scope(account: Account, path: str, scope: str) -> None:
    await account.http.put("/_sandbox/permissions", json={"removed": [scope]})
    assert await account.refused("POST", path, 403, json={}) == "PERMISSION_DENIED"


@pytest.mark.parametrize("limit", [1, 3, 100])
async def test_people_of_jobs_are_met_once_each_in_the_order_of_the_list(account: Account, limit: int) -> None:
    jobs = [account.application.job_id, account.job.id]
    await account.call("POST", "/jobs/<OTHER_JOB>/candidates", 201, json=somebody())
    everybody = (await account.call("GET", "/candidates?limit=100", 200))["content"]
    people = account.state.world.candidates
    wanted = [row["id"] for row in everybody if any(each.job_id in jobs for each in people[row["id"]].applications)]
    query: dict[str, Any] = {"jobId": jobs, "limit": limit}
    page = await account.call("GET", "/candidates", 200, params=query)
    met = [row["id"] for row in page["content"]]
    while following := page.get("nextPageId"):
        page = await account.call("GET", "/candidates", 200, params={**query, "pageId": following})
        met += [row["id"] for row in page["content"]]
    assert met == wanted


async def test_edited_address_is_found_and_the_old_one_is_not(account: Account) -> None:
    old = account.person.email
    await account.call("GET", "/candidates", 200, params={"q": f'"{old}"'})
    await account.call("PATCH", "/candidates/<PERSON>", 200, json={"email": "new@example.org"})
    assert (await account.call("GET", "/candidates", 200, params={"q": f'"{old}"'}))["totalFound"] == 0
    found = await account.call("GET", "/candidates", 200, params={"q": '"new@example.org"'})
    assert [row["id"] for row in found["content"]] == [account.person.id]


async def test_all_that_was_written_is_in_a_snapshot(account: Account) -> None:
    person = await account.call("POST", "/candidates", 201, json=somebody(phoneNumber="+1"))
    await account.call("POST", "/jobs/<OTHER_JOB>/candidates", 201, json=somebody())
    await account.call("POST", "/candidates", 201, json=somebody(lastName="Pool"))
    note = {"content": f"Hello #[CANDIDATE:{person['id']}]", "shareWith": {"openNote": True}}
    await account.call("POST", SHARES, 201, json=note)
    await account.call("POST", REVIEWS, 201, json={**account_query(account), "overallRating": 4})
    await account.call("PUT", f"{OWN_APPLICATION}/properties/linkedin-member", 204, json={"value": "urn"})
    file = {"file": ("letter.txt", b"Dear all", "text/plain")}
    await account.call("POST", f"{OWN_APPLICATION}/attachments", 201, files=file, data={"attachmentType": "RESUME"})
    seen = [f"/candidates/{person['id']}", "/candidates?limit=100", f"/messages?candidateId={person['id']}", AUDIT]
    seen += [f"{OWN_APPLICATION}/{part}" for part in ("properties", "attachments")]
    before = [(await account.http.get(account.fill(path))).content for path in seen]
    account.sandbox.site.snapshot("written")
    await account.call("DELETE", f"/candidates/{person['id']}", 204)
    await account.call("DELETE", "/candidates/<PERSON>", 204)
    account.sandbox.site.restore("written")
    assert [(await account.http.get(account.fill(path))).content for path in seen] == before
    again = await account.call("POST", "/jobs/<OWN_JOB>/candidates", 201, json=somebody())
    assert again["id"] == person["id"]


@pytest.mark.parametrize("body", [b"", b"null", b"{", b"\xff\xfe", b'{"firstName":"\\ud800"}', b"[" * 5000, b"1e999"])
@pytest.mark.parametrize("path", ["/candidates", SHARES, REVIEWS, "/webhooks-api/v201907/subscriptions"])
async def test_hostile_bytes_are_refused(account: Account, path: str, body: bytes) -> None:
    assert await account.refused("POST", path, 400, content=body) == "INVALID_REQUEST"
