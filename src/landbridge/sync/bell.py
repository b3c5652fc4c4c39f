"""How the engine asks for work to be done soon, without knowing who does it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from landbridge.records import Kind
from landbridge.store.database import Connection


class Bell(Protocol):
    async def ring(
        self, connection: Connection, workspace: int, kinds: Collection[Kind], *, urgent: bool = False
    ) -> None:
        """See to it that the lanes of these kinds look at what is due once ``connection``'s transaction is saved.

        To be called last in a transaction. ``urgent``: sooner, and even where a lane rests for its quota's sake.
        """
        ...


class SilentBell:
    """For runs in which the caller drives the lanes itself."""

    async def ring(
        self, connection: Connection, workspace: int, kinds: Collection[Kind], *, urgent: bool = False
    ) -> None:
        """Nobody is called."""
