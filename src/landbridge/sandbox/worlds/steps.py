"""The steps of the hiring process, and histories of them in a form of which millions fit into memory."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct


class Step(Struct, frozen=True, gc=False):
    """A status and, within it, a step of the hiring process. Steps are shared between applications."""

    status: str
    sub_status: str | None = None


NEW: Final = Step("NEW")
LEAD: Final = Step("LEAD")
PATH: Final = (
    NEW,
    Step("IN_REVIEW", "Recruiter Screen"),
    Step("IN_REVIEW", "Team Screen"),
    Step("INTERVIEW", "Phone"),
    Step("INTERVIEW", "Panel"),
    Step("INTERVIEW", "On Site"),
    Step("OFFERED", "Sent"),
    Step("HIRED"),
)
REJECTED: Final = Step("REJECTED")
WITHDRAWN: Final = Step("WITHDRAWN")

#: Moment and step by turns, from the oldest to the newest: half the size of a tuple of pairs.
History = tuple[Any, ...]
_KNOWN: Final = (*PATH, LEAD, REJECTED, WITHDRAWN)
_PLACES: Final = {id(step): place for place, step in enumerate(_KNOWN)}
#: Epoch ms, and the step's place among the known ones.
_PAIR: Final = struct.Struct("<qB")


def pack(moments: Sequence[int], steps: Sequence[Step]) -> bytes:
    """A history of known steps in nine bytes each: a quarter of the size of its tuple."""
    pairs = zip(moments, steps, strict=True)
    return b"".join([_PAIR.pack(at, _PLACES[id(step)]) for at, step in pairs])


def unpack(packed: bytes) -> History:
    """What :func:`pack` was given, moment and step by turns."""
    return tuple(part for at, place in _PAIR.iter_unpack(packed) for part in (at, _KNOWN[place]))
