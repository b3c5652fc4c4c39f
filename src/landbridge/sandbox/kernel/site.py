"""What the imitated systems of one sandbox share: the clock and the world they live in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct
from starlette.routing import BaseRoute

from landbridge.sandbox.kernel.clock import Clock
from landbridge.sandbox.kernel.faults import Faults
from landbridge.sandbox.kernel.journal import Journal


class WorldChoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which world: its name, the seed of its randomness and its size."""

    world: str = "plain"
    seed: int = 1
    candidates: int = 200


class System(Protocol):
    """One imitated far side, as the control room sees it."""

    name: str
    journal: Journal
    faults: Faults

    def seed(self, world: Any) -> None:
        """Forget everything and start from this world."""

    def reset(self) -> None:
        """Back to how the last seed left it; journal and faults are cleared by the site."""

    def credentials(self) -> Mapping[str, Any]:
        """All a client needs to sign in."""

    def state_counts(self) -> Mapping[str, int]:
        """How many of each entity there are."""

    def dump(self, entity: str) -> Iterator[Mapping[str, Any]] | None:
        """Every entity of one sort in a stable order; None for an unknown sort."""

    def limits(self) -> Mapping[str, Any]:
        """The limits in force, with their ``mode``."""

    def set_limits(self, wanted: Mapping[str, Any]) -> None:
        """Take over ``wanted``; raises ``ValueError`` (or ``msgspec.ValidationError``) when it makes no sense."""

    def extra_routes(self) -> Sequence[BaseRoute]:
        """Control-room routes only this system has, below ``/_sandbox``."""


class Site:
    """Clock, world and systems of one sandbox. Seeding and resetting concern all systems together."""

    def __init__(self, build_world: Callable[[str, int, int], Any], choice: WorldChoice | None = None) -> None:
        self._build_world = build_world
        self.clock = Clock()
        self.choice = choice or WorldChoice()
        self.world = build_world(self.choice.world, self.choice.seed, self.choice.candidates)
        self.systems: list[System] = []

    def add(self, system: System) -> None:
        self.systems.append(system)
        system.seed(self.world)

    def seed(self, choice: WorldChoice) -> None:
        self.world = self._build_world(choice.world, choice.seed, choice.candidates)
        self.choice = choice
        for system in self.systems:
            self._clear(system)
            system.seed(self.world)

    def reset(self) -> None:
        """Everything as after the last seed, and real time again. Limits stay as they were set."""
        self.clock.reset()
        for system in self.systems:
            self._clear(system)
            system.reset()

    def _clear(self, system: System) -> None:
        system.journal.restart()
        system.faults.clear()
