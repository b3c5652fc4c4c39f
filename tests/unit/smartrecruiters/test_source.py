from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import UNSET

from landbridge.errors import (
    CannotTranslateError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    SignInRejectedError,
    SurpriseError,
)
from landbridge.ports.source import Gone, Item, Refused
from landbridge.records import Application, Kind

PERSON = {
    "id": "c1",
    "firstName": "Mirela",
    "lastName": "Canary",
    "email": "mirela@example.org",
    "createdOn": "2026-01-01T00:00:00.000Z",
    "primaryAssignment": {"job": {"id": "j1"}, "status": "NEW"},
    "secondaryAssignments": [{"job": {"id": "j2"}}, {"job": {"id": "j1"}}],
}
DENIED = (401, {"errors": [{"code": "SOME_DENIAL"}]})
NEW = {"applicationId": "a1", "status": "NEW", "source": "Referral"}
APPLICATION = "/candidates/c1/jobs/j1"
FILED = "/job-applications-api/v202112/job-applications/a1"


async def test_list_page_puts_candidates_in_the_mirror_and_applications_on_the_reading_list(account: Any) -> None:
    account.answers["/candidates"] = (200, {"content": [PERSON], "nextPageId": "p2", "totalFound": 7})

    page = await account.source().read_list("candidates", None, None)

    assert page.records[0].profile_url == "https://www.smartrecruiters.com/app/people/candidates/c1"
    assert page.items == (Item("applications", "c1.j1"), Item("applications", "c1.j2"))
    assert page.listed == (("c1", "j1"), ("c1", "j2"))
    assert (page.cursor, page.total) == ("p2", 7)


async def test_pages_are_asked_for_in_full_and_by_the_documented_parameters(account: Any) -> None:
    account.answers["/candidates"] = account.answers["/jobs"] = (200, {"content": []})
    source, since = account.source(), datetime(2026, 2, 1, 12, tzinfo=UTC)

    await source.read_list("candidates", "p 2", since)
    await source.read_list("job_list", "p2", since)

    assert account.asked[0].query == b"limit=100&pageId=p+2&updatedAfter=2026-02-01T11%3A59%3A59.999Z"
    assert account.asked[1].query == (b"limit=100&sort=job_id&pageId=p2&lastActivityAfter=2026-02-01T11%3A59%3A59.999Z")


async def test_row_that_cannot_be_read_is_refused_and_its_neighbours_go_on(account: Any) -> None:
    rows = [{"id": 7, "firstName": "Mirela"}, PERSON, {"id": "a/b", "firstName": "Mirela"}, "Mirela"]
    account.answers["/candidates"] = (200, {"content": rows})

    page = await account.source().read_list("candidates", None, None)

    assert [record.id for record in page.records] == ["c1"]
    assert [refused.reason for refused in page.refused] == ["unreadable", "unusable_id", "unreadable"]
    assert "Mirela" not in repr(page.refused)


@pytest.mark.parametrize(
    ("answer", "team"),
    [
        (
            (200, {"content": [{"id": "u2", "role": "RECRUITER"}, {"id": "u1"}, {"id": "u2"}, {}, {"id": "a/b"}]}),
            ("u1", "u2"),
        ),
        ((200, {"content": []}), ()),
        ((200, {"content": "many"}), UNSET),
        ((404, {"errors": [{"code": "JOB_NOT_FOUND"}]}), UNSET),
        (DENIED, UNSET),
    ],
)
async def test_hiring_team_is_read_with_its_job_and_costs_nothing_else_where_it_cannot_be(
    account: Any, answer: Any, team: Any
) -> None:
    account.answers["/jobs"] = (200, {"content": []})
    account.answers["/jobs/j1"] = (200, {"id": "j1", "title": "Tram Driver"})
    account.answers["/jobs/j1/hiring-team"] = answer
    source = account.source(choices={"access": "teams"})

    page = await source.read_item("jobs", "j1")

    assert [(job.title, job.team) for job in page.records] == [("Tram Driver", team)]
    assert next(one for one in source.passes if one.name == "jobs").calls == 3


async def test_hiring_team_is_not_asked_for_where_everybody_sees_all_jobs(account: Any) -> None:
    account.answers["/jobs/j1"] = (200, {"id": "j1", "title": "Tram Driver"})

    page = await account.source().read_item("jobs", "j1")

    assert page.records[0].team is UNSET
    assert "/jobs/j1/hiring-team" not in account.paths


async def test_unknown_fields_and_values_cost_nothing(account: Any) -> None:
    odd = {**PERSON, "location": [], "tags": "one", "futureField": {"a": [None]}, "email": None, "updatedOn": 12}
    account.answers["/candidates"] = (200, {"content": [odd], "totalFound": None, "more": 1})

    page = await account.source().read_list("candidates", None, None)

    assert not page.refused
    assert page.records[0].emails == ()


