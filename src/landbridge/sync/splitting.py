"""Finding the bad record in a refused batch without holding up its neighbours."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from enum import Enum

from landbridge.ports.destination import Entity

# A server error may pass by itself, or be what this batch does to the server: a few tries tell.
TRIES = 3
# So many failures on end, of different batches and without one success between them, are the far side's own trouble.
OUTAGE = 9

Batch = Sequence[Entity]


class Failure(Enum):
    AGAIN = "again"  # the same batch comes once more
    SPLIT = "split"  # its halves come next
    ALONE = "alone"  # this one record makes the far side fail
    OUTAGE = "outage"  # the far side fails whatever it is sent


class BatchQueue:
    """Batches in order. The parts of one that failed come first, largest first, so that good halves get through soon.

    ``repr`` and errors never show a batch: it holds personal data.
    """

    def __init__(self, batches: Iterable[Batch]) -> None:
        self._batches = iter(batches)
        self._parts: deque[tuple[Batch, int]] = deque()
        self._streak = 0
        self._tries = 0

    def next(self) -> Batch | None:
        """The next batch to send; None: all are done."""
        if self._parts:
            batch, self._tries = self._parts.popleft()
            return batch
        self._tries = 0
        return next(self._batches, None)

    def accepted(self) -> None:
        """The far side has answered for the batch: it works."""
        self._streak = 0

    def refused(self, batch: Batch) -> Entity | None:
        """The far side wants none of this batch. The one record that is to blame, or None after splitting."""
        self._streak = 0
        if len(batch) == 1:
            return batch[0]
        self._split(batch, 0)
        return None

    def failed(self, batch: Batch) -> Failure:
        """The far side broke over this batch."""
        self._streak += 1
        if self._streak >= OUTAGE:
            return Failure.OUTAGE
        if self._tries + 1 < TRIES:
            self._parts.appendleft((batch, self._tries + 1))
            return Failure.AGAIN
        if len(batch) == 1:
            return Failure.ALONE
        self._split(batch, TRIES - 1)
        return Failure.SPLIT

    def _split(self, batch: Batch, tries: int) -> None:
        middle = (len(batch) + 1) // 2
        self._parts.append((batch[:middle], tries))
        self._parts.append((batch[middle:], tries))
