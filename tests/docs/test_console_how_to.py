"""The how-to pages of the console: what they set in bold is what the console says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tools.words import path_of

PAGES = Path(__file__).parent.parent.parent / "docs/how-to"
BOLD = re.compile(r"\*\*(.+?)\*\*")


def said_by_the_console() -> set[str]:
    with path_of("de").open("rb") as stored:
        catalogue = read_po(stored, locale="de")
    return {one.id if isinstance(one.id, str) else one.id[0] for one in catalogue}


@pytest.mark.parametrize(
    "name",
    [
        "choose-what-is-shared", "connect-in-the-console", "connect-users", "let-people-in",
        "move-from-cross-system-awareness",
    ],
)  # fmt: skip
def test_buttons_and_pages_are_named_as_they_are(name: str) -> None:
    named = set(BOLD.findall((PAGES / f"{name}.md").read_text(encoding="utf-8")))
    assert named
    assert named - said_by_the_console() == set()
