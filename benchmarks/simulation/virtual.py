"""An event loop whose time runs as fast as the code does: nobody sleeps, the clock jumps to the next thing to do.

While any socket is waited for (a query at the real PostgreSQL, say) the clock stands still: what happens inside the
machine takes no simulated time, what is simulated says itself how long it takes.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    """Polls instead of waiting, and says how much time that has saved."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        # One entry is the loop's own: the pipe by which threads wake it up.
        if len(self.get_map()) > 1 or timeout is None:
            return super().select(None)
        self.skipped += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time is the sum of all waits that were skipped."""

    def __init__(self) -> None:
        self._waits = _Selector()
        super().__init__(self._waits)

    def time(self) -> float:
        return self._waits.skipped


class VirtualClock:
    """``landbridge.http.Clock`` on the running virtual loop, which is at ``start`` when it begins."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._loop = asyncio.get_running_loop()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def run_virtually(main: Coroutine[Any, Any, T]) -> T:
    """``asyncio.run`` in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
