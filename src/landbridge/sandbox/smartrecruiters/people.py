"""Finds people without walking a million of them: by e-mail address, by name, and by the job they applied for.

Everything is made when it is first asked for, and lean: positions in arrays, and a hash instead of each address. What
was found is compared with the person as it is now, so that entries an edit has left behind do no harm.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import chain

from landbridge.sandbox.kernel import kept
from landbridge.sandbox.worlds.person import Application, Candidate
from landbridge.sandbox.worlds.world import World

LEAST_SLOTS = 1024  # a power of two


class Places:
    """Positions by hash, in two arrays: a dict of a million entries would be ten times as large."""

    def __init__(self) -> None:
        self._count = 0
        self._hashes = array("q", [0]) * LEAST_SLOTS
        self._places = array("I", [0]) * LEAST_SLOTS  # 0: free; else the position and one

    def add(self, key: int, place: int) -> None:
        self._count += 1
        if 2 * self._count > len(self._places):
            self._grow()
        self._put(key, place + 1)

    def find(self, key: int) -> Iterator[int]:
        """In the order in which they were added."""
        slot, last = key & (len(self._places) - 1), len(self._places) - 1
        while self._places[slot]:
            if self._hashes[slot] == key:
                yield self._places[slot] - 1
            slot = slot + 1 & last

    def _put(self, key: int, value: int) -> None:
        slot, last = key & (len(self._places) - 1), len(self._places) - 1
        while self._places[slot]:
            slot = slot + 1 & last
        self._hashes[slot], self._places[slot] = key, value

    def _grow(self) -> None:
        hashes, places = self._hashes, self._places
        self._hashes, self._places = (array(kind, [0]) * (2 * len(places)) for kind in "qI")
        # From a free slot on, so that of two with the same hash the first stays the first.
        free = places.index(0)
        for slot in chain(range(free, len(places)), range(free)):
            if places[slot]:
                self._put(hashes[slot], places[slot])


@kept(_order=lambda: None, _names=dict, _addresses=Places, _by_job=lambda: None)
class People:
    """The candidates of one world, in the order of their making."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._order: list[Candidate] | None = None
        self._names: dict[str, array[int]] = {}
        self._addresses = Places()
        self._by_job: dict[str, list[Application]] | None = None

    def met(self, candidate: Candidate) -> None:
        """Somebody new, or somebody with another name or address."""
        if self._order is not None:
            self._take(candidate)

    def applied(self, application: Application) -> None:
        if self._by_job is not None:
            self._by_job.setdefault(application.job_id, []).append(application)

    def with_email(self, email: str) -> list[Candidate]:
        order, wanted = self._prepare(), email.lower()
        found = dict.fromkeys(order[place] for place in self._addresses.find(hash(wanted)))
        return [each for each in found if self._lives(each) and (each.email or "").lower() == wanted]

    def same_identity(self, email: str | None, last_name: str | None) -> Candidate | None:
        """Who has this address and last name: there is at most one such person in an account."""
        if not email:
            return None
        wanted = (last_name or "").lower()
        return next((each for each in self.with_email(email) if (each.last_name or "").lower() == wanted), None)

    def search(self, words: str) -> list[Candidate]:
        """Everybody in whose names each of ``words`` begins a word; words with an @ are whole addresses."""
        order = self._prepare()
        addresses = [word for word in words.split() if "@" in word]
        starts = [word.lower() for word in words.split() if "@" not in word]
        if addresses:
            return [each for each in self.with_email(addresses[0]) if _begin(each, starts)]
        if not starts:
            return [each for each in order if self._lives(each)]
        places = set.intersection(*(self._places(start) for start in starts))
        found = dict.fromkeys(order[place] for place in sorted(places))
        return [each for each in found if self._lives(each) and _begin(each, starts)]

    def of_job(self, job_id: str) -> list[Application]:
        """The living applications for a job, in the order of their making."""
        if self._by_job is None:
            self._by_job = {}
            for application in self._world.applications.values():
                self._by_job.setdefault(application.job_id, []).append(application)
        living = self._world.applications
        return [each for each in self._by_job.get(job_id, ()) if living.get(each.id) is each]

    def _lives(self, candidate: Candidate) -> bool:
        return self._world.candidates.get(candidate.id) is candidate

    def _prepare(self) -> list[Candidate]:
        if self._order is None:
            self._order = []
            for candidate in self._world.candidates.values():
                self._take(candidate)
        return self._order

    def _take(self, candidate: Candidate) -> None:
        order, names = self._order, self._names
        assert order is not None
        place = len(order)
        order.append(candidate)
        for name in (candidate.first_name, candidate.last_name):
            places = names.get(name or "")
            if places is None:
                places = names[name or ""] = array("I")
            places.append(place)
        if candidate.email:
            self._addresses.add(hash(candidate.email.lower()), place)

    def _places(self, start: str) -> set[int]:
        found: set[int] = set()
        for name, places in self._names.items():
            if _has_start(name, start):
                found.update(places)
        return found


def _has_start(name: str, start: str) -> bool:
    return any(word.startswith(start) for word in name.lower().split())


def _begin(candidate: Candidate, starts: Iterable[str]) -> bool:
    names = list(_names(candidate))
    return all(any(_has_start(name, start) for name in names) for start in starts)


def _names(candidate: Candidate) -> Iterator[str]:
    yield candidate.first_name or ""
    yield candidate.last_name or ""
