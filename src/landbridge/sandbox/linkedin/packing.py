"""What is synced takes up little room: of records in one form, the form is kept once and the values of each.

A client writes all its candidates alike, with the same field names in the same order. The form of one record, made into
a pattern, takes another apart in some 2 microseconds, so millions of records fit into memory beside the world they came
from. While a book holds few, its records are kept as they are, which is quicker still.

A form only says which bytes are alike. Put together again, a record is what it was to the byte, whatever it held.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

#: So many records of a kind are few.
FEW: Final = 50_000
#: Longer records are rare, and no examples for others.
LONGEST: Final = 4_096
#: So many forms a client may write with the same number of quotes, and so many numbers of quotes.
ALIKE: Final = 8
LENGTHS: Final = 64
#: Between the values; no JSON text holds it.
SEAM: Final = b"\0"
_PARTS: Final = re.compile(rb'"(?P<text>[^"]*)"(?P<name>:)?|(?P<number>-?\d[-+.\deE]*)|[^"\d-]+|-')


class Example(Struct, frozen=True, gc=False):
    """A record whose form others have."""

    text: bytes


class _Form(Struct, frozen=True):
    """``pattern`` finds the values of a record of this form, ``frame`` puts them together again."""

    pattern: re.Pattern[bytes]
    frame: bytes


#: Examples by the number of quotes in them.
Examples = dict[int, list[Example]]


def pack(raw: bytes, examples: Examples) -> tuple[bytes, Example | None]:
    """What to keep of this record, and the example it is kept after; None: it is kept as it is.

    A record of a new form becomes an example itself, as long as there are few.
    """
    quotes = raw.count(b'"')
    alike = examples.get(quotes)
    if alike is None:
        if len(examples) == LENGTHS:
            return raw, None
        alike = examples[quotes] = []
    for example in alike:
        values = _form(example.text).pattern.fullmatch(raw)
        if values is not None:
            kept = SEAM.join(values.groups())
            return (raw, None) if SEAM in raw or not kept else (kept, example)
    if len(alike) < ALIKE and len(raw) <= LONGEST:
        alike.append(Example(raw))
    return raw, None


def unpack(kept: bytes, example: Example) -> bytes:
    return _form(example.text).frame % tuple(kept.split(SEAM))


@lru_cache(maxsize=2 * ALIKE * LENGTHS)
def _form(text: bytes) -> _Form:
    pattern, frame = [], []
    for part in _PARTS.finditer(text):
        if part["number"] is not None:
            pattern.append(rb"(-?\d[-+.\deE]*)")
            frame.append(b"%b")
        elif part["text"] is not None and part["name"] is None:
            pattern.append(rb'"([^"]*)"')
            frame.append(b'"%b"')
        else:
            pattern.append(re.escape(part[0]))
            frame.append(part[0].replace(b"%", b"%%"))
    return _Form(re.compile(b"".join(pattern), re.DOTALL), b"".join(frame))
