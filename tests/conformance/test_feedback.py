"""Reviews of applications: from SmartRecruiters to LinkedIn's interview feedback, in both generations of the API."""

from __future__ import annotations

import pytest
from msgspec import structs

from landbridge.connectors.linkedin.children import translate_feedback
from landbridge.errors import CannotTranslateError
from landbridge.ports.destination import Held, Outgoing
from landbridge.records import Feedback
from landbridge.sandbox import Sandbox
from tests.conformance.linkedin_side import (
    CREATED,
    LinkedInSide,
    application,
    millis,
    row_of,
    send,
    writer_of,
)
from tests.conformance.test_linkedin_records import with_two_applications

APPLICATION = application(1).id
REVIEW = "6f1f5f3e-58a4-4a65-8f8e-0c2b4b0d9b11"


def feedback(number: int = 1, **further: object) -> Feedback:
    owner = application(number).id
    plain = Feedback(
        id=f"{owner}.{REVIEW[:35]}{number}",
        application_id=owner,
        rating=4,
        comment="Asked good questions.",
        reviewer_first_name="Jana",
        reviewer_last_name="Nováková",
        created_at=CREATED,
    )
    return structs.replace(plain, **further)


@pytest.mark.parametrize("dialect", ["v2", "rest"])
async def test_feedback_arrives_with_every_field_is_replaced_whole_and_removed(dialect: str) -> None:
    with Sandbox(candidates=5) as sandbox:
        side = LinkedInSide(sandbox)
        linkedin = await with_two_applications(side, dialect)
        writer = writer_of(linkedin, "feedback")
        outcomes = await send(writer, [row_of(feedback(1), 1), row_of(feedback(2), 2)], side.now)
        assert {one.status for one in outcomes.values()} == {"delivered"}
        first = next(row for row in side.dump("interview_feedback") if row["atsJobApplicationId"] == APPLICATION)
        assert first["feedback"] == "Asked good questions."
        assert first["evaluations"] == [{"attribute": "Overall rating", "result": "4 of 5"}]
        assert first["interviewer"] == {"firstName": "Jana", "lastName": "Nováková"}
        assert first["atsCreatedAt"] == millis(CREATED)

        await send(writer, [row_of(feedback(1, comment="", rating=2), 1)], side.now)
        again = next(row for row in side.dump("interview_feedback") if row["atsJobApplicationId"] == APPLICATION)
        assert (again["feedback"], again["evaluations"][0]["result"]) == ("", "2 of 5")
        # A tombstone has lost its body: what is needed to remove the record stands in its key.
        gone = Outgoing(record_id=1, key=feedback(1).id, revision=3, body=b"{}", gone=True)
        assert {one.status for one in (await send(writer, [gone], side.now)).values()} == {"delivered"}
        assert [row["atsJobApplicationId"] for row in side.dump("interview_feedback")] == [application(2).id]
        side.assert_no_violations()
        await side.close()


def test_half_a_name_is_left_out_and_nothing_at_all_is_not_sent() -> None:
    assert translate_feedback(feedback(reviewer_last_name=" "), CREATED).interviewer is None
    assert translate_feedback(feedback(rating=None), CREATED).evaluations == []
    with pytest.raises(CannotTranslateError) as refused:
        translate_feedback(feedback(rating=None, comment=" "), CREATED)
    assert refused.value.code == "feedback_empty"


def test_feedback_whose_ids_are_too_long_is_held() -> None:
    with Sandbox(candidates=1) as sandbox:
        writer = writer_of(LinkedInSide(sandbox).open(), "feedback")
        found = writer.render(row_of(feedback(id=f"{APPLICATION}.{'x' * 60}")), CREATED)
    assert isinstance(found, Held)
    assert found.reason == "id_unusable"