async def test_list_that_leads_round_in_a_circle_is_a_surprise(account: Any) -> None:
    account.answers["/candidates"] = (200, {"content": [PERSON], "nextPageId": "same"})
    source = account.source()
    await source.read_list("candidates", None, None)

    with pytest.raises(SurpriseError) as raised:
        await source.read_list("candidates", "same", None)

    assert raised.value.code == "paging_loop"


async def test_empty_page_ends_the_list_whatever_it_points_at(account: Any) -> None:
    account.answers["/jobs"] = (200, {"content": [], "nextPageId": "p9"})

    assert (await account.source().read_list("job_list", "p8", None)).cursor is None


async def test_application_takes_two_calls_and_leads_to_its_history(account: Any) -> None:
    account.answers[APPLICATION] = (200, NEW)
    account.answers[FILED] = (200, {"createDate": "2026-01-05T00:00:00.000Z"})

    page = await account.source().read_item("applications", "c1.j1")

    assert account.paths == [APPLICATION, FILED]
    assert page.calls == 2
    assert page.items == (Item("history", "c1.j1.a1"),)
    assert page.provisional[0].id == "a1.1"
    assert isinstance(page.records[0], Application)


async def test_source_without_a_label_is_looked_up_once(account: Any) -> None:
    account.answers[APPLICATION] = (200, {**NEW, "source": None})
    account.answers[FILED] = (200, {"sourceIdentifier": "s1"})
    account.answers["/configuration/sources/s1"] = (200, {"label": "LinkedIn Recruiter"})
    source = account.source()

    pages = [await source.read_item("applications", "c1.j1") for _ in range(3)]

    assert {page.records[0].source for page in pages} == {"LinkedIn Recruiter"}
    assert account.paths.count("/configuration/sources/s1") == 1


async def test_application_that_is_no_more_is_gone_by_its_pair(account: Any) -> None:
    page = await account.source().read_item("applications", "c1.j1")

    assert page.gone == (Gone(Kind.APPLICATION, "", ("c1", "j1")),)
    assert not page.records


@pytest.mark.parametrize(
    ("pass_name", "kind"),
    [("candidates", Kind.CANDIDATE), ("details", Kind.CANDIDATE), ("jobs", Kind.JOB), ("job_list", Kind.JOB)],
)
async def test_record_that_is_no_more_is_gone(account: Any, pass_name: str, kind: Kind) -> None:
    assert (await account.source().read_item(pass_name, "x1")).gone == (Gone(kind, "x1"),)


@pytest.mark.parametrize(
    "body", [b"", b"<html>404</html>", {"errors": [{"code": "NOT_FOUND"}]}, {"message": "no route"}]
)
async def test_404_in_other_words_than_smartrecruiters_deletes_nobody(account: Any, body: Any) -> None:
    account.answers["/candidates/c1"] = (404, body)

    with pytest.raises(RejectedError) as raised:
        await account.source().read_item("candidates", "c1")

    assert raised.value.code == "not_found_unexplained"


async def test_closed_record_is_told_from_a_refused_credential_by_one_probe_a_minute(account: Any) -> None:
    account.answers["/candidates"] = (200, {"content": []})
    account.answers["/candidates/c1"] = account.answers["/candidates/c2"] = DENIED
    source = account.source()

    for key in ("c1", "c2", "c1"):
        with pytest.raises(RejectedError) as raised:
            await source.read_item("candidates", key)
        assert raised.value.code == "not_readable"
    assert account.paths.count("/candidates") == 1

    account.clock.passed += timedelta(minutes=2).total_seconds()
    account.answers["/candidates"] = DENIED
    with pytest.raises(SignInRejectedError):
        await source.read_item("candidates", "c1")


async def test_history_permission_is_missing_only_if_everybody_is_closed(account: Any) -> None:
    other = {**PERSON, "id": "c2"}
    account.answers["/candidates"] = (200, {"content": [PERSON, other]})
    account.answers[f"{APPLICATION}/status/history"] = (403, {"errors": [{"code": "PERMISSION_DENIED"}]})
    account.answers["/candidates/c2/jobs/j1/status/history"] = (403, {"errors": [{"code": "PERMISSION_DENIED"}]})
    source = account.source()

    with pytest.raises(NotPermittedError) as refused:
        await source.read_item("history", "c1.j1.a1")
    assert refused.value.facts["permission"] == "Status history (candidate_status_read)"

    account.answers["/candidates/c2/jobs/j1/status/history"] = (200, {"content": []})
    with pytest.raises(RejectedError):
        await source.read_item("history", "c1.j1.a1")


async def test_refused_creation_date_costs_only_the_date(account: Any) -> None:
    account.answers[APPLICATION] = (200, NEW)
    account.answers[FILED] = (400, {"errors": [{"code": "INVALID_JOB_APPLICATION_ID"}]})

    page = await account.source().read_item("applications", "c1.j1")

    assert page.records[0].created_at is None


