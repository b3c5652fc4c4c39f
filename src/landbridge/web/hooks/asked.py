"""What came in at an address for far systems: its headers and its body, within limits."""

from __future__ import annotations

import asyncio

from starlette.types import Receive, Scope

BODY_WITHIN_SECONDS = 4.0


def headers_of(scope: Scope) -> dict[str, str]:
    """By lower-case name. A header that comes twice is joined, and then is not what the grammar wants."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


async def body_of(headers: dict[str, str], receive: Receive, longest: int) -> bytes | None:
    """The body as it came; None for one that is too long, too slow or breaks off."""
    told = headers.get("content-length", "0")
    if not (told.isascii() and told.isdigit()) or int(told[:9]) > longest:
        return None
    parts, size = [], 0
    try:
        async with asyncio.timeout(BODY_WITHIN_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return None
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > longest:
                    return None
                if not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError:
        return None
