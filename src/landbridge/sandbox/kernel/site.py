"""What the imitated systems of one sandbox share: the clock and the world they live in."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct
from starlette.routing import BaseRoute

from landbridge.sandbox.kernel import snapshots
from landbridge.sandbox.kernel.clock import Clock
from landbridge.sandbox.kernel.exchange import Receive, Scope, Send
from landbridge.sandbox.kernel.faults import Faults
from landbridge.sandbox.kernel.journal import Journal, Rule
from landbridge.sandbox.kernel.snapshots import Heading, Snapshot


class WorldChoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which world: its name, the seed of its randomness and its size."""

    world: str = "plain"
    seed: int = 1
    candidates: int = 200


class System(Protocol):
    """One imitated far side, as the control room sees it."""

    name: str
    faults: Faults
    rules: Sequence[Rule]  # what its client audit watches
    advice: Mapping[str, str]  # by the code of a rule: what a client that broke it should do

    @property
    def journal(self) -> Journal:
        """What clients did."""

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

    def __call__(self, scope: Scope, receive: Receive, send: Send, /) -> Awaitable[None]:
        """Serve one request, of the API or of the control room."""

    def extra_routes(self) -> Sequence[BaseRoute]:
        """Control-room routes only this system has, below ``/_sandbox``."""

    def next_due(self) -> int | None:
        """When (epoch ms) the next thing happens that nobody has to ask for: a task ends, a push is tried again."""

    def do_due(self) -> None:
        """Let happen what is due by now; may block, for a push is a request to somebody."""

    @property
    def world_changed(self) -> bool:
        """Whether this system has changed the world it was seeded with."""

    def state_parts(self) -> dict[str, Any]:
        """All it remembers, by name; what hangs below is found by itself. See :mod:`landbridge.sandbox.kernel`."""

    def take_back(self, world: Any, parts: Mapping[str, Any]) -> None:
        """Go on with such parts, living in ``world``. They are nobody else's."""


class Site:
    """Clock, world and systems of one sandbox. Seeding and resetting concern all systems together."""

    def __init__(self, build_world: Callable[..., Any], choice: WorldChoice | None = None) -> None:
        """``build_world`` takes name, seed and size, and perhaps the instant at which the world was made first."""
        self._build_world = build_world
        self.clock = Clock()
        self.choice = choice or WorldChoice()
        self.world = build_world(self.choice.world, self.choice.seed, self.choice.candidates)
        self.systems: list[System] = []
        self.snapshots: dict[str, Snapshot] = {}
        #: Where each system is served, once it is.
        self.urls: dict[str, str] = {}
        #: What makes further routes for the control room of each system: its page, its scenarios.
        self.rooms: list[Callable[[Site, System], Sequence[BaseRoute]]] = []
        #: Each gives a text one of the systems holds that is equal to the one it is asked for, or None.
        self.holders: list[Callable[[str], str | None]] = []
        self._moving = threading.Lock()

    def add(self, system: System) -> None:
        self.systems.append(system)
        system.seed(self.world)

    def held(self, text: str) -> str:
        """The same text, and the very object where a system holds it: ids of millions of people are kept once."""
        for find in self.holders:
            found = find(text)
            if found is not None:
                return found
        return text

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

    def advance(self, length: timedelta) -> None:
        """Move the clock on; what falls due on the way happens at its own instant, in order of time.

        May block while pushes are delivered: call it from another thread than the one that serves.
        """
        self.move_to(self.clock.ms() + round(length.total_seconds() * 1000))

    def move_to(self, target: int) -> None:
        """The same for an instant (epoch ms). Back in time nothing happens."""
        with self._moving:
            frozen = self.clock.frozen
            self.clock.freeze()
            # What is under way ends at the instant it began at; what follows from it may fall due on the way.
            for system in self.systems:
                system.do_due()
            stuck: set[tuple[str, int]] = set()
            while due := self._next_due(target, stuck):
                at, system = due
                self.clock.stand_at(max(at, self.clock.ms()), frozen=True)
                system.do_due()
                if system.next_due() == at:
                    stuck.add((system.name, at))
            self.clock.stand_at(target, frozen=frozen)

    def _next_due(self, target: int, stuck: set[tuple[str, int]]) -> tuple[int, System] | None:
        """The earliest thing due by ``target``, but none that was due already and did not get done."""
        dues = [(system.next_due(), system) for system in self.systems]
        open_dues = [(at, system) for at, system in dues if at is not None and at <= target]
        return min(
            (due for due in open_dues if (due[1].name, due[0]) not in stuck), key=lambda due: due[0], default=None
        )

    def snapshot(self, name: str) -> Snapshot:
        """Keep everything as it is now under ``name``, in memory. Raises :class:`~.graph.CannotKeepError`."""
        content: list[bytes] = []
        snapshots.export(self, content.append)
        self.snapshots[name] = Snapshot(name, self.clock.now(), b"".join(content))
        return self.snapshots[name]

    def restore(self, name: str) -> None:
        """Everything as it was at that snapshot, the clock as well. Raises ``KeyError``."""
        snapshots.restore(self, snapshots.pieces_of(self.snapshots[name].content))

    def save(self, path: Path) -> None:
        """Write everything into one file, gzip of a form of our own."""
        with path.open("wb") as file:
            snapshots.export(self, file.write)

    def load(self, path: Path) -> None:
        """Become what a file says; nothing has changed when it raises :class:`~.graph.BadSnapshotError`."""
        with path.open("rb") as file:
            snapshots.restore(self, iter(lambda: file.read(snapshots.PIECE), b""))

    def remade(self, heading: Heading) -> Any:
        """The world a snapshot speaks of: the present one where it is the same and untouched."""
        untouched = not any(system.world_changed for system in self.systems)
        now = datetime.fromisoformat(heading.world_now)
        if untouched and self.choice == choice_of(heading) and self.world.now == now:
            return self.world
        return self._build_world(heading.world, heading.seed, heading.candidates, now)

    def become(self, heading: Heading, world: Any, parts: Sequence[Mapping[str, Any]]) -> None:
        """What a snapshot does last, with all it holds already read."""
        self.choice, self.world = choice_of(heading), world
        self.clock.stand_at(heading.ms, frozen=heading.frozen)
        for system, part in zip(self.systems, parts, strict=True):
            self._clear(system)
            system.journal.go_on_from(part["calls"])
            system.faults.take_back(part["faults"])
            system.take_back(world, part)

    def _clear(self, system: System) -> None:
        system.journal.restart()
        system.faults.clear()


def choice_of(heading: Heading) -> WorldChoice:
    return WorldChoice(world=heading.world, seed=heading.seed, candidates=heading.candidates)
