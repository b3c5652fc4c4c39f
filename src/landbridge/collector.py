"""The garbage collector of a process that handles records by the hundred thousand."""

from __future__ import annotations

import gc

# Records die by themselves: hardly any of them is part of a circle. Looking for circles after every 700 new objects,
# as Python does, takes a tenth of a busy worker's time.
NEW_OBJECTS, YOUNG_ROUNDS, MIDDLE_ROUNDS = 50_000, 20, 50


def calm_collector() -> None:
    """Let circles be looked for less often, and never among what a process has loaded when it starts."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, YOUNG_ROUNDS, MIDDLE_ROUNDS)
