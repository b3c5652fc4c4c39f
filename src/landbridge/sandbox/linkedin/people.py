"""Finding members by words of their name, title, company or place, also among a million."""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Container, Sequence
from itertools import filterfalse
from weakref import WeakKeyDictionary

from msgspec import Struct

from landbridge.sandbox.linkedin.members import Directory
from landbridge.sandbox.linkedin.state import State
from landbridge.sandbox.worlds.network import Member
from landbridge.sandbox.worlds.profile import OWN_PEOPLE_BELOW, STANDINGS, parts_of, standing_of


class Found(Struct, frozen=True):
    """One page of members, and how many there are on all pages."""

    members: list[Member]
    total: int


class _Namesakes(Struct):
    """Everybody of one name: their numbers and, place by place, their standings (see :class:`PeopleIndex`)."""

    name: str
    numbers: array[int]
    standings: array[int]


class PeopleIndex:
    """All members in the order of their names. Built at a world's first search (a second for a million members).

    Many people share few names, so words are compared with names first; of those who have a fitting one only a number
    for title, company and place is looked at. ``STANDINGS`` is added to that number for the customer's own people.
    """

    def __init__(self, directory: Directory, customer: str) -> None:
        self._members = directory.members
        groups: dict[str, _Namesakes] = {}
        for number, member in directory.members.items():
            group = groups.get(member.name)
            if group is None:
                group = groups[member.name] = _Namesakes(_searchable(member.name), array("Q"), array("H"))
            group.numbers.append(number)
            group.standings.append(standing_of(number) + (STANDINGS if number < OWN_PEOPLE_BELOW else 0))
        self._groups = sorted(groups.values(), key=lambda group: group.name)
        self._texts = [_standing_text(standing, customer) for standing in range(2 * STANDINGS)]

    def search(
        self,
        words: str,
        start: int,
        count: int,
        only: Container[int] | None = None,
        without: Sequence[Container[int]] = (),
    ) -> Found:
        """Members with every word somewhere, as the beginning of a word of theirs; ``only`` some numbers, or all
        ``without`` some."""
        numbers: list[int] = []
        total = 0
        for run in self._runs(_searchable(words).split()):
            chosen = run if only is None else list(filter(only.__contains__, run))
            for some in without:
                chosen = list(filterfalse(some.__contains__, chosen))
            numbers += chosen[max(0, start - total) : max(0, start + count - total)]
            total += len(chosen)
        return Found([self._members[number] for number in numbers if number in self._members], total)

    def _runs(self, words: list[str]) -> list[Sequence[int]]:
        """The numbers of the people of each name that fit."""
        fitting: dict[tuple[str, ...], frozenset[int]] = {}
        found: list[Sequence[int]] = []
        for group in self._groups:
            left = tuple(word for word in words if f" {word}" not in group.name)
            if not left:
                found.append(group.numbers)
                continue
            standings = fitting.get(left)
            if standings is None:
                standings = fitting[left] = self._standings_with(left)
            if standings:
                pairs = zip(group.numbers, group.standings, strict=True)
                found.append([number for number, standing in pairs if standing in standings])
        return found

    def _standings_with(self, words: tuple[str, ...]) -> frozenset[int]:
        texts = enumerate(self._texts)
        return frozenset(standing for standing, text in texts if all(f" {word}" in text for word in words))


_INDEXES: WeakKeyDictionary[Directory, PeopleIndex] = WeakKeyDictionary()


def people_of(state: State) -> PeopleIndex:
    """The index of this world's members."""
    index = _INDEXES.get(state.directory)
    if index is None:
        index = _INDEXES[state.directory] = PeopleIndex(state.directory, state.network.organization_name)
    return index


def _standing_text(standing: int, customer: str) -> str:
    title, company, place = parts_of(standing % STANDINGS)
    if standing >= STANDINGS:
        title, company = "Recruiter", customer
    return _searchable(f"{title} {company} {place.city} {place.region} {place.country}")


def _searchable(text: str) -> str:
    """Lower case, without accents, a blank before every word."""
    bare = (part for part in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(part))
    return " " + " ".join("".join(bare).split())
