"""From a YAML text to a script; every mistake is said with its line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml
from msgspec import Struct

from landbridge.sandbox.scenarios.script import Script

_FOLDER: Final = Path(__file__).parent / "examples"
EXAMPLES: Final = tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))
_AT: Final = re.compile(r"(.*?)(?: - at `(?:key in )?\$?([^`]*)`)?", re.DOTALL)
_WORD: Final = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")


class ScriptError(Exception):
    """A scenario that makes no sense; ``line`` counts from 1."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem


class ReadScript(Struct, frozen=True):
    """A script, and on which line of its file each part stands (``steps.0``, ``expect.2``)."""

    script: Script
    lines: dict[str, int]


def example(name: str) -> str:
    """The text of a shipped scenario. Raises ``KeyError``."""
    if name not in EXAMPLES:
        raise KeyError(name)
    return (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def read_script(text: str) -> ReadScript:
    """Raises :class:`ScriptError`."""
    try:
        node = yaml.compose(text, yaml.SafeLoader)
        content = yaml.safe_load(text)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        raise ScriptError(mark.line + 1 if mark else 1, problem.problem or "this is no YAML") from None
    except yaml.YAMLError as problem:
        raise ScriptError(1, str(problem).partition("\n")[0]) from None
    lines = {"": 1} if node is None else dict(_lines(node, ""))
    try:
        return ReadScript(msgspec.convert(_plain(content), Script), lines)
    except msgspec.ValidationError as problem:
        said = _AT.fullmatch(str(problem))
        words, place = (said[1], said[2] or "") if said else (str(problem), "")
        raise ScriptError(_line_of(place, words, lines), _readable(words)) from None


def _lines(node: yaml.Node, path: str) -> Any:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = f"{path}.{key.value}".lstrip(".")
            yield from _lines(value, below)
            # A block begins a line after its key: the key is what a reader looks for.
            yield below, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield from _lines(value, f"{path}.{place}".lstrip("."))


def _line_of(place: str, words: str, lines: dict[str, int]) -> int:
    """The line of what msgspec found fault with, or of the nearest part above it."""
    parts = [name or number for name, number in _WORD.findall(place)]
    unknown = re.search(r"unknown field `([^`]+)`", words)
    if unknown:
        parts.append(unknown[1])
    while parts and ".".join(parts) not in lines:
        parts.pop()
    return lines.get(".".join(parts), 1)


def _readable(words: str) -> str:
    return words.replace("Object contains", "it has an").replace("Object missing", "it lacks the").replace("`", "'")


def _plain(content: Any) -> Any:
    """YAML makes dates of what looks like one; a scenario has texts there."""
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_plain(value) for value in content]
    return content.isoformat() if hasattr(content, "isoformat") else content
