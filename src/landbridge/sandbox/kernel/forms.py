"""Forms sent by the pages: how large they may be, and whether they may act for the person signed in.

Browsers tell where a form came from; who tells nothing is no browser. That needs no hidden field in each form: see the
Fetch standard on ``Origin`` and Fetch Metadata on ``Sec-Fetch-Site``.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

FORM_BYTES: Final = 256 * 1024
OWN_SITES: Final = ("", "same-origin", "none")


async def read_form(request: Request) -> dict[str, list[str]]:
    """Every field with its values. Raises HTTPException 413 above ``FORM_BYTES``."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            raise HTTPException(413)
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)


def is_foreign(origin: str, fetch_site: str, host: str) -> bool:
    """``origin``, ``fetch_site`` and ``host`` are the headers of a POST, "" where one is missing."""
    return fetch_site not in OWN_SITES or (origin != "" and origin.partition("://")[2] != host)
