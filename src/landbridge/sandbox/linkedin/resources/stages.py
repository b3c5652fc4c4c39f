"""Stages of applications: a child path of one application in v2, one flat collection (many parents) in rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.batches import delete_all, open_books, write_all
from landbridge.sandbox.linkedin.books import Book, Stored
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import UNKNOWN_PARENT_STATUS
from landbridge.sandbox.linkedin.refusals import InvalidError, RefusalError
from landbridge.sandbox.linkedin.resources.applications import SHAPES as APPLICATION_SHAPES
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import Key, KeyShape, parse_path_key
from landbridge.sandbox.linkedin.rules.stages import DECODER
from landbridge.sandbox.linkedin.state import DeveloperApplication

SHAPES: Final = {
    "v2": KeyShape(),
    "rest": KeyShape(("jobApplicationStageId", "jobApplicationId", "integrationContext")),
}
#: Gives book, application id and stage id of a key.
Locate = Callable[[Key], tuple[Book, str, str]]


def batch_update(call: Call) -> Answer:
    locate = _locator(call)

    def write(key: Key, raw: msgspec.Raw) -> tuple[int, int | None]:
        book, parent, stage_id = locate(key)
        if parent not in book.applications:
            message = "the application is unknown"
            raise RefusalError(UNKNOWN_PARENT_STATUS, message, rule=audit.UNKNOWN_REFERENCE)
        try:
            stage = DECODER.decode(raw)
        except msgspec.ValidationError as problem:
            raise InvalidError(422, str(problem)) from None
        stages = book.stages.setdefault(parent, {})
        status = 204 if stage_id in stages else 201
        stages[stage_id] = Stored(bytes(raw), call.generation, stage.created_at, call.at)
        return status, stage.created_at

    return write_all(call, SHAPES[call.generation], "stages", write)


def batch_delete(call: Call) -> Answer:
    locate = _locator(call)

    def delete(key: Key) -> int | None:
        book, parent, stage_id = locate(key)
        stored = book.stages.get(parent, {}).pop(stage_id, None)
        if stored is None:
            raise RefusalError(404, "Not found")
        return stored.modified

    return delete_all(call, SHAPES[call.generation], "stages", delete)


def _locator(call: Call) -> Locate:
    """v2 names the application in the path, rest in every key."""
    if call.generation == "rest":
        books = open_books(call, {key[2] for key in call.keys})
        return lambda key: (books[key[2]], key[1], key[0])
    parent, context = parse_path_key(call.parents[0], APPLICATION_SHAPES["v2"], call.protocol)
    book = open_books(call, (context,))[context]
    return lambda key: (book, parent, key[0])


def dumped(application: DeveloperApplication, context: str, book: Book) -> Iterator[Mapping[str, Any]]:
    """All stages of one book for the control room."""
    for parent in sorted(book.stages):
        for stage_id, stored in sorted(book.stages.get(parent, {}).items()):
            stage = DECODER.decode(stored.raw)
            yield {
                "clientId": application.client_id,
                "atsJobApplicationId": parent,
                "stageId": stage_id,
                "integrationContext": context,
                "atsCreatedAt": stage.created_at,
                "stage": stage.stage,
            }


V2: Final = Resource(
    name="stages",
    generation="v2",
    path="atsApplications/stages",
    shape=SHAPES["v2"],
    methods={"batch_update": batch_update, "batch_delete": batch_delete},
)
REST: Final = Resource(
    name="stages",
    generation="rest",
    path="applicationStage",
    shape=SHAPES["rest"],
    methods={"batch_update": batch_update, "batch_delete": batch_delete},
    since=202512,
)
