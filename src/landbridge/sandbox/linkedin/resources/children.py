"""What hangs below a candidate or an application: one child path per parent in v2, one flat collection in rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.batches import delete_all, open_books, write_all
from landbridge.sandbox.linkedin.books import Book, Stored
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import UNKNOWN_PARENT_STATUS
from landbridge.sandbox.linkedin.refusals import InvalidError, RefusalError
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import Key, KeyShape, parse_path_key
from landbridge.sandbox.linkedin.rules.fields import omitted_fields, present_fields
from landbridge.sandbox.linkedin.state import DeveloperApplication

#: Gives book, parent id and own id of a key.
Locate = Callable[[Key], tuple[Book, str, str]]
#: Where children are kept: by parent id, then by own id.
Shelf = Callable[[Book], dict[str, dict[str, Stored]]]


class Kind(Struct, frozen=True, kw_only=True):
    """One sort of children.

    entity        what the journal and the control room call it
    parent        what the parent is called in messages
    parent_shape  of the key in the v2 path
    parents       the parents a book holds
    shelf         the children a book holds
    decoders      by dialect
    time_of       the record's own time (epoch ms), for the journal
    names         of parent id and own id in the control room
    """

    entity: str
    parent: str
    parent_shape: KeyShape
    parents: Callable[[Book], Mapping[str, Stored]]
    shelf: Shelf
    decoders: Mapping[str, msgspec.json.Decoder[Any]]
    time_of: Callable[[Any], int]
    names: tuple[str, str]

    def resources(self, v2_path: str, rest_path: str, rest_shape: KeyShape, since: int) -> tuple[Resource, Resource]:
        """``rest_shape`` names own id, parent id and organization, in this order."""
        return (
            self._resource("v2", v2_path, KeyShape(), 0),
            self._resource("rest", rest_path, rest_shape, since),
        )

    def _resource(self, generation: str, path: str, shape: KeyShape, since: int) -> Resource:
        return Resource(
            name=self.entity,
            generation=generation,
            path=path,
            shape=shape,
            methods={
                "batch_update": lambda call: self._batch_update(call, shape),
                "batch_delete": lambda call: self._batch_delete(call, shape),
            },
            since=since,
        )

    def _batch_update(self, call: Call, shape: KeyShape) -> Answer:
        locate = self._locator(call)
        decode = self.decoders[call.generation].decode

        def write(key: Key, raw: msgspec.Raw) -> tuple[int, int | None]:
            book, parent, own_id = locate(key)
            if parent not in self.parents(book):
                message = f"the {self.parent} is unknown"
                raise RefusalError(UNKNOWN_PARENT_STATUS, message, rule=audit.UNKNOWN_REFERENCE)
            try:
                record = decode(raw)
            except msgspec.ValidationError as problem:
                raise InvalidError(422, str(problem)) from None
            siblings = self.shelf(book).setdefault(parent, {})
            old, time = siblings.get(own_id), self.time_of(record)
            if old is not None:
                self._audit_update(call, own_id, old, record)
            siblings[own_id] = Stored(bytes(raw), call.generation, call.at, time)
            return (201 if old is None else 204), time

        return write_all(call, shape, self.entity, write)

    def _audit_update(self, call: Call, own_id: str, old: Stored, record: Struct) -> None:
        omitted = omitted_fields(self.decoders[old.dialect].decode(old.raw), record)
        if omitted:
            call.violate(audit.OMITTED, f"{self.entity} {own_id}: {', '.join(omitted)}")

    def _batch_delete(self, call: Call, shape: KeyShape) -> Answer:
        locate = self._locator(call)

        def delete(key: Key) -> int | None:
            book, parent, own_id = locate(key)
            stored = self.shelf(book).get(parent, {}).pop(own_id, None)
            if stored is None:
                raise RefusalError(404, "Not found")
            return stored.modified

        return delete_all(call, shape, self.entity, delete)

    def _locator(self, call: Call) -> Locate:
        """v2 names the parent in the path, rest in every key."""
        if call.generation == "rest":
            books = open_books(call, {key[2] for key in call.keys})
            return lambda key: (books[key[2]], key[1], key[0])
        parent, context = parse_path_key(call.parents[0], self.parent_shape, call.protocol)
        book = open_books(call, (context,))[context]
        return lambda key: (book, parent, key[0])

    def dumped(self, application: DeveloperApplication, context: str, book: Book) -> Iterator[Mapping[str, Any]]:
        """All of one book for the control room."""
        parent_name, own_name = self.names
        for parent, siblings in sorted(self.shelf(book).items()):
            for own_id, stored in sorted(siblings.items()):
                record = self.decoders[stored.dialect].decode(stored.raw)
                yield {
                    "clientId": application.client_id,
                    parent_name: parent,
                    own_name: own_id,
                    "integrationContext": context,
                    **msgspec.to_builtins(present_fields(record)),
                }

    def count(self, book: Book) -> int:
        return sum(len(siblings) for siblings in self.shelf(book).values())
