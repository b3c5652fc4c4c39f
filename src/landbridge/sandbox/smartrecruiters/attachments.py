"""Files of applications: uploaded as multipart forms, listed, fetched and deleted."""

from __future__ import annotations

import io
from typing import Any, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, parse_form

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.applications import find_application
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, encode, link, ok
from landbridge.sandbox.smartrecruiters.changes.applications import ids
from landbridge.sandbox.smartrecruiters.payload import known
from landbridge.sandbox.smartrecruiters.records import Attachment
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.moment import iso

KINDS: Final = frozenset({"GENERIC_FILE", "RESUME", "COVER_LETTER"})
LARGEST: Final = 10 * 1024 * 1024


def list_attachments(state: State, call: Call) -> Answer:
    application = find_application(state, call)
    rows = [_row(each, call.base_url) for each in state.records.attachments_of(application.id)]
    call.records = len(rows)
    return ok({"totalFound": len(rows), "content": rows})


def add(state: State, call: Call) -> Answer:
    application = find_application(state, call)
    kind, name, content_type, content = _form(call)
    attachment = Attachment(
        id=state.make("attachment").uuid(),
        candidate_id=application.candidate_id,
        application_id=application.id,
        name=name,
        kind=known(kind, KINDS, "attachmentType"),
        content_type=content_type,
        created=state.clock.ms(),
        content=content,
    )
    state.records.attachments[attachment.id] = attachment
    state.changed()
    path = f"/candidates/attachments/{attachment.id}"
    state.happened("application.attachment.created", (*ids(application), attachment.id), path)
    call.records = 1
    return Answer(status=201, body=encode(_row(attachment, call.base_url)))


def _form(call: Call) -> tuple[str, str, str, bytes]:
    """Kind, name, content type and bytes of the one file of a multipart form."""
    fields: dict[str, str] = {}
    files: list[tuple[str, str, bytes]] = []

    def on_field(field: Any) -> None:
        assert isinstance(field, Field)
        fields[(field.field_name or b"").decode("utf-8", "replace")] = (field.value or b"").decode("utf-8", "replace")

    def on_file(file: Any) -> None:
        assert isinstance(file, File)
        file.file_object.seek(0)
        name = (file.file_name or b"file").decode("utf-8", "replace")
        files.append((name, file.content_type or "application/octet-stream", file.file_object.read()))
        file.close()

    headers = {"Content-Type": call.headers.get(b"content-type", b"")}
    try:
        parse_form(headers, io.BytesIO(call.body), on_field, on_file)
    except (FormParserError, ValueError) as problem:
        raise RefusalError(*choices.BODY_NOT_UNDERSTOOD, "the body must be a multipart form") from problem
    if len(files) != 1 or len(files[0][2]) > LARGEST:
        raise RefusalError(*choices.BODY_NOT_UNDERSTOOD, "file must be one file of at most 10 MB")
    return fields.get("attachmentType", ""), *files[0]


def _find(state: State, call: Call) -> Attachment:
    attachment = state.records.attachments.get(call.arguments[0])
    if attachment is None:
        raise RefusalError(*choices.ATTACHMENT_UNKNOWN, "there is no such file")
    return attachment


def read(state: State, call: Call) -> Answer:
    attachment = _find(state, call)
    call.records = 1
    # Whatever was uploaded, a browser must save it and not show it: pages of the sandbox live on this origin.
    headers = [(b"content-disposition", b"attachment"), (b"x-content-type-options", b"nosniff")]
    kind = attachment.content_type.encode("latin-1", "replace")
    return Answer(status=200, body=attachment.content, headers=headers, content_type=kind)


def delete(state: State, call: Call) -> Answer:
    del state.records.attachments[_find(state, call).id]
    state.changed()
    return Answer(status=204)


def _row(attachment: Attachment, base_url: str) -> dict[str, object]:
    return {
        "id": attachment.id,
        "name": attachment.name,
        "type": attachment.kind,
        "contentType": attachment.content_type,
        "createdOn": iso(attachment.created),
        "actions": {"details": link(f"{base_url}/candidates/attachments/{attachment.id}")},
    }
