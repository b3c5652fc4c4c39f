"""Every reason the connector gives is listed, and every listed one is given somewhere."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from landbridge.connectors import linkedin
from landbridge.connectors.linkedin.reasons import HELD, REASONS, REFUSED
from landbridge.sync.reasons import REASONS as ENGINE_REASONS

FOLDER = Path(linkedin.__file__).parent


def texts_in_the_connector() -> set[str]:
    """Every string constant of the connector's code, the list of reasons left out."""
    texts = set()
    for path in FOLDER.glob("*.py"):
        if path.name != "reasons.py":
            nodes = ast.walk(ast.parse(path.read_text()))
            texts |= {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return texts


def test_codes_are_told_apart() -> None:
    codes = [reason.code for reason in (*REASONS, *ENGINE_REASONS)]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z0-9_]+", code) for code in codes)


def test_every_listed_reason_is_given_somewhere() -> None:
    assert {reason.code for reason in REASONS} <= texts_in_the_connector()


def test_every_reason_given_is_listed() -> None:
    known = {reason.code for reason in (*REASONS, *ENGINE_REASONS)}
    given = {text for text in texts_in_the_connector() if _looks_like_a_reason(text)}
    assert given <= known


def _looks_like_a_reason(text: str) -> bool:
    endings = ("_missing", "_unusable", "_too_short", "_invalid", "_placeholder", "_failed", "_lost", "_listed")
    beginnings = ("waits_for_", "time_", "job_not_")
    return bool(re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", text)) and text.endswith(endings) | text.startswith(beginnings)


def test_each_reason_says_what_it_means_and_what_to_do() -> None:
    for reason in (*HELD, *REFUSED):
        for text in (reason.meaning, reason.fix):
            assert text.endswith(".")
            assert len(text) > 15
