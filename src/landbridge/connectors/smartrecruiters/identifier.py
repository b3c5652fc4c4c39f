"""Ids of SmartRecruiters and the keys of our reading list that are made of them."""

from __future__ import annotations

import re

# Documented as UUIDs (24 hex digits for users). Whatever else comes must at least be safe in an address and in a key,
# where the dot separates.
_USABLE = re.compile(r"[A-Za-z0-9_~:-]{1,200}")


def is_usable(identifier: str) -> bool:
    return _USABLE.fullmatch(identifier) is not None


def application_key(*ids: str) -> str:
    """The key of an application on the reading list: candidate and job, and for its history the application."""
    return ".".join(ids)


def split_key(key: str, parts: int) -> list[str]:
    """The ids of a key made by ``application_key``. ValueError for one of another shape."""
    ids = key.split(".")
    if len(ids) != parts:
        raise ValueError(f"a key of {parts} ids was expected")
    return ids
