"""Lengths of time as people write them: "90m", "2d", "1h 30m", ISO 8601 ("PT90M", "P2D"), or a number of seconds."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

_UNITS: Final = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1, "ms": 0.001}
_NUMBER: Final = r"\d+(?:\.\d+)?"
_SHORT: Final = re.compile(rf"(?:{_NUMBER}(?:ms|[wdhms])\s*)+")
_PART: Final = re.compile(rf"({_NUMBER})(ms|[wdhms])")
_TIME: Final = rf"(?:T(?=\d)(?:({_NUMBER})H)?(?:({_NUMBER})M)?(?:({_NUMBER})S)?)?"
_ISO: Final = re.compile(rf"P(?:({_NUMBER})W)?(?:({_NUMBER})D)?{_TIME}", re.IGNORECASE)


def parse_length(text: object) -> timedelta:
    """Raises ``ValueError`` for what is no length of time; months and years are none, for they differ."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        return timedelta(seconds=text)
    if not isinstance(text, str):
        raise ValueError("a length of time is a text (90m, 2d, PT90M) or a number of seconds")  # noqa: TRY004 - a bad value
    words = text.strip()
    sign = -1 if words.startswith("-") else 1
    return sign * timedelta(seconds=_seconds(words.removeprefix("-").strip(), text))


def _seconds(words: str, text: str) -> float:
    if _SHORT.fullmatch(words.lower()):
        return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(words.lower()))
    found = _ISO.fullmatch(words)
    if found is None or not any(found.groups()):
        raise ValueError(f"{text!r} is no length of time: write 90m, 2d, 1h30m or PT90M")
    return sum(float(number or 0) * _UNITS[unit] for number, unit in zip(found.groups(), "wdhms", strict=True))
