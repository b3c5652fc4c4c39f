"""Pages: how many rows, and from where. A page id is opaque to clients and refused when it was not made here."""

from __future__ import annotations

import base64
import binascii
import zlib
from datetime import datetime

from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError
from landbridge.sandbox.smartrecruiters.rules import LIMIT_TO_100, NO_OFFSET

DEFAULT_LIMIT = 10
MAX_LIMIT = 100


def limit_of(call: Call, default: int = DEFAULT_LIMIT, most: int = MAX_LIMIT) -> int:
    wanted = call.value("limit")
    if wanted is None:
        return default
    if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= most:
        return int(wanted)
    call.broke(LIMIT_TO_100, f"limit={wanted[:20]}")
    raise RefusalError(*choices.LIMIT_OUT_OF_RANGE, f"limit must be between 1 and {most}")


def offset_of(call: Call, *, deprecated: bool) -> int:
    """The offset asked for; where it is deprecated, using it is noted as a broken rule."""
    wanted = call.value("offset")
    if wanted is None:
        return 0
    if deprecated:
        call.broke(NO_OFFSET, f"offset={wanted[:20]}")
    if not (wanted.isascii() and wanted.isdigit()):
        raise RefusalError(*choices.VALUE_NOT_UNDERSTOOD, "offset must be a number")
    return int(wanted)


def page_id(kind: str, place: str) -> str:
    """``kind`` keeps the pages of one list from being used on another."""
    text = f"{kind}:{place}".encode()
    return base64.urlsafe_b64encode(zlib.crc32(text).to_bytes(4, "big") + text).decode().rstrip("=")


def place_in(kind: str, page: str) -> str:
    """What :func:`page_id` was made of. Raises 400 INVALID_PAGE_ID."""
    try:
        raw = base64.urlsafe_b64decode(page + "=" * (-len(page) % 4))
        text = raw[4:].decode()
    except (binascii.Error, ValueError):
        raise _invalid() from None
    found, _, place = text.partition(":")
    if found != kind or zlib.crc32(raw[4:]) != int.from_bytes(raw[:4], "big"):
        raise _invalid()
    return place


def _invalid() -> RefusalError:
    return RefusalError(400, "INVALID_PAGE_ID", "the page id is not valid")


def next_link(call: Call, page: str, name: str = "pageId") -> list[tuple[bytes, bytes]]:
    """``Link`` header to the next page: the same request with another page id, whose parameter is ``name``."""
    parts = call.query_string.decode("latin-1").split("&")
    query = "&".join([*(part for part in parts if part and not part.startswith(f"{name}=")), f"{name}={page}"])
    return [(b"link", f'<{call.base_url}{call.path}?{query}>; rel="next"'.encode("latin-1", "replace"))]


def instant_of(call: Call, name: str) -> int | None:
    """A date-time parameter in epoch ms."""
    text = call.value(name)
    if text is None:
        return None
    try:
        # A plus sign that was not encoded arrives as a blank.
        instant = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise RefusalError(*choices.DATE_NOT_UNDERSTOOD, f"{name} must look like 2026-03-04T05:06:07.000Z")
    return round(instant.timestamp() * 1000)


def is_after(moment: object, instant: int) -> bool:
    if not isinstance(moment, int):
        return False
    return moment >= instant if choices.UPDATED_AFTER_IS_INCLUSIVE else moment > instant
