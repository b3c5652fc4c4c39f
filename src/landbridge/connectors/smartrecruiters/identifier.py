"""Ids of SmartRecruiters, and those in the keys of our reading list (``records.kinship``)."""

from __future__ import annotations

import re

# Documented as UUIDs (24 hex digits for users). Whatever else comes must at least be safe in an address and in a key,
# where the dot separates.
_USABLE = re.compile(r"[A-Za-z0-9_~:-]{1,200}")


def is_usable(identifier: str) -> bool:
    return _USABLE.fullmatch(identifier) is not None


def split_key(key: str, parts: int) -> list[str]:
    """The ids of a key made by ``pair_key`` or ``child_key``. ValueError for one of another shape."""
    ids = key.split(".")
    if len(ids) != parts:
        raise ValueError(f"a key of {parts} ids was expected")
    return ids
