"""Which candidates a member is matched with, and whose an application is: two small indexes kept with every write.

So the in-ATS indicator is known, and a profile read, without a look at anybody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, TypeVar

from landbridge.sandbox.linkedin.books import Book, Ids
from landbridge.sandbox.linkedin.rules.applications import Application
from landbridge.sandbox.linkedin.rules.candidates import DECODERS, Candidate
from landbridge.sandbox.linkedin.state import DeveloperApplication, State

#: From this many ids on, that a set is quick counts more than that a tuple is small.
MANY: Final = 16
K = TypeVar("K")
#: Attached instead of a person where somebody said that none of those found is this candidate.
NOBODY: Final = ""


def members_behind(
    state: State, application: DeveloperApplication, candidate: Candidate, manual: str | None
) -> list[int]:
    """The members a candidate is matched with: the one a person chose, else those with its addresses or profile."""
    if manual is not None:
        chosen = application.persons.member(manual)
        return [] if chosen is None else [chosen]
    profile = candidate.linked_in_profile_url
    return state.directory.match(candidate.email_addresses or (), profile if isinstance(profile, str) else None)


def matches_alike(one: Candidate, other: Candidate) -> bool:
    """Whether LinkedIn finds the same members behind both: most changes are of something else."""
    return one.email_addresses == other.email_addresses and one.linked_in_profile_url == other.linked_in_profile_url


def refile_candidate(book: Book, candidate_id: str, before: Collection[int], after: Collection[int]) -> None:
    """The candidate's matches have changed from ``before`` to ``after``: mostly nobody or one member."""
    for member in before:
        if member not in after:
            _drop(book.matched, member, candidate_id)
    for member in after:
        if member not in before:
            _add(book.matched, member, candidate_id)


def attach_person(
    state: State, application: DeveloperApplication, book: Book, candidate_id: str, urn: str | None
) -> None:
    """A person said who this candidate is (None: no longer). The candidate must be in the book."""
    stored = book.candidates[candidate_id]
    candidate = DECODERS[stored.dialect].decode(stored.raw)
    before = members_behind(state, application, candidate, stored.manual)
    stored.manual = urn
    refile_candidate(book, candidate_id, before, members_behind(state, application, candidate, urn))


def refile_application(book: Book, application_id: str, before: str | None, after: str | None) -> None:
    """The application's owner (see :func:`owner_of`) has changed; None: there was or is no such application."""
    if before == after:
        return
    if before is not None:
        _drop(book.applications_of, before, application_id)
    if after is not None:
        _add(book.applications_of, after, application_id)


def owner_of(application: Application) -> str:
    """Whose application it is: the id of a candidate or, where none is named, an e-mail address in lower case."""
    if isinstance(application.candidate_id, str) and application.candidate_id:
        return application.candidate_id
    email = application.candidate_email
    return email.lower() if isinstance(email, str) else ""


def _add(shelf: dict[K, Ids], key: K, own_id: str) -> None:
    there = shelf.get(key)
    if there is None:
        shelf[key] = own_id
    elif isinstance(there, set):
        there.add(own_id)
    elif isinstance(there, str):
        shelf[key] = (there, own_id)
    else:
        shelf[key] = (*there, own_id) if len(there) < MANY else {*there, own_id}


def _drop(shelf: dict[K, Ids], key: K, own_id: str) -> None:
    rest = [one for one in ids_on(shelf, key) if one != own_id]
    if not rest:
        shelf.pop(key, None)
    else:
        shelf[key] = rest[0] if len(rest) == 1 else tuple(rest) if len(rest) <= MANY else set(rest)


def ids_on(shelf: dict[K, Ids], key: K) -> Iterable[str]:
    there = shelf.get(key, ())
    return (there,) if isinstance(there, str) else there