async def test_missing_permission_for_creation_dates_stops_the_connection(account: Any) -> None:
    account.answers[APPLICATION] = (200, NEW)
    nobody = FILED.replace("a1", "00000000-0000-4000-8000-000000000000")
    account.answers[FILED] = account.answers[nobody] = (403, {"errors": [{"code": "PERMISSION_DENIED"}]})

    with pytest.raises(NotPermittedError):
        await account.source().read_item("applications", "c1.j1")


async def test_answer_of_another_shape_sets_one_record_aside(account: Any) -> None:
    account.answers["/jobs/j1"] = (200, b"[1, 2, 3]")

    with pytest.raises(CannotTranslateError) as raised:
        await account.source().read_item("jobs", "j1")

    assert raised.value.code == "unreadable"


async def test_history_names_its_application_as_complete_and_refuses_steps_without_status(account: Any) -> None:
    rows = [{"changedOn": "2026-01-02T00:00:00.000Z", "status": "NEW"}, {"changedOn": None}, 7]
    account.answers[f"{APPLICATION}/status/history"] = (200, {"content": rows})

    page = await account.source().read_item("history", "c1.j1.a1")

    assert page.complete == ("a1",)
    assert [record.id for record in page.records] == ["a1", "a1.1"]
    assert page.refused == (
        Refused(kind=Kind.STAGE, key="a1", reason="status_missing"),
        Refused(kind=Kind.STAGE, key="a1", reason="unreadable"),
    )


async def test_empty_history_leaves_the_provisional_stage_alone(account: Any) -> None:
    account.answers[f"{APPLICATION}/status/history"] = (200, {"content": []})

    page = await account.source().read_item("history", "c1.j1.a1")

    assert (page.records, page.complete, page.gone) == ((), (), ())


async def test_naive_reading_keeps_the_application_whose_history_is_closed(account: Any) -> None:
    account.answers["/candidates"] = (200, {"content": []})
    account.answers[APPLICATION] = (200, NEW)
    account.answers[FILED] = (200, {})
    account.answers[f"{APPLICATION}/status/history"] = (403, {"errors": [{"code": "NO_ACCESS_TO_CANDIDATE"}]})

    page = await account.source(strategy="naive").read_item("applications", "c1.j1")

    assert page.records[0].id == "a1"
    assert page.provisional[0].id == "a1.1"
    assert page.refused == (Refused(kind=Kind.STAGE, key="a1", reason="not_readable"),)


async def test_throttling_is_passed_on_with_a_time(account: Any) -> None:
    account.answers["/candidates"] = (429, {})

    with pytest.raises(RateLimitedError) as raised:
        await account.source().read_list("candidates", None, None)

    assert raised.value.retry_after == timedelta(seconds=2)


async def test_oauth_client_works_over_plain_http_where_that_is_allowed(account: Any) -> None:
    account.answers["/identity/oauth/token"] = (200, {"access_token": "t1", "expires_in": 1800})
    account.answers["/candidates"] = (200, {"content": []})
    source = account.source(
        credential={"client_secret": "canary-secret"},
        client_id="me",
        base_url="http://sandbox.internal",
        plain_http="yes",
    )

    await source.read_list("candidates", None, None)

    assert account.paths == ["/identity/oauth/token", "/candidates"]


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, ["candidates", "job_list", "jobs", "applications", "history"]),
        ({"extra_fields": "yes"}, ["candidates", "job_list", "jobs", "applications", "history", "details"]),
        ({"strategy": "naive"}, ["candidates", "job_list", "jobs", "details", "applications"]),
        (
            {"strategy": "report", "report_id": "r1"},
            ["candidates", "job_list", "jobs", "report", "applications", "history"],
        ),
    ],
)
async def test_each_strategy_has_its_passes(account: Any, settings: dict[str, str], names: list[str]) -> None:
    source = account.source(**settings)
    account.answers["/candidates"] = (200, {"content": [PERSON]})

    page = await source.read_list("candidates", None, None)

    assert [each.name for each in source.passes] == names
    put_on = {item.pass_name for item in page.items}
    assert put_on <= set(names)
    assert ("applications" in put_on) is (settings.get("strategy") != "report")


async def test_details_say_nothing_beyond_the_consent_unless_an_admin_wants_it(account: Any) -> None:
    account.answers["/candidates/c1"] = (200, {**PERSON, "phoneNumber": "+1 555 0100"})

    page = await account.source(strategy="naive").read_item("details", "c1")

    assert not page.records[0].phones


async def test_users_are_read_with_their_roles(account: Any) -> None:
    rows = [{"id": "u1", "firstName": "Rita", "lastName": "Moss", "systemRole": {"id": "STANDARD"}}, {"id": None}]
    account.answers["/user-api/v201804/users"] = (200, {"content": rows, "nextPageId": "n2"})

    users, cursor = await account.source().read_users(None)

    assert [(user.id, user.role, user.active) for user in users] == [("u1", "STANDARD", True)]
    assert cursor == "n2"
