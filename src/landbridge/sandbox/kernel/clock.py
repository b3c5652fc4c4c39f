"""The sandbox's own time: it can be frozen, set and moved, and everything that expires follows it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Real time plus an offset, or one frozen instant.

    Tokens, quotas, task delays and time stamps read this clock; only waiting (hangs, latency) uses real time.
    """

    def __init__(self) -> None:
        self._offset_ms = 0
        self._frozen_ms: int | None = None

    def ms(self) -> int:
        """Milliseconds since the epoch, the unit both far sides use."""
        if self._frozen_ms is not None:
            return self._frozen_ms
        return time.time_ns() // 1_000_000 + self._offset_ms

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.fromtimestamp(self.ms() / 1000, UTC)

    @property
    def frozen(self) -> bool:
        return self._frozen_ms is not None

    def freeze(self) -> None:
        self._frozen_ms = self.ms()

    def thaw(self) -> None:
        """Run on from the instant at which the clock stood."""
        if self._frozen_ms is not None:
            self._offset_ms = self._frozen_ms - time.time_ns() // 1_000_000
            self._frozen_ms = None

    def set(self, instant: datetime) -> None:
        """Jump to an aware instant; frozen stays frozen, running runs on from there."""
        self._jump(round(instant.timestamp() * 1000) - self.ms())

    def stand_at(self, ms: int, *, frozen: bool) -> None:
        """Be at that instant (epoch ms), standing or running."""
        self.freeze()
        self._frozen_ms = ms
        if not frozen:
            self.thaw()

    def advance(self, length: timedelta) -> None:
        self._jump(round(length.total_seconds() * 1000))

    def reset(self) -> None:
        """Back to real time."""
        self._offset_ms = 0
        self._frozen_ms = None

    def _jump(self, ms: int) -> None:
        if self._frozen_ms is not None:
            self._frozen_ms += ms
        else:
            self._offset_ms += ms
