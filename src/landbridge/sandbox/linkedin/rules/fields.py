"""Field types the records share. msgspec checks them while it decodes, in C."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, structs

NonEmpty = Annotated[str, Meta(min_length=1)]
Millis = Annotated[int, Meta(gt=0, le=2**63 - 1)]
#: ``X@X.X``, as the release notes of November 2021 put it.
Email = Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s.]+\.[^@\s]+$")]
Link = Annotated[str, Meta(pattern=r"^https?://[^\s/?#]+")]
Urn = Annotated[str, Meta(pattern=r"^urn:li:[A-Za-z]+:\S+$")]


def check_times(created_at: int, modified_at: int) -> None:
    """Raises ``ValueError``, which msgspec turns into a refusal of the record."""
    if modified_at < created_at:
        raise ValueError("the last modified time is before the created time")


def omitted_fields(old: Struct, new: Struct) -> list[str]:
    """Wire names of fields that had a value and are now left out (not: sent as null)."""
    values = structs.astuple(new)
    if UNSET not in values:
        return []
    same = type(old) is type(new)
    before = structs.astuple(old) if same else [getattr(old, name, UNSET) for name in new.__struct_fields__]
    rows = zip(new.__struct_encode_fields__, values, before, strict=True)
    return [wire for wire, value, former in rows if value is UNSET and former is not UNSET and former is not None]


def present_fields(record: Struct) -> dict[str, object]:
    """Wire names and values of what is neither left out nor null."""
    pairs = zip(record.__struct_encode_fields__, structs.astuple(record), strict=True)
    return {name: value for name, value in pairs if value is not UNSET and value is not None}
