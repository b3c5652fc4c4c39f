"""Every code a person may meet has a line in the reference, and no line speaks of a code that is gone."""

import ast
from collections.abc import Iterator
from pathlib import Path

from landbridge import errors
from landbridge.codes import CODES
from tools.reference import branch, reasons

SOURCE = Path(__file__).parent.parent.parent / "src/landbridge"
# Where a code may stand without being raised: the tables themselves, and the sandbox, which speaks for others.
ELSEWHERE = ("sandbox", "codes.py")


def raised_codes() -> Iterator[tuple[str, str]]:
    for file in sorted(SOURCE.rglob("*.py")):
        place = file.relative_to(SOURCE)
        if place.parts[0] not in ELSEWHERE:
            yield from ((code, str(place)) for code in codes_in(ast.parse(file.read_text(encoding="utf-8"))))


def codes_in(module: ast.Module) -> Iterator[str]:
    """The literal after ``code=``, and the third argument of a verdict."""
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        found = [word.value for word in node.keywords if word.arg == "code"]
        if isinstance(node.func, ast.Name) and node.func.id == "Verdict":
            found += node.args[2:3]
        yield from (value.value for value in found if isinstance(value, ast.Constant) and isinstance(value.value, str))


def test_every_raised_code_is_explained() -> None:
    explained = {reason.code for reason in (*CODES, *reasons())} | {
        kind.code for kind in branch(errors.LandbridgeError)
    }
    assert [(code, place) for code, place in raised_codes() if code not in explained] == []


def test_every_explained_code_is_raised() -> None:
    raised = {code for code, _ in raised_codes()} | {"redirected", "not_found_unexplained"}
    words = " ".join(file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py") if file.name != "codes.py")
    assert [one.code for one in CODES if one.code not in raised and f'"{one.code}"' not in words] == []


def test_no_code_is_explained_twice() -> None:
    codes = [reason.code for reason in (*CODES, *reasons())]
    assert sorted(set(codes)) == sorted(codes)
