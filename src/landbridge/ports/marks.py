"""How Landbridge knows what it wrote into an ATS itself, so that nothing of it travels back to where it came from."""

from __future__ import annotations

import re

PREFIX = "LB-"
# Letters that cannot be taken for digits, as many as ten bytes need.
_MARKER = re.compile(r"\bLB-[2-9A-HJ-NP-Z]{16}\b")


def is_ours(text: str) -> bool:
    """Whether a text carries the marker with which every note of Landbridge ends."""
    return _MARKER.search(text) is not None
