"""Sums that tasks share: ``a.b += await c()`` reads the old sum before it waits, and takes back what others add."""

from __future__ import annotations

import ast
from pathlib import Path

import landbridge

SOURCE = Path(landbridge.__file__).parent


def shared_sums(text: str) -> list[int]:
    """Lines that add what is waited for to something that others may hold as well."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.AugAssign)
        and isinstance(node.target, ast.Attribute | ast.Subscript)
        and any(isinstance(part, ast.Await) for part in ast.walk(node.value))
    ]


def test_such_sums_are_recognized() -> None:
    text = "async def f(a, c):\n    a.b += await c()\n    a['b'] |= {await c()}\n    d = 0\n    d += await c()\n"
    assert shared_sums(text) == [2, 3]


def test_nobody_adds_up_across_a_wait() -> None:
    found = {
        f"{path.relative_to(SOURCE)}:{line}" for path in SOURCE.rglob("*.py") for line in shared_sums(path.read_text())
    }
    assert not found, "wait first, then add"
