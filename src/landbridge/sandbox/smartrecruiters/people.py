"""Finds people without walking a million of them: by e-mail address, by name, and by the job they applied for.

Everything is made when it is first asked for, and lean: positions in arrays, and a hash instead of each address. What
was found is compared with the person as it is now, so that entries an edit has left behind do no harm.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

from landbridge.sandbox.kernel import kept
from landbridge.sandbox.worlds.person import Application, Candidate
from landbridge.sandbox.worlds.world import World


@kept(_order=lambda: None, _names=dict, _addresses=dict, _by_job=lambda: None)
class People:
    """The candidates of one world, in the order of their making."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._order: list[Candidate] | None = None
        self._names: dict[str, array[int]] = {}
        self._addresses: dict[int, Candidate | tuple[Candidate, ...]] = {}
        self._by_job: dict[str, list[Application]] | None = None

    def met(self, candidate: Candidate) -> None:
        """Somebody new, or somebody with another name or address."""
        if self._order is not None:
            self._take(candidate)

    def applied(self, application: Application) -> None:
        if self._by_job is not None:
            self._by_job.setdefault(application.job_id, []).append(application)

    def with_email(self, email: str) -> list[Candidate]:
        self._prepare()
        found = self._addresses.get(hash(email.lower()), ())
        people = found if isinstance(found, tuple) else (found,)
        return [each for each in people if self._lives(each) and (each.email or "").lower() == email.lower()]

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
            self._address(candidate, hash(candidate.email.lower()))

    def _address(self, candidate: Candidate, key: int) -> None:
        known = self._addresses.get(key)
        if known is None:
            self._addresses[key] = candidate
            return
        people = known if isinstance(known, tuple) else (known,)
        if candidate not in people:
            self._addresses[key] = (*people, candidate)

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
