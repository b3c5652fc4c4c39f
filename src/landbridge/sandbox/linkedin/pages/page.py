"""What a page is: an address, who may see it, and what serves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from msgspec import Struct
from starlette.responses import Response

Who = Literal["anyone", "member", "recruiter"]
ANYONE: Final = "anyone"
MEMBER: Final = "member"
RECRUITER: Final = "recruiter"


class Page(Struct, frozen=True):
    """``path`` in the form of Starlette (``/recruiter/people/{member:int}``). ``handler`` takes a
    :class:`~landbridge.sandbox.linkedin.pages.visit.Visit`."""

    path: str
    handler: Callable[[Any], Response]
    who: Who = RECRUITER
    method: Literal["GET", "POST"] = "GET"


class Place(Struct, frozen=True):
    """One entry of the menu; those with ``more`` stand below More."""

    label: str
    path: str
    more: bool = False
