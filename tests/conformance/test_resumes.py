"""Resumes of applications: a file of the ATS, uploaded to LinkedIn and registered as an attachment."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from landbridge.connectors.linkedin.destination import LinkedIn, open_linkedin
from landbridge.connectors.linkedin.resumes import MOST_BYTES, translate_resume
from landbridge.errors import CannotTranslateError, MissingError, NotPermittedError, UnavailableError
from landbridge.ports.destination import Entity, Held, Outgoing
from landbridge.records import Resume
from landbridge.sandbox import Sandbox
from tests.conformance.linkedin_side import (
    CREATED,
    UPDATED,
    LinkedInSide,
    application,
    candidate,
    job,
    millis,
    row_of,
    send,
    writer_of,
)
from tests.conformance.test_linkedin_records import application_row

CONTRACT = "urn:li:contract:1"
PDF = b"%PDF-1.7 invented"


def resume(number: int = 1, **further: Any) -> Resume:
    fields: dict[str, Any] = {
        "id": f"{application(1).id}.{number:036d}",
        "application_id": application(1).id,
        "file_name": f"Lebenslauf {number} 小林.pdf",
        "content_type": "application/pdf",
        "created_at": CREATED,
        "updated_at": UPDATED,
    }
    return Resume(**{**fields, **further})


class Drawer:
    """Files of an ATS, by key; an error is raised instead of a file."""

    def __init__(self, files: Mapping[str, bytes | Exception]) -> None:
        self.files = files
        self.opened: list[str] = []

    @asynccontextmanager
    async def open_file(self, key: str) -> AsyncIterator[AsyncIterator[bytes]]:
        self.opened.append(key)
        found = self.files[key]
        if isinstance(found, Exception):
            raise found
        yield _pieces(found)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 65_536):
        yield content[start : start + 65_536]


async def opened(side: LinkedInSide, drawer: Drawer, **settings: Any) -> LinkedIn:
    """A destination that LinkedIn has an application of already."""
    side.enable()
    contract = side.sandbox.linkedin.credentials()["contracts"][0]["urn"]
    wiring = side.wiring(**{"dialect": "rest", "contracts": contract, **settings})
    linkedin = open_linkedin(msgspec.structs.replace(wiring, files=drawer))
    await send(writer_of(linkedin, "jobs"), [row_of(job())], side.now)
    await send(writer_of(linkedin, "candidates"), [row_of(candidate())], side.now)
    await send(writer_of(linkedin, "applications"), [application_row(1)], side.now)
    return linkedin


async def test_resumes_arrive_ten_in_a_call_and_are_removed() -> None:
    resumes = [resume(number) for number in range(1, 13)]
    drawer = Drawer({one.id: PDF + str(place).encode() for place, one in enumerate(resumes)})
    with Sandbox(candidates=5) as sandbox:
        side = LinkedInSide(sandbox)
        linkedin = await opened(side, drawer)
        writer = writer_of(linkedin, "resumes")
        outcomes = await send(writer, [row_of(one, place) for place, one in enumerate(resumes)], side.now)
        assert {one.status for one in outcomes.values()} == {"delivered"}
        rows = {row["externalAttachmentId"]: row for row in side.dump("attachments")}
        assert set(rows) == {one.id for one in resumes}
        first = rows[resumes[0].id]
        assert first["externalReferenceEntityId"] == application(1).id
        assert (first["externalFileName"], first["fileType"]) == ("Lebenslauf 1 小林.pdf", "PDF")
        assert (first["externalCreatedAt"], first["externalLastModifiedAt"]) == (millis(CREATED), millis(UPDATED))
        assert sandbox.linkedin.state.media.by_urn[first["mediaUrn"]].size == len(PDF) + 1
        noted = [(note.method, note.route) for note in side.notes]
        assert noted.count(("PUT", "/rest/attachments")) == 2
        # The address of an upload is a permission, and ids are of people: neither stands in the journal.
        assert noted.count(("PUT", "upload of a file")) == 12

        gone = Outgoing(record_id=1, key=resumes[0].id, revision=3, body=b"{}", gone=True)
        assert {one.status for one in (await send(writer, [gone], side.now)).values()} == {"delivered"}
        assert len(side.dump("attachments")) == 11
        side.assert_no_violations()
        await linkedin.close()


async def test_files_that_break_a_limit_are_held_and_the_others_arrive() -> None:
    good, large, empty, lost, closed = (resume(number) for number in range(1, 6))
    drawer = Drawer(
        {
            good.id: PDF,
            large.id: b"x" * (MOST_BYTES + 1),
            empty.id: b"",
            lost.id: MissingError(),
            closed.id: NotPermittedError(),
        }
    )
    with Sandbox(candidates=5) as sandbox:
        side = LinkedInSide(sandbox)
        linkedin = await opened(side, drawer)
        writer = writer_of(linkedin, "resumes")
        rows = [row_of(one, place) for place, one in enumerate([good, large, empty, lost])]
        outcomes = await send(writer, rows, side.now)
        told = {place: (one.status, one.reason) for place, one in outcomes.items()}
        assert told == {
            0: ("delivered", ""),
            1: ("held", "resume_too_large"),
            2: ("held", "resume_empty"),
            3: ("held", "resume_not_readable"),
        }
        # What is known to be too large is not fetched again, unless it is another file by then.
        again = writer.render(row_of(large, 1, far=outcomes[1].far), side.now)
        assert isinstance(again, Held)
        assert again.reason == "resume_too_large"
        renewed = msgspec.structs.replace(large, updated_at=side.now)
        assert isinstance(writer.render(row_of(renewed, 1, far=outcomes[1].far), side.now), Entity)
        # A credential of the ATS that fails is no trouble of LinkedIn's.
        with pytest.raises(UnavailableError):
            await send(writer, [row_of(closed)], side.now)
        side.assert_no_violations()
        await linkedin.close()


async def test_fingerprint_is_of_what_is_told_of_the_file() -> None:
    with Sandbox(candidates=1) as sandbox:
        linkedin = LinkedInSide(sandbox).open(dialects={"resumes": "rest"}, contracts=CONTRACT)
        writer = writer_of(linkedin, "resumes")
        changes: list[dict[str, Any]] = [{"size": 5}, {"file_name": "b.pdf"}, {"updated_at": CREATED}]
        prints = [writer.render(row_of(resume(**further)), UPDATED) for further in ({}, {}, *changes)]
        found = [one.fingerprint for one in prints if isinstance(one, Entity)]
        assert len(found) == 5
        assert found[0] == found[1]
        assert len(set(found)) == 4
        await linkedin.close()


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"dialect": "v2", "contracts": CONTRACT}, "resumes_need_rest"),
        ({"dialect": "rest", "dialects": {"resumes": "v2"}, "contracts": CONTRACT}, "resumes_need_rest"),
        ({"dialect": "rest"}, "resume_contract_missing"),
    ],
)
async def test_resumes_without_a_way_are_held(settings: dict[str, Any], reason: str) -> None:
    with Sandbox(candidates=1) as sandbox:
        linkedin = LinkedInSide(sandbox).open(**settings)
        found = writer_of(linkedin, "resumes").render(row_of(resume()), UPDATED)
        await linkedin.close()
    assert isinstance(found, Held)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"content_type": "", "file_name": "cv.DOCX"}, "DOCX"),
        ({"content_type": "application/octet-stream", "file_name": "cv.txt"}, "TXT"),
        ({"content_type": "application/msword", "file_name": "cv"}, "DOC"),
        ({"content_type": "image/png", "file_name": "cv.pdf"}, "resume_type"),
        ({"content_type": "", "file_name": "cv.exe"}, "resume_type"),
        ({"file_name": " "}, "resume_unnamed"),
        ({"size": MOST_BYTES + 1}, "resume_too_large"),
        ({"created_at": None}, "created_time_missing"),
    ],
)
def test_what_the_ats_tells_of_a_file_decides(told: dict[str, Any], found: str) -> None:
    try:
        result = translate_resume(resume(**told), CONTRACT, UPDATED).file_type
    except CannotTranslateError as error:
        result = error.code
    assert result == found


def test_time_of_the_application_stands_in_for_that_of_its_file() -> None:
    made = translate_resume(resume(created_at=None, updated_at=None), CONTRACT, UPDATED, applied=CREATED)
    assert made.external_created_at == made.external_last_modified_at == millis(CREATED)
