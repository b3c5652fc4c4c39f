"""Who acts."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from landbridge.store.database import Connection
from landbridge.web.rooms import Room


class NothingThereError(Exception):
    """There is no such thing in this workspace. No error of ours: somebody followed an old link, or guessed."""


class Actor(Protocol):
    """A visit of a page, or a call of the JSON API. ``name``: as receipts, histories and the activity show it."""

    @property
    def room(self) -> Room: ...

    @property
    def now(self) -> datetime: ...

    @property
    def workspace_id(self) -> int: ...

    @property
    def name(self) -> str: ...

    def connection(self) -> AbstractAsyncContextManager[Connection]: ...

    def transaction(self) -> AbstractAsyncContextManager[Connection]: ...

    async def note(
        self, act: str, *, subject: str = "", connection: Connection | None = None, **facts: Any
    ) -> None: ...
