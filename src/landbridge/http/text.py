"""The one place where text from outside is made storable."""

from __future__ import annotations

import re

# PostgreSQL stores no NUL, JSON and UTF-8 know no lone surrogate, and nobody wants the other control characters.
# Tab, line feed and carriage return are text.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Drop control characters and put U+FFFD for every lone surrogate. Text that is fine comes back unchanged."""
    if text.isascii() and text.isprintable():
        return text
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))
