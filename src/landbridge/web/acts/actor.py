"""Who acts."""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

from msgspec import Struct, StructMeta

from landbridge.jobs.wiring import Works
from landbridge.store.audit import note_act
from landbridge.store.database import Connection
from landbridge.web.rooms import Room


class NothingThereError(Exception):
    """There is no such thing in this workspace. No error of ours: somebody followed an old link, or guessed."""


class _Abstract(StructMeta, ABCMeta):
    """What makes a struct whose subclasses have to fill in what it leaves open."""


class Actor(Struct, frozen=True, kw_only=True, metaclass=_Abstract):
    """A visit of a page, a call of the JSON API, or a command: what acts need of each, and how it is noted."""

    room: Room
    now: datetime

    @property
    @abstractmethod
    def name(self) -> str:
        """Who it is, as receipts, histories and the activity show it."""

    @property
    @abstractmethod
    def account(self) -> int | None:
        """The account by whose rights it is done; None where it needs none."""

    @property
    @abstractmethod
    def workspace_id(self) -> int:
        """The workspace in which it is done."""

    @property
    def place(self) -> int | None:
        """The workspace in whose activity a line stands; None: it is about a person, or the installation."""
        return self.workspace_id

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        return self.room.database.connection()

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        return self.room.database.transaction()

    def works(self) -> AbstractAsyncContextManager[Works]:
        return self.room.works()

    async def note(self, act: str, *, subject: str = "", connection: Connection | None = None, **facts: Any) -> None:
        """Add a line to the activity, inside ``connection``'s transaction where one is given."""
        if connection is None:
            async with self.connection() as own:
                await self.note(act, subject=subject, connection=own, **facts)
            return
        await note_act(
            connection,
            at=self.now,
            act=act,
            who=self.name,
            user=self.account,
            workspace=self.place,
            subject=subject,
            facts=facts,
        )
