"""What clients asked, what they were told, and which documented rules they broke. Memory is bounded."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct, field, structs

from landbridge.sandbox.kernel.recording import CURRENT, Exchanges
from landbridge.sandbox.kernel.visits import Visits

JOURNAL_SIZE = 50_000
WRITES_KEPT = 1_000_000
VIOLATIONS_KEPT = 5_000
QUERY_KEPT = 500
DETAILS_KEPT = 5


class Rule(Struct, frozen=True):
    """One documented rule a client can break, where it is documented, and what a client that broke it should do."""

    code: str
    says: str
    source: str
    fix: str = ""


class Finding(Struct, kw_only=True):
    """One broken rule over all calls. Times are epoch ms of the sandbox clock; ``details`` are the latest."""

    rule: str
    says: str
    source: str
    fix: str
    count: int = 0
    first_at: int = 0
    last_at: int = 0
    first_call: int = 0
    last_call: int = 0
    operations: dict[str, int] = field(default_factory=dict)
    clients: dict[str, int] = field(default_factory=dict)
    details: list[str] = field(default_factory=list)


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
        self.exchanges = Exchanges()
        #: Visits of pages, which are no calls.
        self.pages = Visits()
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
        self._findings: dict[str, Finding] = {}
        self._found_in: tuple[int, list[Finding]] = (0, [])
        self.exchanges.clear()
        self.pages.clear()
        self.rules_broken: Counter[str] = Counter()
        self.requests: Counter[tuple[str, int]] = Counter()

    def next_number(self) -> int:
        """The number of the call being served; note its violations and its entry under it."""
        self._number += 1
        return self._number

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def last_number(self) -> int:
        return self._number

    def go_on_from(self, number: int) -> None:
        """Number the next call ``number`` + 1."""
        self._number = number

    def note(self, entry: Entry) -> None:
        if len(entry.query) > QUERY_KEPT:
            entry.query = entry.query[:QUERY_KEPT] + "…"
        recording = CURRENT.get()
        if recording is not None:
            recording.entry = entry
        if entry.violations and self._found_in[0] == entry.number:
            for finding in self._found_in[1]:
                finding.clients[entry.client] = finding.clients.get(entry.client, 0) + 1
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
        self._find(rule, call, at, operation, detail)

    def _find(self, rule: Rule, call: int, at: int, operation: str, detail: str) -> None:
        finding = self._findings.get(rule.code)
        if finding is None:
            finding = Finding(rule=rule.code, says=rule.says, source=rule.source, fix=rule.fix, first_at=at)
            finding.first_call = call
            self._findings[rule.code] = finding
        finding.count += 1
        finding.last_at, finding.last_call = at, call
        finding.operations[operation] = finding.operations.get(operation, 0) + 1
        if detail:
            finding.details = [*finding.details[-(DETAILS_KEPT - 1) :], detail]
        if self._found_in[0] != call:
            self._found_in = (call, [])
        self._found_in[1].append(finding)

    def findings(self) -> list[Finding]:
        """Each broken rule once, the one broken last first."""
        return sorted(self._findings.values(), key=lambda finding: -finding.last_call)

    def find(self, number: int) -> Entry | None:
        """The entry of one call, while the journal holds it."""
        return next((entry for entry in reversed(self._entries) if entry.number == number), None)

    def latest(self, count: int) -> list[Entry]:
        """The last calls, newest first."""
        return list(islice(reversed(self._entries), count))

    def times_served(self, operation: str) -> int:
        """How many calls of this operation have had an answer."""
        return sum(times for (name, status), times in self.requests.items() if name == operation and status)

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
