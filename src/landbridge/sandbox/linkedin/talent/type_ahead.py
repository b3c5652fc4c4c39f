"""Finding jobs while somebody types, also among a hundred thousand: no keystroke looks at each of them in Python."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from weakref import WeakKeyDictionary

from msgspec import Struct

from landbridge.sandbox.linkedin.books import Posting
from landbridge.sandbox.linkedin.state import DeveloperApplication, State

#: Between jobs and their parts; nobody types it.
SEAM = "\0"


class JobIndex:
    """The jobs of one book by title. All they can be found by is one long text, which is searched in C."""

    def __init__(self, postings: Mapping[str, Posting]) -> None:
        rows = sorted((_part(posting, "title"), key) for key, posting in postings.items())
        self._titles = [title for title, _ in rows]
        self._keys = [key for _, key in rows]
        self._starts: list[int] = []
        texts, length = [], 0
        for title, key in rows:
            self._starts.append(length)
            texts.append(SEAM.join((title, key.lower(), _part(postings[key], "companyJobCode"), "")))
            length += len(texts[-1])
        self._text = "".join(texts)

    def find(self, typed: str) -> Iterator[str]:
        """Ids of jobs whose title begins with what was typed, by title; then of those that hold it anywhere."""
        wanted = typed.strip().lower().replace(SEAM, " ")
        first = place = bisect_left(self._titles, wanted)
        while place < len(self._titles) and self._titles[place].startswith(wanted):
            yield self._keys[place]
            place += 1
        last = place
        for place in self._holding(wanted) if wanted else ():
            if not first <= place < last:
                yield self._keys[place]

    def _holding(self, wanted: str) -> Iterator[int]:
        at = self._text.find(wanted)
        while at >= 0:
            place = bisect_right(self._starts, at) - 1
            yield place
            at = self._text.find(wanted, self._starts[place + 1]) if place + 1 < len(self._starts) else -1


class _Known(Struct):
    """An index, and after how many job posting tasks it was made."""

    settled: int
    index: JobIndex


_KNOWN: WeakKeyDictionary[State, dict[tuple[str, str], _Known]] = WeakKeyDictionary()


def jobs_of(state: State, child: DeveloperApplication, context: str) -> JobIndex:
    """The index of this application's jobs; made anew where tasks have changed some."""
    shelf = _KNOWN.setdefault(state, {})
    key = (child.client_id, context)
    known = shelf.get(key)
    if known is None or known.settled != state.tasks.settled:
        postings = child.books[context].postings if context in child.books else {}
        known = shelf[key] = _Known(state.tasks.settled, JobIndex(postings))
    return known.index


def _part(posting: Posting, name: str) -> str:
    return str(posting.fields.get(name, "")).lower().replace(SEAM, " ")
