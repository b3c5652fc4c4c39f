"""What all batch methods share: the key sets, the walk over the elements and the three maps of the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec
import orjson

from landbridge.sandbox.kernel import Answer, Writes, json_answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.books import Book
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import COMPANY_INTEGRATIONS, KEY_MISMATCH_STATUS, TOO_MANY_RECORDS_STATUS
from landbridge.sandbox.linkedin.keyring import read_keys, writer_of
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.restli import Key, KeyShape

#: Writes one element and gives its status and last-modified time; raises :class:`RefusalError`.
WriteElement = Callable[[Key, msgspec.Raw], tuple[int, int | None]]
#: Deletes one element and gives its last-modified time; raises :class:`RefusalError`.
DeleteElement = Callable[[Key], int | None]
#: Reads one element; None when there is none.
ReadElement = Callable[[Key], dict[str, Any] | None]


class _Entities(msgspec.Struct):
    entities: dict[str, msgspec.Raw]


_DECODER: Final = msgspec.json.Decoder(_Entities)
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_RESULTS: Final = {status: {"status": status} for status in (200, 201, 204)}


def check_batch(records: int, most: int) -> None:
    """Raises when a batch is empty or over ``most`` records."""
    if records > most:
        message = f"a batch holds at most {most} records"
        raise RefusalError(TOO_MANY_RECORDS_STATUS, message, rule=audit.BATCH_SIZE, finding=f"{records} records")
    if records == 0:
        raise RefusalError(400, "the batch is empty")


def entities_of(call: Call, shape: KeyShape) -> tuple[list[Key], list[msgspec.Raw]]:
    """The parsed keys and raw values of the body; their keys must be those of the query."""
    try:
        # The decoder steps over the entities, so what their texts hold is looked at here.
        _ = call.body.isascii() or call.body.decode()
        entities = _DECODER.decode(call.body).entities
    except _UNREADABLE as problem:
        raise RefusalError(400, f"cannot read the body: {problem}") from None
    keys = read_keys([*entities], shape, call.protocol)
    wanted = set(call.keys)
    if len(wanted) != len(call.keys) or len(keys) != len(wanted) or (keys != call.keys and wanted != set(keys)):
        finding = f"{len(call.keys)} keys in the query, {len(keys)} entities"
        message = "the keys of the query and of the entities differ"
        raise RefusalError(KEY_MISMATCH_STATUS, message, rule=audit.KEY_SET, finding=finding)
    return keys, [*entities.values()]


def open_books(call: Call, contexts: Iterable[str]) -> dict[str, Book]:
    """The books of these organizations; 403 while the customer has not enabled the integration."""
    books = {}
    for context in contexts:
        if not call.application.enabled(context, COMPANY_INTEGRATIONS):
            message = "The integration is not enabled for this integrationContext"
            raise RefusalError(403, message, rule=audit.NOT_ENABLED)
        books[context] = call.application.book(context)
    return books


def write_all(call: Call, shape: KeyShape, entity: str, write: WriteElement) -> Answer:
    """BATCH_UPDATE and BATCH_PARTIAL_UPDATE: every element on its own, 200 whatever happened to them."""
    keys, raws = entities_of(call, shape)
    keys = [(call.held(key[0]), *key[1:]) for key in keys]
    names = writer_of(shape, call.protocol).write(keys)
    results: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    times: list[int | None] = []
    statuses: list[int] = []
    scripted = call.half_fail
    for index, (key, raw, name) in enumerate(zip(keys, raws, names, strict=True)):
        try:
            if scripted is not None and scripted.hits(index, key[0]):
                raise RefusalError(scripted.status, scripted.message)
            status, modified = write(key, raw)
            results[name] = _RESULTS[status]
        except RefusalError as refusal:
            status, modified = refusal.status, None
            errors[name] = refuse(call, key[0], refusal)
        times.append(modified)
        statuses.append(status)
    call.writes = Writes(entity, [key[0] for key in keys], times, statuses)
    return _maps(results, {}, errors)


def delete_all(call: Call, shape: KeyShape, entity: str, delete: DeleteElement) -> Answer:
    """BATCH_DELETE: 204 per element that was there, 404 per element that was not."""
    names = writer_of(shape, call.protocol).write(call.keys)
    results: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    times: list[int | None] = []
    statuses: list[int] = []
    scripted = call.half_fail
    for index, (key, name) in enumerate(zip(call.keys, names, strict=True)):
        try:
            if scripted is not None and scripted.hits(index, key[0]):
                raise RefusalError(scripted.status, scripted.message)
            times.append(delete(key))
            statuses.append(204)
            results[name] = _RESULTS[204]
        except RefusalError as refusal:
            times.append(None)
            statuses.append(refusal.status)
            errors[name] = refusal.body()
    call.writes = Writes(f"{entity}.delete", [key[0] for key in call.keys], times, statuses)
    return _maps(results, {}, errors)


def read_all(call: Call, shape: KeyShape, read: ReadElement) -> Answer:
    """BATCH_GET: what is there under ``results``, what is not as 404 under ``errors``."""
    names = writer_of(shape, call.protocol).write(call.keys)
    results: dict[str, Any] = {}
    statuses: dict[str, int] = {}
    errors: dict[str, Any] = {}
    for key, text in zip(call.keys, names, strict=True):
        found = read(key)
        if found is None:
            statuses[text] = 404
            errors[text] = RefusalError(404, "Not found").body()
        else:
            statuses[text] = 200
            results[text] = found
    return _maps(results, statuses, errors)


def refuse(call: Call, key: str, refusal: RefusalError) -> dict[str, Any]:
    """The error body of one element; a broken rule is put on record."""
    if refusal.rule is not None:
        call.violate(refusal.rule, f"{key}: {refusal.finding}")
    return refusal.body()


def patch_of(raw: msgspec.Raw) -> tuple[dict[str, Any], list[str]]:
    """``$set`` and ``$delete`` of one Rest.li patch."""
    patch = json_of(raw)
    inner = patch.get("patch") if isinstance(patch, dict) else None
    if not isinstance(inner, dict):
        raise RefusalError(400, 'a partial update is {"patch": {"$set": {...}}}')
    changes, deletions = inner.get("$set", {}), inner.get("$delete", [])
    if not isinstance(changes, dict) or not isinstance(deletions, list):
        raise RefusalError(400, "$set is an object, $delete a list")
    return changes, deletions


def json_of(raw: msgspec.Raw) -> Any:
    """The value of one element; raises a 400 :class:`RefusalError` for what is no JSON."""
    try:
        return orjson.loads(bytes(raw))
    except orjson.JSONDecodeError:
        raise RefusalError(400, "this is not JSON") from None


def _maps(results: dict[str, Any], statuses: dict[str, int], errors: dict[str, Any]) -> Answer:
    return json_answer(200, {"results": results, "statuses": statuses, "errors": errors})
