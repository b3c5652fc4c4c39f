"""The journal's memory: what it keeps, what it lets go, what it always counts."""

from __future__ import annotations

from landbridge.sandbox.kernel import Entry, Journal, Rule, Writes

RULE = Rule("late", "things are sent in time", "https://example.org/rules")


def note(journal: Journal, *, keys: tuple[str, ...] = (), violations: int = 0, query: str = "") -> int:
    number = journal.next_number()
    writes = Writes("candidates", keys, [1] * len(keys), [201] * len(keys)) if keys else None
    journal.note(
        Entry(
            number=number,
            at=0,
            client="c",
            method="PUT",
            path="/x",
            query=query,
            operation="candidates.batch_update",
            status=200,
            writes=writes,
            violations=violations,
        )
    )
    return number


def test_oldest_entries_go_first_and_totals_stay() -> None:
    journal = Journal(size=3)
    numbers = [note(journal) for _ in range(5)]
    assert [entry.number for entry in journal.entries()] == numbers[2:]
    assert journal.summary()["calls"] == 5
    assert journal.summary()["requests"] == {"candidates.batch_update": {"200": 5}}


def test_old_writes_are_forgotten_before_their_entries() -> None:
    journal = Journal(writes_kept=4)
    for name in ("a", "b", "c"):
        note(journal, keys=(f"{name}1", f"{name}2"))
    kept = [entry.writes.keys if entry.writes else None for entry in journal.entries()]
    assert kept == [None, ("b1", "b2"), ("c1", "c2")]


def test_entries_are_read_on_from_a_number() -> None:
    journal = Journal()
    for violations in (0, 1, 0, 1):
        note(journal, violations=violations)
    assert [entry.number for entry in journal.entries(after=1, limit=2)] == [2, 3]
    assert [entry.number for entry in journal.entries(violations_only=True)] == [2, 4]


def test_long_query_is_cut() -> None:
    journal = Journal()
    note(journal, query="x" * 5000)
    assert len(journal.entries()[0].query) == 501


def test_violation_carries_the_rule_and_its_source() -> None:
    journal = Journal()
    journal.violate(RULE, call=1, at=5, operation="candidates.batch_update", detail="C1")
    [violation] = journal.violations()
    assert (violation.rule, violation.source, violation.detail) == ("late", RULE.source, "C1")
    assert journal.summary()["violations"] == {"late": 1}
