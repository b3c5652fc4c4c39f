"""Working out what should be on LinkedIn from the ATS sandbox's own records."""

from typing import Any

import pytest

from landbridge.cli.demo import ats, linkedin
from landbridge.cli.demo.excuses import excuses
from landbridge.cli.demo.verdict import ATS_ENTITIES, documented_reasons
from landbridge.cli.demo.words import cut, is_address, letters, millis, plain
from landbridge.sandbox import Sandbox

NOW = 1_790_000_000_000


def company_of(world: str, candidates: int) -> tuple[ats.Company, dict[str, Any]]:
    sandbox = Sandbox(world=world, candidates=candidates)
    dumps = {entity: list(sandbox.smartrecruiters.dump(entity) or ()) for entity in ATS_ENTITIES}
    return ats.see(dumps), dumps


def test_a_plain_company_is_seen_whole() -> None:
    company, dumps = company_of("plain", 60)
    assert len(company.candidates) == 60
    assert company.applications.keys() == {row["applicationId"] for row in dumps["applications"]}
    assert len(company.stages) == sum(len(row["content"]) for row in dumps["histories"])
    assert company.unreadable == {}
    for application in company.applications.values():
        assert all(value is not None for name, value in application.fields.items() if name != "source")


def test_a_hostile_company_is_seen_without_stumbling() -> None:
    company, dumps = company_of("hostile", 400)
    assert len(company.candidates) == sum(row["listed"] for row in dumps["candidates"])
    readable = [row for row in dumps["applications"] if row["readable"] == 200]
    assert company.applications.keys() == {row["applicationId"] for row in readable}
    assert {"job answers 401", "application answers 404", "history answers 403"} <= company.unreadable.keys()


def test_stages_are_numbered_in_order_of_time_whatever_order_they_are_told_in() -> None:
    rows = [
        {"changedOn": "2026-01-03T00:00:00Z", "status": "INTERVIEW", "subStatus": "Panel"},
        {"changedOn": "2026-01-01T00:00:00Z", "status": "NEW"},
        {"changedOn": "2026-01-03T00:00:00Z", "status": "IN_REVIEW"},
    ]
    application = {"applicationId": "a", "status": "INTERVIEW", "createDate": "2026-01-01T00:00:00Z"}
    steps = ats.see_steps(application, {"content": rows, "readable": 200})
    assert [(step.key, step.fields["stage"]) for step in steps] == [
        ("a.1", "New"),
        ("a.2", "In review"),
        ("a.3", "Interview: Panel"),
    ]


def test_an_application_without_history_shows_its_present_status() -> None:
    application = {"applicationId": "a", "status": "OFFERED", "createDate": "2026-01-01T00:00:00Z"}
    steps = ats.see_steps(application, {"content": [], "readable": 200})
    assert [(step.key, step.fields) for step in steps] == [("a.1", {"stage": "Offered", "atsCreatedAt": 1767225600000})]


@pytest.mark.parametrize(
    ("status", "posting", "published", "expected"),
    [
        ("SOURCING", "PUBLIC", True, "open"),
        ("OFFER", "INTERNAL", True, "open"),
        ("INTERVIEW", "NOT_PUBLISHED", True, "draft"),
        ("CREATED", "PUBLIC", True, "draft"),
        ("ON_HOLD", "PUBLIC", True, "draft"),
        ("AWAITING_THE_TIDE", "PUBLIC", True, "draft"),
        ("FILLED", "PUBLIC", False, "closed"),
        ("CANCELLED", "NOT_PUBLISHED", True, "closed"),
        ("CANCELLED", "NOT_PUBLISHED", False, "draft"),
    ],
)
def test_state_of_a_job(status: str, posting: str, published: bool, expected: str) -> None:
    assert ats.job_state({"status": status, "postingStatus": posting}, published=published) == expected


def test_only_the_named_application_counts_on_linkedin() -> None:
    row = {"clientId": "other", "atsCandidateId": "1"}
    dumps = {"jobs": [], "candidates": [row, {**row, "clientId": "mine"}], "applications": [], "stages": []}
    assert list(linkedin.see(dumps, "mine").candidates) == ["1"]


def test_excuses_hold_only_where_they_are_true() -> None:
    company, _ = company_of("hostile", 400)
    network = linkedin.see({kind: [] for kind in ("jobs", "candidates", "applications", "stages")}, "mine")
    believed = excuses(company, network, NOW, documented_reasons())
    good = ats.see_candidate(
        {"id": "1", "firstName": "A", "lastName": "B", "email": "anna@b.c", "createdOn": "2026-01-01T00:00:00Z"}
    )
    for code in ("email_missing", "email_invalid", "email_placeholder", "first_name_missing", "time_in_future"):
        assert not believed[code](good), code
    assert "some_new_code" not in believed
    bad = ats.see_candidate({"id": "1", "email": "noemail@example.org", "createdOn": "9999-01-01T00:00:00Z"})
    for code in ("email_placeholder", "first_name_missing", "last_name_missing", "time_in_future"):
        assert believed[code](bad), code


def test_words() -> None:
    assert plain(" a\x00b\n") == "ab"
    assert plain(None) == ""
    assert millis("1970-01-01T00:00:01Z") == 1000
    assert millis("last Tuesday") is None
    assert cut("ab👩c", 4) == "ab👩"
    assert letters("<p>Sea &amp; <b>water</b></p><script>no()</script>2") == "Seawater2"
    assert [is_address(text) for text in ("a@b.c", "a@b", "a b@c.d", "a@b.c; d@e.f", "@b.c", "a@b..c")] == [
        True, False, False, False, False, False,
    ]  # fmt: skip
