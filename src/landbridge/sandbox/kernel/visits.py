"""Visits of pages, noted beside the calls of the API: why a widget stays empty, and who clicked what, is seen there.

They are no calls: they take no number of the journal, count in no total and break no rule.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from msgspec import Struct

from landbridge.sandbox.kernel.clock import Clock
from landbridge.sandbox.kernel.exchange import App, Message, Receive, Scope, Send

VISITS_KEPT: Final = 1_000
#: What is fetched for every page anew is not worth a line, unless it fails.
FURNITURE: Final = "/static/"
#: Where a page leaves in its scope why it refused.
REFUSED: Final = "sandbox.refused"


class PageVisit(Struct, frozen=True, kw_only=True):
    """One request for a page. ``at`` is epoch ms of the sandbox clock, ``refused`` why it was not shown."""

    at: int
    method: str
    path: str
    status: int
    refused: str = ""


class Visits:
    """The last thousand, oldest first."""

    def __init__(self) -> None:
        self._kept: deque[PageVisit] = deque(maxlen=VISITS_KEPT)

    def latest(self, count: int) -> list[PageVisit]:
        """Newest first."""
        return list(self._kept)[: -count - 1 : -1]

    def clear(self) -> None:
        self._kept.clear()

    def watched(self, pages: App, clock: Clock) -> App:
        """The same pages; what they answer is noted."""

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            status = 0

            async def send_on(message: Message) -> None:
                nonlocal status
                status = message.get("status", status)
                await send(message)

            await pages(scope, receive, send_on)
            if status >= 400 or FURNITURE not in scope["path"]:
                refused = str(scope.get(REFUSED, ""))
                visit = PageVisit(
                    at=clock.ms(), method=scope["method"], path=scope["path"], status=status, refused=refused
                )
                self._kept.append(visit)

        return serve
