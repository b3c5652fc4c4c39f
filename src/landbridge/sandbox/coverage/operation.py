"""One line of the coverage page."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

CLOSE: Final = "as documented"
PARTLY_CHOSEN: Final = "partly chosen"
ABSENT: Final = "not imitated"
LEVELS: Final = {
    CLOSE: "every documented rule and error of it that is known to us",
    PARTLY_CHOSEN: "the same, but its form or an answer is not documented in full: see the choices below",
    ABSENT: "not there; a call answers 404",
}


class Operation(Struct, frozen=True):
    """``where`` is what a client calls, ``what`` its methods or operation; ``note`` says what to know about it."""

    where: str
    what: str
    level: str
    note: str = ""
