"""Snapshots: the whole sandbox as one stream of bytes, kept under a name in memory or carried away as a file.

In one are clock, world, limits, waiting faults and what each system says it remembers
(:meth:`~landbridge.sandbox.kernel.site.System.state_parts`); not in it are the journals, which tell what clients did
and not how the world stands. Only their counts go along, so that ids made of them go on where they stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct

from landbridge.sandbox.kernel.clock import Clock
from landbridge.sandbox.kernel.graph import BadSnapshotError, Reader, Writer

if TYPE_CHECKING:
    from landbridge.sandbox.kernel.site import Site

FORMAT: Final = 1
#: A file must not make us build a world that fills the memory.
MOST_CANDIDATES: Final = 5_000_000
PIECE: Final = 256 * 1024


class Landmarks:
    """What a snapshot need not hold: the clock, and the world's own records as long as the world is as it was made."""

    def __init__(self, clock: Clock, world: Any = None) -> None:
        self.world = world
        self._clock = clock
        self._numbers: dict[int, int] | None = None
        network = getattr(world, "network", None)
        self._tables: dict[type[Any], Mapping[str, Any]] = {}
        for name in ("candidates", "applications", "jobs"):
            table = getattr(world, name, None) or {}
            self._tables.update({type(each): table for each in list(table.values())[:1]})
        self._whole = {"world": world, "network": network, "clock": clock}
        self._names = {id(thing): name for name, thing in self._whole.items() if thing is not None}
        self._members = () if network is None else network.members
        roots = {type(thing) for thing in self._whole.values() if thing is not None}
        self.types = frozenset(roots | set(self._tables) | {type(member) for member in self._members[:1]})

    def name(self, thing: Any) -> list[Any] | None:
        """A word for the whole, or a kind and an id."""
        whole = self._names.get(id(thing))
        if whole is not None:
            return [whole]
        kind: type[Any] = type(thing)
        table = self._tables.get(kind)
        if table is not None:
            key: str = thing.id
            return [kind.__name__, key] if table.get(key) is thing else None
        return self._member(thing)

    def _member(self, thing: Any) -> list[Any] | None:
        if self._numbers is None:
            self._numbers = {id(member): place for place, member in enumerate(self._members)}
        place = self._numbers.get(id(thing))
        return None if place is None else ["member", place]

    def find(self, name: list[Any]) -> Any:
        if len(name) == 1:
            return self._whole[name[0]]
        if name[0] == "member":
            return self._members[name[1]]
        return next(table[name[1]] for cls, table in self._tables.items() if cls.__name__ == name[0])


class Heading(Struct, kw_only=True):
    """What stands at the head of a snapshot. ``world_made`` says that the world is not in it but made once more."""

    format: int
    world: str
    seed: int
    candidates: int
    world_now: str
    world_made: bool
    ms: int
    frozen: bool
    systems: list[str]


class Snapshot(Struct, frozen=True):
    """One snapshot in memory; ``taken_at`` is the sandbox's own time."""

    name: str
    taken_at: datetime
    content: bytes


def export(site: Site, sink: Callable[[bytes], Any]) -> Writer:
    """Write the whole sandbox to ``sink``, piece by piece. Raises :class:`~.graph.CannotKeepError`."""
    untouched = not any(system.world_changed for system in site.systems)
    writer = Writer(sink, Landmarks(site.clock, site.world if untouched else None))
    heading = Heading(
        format=FORMAT,
        world=site.choice.world,
        seed=site.choice.seed,
        candidates=site.choice.candidates,
        world_now=site.world.now.isoformat(),
        world_made=untouched,
        ms=site.clock.ms(),
        frozen=site.clock.frozen,
        systems=[system.name for system in site.systems],
    )
    writer.write(msgspec.to_builtins(heading))
    writer.write(site.world)
    for system in site.systems:
        writer.write({**system.state_parts(), "faults": system.faults.parts(), "calls": system.journal.last_number})
    writer.close()
    return writer


def restore(site: Site, source: Iterable[bytes]) -> None:
    """Become what ``source`` says; nothing is changed when that cannot be read (:class:`~.graph.BadSnapshotError`)."""
    pieces = _Pieces(source)
    heading = _heading(Reader(pieces.first(), Landmarks(site.clock)), site)
    marks = Landmarks(site.clock, site.remade(heading) if heading.world_made else None)
    reader = Reader(pieces.all(), marks)
    reader.read()
    world = reader.read()
    parts = [reader.read() for _ in site.systems]
    for system, part in zip(site.systems, parts, strict=True):
        _check_parts(system.state_parts(), part)
    if not hasattr(world, "network"):
        raise BadSnapshotError("this snapshot lacks its world")
    site.become(heading, world, parts)


def _check_parts(present: Mapping[str, Any], found: Any) -> None:
    """The parts a system is about to go on with are of the sorts it has now."""
    wanted = {**{name: type(part) for name, part in present.items()}, "faults": dict, "calls": int}
    if not isinstance(found, dict) or {name: type(part) for name, part in found.items()} != wanted:
        raise BadSnapshotError("this snapshot lacks the state of a system")


def _heading(reader: Reader, site: Site) -> Heading:
    try:
        heading = msgspec.convert(reader.read(), Heading)
    except msgspec.ValidationError as problem:
        raise BadSnapshotError(f"this is no snapshot of a sandbox: {problem}") from None
    if not 0 <= heading.candidates <= MOST_CANDIDATES:
        raise BadSnapshotError("this snapshot speaks of a world that is too large")
    if heading.format != FORMAT or heading.systems != [system.name for system in site.systems]:
        raise BadSnapshotError("this snapshot was made by another version of the sandbox")
    return heading


class _Pieces:
    """A source that is looked into before it is read from the beginning."""

    def __init__(self, source: Iterable[bytes]) -> None:
        self._source = iter(source)
        self._read: list[bytes] = []

    def first(self) -> Iterator[bytes]:
        for piece in self._source:
            self._read.append(piece)
            yield piece

    def all(self) -> Iterator[bytes]:
        yield from self._read
        self._read = []
        yield from self._source


def pieces_of(content: bytes) -> Iterator[bytes]:
    return (content[start : start + PIECE] for start in range(0, len(content), PIECE))
