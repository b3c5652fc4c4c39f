"""Access control lists: which job is on which list (``atsEntityAcls``), and who may see what is on it
(``atsEntityAclAssignees``). Source: sync-acls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from landbridge.sandbox.kernel import Answer, json_answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.batches import delete_all, json_of, open_books, write_all
from landbridge.sandbox.linkedin.books import Book
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import ACL_ENTITY_TYPES
from landbridge.sandbox.linkedin.refusals import InvalidError, RefusalError
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import Key, KeyShape, parameter
from landbridge.sandbox.linkedin.state import DeveloperApplication

ACLS_PER_USER: Final = 10
PAGE: Final = 10
ATS: Final = {"dataProvider": "ATS"}
#: In either dialect.
ENTITY_TYPES: Final = frozenset(kind for kinds in ACL_ENTITY_TYPES.values() for kind in kinds)
#: Lists by what is on them or who may see them: (entity type, job id or person URN) -> ids of lists.
Lists = dict[tuple[str, str], set[str]]


class Half(Struct, frozen=True, kw_only=True):
    """One of the two resources. Keys hold list id, job id or person, entity type and organization, in this order."""

    name: str
    lists: Callable[[Book], Lists]
    shapes: Mapping[str, KeyShape]
    check: Callable[[Call, Lists, Key], None] | None = None

    def resource(self, generation: str, path: str, since: int) -> Resource:
        methods = {"batch_update": self.batch_update, "batch_delete": self.batch_delete, "finder": self.finder}
        shape = self.shapes[generation]
        return Resource(name=self.name, generation=generation, path=path, shape=shape, methods=methods, since=since)

    def batch_update(self, call: Call) -> Answer:
        """The key says it all; the entity is an empty object."""
        books = open_books(call, {key[3] for key in call.keys})

        def write(key: Key, raw: msgspec.Raw) -> tuple[int, int | None]:
            if not isinstance(json_of(raw), dict):
                raise InvalidError(422, "the entity is an empty object")
            if key[2] not in ACL_ENTITY_TYPES[call.generation]:
                raise InvalidError(422, f"the entity type is one of {', '.join(ACL_ENTITY_TYPES[call.generation])}")
            lists = self.lists(books[key[3]])
            there = lists.get((key[2], key[1]), set())
            if key[0] in there:
                return 204, None
            if self.check is not None:
                self.check(call, lists, key)
            lists.setdefault((key[2], key[1]), set()).add(key[0])
            return 201, None

        return write_all(call, self.shapes[call.generation], self.name, write)

    def batch_delete(self, call: Call) -> Answer:
        books = open_books(call, {key[3] for key in call.keys})

        def delete(key: Key) -> int | None:
            lists = self.lists(books[key[3]])
            there = lists.get((key[2], key[1]), set())
            if key[0] not in there:
                raise RefusalError(404, "Not found")
            there.remove(key[0])
            if not there:
                del lists[key[2], key[1]]
            return None

        return delete_all(call, self.shapes[call.generation], self.name, delete)

    def finder(self, call: Call) -> Answer:
        """``q=criteria``: everything that fits the fields given, page by page."""
        if parameter(call.query, "q") != "criteria":
            raise RefusalError(400, "the only finder is q=criteria")
        shape = self.shapes[call.generation]
        wanted = [parameter(call.query, name) for name in shape.fields]
        context = wanted[3]
        if context is None:
            raise RefusalError(400, "integrationContext is missing")
        book = open_books(call, (context,))[context]
        found = [
            key
            for key in self.keys(book, context)
            if all(want is None or want == part for want, part in zip(wanted, key, strict=True))
        ]
        start, count = _number(call, "start", 0), _number(call, "count", PAGE)
        elements = [{**dict(zip(shape.fields, key, strict=True)), **shape.constants} for key in found]
        paging = {"start": start, "count": count, "total": len(found)}
        return json_answer(200, {"elements": elements[start : start + count], "paging": paging})

    def keys(self, book: Book, context: str) -> Iterator[Key]:
        for (entity_type, subject), lists in sorted(self.lists(book).items()):
            for acl in sorted(lists):
                yield acl, subject, entity_type, context

    def dumped(self, application: DeveloperApplication, context: str, book: Book) -> Iterator[Mapping[str, Any]]:
        """All of one book for the control room, with v2 names."""
        for key in self.keys(book, context):
            yield {"clientId": application.client_id, **dict(zip(self.shapes["v2"].fields, key, strict=True))}

    def count(self, book: Book) -> int:
        return sum(map(len, self.lists(book).values()))


def _number(call: Call, name: str, default: int) -> int:
    text = parameter(call.query, name)
    if text is None:
        return default
    if not text.isdecimal() or not text.isascii() or len(text) > 9:
        raise RefusalError(400, f"{name} is not a number")
    return int(text)


def _check_assignee(call: Call, lists: Lists, key: Key) -> None:
    acl, person, _, _ = key
    if call.application.persons.member(person) is None:
        raise InvalidError(422, "assignee must be a person URN this application was given")
    theirs = set().union(*(lists.get((kind, person), ()) for kind in ENTITY_TYPES))
    if len(theirs | {acl}) > ACLS_PER_USER:
        message = f"a person is assigned to at most {ACLS_PER_USER} ACLs"
        raise RefusalError(422, message, rule=audit.ACLS_PER_USER)


ENTITIES: Final = Half(
    name="acls",
    lists=lambda book: book.acls,
    shapes={
        "v2": KeyShape(("atsEntityAclId", "atsEntityId", "atsEntityType", "integrationContext"), ATS),
        "rest": KeyShape(("entityAclId", "entityId", "entityType", "integrationContext")),
    },
)
ASSIGNEES: Final = Half(
    name="acl_assignees",
    lists=lambda book: book.assignees,
    check=_check_assignee,
    shapes={
        "v2": KeyShape(("atsEntityAclId", "assignee", "atsEntityType", "integrationContext"), ATS),
        "rest": KeyShape(("entityAclId", "assignee", "entityType", "integrationContext")),
    },
)
RESOURCES: Final = (
    ENTITIES.resource("v2", "atsEntityAcls", 0),
    ENTITIES.resource("rest", "entityAcls", 202511),
    ASSIGNEES.resource("v2", "atsEntityAclAssignees", 0),
    ASSIGNEES.resource("rest", "entityAclAssignees", 202511),
)
