"""Reads the unknowns and the answers chosen from the comments of the modules that decide them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Final

from msgspec import Struct

_SECTION: Final = re.compile(r"# --- (.+?) -+$")
_CONSTANT: Final = re.compile(r"([A-Z][A-Z0-9_]*)(?:: Final)? = (.*)$")
_COMMENT: Final = re.compile(r"#:? ?(.*)$")
_ASIDE: Final = re.compile(r"\s+# noqa.*$")
VALUE_SHOWN: Final = 60


class Choice(Struct, frozen=True):
    """One unknown. ``says`` is the question and why this answer; ``name`` and ``value`` are empty for a choice that is
    no constant, ``value`` also where it is too long to show."""

    section: str
    says: str
    name: str = ""
    value: str = ""


def choices_in(module: ModuleType) -> Iterator[Choice]:
    """In the order of the module: a comment and the constants below it, or a comment of its own."""
    section, comment, told = "", list[str](), True
    for line in [*inspect.getsource(module).splitlines(), ""]:
        heading, constant, words = _SECTION.match(line), _CONSTANT.match(line), _COMMENT.match(line)
        if heading:
            section = heading[1]
        elif constant:
            yield Choice(section, " ".join(comment), constant[1], _shown(constant[2]))
            told = True
        elif words:
            if told:
                comment, told = [], False
            comment.append(words[1])
        elif not line and not told:
            yield Choice(section, " ".join(comment))
            comment, told = [], True
        elif not line:
            comment = []


def _shown(value: str) -> str:
    bare = _ASIDE.sub("", value)
    return bare if len(bare) <= VALUE_SHOWN and not bare.endswith(("(", "{", "[")) else ""
