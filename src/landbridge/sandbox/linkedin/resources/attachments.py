"""Attachments of applications and candidates: ``v2/hireMediaUrl`` and ``rest/attachments``.

Sources: release notes of 202510, LinkedIn's Java client.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from landbridge.sandbox.kernel import Answer, json_answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.batches import delete_all, open_books, write_all
from landbridge.sandbox.linkedin.books import Book, Stored
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import (
    ATTACHMENTS_VANISH_WITH_THEIR_ENTITY,
    BLOB_HOURS,
    MEDIA_STATUS,
    UNKNOWN_PARENT_STATUS,
    UPLOAD_METHOD,
)
from landbridge.sandbox.linkedin.refusals import InvalidError, RefusalError
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import Key, KeyShape
from landbridge.sandbox.linkedin.rules.attachments import (
    ATTACHMENT_TYPES,
    DECODER,
    MEDIA_DECODER,
    REFERENCES,
    Attachment,
    MediaWanted,
)
from landbridge.sandbox.linkedin.rules.fields import present_fields
from landbridge.sandbox.linkedin.state import DeveloperApplication

#: At most so many attachments in one batch (LinkedIn's Java client).
BATCH: Final = 10
SHAPE: Final = KeyShape(
    (
        "externalAttachmentId",
        "externalReferenceEntityId",
        "externalReferenceEntityType",
        "attachmentType",
        "integrationContext",
    )
)


def create_url(call: Call) -> Answer:
    """Where a file is to be uploaded, and the URN by which an attachment refers to it."""
    wanted = _wanted(call)
    _check_contract(call, wanted.hiring_context, "hiringContext")
    application = call.application
    keep_ms = wanted.blob_ttl.ms if wanted.blob_ttl else BLOB_HOURS * 3_600_000
    media = call.state.media.expect(
        application.client_id,
        application.client_secret,
        wanted.hiring_context,
        wanted.file_name,
        wanted.content_type.lower(),
        call.at,
        keep_ms,
    )
    shown = {
        "mediaUrn": media.urn,
        "uploadUrl": media.upload_url(call.host),
        "uploadMethod": UPLOAD_METHOD,
        "uploadHeaders": {"Content-Type": media.content_type},
        "expiresAt": media.upload_until,
    }
    return json_answer(MEDIA_STATUS, shown)


def _wanted(call: Call) -> MediaWanted:
    try:
        return MEDIA_DECODER.decode(call.body)
    except msgspec.ValidationError as problem:
        raise InvalidError(422, str(problem)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusalError(400, "the body is not JSON") from None


def _check_contract(call: Call, urn: str, field: str) -> None:
    if urn not in [contract.urn for contract in call.state.network.contracts]:
        raise InvalidError(422, f"{field} must be a contract of the customer")


def batch_update(call: Call) -> Answer:
    """Register uploaded files; 204 for a new one as well."""
    books = open_books(call, {key[4] for key in call.keys})

    def write(key: Key, raw: msgspec.Raw) -> tuple[int, int | None]:
        _check_key(books[key[4]], key)
        try:
            attachment = DECODER.decode(raw)
        except msgspec.ValidationError as problem:
            raise InvalidError(422, str(problem)) from None
        shelf = books[key[4]].attachments
        old = shelf.get((key[2], key[1]), {}).get(key[0])
        _check_media(call, attachment, None if old is None else DECODER.decode(old.raw))
        shelf.setdefault((key[2], key[1]), {})[key[0]] = Stored(
            bytes(raw), call.generation, call.at, attachment.modified_at
        )
        return 204, attachment.modified_at

    return write_all(call, SHAPE, "attachments", write)


def _check_key(book: Book, key: Key) -> None:
    if key[2] not in REFERENCES:
        raise InvalidError(422, f"externalReferenceEntityType is one of {', '.join(REFERENCES)}")
    if key[3] not in ATTACHMENT_TYPES:
        raise InvalidError(422, f"attachmentType is one of {', '.join(ATTACHMENT_TYPES)}")
    there = book.applications if key[2] == "APPLICATION" else book.candidates
    if key[1] not in there:
        message = f"the {key[2].lower()} is unknown"
        raise RefusalError(UNKNOWN_PARENT_STATUS, message, rule=audit.UNKNOWN_REFERENCE)


def _check_media(call: Call, attachment: Attachment, old: Attachment | None) -> None:
    """A file that became an attachment stays for as long as that; a fresh one must have been uploaded."""
    _check_contract(call, attachment.contract, "contract")
    if old is not None and old.media == attachment.media:
        return
    media = call.state.media.find(attachment.media)
    if media is None or media.client_id != call.application.client_id or call.at >= media.keep_until:
        raise InvalidError(422, "mediaUrn is not one that was given out, or its time has passed")
    if not media.size:
        raise InvalidError(422, "the file was not uploaded yet")
    if media.contract != attachment.contract:
        raise InvalidError(422, "the file was uploaded for another contract")


def batch_delete(call: Call) -> Answer:
    books = open_books(call, {key[4] for key in call.keys})

    def delete(key: Key) -> int | None:
        shelf = books[key[4]].attachments
        there = shelf.get((key[2], key[1]), {})
        if key[0] not in there or key[3] not in ATTACHMENT_TYPES:
            raise RefusalError(404, "Not found")
        stored = there.pop(key[0])
        if not there:
            del shelf[key[2], key[1]]
        return stored.modified

    return delete_all(call, SHAPE, "attachments", delete)


def drop_attachments(book: Book, entity_type: str, entity_id: str) -> None:
    """What goes with a deleted application or candidate."""
    if ATTACHMENTS_VANISH_WITH_THEIR_ENTITY:
        book.attachments.pop((entity_type, entity_id), None)


class _Attachments:
    """Counts and dumps itself, as the control room wants it."""

    def count(self, book: Book) -> int:
        return sum(map(len, book.attachments.values()))

    def dumped(self, application: DeveloperApplication, context: str, book: Book) -> Iterator[Mapping[str, Any]]:
        for (entity_type, entity_id), shelf in sorted(book.attachments.items()):
            for own_id, stored in sorted(shelf.items()):
                key = (own_id, entity_id, entity_type, ATTACHMENT_TYPES[0], context)
                fields = present_fields(DECODER.decode(stored.raw))
                yield {"clientId": application.client_id, **dict(zip(SHAPE.fields, key, strict=True)), **fields}


ATTACHMENTS: Final = _Attachments()
RESOURCES: Final = (
    Resource(name="media", generation="v2", path="hireMediaUrl", methods={"create": create_url}),
    Resource(
        name="attachments",
        generation="rest",
        path="attachments",
        shape=SHAPE,
        methods={"batch_update": batch_update, "batch_delete": batch_delete},
        since=202510,
        batch=BATCH,
    ),
)
