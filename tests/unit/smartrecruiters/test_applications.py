from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from msgspec import UNSET

from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.applications import (
    present_stage,
    status_text,
    told_by_history,
    translate_application,
    translate_history,
)
from landbridge.errors import CannotTranslateError


def at(day: int) -> str:
    return f"2026-01-{day:02d}T00:00:00.000Z"


@pytest.mark.parametrize(
    ("status", "step", "text"),
    [
        ("INTERVIEW", "Panel", "Interview: Panel"),
        ("IN_REVIEW", None, "In review"),
        ("OFFERED", "  ", "Offered"),
        ("BECALMED", "Waiting for wind", "Becalmed: Waiting for wind"),
        (None, "Panel", ""),
        (" ", None, ""),
    ],
)
def test_status_reads_as_people_see_it(status: str | None, step: str | None, text: str) -> None:
    assert status_text(status, step) == text


def test_application_takes_its_date_from_the_api_that_has_it_and_the_label_it_lacks_from_the_source() -> None:
    details = wire.Application(
        application_id="a1", status="REJECTED", reason_of_rejection=wire.Labelled(label="Too far away")
    )
    filed = wire.JobApplication(create_date=at(5))

    found = translate_application("c1", "j1", details, filed, "LinkedIn Recruiter")

    assert (found.status, found.source, found.rejection_reason) == ("Rejected", "LinkedIn Recruiter", "Too far away")
    assert found.created_at == datetime(2026, 1, 5, tzinfo=UTC)
    assert found.status_changed_at is UNSET
    assert present_stage(found).id == "a1.1"
    assert present_stage(found).entered_at == found.created_at


def test_label_of_the_details_comes_before_that_of_the_source() -> None:
    details = wire.Application(application_id="a1", status="NEW", source="Referral")

    assert translate_application("c1", "j1", details, wire.JobApplication(), "Other").source == "Referral"


def test_application_without_a_status_cannot_be_told() -> None:
    with pytest.raises(CannotTranslateError) as raised:
        translate_application("c1", "j1", wire.Application(application_id="a1"), wire.JobApplication(), None)

    assert raised.value.code == "status_missing"


def test_history_gives_the_same_ids_in_whatever_order_it_is_listed() -> None:
    changes = [
        wire.Change(changed_on=None, status="LEAD"),
        wire.Change(changed_on=at(1), status="NEW"),
        wire.Change(changed_on=at(2), status="IN_REVIEW"),
        wire.Change(changed_on=at(2), status="INTERVIEW", sub_status="Panel"),
        wire.Change(changed_on=at(2), status="INTERVIEW", sub_status="Phone"),
        wire.Change(changed_on=at(3), status="BECALMED"),
    ]
    expected = translate_history("a1", changes)

    for seed in range(20):
        shuffled = random.Random(seed).sample(changes, len(changes))
        assert translate_history("a1", shuffled) == expected
    assert [stage.id for stage in expected] == [f"a1.{number}" for number in range(1, 7)]
    assert [stage.name for stage in expected] == [
        "Lead", "New", "In review", "Interview: Panel", "Interview: Phone", "Becalmed",
    ]  # fmt: skip


def test_history_tells_status_and_time_of_its_application_and_leaves_the_rest_alone() -> None:
    stages = translate_history(
        "a1", [wire.Change(changed_on=at(9), status="HIRED"), wire.Change(changed_on=at(1), status="NEW")]
    )

    found = told_by_history("c1", "j1", stages)

    assert found is not None
    assert (found.id, found.status) == ("a1", "Hired")
    assert found.status_changed_at == datetime(2026, 1, 9, tzinfo=UTC)
    assert found.created_at is found.source is found.rejection_reason is UNSET


def test_empty_history_tells_nothing() -> None:
    assert told_by_history("c1", "j1", translate_history("a1", [wire.Change(changed_on=at(1))])) is None
