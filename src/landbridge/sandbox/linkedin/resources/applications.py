"""``atsApplications`` in v2 and rest: upsert and deletion with everything below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.batches import delete_all, open_books, write_all
from landbridge.sandbox.linkedin.books import Book, Stored
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.matching import owner_of, refile_application
from landbridge.sandbox.linkedin.refusals import InvalidError, RefusalError
from landbridge.sandbox.linkedin.resources.attachments import drop_attachments
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import Key, KeyShape
from landbridge.sandbox.linkedin.rules.applications import DECODER, Application
from landbridge.sandbox.linkedin.rules.fields import omitted_fields, present_fields
from landbridge.sandbox.linkedin.state import DeveloperApplication

SHAPES: Final = {
    "v2": KeyShape(("atsJobApplicationId", "integrationContext"), {"dataProvider": "ATS"}),
    "rest": KeyShape(("atsJobApplicationId", "integrationContext")),
}


def batch_update(call: Call) -> Answer:
    """Replace whole applications; what is left out becomes null."""
    books = open_books(call, {key[1] for key in call.keys})

    def write(key: Key, raw: msgspec.Raw) -> tuple[int, int | None]:
        try:
            application = DECODER.decode(raw)
        except msgspec.ValidationError as problem:
            raise InvalidError(422, str(problem)) from None
        return _save(call, books[key[1]], key[0], bytes(raw), application)

    return write_all(call, SHAPES[call.generation], "applications", write)


def _save(call: Call, book: Book, application_id: str, raw: bytes, application: Application) -> tuple[int, int]:
    old = book.applications.get(application_id)
    _audit_references(call, book, application_id, application)
    email = application.candidate_email
    if isinstance(email, str) and audit.is_placeholder(email):
        call.violate(audit.PLACEHOLDER, application_id)
    modified = application.modified_at
    if old is None:
        if book.erased and modified <= book.erased.get(("applications", application_id), -1):
            call.violate(audit.OUT_OF_ORDER, f"application {application_id}: an old state after its deletion")
        refile_application(book, application_id, None, call.held(owner_of(application)))
    elif old.raw != raw:
        former = DECODER.decode(old.raw)
        refile_application(book, application_id, owner_of(former), owner_of(application))
        _audit_update(call, application_id, former, application)
    book.keep_application(application_id, raw, call.generation, call.at)
    return (201 if old is None else 204), modified


def _audit_references(call: Call, book: Book, application_id: str, application: Application) -> None:
    if application.job_id not in book.postings and application.job_id not in book.announced:
        call.violate(audit.UNKNOWN_REFERENCE, f"application {application_id}: its job was never sent")
    candidate_id = application.candidate_id
    if isinstance(candidate_id, str) and candidate_id not in book.candidates:
        call.violate(audit.UNKNOWN_REFERENCE, f"application {application_id}: its candidate is not there")


def _audit_update(call: Call, application_id: str, former: Application, application: Application) -> None:
    if application.modified_at < former.modified_at:
        call.violate(audit.OUT_OF_ORDER, f"application {application_id}: older than the state before it")
    omitted = omitted_fields(former, application)
    if omitted:
        call.violate(audit.OMITTED, f"application {application_id}: {', '.join(omitted)}")


def batch_delete(call: Call) -> Answer:
    """Notes, stages, feedback and attachments vanish with their application."""
    books = open_books(call, {key[1] for key in call.keys})

    def delete(key: Key) -> int | None:
        book = books[key[1]]
        stored = book.applications.pop(key[0], None)
        if stored is None:
            raise RefusalError(404, "Not found")
        former = DECODER.decode(stored.raw)
        refile_application(book, key[0], owner_of(former), None)
        for children in (book.stages, book.application_notes, book.feedback):
            children.pop(key[0], None)
        drop_attachments(book, "APPLICATION", key[0])
        book.erased["applications", key[0]] = former.modified_at
        return former.modified_at

    return delete_all(call, SHAPES[call.generation], "applications", delete)


def dumped(application: DeveloperApplication, key: Key, stored: Stored) -> Mapping[str, Any]:
    """One job application for the control room."""
    return {
        "clientId": application.client_id,
        "atsJobApplicationId": key[0],
        "integrationContext": key[1],
        **present_fields(DECODER.decode(stored.raw)),
    }


V2: Final = Resource(
    name="applications",
    generation="v2",
    path="atsApplications",
    shape=SHAPES["v2"],
    methods={"batch_update": batch_update, "batch_delete": batch_delete},
)
REST: Final = Resource(
    name="applications",
    generation="rest",
    path="atsApplications",
    shape=SHAPES["rest"],
    methods={"batch_update": batch_update, "batch_delete": batch_delete},
    since=202512,
)
