"""Notes on applications, in both generations of LinkedIn's API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec import structs

from landbridge.connectors.linkedin.children import translate_note
from landbridge.errors import CannotTranslateError
from landbridge.ports.destination import Held, Outgoing
from landbridge.records import Note
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
CHANGED = CREATED + timedelta(days=1)
# The versioned API alone has a place for the last change.
TIMES_OF = {
    "v2": {"atsCreatedAt": millis(CREATED)},
    "rest": {"externalCreatedAt": millis(CREATED), "externalLastModifiedAt": millis(CHANGED)},
}


def note(number: int = 1, **further: object) -> Note:
    owner = application(number).id
    plain = Note(
        id=f"{owner}.6f1f5f3e58a44a658f8e0c2b",
        application_id=owner,
        text="Knows ropes.",
        author_first_name="Jana",
        author_last_name="Nováková",
        created_at=CREATED,
        updated_at=CHANGED,
    )
    return structs.replace(plain, **further)


@pytest.mark.parametrize("dialect", ["v2", "rest"])
async def test_note_arrives_with_every_field_is_replaced_whole_and_removed(dialect: str) -> None:
    with Sandbox(candidates=5) as sandbox:
        side = LinkedInSide(sandbox)
        linkedin = await with_two_applications(side, dialect)
        writer = writer_of(linkedin, "notes")
        outcomes = await send(writer, [row_of(note(1), 1), row_of(note(2), 2)], side.now)
        assert {one.status for one in outcomes.values()} == {"delivered"}
        first = next(row for row in side.dump("application_notes") if row["atsJobApplicationId"] == APPLICATION)
        assert (first["note"], first["author"]) == ("Knows ropes.", {"firstName": "Jana", "lastName": "Nováková"})
        times = {name: value for name, value in first.items() if name.endswith("At")}
        assert times == TIMES_OF[dialect]

        await send(writer, [row_of(note(1, text="Knows all ropes."), 1)], side.now)
        again = next(row for row in side.dump("application_notes") if row["atsJobApplicationId"] == APPLICATION)
        assert again["note"] == "Knows all ropes."
        # A tombstone has lost its body: what is needed to remove the record stands in its key.
        gone = Outgoing(record_id=1, key=note(1).id, revision=3, body=b"{}", gone=True)
        assert {one.status for one in (await send(writer, [gone], side.now)).values()} == {"delivered"}
        assert [row["atsJobApplicationId"] for row in side.dump("application_notes")] == [application(2).id]
        side.assert_no_violations()
        await side.close()


def test_note_without_text_is_not_sent_and_what_is_not_known_is_left_out() -> None:
    bare = translate_note(note(created_at=None, updated_at=None, author_first_name=" "), CREATED, versioned=True)
    assert (bare.author, bare.ats_created_at, bare.ats_last_modified_at) == (None, None, None)
    with pytest.raises(CannotTranslateError) as refused:
        translate_note(note(text=" "), CREATED)
    assert refused.value.code == "note_empty"


def test_note_whose_ids_are_too_long_is_held() -> None:
    with Sandbox(candidates=1) as sandbox:
        writer = writer_of(LinkedInSide(sandbox).open(), "notes")
        found = writer.render(row_of(note(id=f"{APPLICATION}.{'x' * 60}")), CREATED)
    assert isinstance(found, Held)
    assert found.reason == "id_unusable"
