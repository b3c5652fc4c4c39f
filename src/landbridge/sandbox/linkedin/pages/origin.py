"""Whether a form may act for the person signed in. Browsers tell where it came from; who tells nothing is no browser.

That needs no hidden field in each form: see the Fetch standard on ``Origin`` and Fetch Metadata on ``Sec-Fetch-Site``.
"""

from __future__ import annotations

from typing import Final

OWN_SITES: Final = ("", "same-origin", "none")


def is_foreign(origin: str, fetch_site: str, host: str) -> bool:
    """``origin``, ``fetch_site`` and ``host`` are the headers of a POST, "" where one is missing."""
    return fetch_site not in OWN_SITES or (origin != "" and origin.partition("://")[2] != host)
