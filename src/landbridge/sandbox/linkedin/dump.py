"""The whole state, counted or entity by entity, for the control room. Orders are stable."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final, Protocol

import msgspec

from landbridge.sandbox.linkedin.books import Book
from landbridge.sandbox.linkedin.postings import is_open_at
from landbridge.sandbox.linkedin.records import Records
from landbridge.sandbox.linkedin.resources import applications, candidates, jobs
from landbridge.sandbox.linkedin.resources.acls import ASSIGNEES, ENTITIES
from landbridge.sandbox.linkedin.resources.attachments import ATTACHMENTS
from landbridge.sandbox.linkedin.resources.feedback import FEEDBACK
from landbridge.sandbox.linkedin.resources.notes import APPLICATION_NOTES, CANDIDATE_NOTES
from landbridge.sandbox.linkedin.resources.stages import STAGES
from landbridge.sandbox.linkedin.state import DeveloperApplication, State


class Part(Protocol):
    """What counts and dumps itself, book by book."""

    def count(self, book: Book) -> int: ...

    def dumped(self, application: DeveloperApplication, context: str, book: Book) -> Iterator[Mapping[str, Any]]: ...


Rows = Iterator[Mapping[str, Any]]
#: What people did, by the name it is counted and dumped under.
TALENT: Final[Mapping[str, Callable[[Records], Collection[Any]]]] = {
    "inmail_threads": lambda records: records.threads.values(),
    "mail_stubs": lambda records: records.stubs,
    "prospect_notes": lambda records: records.notes.values(),
    "exports": lambda records: records.exports.values(),
    "closed_accounts": lambda records: records.closures.values(),
    "job_resyncs": lambda records: records.resyncs,
    "application_evaluations": lambda records: records.evaluations.values(),
}
PARTS: Final[Mapping[str, Part]] = {
    "stages": STAGES,
    "candidate_notes": CANDIDATE_NOTES,
    "application_notes": APPLICATION_NOTES,
    "interview_feedback": FEEDBACK,
    "attachments": ATTACHMENTS,
    "acls": ENTITIES,
    "acl_assignees": ASSIGNEES,
}


def _books(state: State) -> Iterator[tuple[DeveloperApplication, str, Book]]:
    for application in state.children():
        for context, book in sorted(application.books.items()):
            yield application, context, book


def count_entities(state: State, at: int) -> dict[str, int]:
    counts = dict.fromkeys(("jobs", "jobs_open", "jobs_closed", "candidates", "applications", *PARTS), 0)
    for _, _, book in _books(state):
        is_open = sum(is_open_at(posting, at) for posting in book.postings.values())
        counts["jobs"] += len(book.postings)
        counts["jobs_open"] += is_open
        counts["jobs_closed"] += len(book.postings) - is_open
        counts["candidates"] += len(book.candidates)
        counts["applications"] += len(book.applications)
        for name, part in PARTS.items():
            counts[name] += part.count(book)
    counts["integrations"] = sum(len(child.integrations) for child in state.children())
    counts["provisioned_applications"] = len(state.children())
    counts["tasks"] = len(state.tasks.by_urn)
    counts |= {name: len(shelf(state.talent)) for name, shelf in TALENT.items()}
    counts["inmail_events"] = state.talent.events()
    counts["seats"] = len(state.network.seats)
    return counts


def _jobs(state: State, at: int) -> Rows:
    for application, context, book in _books(state):
        yield from jobs.dumped(application, context, book, at)


def _candidates(state: State, _: int) -> Rows:
    for application, context, book in _books(state):
        for key, stored in sorted(book.candidates.items(), key=_id):
            yield candidates.dumped(state, application, (key, context), stored)


def _applications(state: State, _: int) -> Rows:
    for application, context, book in _books(state):
        for key, stored in sorted(book.applications.items(), key=_id):
            yield applications.dumped(application, (key, context), stored)


def _part(name: str) -> Callable[[State, int], Rows]:
    def rows(state: State, _: int) -> Rows:
        for application, context, book in _books(state):
            yield from PARTS[name].dumped(application, context, book)

    return rows


def _talent(name: str) -> Callable[[State, int], Rows]:
    def rows(state: State, _: int) -> Rows:
        for one in TALENT[name](state.talent):
            yield msgspec.to_builtins(one)

    return rows


def _seats(state: State, _: int) -> Rows:
    yield from (msgspec.to_builtins(seat) for seat in state.network.seats)


def _members(state: State, _: int) -> Rows:
    yield from (msgspec.to_builtins(member) for member in state.directory.members.values())


def _integrations(state: State, _: int) -> Rows:
    for application in state.children():
        for integration in application.integrations.values():
            yield {
                "clientId": application.client_id,
                "integrationContext": integration.context,
                "integrationType": integration.type,
                "tenantType": integration.tenant,
                "status": integration.status,
                "integrationName": integration.name,
                "configurations": dict(integration.configurations),
            }


def _id(item: tuple[str, object]) -> str:
    return item[0]


DUMPS: Final[Mapping[str, Callable[[State, int], Rows]]] = {
    "jobs": _jobs,
    "candidates": _candidates,
    "applications": _applications,
    **{name: _part(name) for name in PARTS},
    **{name: _talent(name) for name in TALENT},
    "seats": _seats,
    "members": _members,
    "integrations": _integrations,
}


def dump_entities(state: State, entity: str, at: int) -> Rows | None:
    rows = DUMPS.get(entity)
    return None if rows is None else rows(state, at)
