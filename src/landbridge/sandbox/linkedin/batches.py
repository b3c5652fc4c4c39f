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
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.restli import Key, KeyShape, KeyWriter, parse_key

#: Writes one element and gives its status and last-modified time; raises :class:`RefusalError`.
WriteElement = Callable[[Key, msgspec.Raw], tuple[int, int | None]]
#: Deletes one element and gives its last-modified time; raises :class:`RefusalError`.
DeleteElement = Callable[[Key], int | None]
#: Reads one element; None when there is none.
ReadElement = Callable[[Key], dict[str, Any] | None]


class _Entities(msgspec.Struct):
    entities: dict[str, msgspec.Raw]


_DECODER: Final = msgspec.json.Decoder(_Entities)
_RESULTS: Final = {status: {"status": status} for status in (200, 201, 204)}
_WRITERS: dict[tuple[int, int], KeyWriter] = {}


def check_batch(records: int, most: int) -> None:
    """Raises when a batch is empty or over ``most`` records."""
    if records > most:
        message = f"a batch holds at most {most} records"
        raise RefusalError(TOO_MANY_RECORDS_STATUS, message, rule=audit.BATCH_SIZE, finding=f"{records} records")
    if records == 0:
        raise RefusalError(400, "the batch is empty")


def entities_of(call: Call, shape: KeyShape) -> list[tuple[Key, msgspec.Raw]]:
    """The parsed keys and raw values of the body; their keys must be those of the query."""
    try:
        entities = _DECODER.decode(call.body).entities
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise RefusalError(400, f"cannot read the body: {problem}") from None
    protocol = call.protocol
    found = [(parse_key(text, shape, protocol), raw) for text, raw in entities.items()]
    wanted = set(call.keys)
    if len(wanted) != len(call.keys) or len(found) != len(wanted) or any(key not in wanted for key, _ in found):
        finding = f"{len(call.keys)} keys in the query, {len(found)} entities"
        message = "the keys of the query and of the entities differ"
        raise RefusalError(KEY_MISMATCH_STATUS, message, rule=audit.KEY_SET, finding=finding)
    return found


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
    items = entities_of(call, shape)
    name = _writer(shape, call.protocol).write
    results: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    ids: list[str] = []
    times: list[int | None] = []
    statuses: list[int] = []
    scripted = call.half_fail
    for index, (key, raw) in enumerate(items):
        try:
            if scripted is not None and index % 2:
                raise RefusalError(scripted.status, scripted.message)
            status, modified = write(key, raw)
            results[name(key)] = _RESULTS[status]
        except RefusalError as refusal:
            status, modified = refusal.status, None
            errors[name(key)] = refuse(call, key[0], refusal)
        ids.append(key[0])
        times.append(modified)
        statuses.append(status)
    call.writes = Writes(entity, ids, times, statuses)
    return _maps(results, {}, errors)


def delete_all(call: Call, shape: KeyShape, entity: str, delete: DeleteElement) -> Answer:
    """BATCH_DELETE: 204 per element that was there, 404 per element that was not."""
    name = _writer(shape, call.protocol).write
    results: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    times: list[int | None] = []
    statuses: list[int] = []
    scripted = call.half_fail
    for index, key in enumerate(call.keys):
        try:
            if scripted is not None and index % 2:
                raise RefusalError(scripted.status, scripted.message)
            times.append(delete(key))
            statuses.append(204)
            results[name(key)] = _RESULTS[204]
        except RefusalError as refusal:
            times.append(None)
            statuses.append(refusal.status)
            errors[name(key)] = refusal.body()
    call.writes = Writes(f"{entity}.delete", [key[0] for key in call.keys], times, statuses)
    return _maps(results, {}, errors)


def read_all(call: Call, shape: KeyShape, read: ReadElement) -> Answer:
    """BATCH_GET: what is there under ``results``, what is not as 404 under ``errors``."""
    name = _writer(shape, call.protocol).write
    results: dict[str, Any] = {}
    statuses: dict[str, int] = {}
    errors: dict[str, Any] = {}
    for key in call.keys:
        text = name(key)
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


def _writer(shape: KeyShape, protocol: int) -> KeyWriter:
    # Shapes are module constants, so their identity is a fine and cheap name.
    writer = _WRITERS.get((id(shape), protocol))
    if writer is None:
        writer = _WRITERS[id(shape), protocol] = KeyWriter(shape, protocol)
    return writer
