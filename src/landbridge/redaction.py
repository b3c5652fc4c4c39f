"""Cutting out of free text what may be personal or secret: the second net, for words that are not our own."""

from __future__ import annotations

import re

_CUTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+%-]+@[\w-]+\.[\w.-]+"), "[e-mail]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), r"\1 [secret]"),
    (
        re.compile(r"(?i)(secret|token|password|api[_-]?key|x-smarttoken)(['\"]?\s*[:=]\s*['\"]?)[^\s'\",;&}]+"),
        r"\1\2[secret]",
    ),
    (re.compile(r"(://)[^/\s:@]+:[^/\s@]+@"), r"\1[secret]@"),
    (re.compile(r"(https?://[^\s?\"']+)\?[^\s\"']*"), r"\1?[query]"),
)


def redact(text: str) -> str:
    """Cut e-mail addresses, credentials and query strings out of free text."""
    for pattern, instead in _CUTS:
        text = pattern.sub(instead, text)
    return text
