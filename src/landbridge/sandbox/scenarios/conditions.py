"""What a scenario waits for and what it expects, looked up in journal, audit, state and pushes."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import httpx2

from landbridge.sandbox.kernel import PREFIX
from landbridge.sandbox.kernel.search import Search, found, has_status
from landbridge.sandbox.kernel.site import System
from landbridge.sandbox.scenarios.script import After, Calls, Expectation, Violations


def count_calls(system: System, wanted: After | Calls) -> int:
    """Answered calls that fit; those still held by a fault count when they are done."""
    text, status = getattr(wanted, "text", ""), str(wanted.status)
    if wanted.client == "*" and not text:
        # The totals know also the calls the journal has let go, and are quick to ask again and again.
        return sum(
            times
            for (operation, answered), times in system.journal.requests.items()
            if fnmatchcase(operation, wanted.operation) and (has_status(answered, status) if status else answered)
        )
    search = Search(text=text, operation=wanted.operation, status=status, client=wanted.client)
    return sum(1 for entry in found(system.journal, search, 1 << 30) if entry.status or wanted.status)


async def check(expected: Expectation, system: System, http: httpx2.AsyncClient) -> tuple[bool, str, str]:
    """Whether it is so, what was expected, and what was found, in words."""
    if expected.calls is not None:
        count = count_calls(system, expected.calls)
        status = f" answered {expected.calls.status}" if expected.calls.status else ""
        says = f"{expected.calls.says()} calls of {expected.calls.operation}{status}"
        return expected.calls.holds(count), says, f"{count} calls"
    if expected.violations is not None:
        return _check_violations(expected, system)
    if expected.pushes is not None:
        pushes = (await http.get(f"{PREFIX}/pushes")).json()["pushes"]
        wanted = expected.pushes
        typed = [push for push in pushes if fnmatchcase(push["type"], wanted.type)]
        count = sum(fnmatchcase(push["state"], wanted.state) for push in typed)
        return wanted.holds(count), f"{wanted.says()} pushes {wanted.type} {wanted.state}", f"{count} pushes"
    return _check_state(expected.state or {}, system.state_counts())


def _check_violations(expected: Expectation, system: System) -> tuple[bool, str, str]:
    wanted = Violations(exactly=0) if not isinstance(expected.violations, Violations) else expected.violations
    broken = {rule: times for rule, times in system.journal.rules_broken.items() if fnmatchcase(rule, wanted.rule)}
    listed = ", ".join(f"{rule} {times}x" for rule, times in sorted(broken.items())) or "none"
    rule = "" if wanted.rule == "*" else f" of {wanted.rule}"
    return wanted.holds(sum(broken.values())), f"{wanted.says()} broken rules{rule}", listed


def _check_state(wanted: dict[str, int], counts: Any) -> tuple[bool, str, str]:
    says = ", ".join(f"{count} {name}" for name, count in wanted.items())
    are = ", ".join(f"{counts.get(name, 'no such thing as')} {name}" for name in wanted)
    return all(counts.get(name) == count for name, count in wanted.items()), says, are
