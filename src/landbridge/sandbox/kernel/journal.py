"""What clients asked, what they were told, and which documented rules they broke. Memory is bounded."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct, structs

JOURNAL_SIZE = 50_000
WRITES_KEPT = 1_000_000
VIOLATIONS_KEPT = 5_000
QUERY_KEPT = 500


class Rule(Struct, frozen=True):
    """One documented rule a client can break, and where it is documented."""

    code: str
    says: str
    source: str


class Violation(Struct, frozen=True, kw_only=True):
    """One broken rule. ``call`` is the number of the journal entry."""

    call: int
    at: int
    operation: str
    rule: str
    says: str
    source: str
    detail: str = ""


class Writes(Struct, frozen=True):
    """What a write call carried: entity keys and, position by position, their last-modified times in epoch ms."""

    entity: str
    keys: Sequence[str]
    modified: Sequence[int | None]
    statuses: Sequence[int]


class Entry(Struct, kw_only=True):
    """One request and its answer. ``at`` is epoch ms of the sandbox clock; ``operation`` is ``resource.method``."""

    number: int
    at: int
    client: str
    method: str
    path: str
    query: str
    operation: str
    status: int
    records: int = 0
    duration_us: int = 0
    far_id: str = ""
    error: str = ""
    fault: str = ""
    writes: Writes | None = None
    violations: int = 0


class Journal:
    """The last ``size`` calls, the last few thousand violations, and exact totals of both.

    Older entries lose their ``writes`` once the entries together hold more than ``writes_kept`` written records.
    """

    def __init__(self, size: int = JOURNAL_SIZE, writes_kept: int = WRITES_KEPT) -> None:
        self._size = size
        self._writes_kept = writes_kept
        self.restart()

    def resize(self, size: int, writes_kept: int = WRITES_KEPT) -> None:
        """Keep more or fewer; starts an empty journal."""
        self._size, self._writes_kept = size, writes_kept
        self.restart()

    def restart(self) -> None:
        """Forget everything and number calls from 1 again."""
        self._number = 0
        self.clear()

    def clear(self) -> None:
        """Forget everything but the number of the last call: ids made from numbers stay unlike."""
        self._entries: deque[Entry] = deque(maxlen=self._size)
        self._with_writes: deque[Entry] = deque()
        self._written = 0
        self._violations: deque[Violation] = deque(maxlen=VIOLATIONS_KEPT)
        self.rules_broken: Counter[str] = Counter()
        self.requests: Counter[tuple[str, int]] = Counter()

    def next_number(self) -> int:
        """The number of the call being served; note its violations and its entry under it."""
        self._number += 1
        return self._number

    @property
    def last_number(self) -> int:
        return self._number

    def go_on_from(self, number: int) -> None:
        """Number the next call ``number`` + 1."""
        self._number = number

    def note(self, entry: Entry) -> None:
        if len(entry.query) > QUERY_KEPT:
            entry.query = entry.query[:QUERY_KEPT] + "…"
        self.requests[entry.operation, entry.status] += 1
        self._entries.append(entry)
        if entry.writes is not None:
            self._with_writes.append(entry)
            self._written += len(entry.writes.keys)
            self._forget_writes()

    def _forget_writes(self) -> None:
        while self._written > self._writes_kept or len(self._with_writes) > self._size:
            oldest = self._with_writes.popleft()
            self._written -= len(oldest.writes.keys) if oldest.writes else 0
            oldest.writes = None

    def violate(self, rule: Rule, *, call: int, at: int, operation: str, detail: str = "") -> None:
        self.rules_broken[rule.code] += 1
        says = Violation(
            call=call, at=at, operation=operation, rule=rule.code, says=rule.says, source=rule.source, detail=detail
        )
        self._violations.append(says)

    def entries(self, after: int = 0, limit: int | None = None, *, violations_only: bool = False) -> list[Entry]:
        """Calls with a number greater than ``after``, oldest first."""
        found: list[Entry] = []
        for entry in list(self._entries):
            if entry.number > after and (entry.violations or not violations_only):
                found.append(entry)
                if limit is not None and len(found) >= limit:
                    break
        return found

    def violations(self) -> list[Violation]:
        return list(self._violations)

    def summary(self) -> dict[str, Any]:
        """Requests by operation and status, and broken rules by code."""
        requests: dict[str, dict[str, int]] = {}
        for (operation, status), times in sorted(self.requests.items()):
            requests.setdefault(operation, {})[str(status)] = times
        violations = dict(sorted(self.rules_broken.items()))
        return {"calls": self.requests.total(), "requests": requests, "violations": violations}

    def as_json(self, entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
        for entry in entries:
            shown = structs.asdict(entry)
            shown["writes"] = structs.asdict(entry.writes) if entry.writes else None
            yield shown
