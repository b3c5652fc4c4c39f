"""A caller of the JSON API in tests: the whole application, and a token of the workspace ``acme``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import httpx2

from landbridge.jobs.pushing import open_door
from landbridge.jobs.queue import JobBell
from landbridge.jobs.wiring import Works
from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.store.secrets import Vault
from landbridge.store.tokens import Scope, make_token
from landbridge.store.workspaces import create_workspace
from landbridge.web.application import build
from landbridge.web.rooms import Room
from tests.web.conftest import Clock


class Api:
    """``slug`` names a workspace that is made here, with the door for an ATS of its own open."""

    def __init__(self, settings: Settings, database: Database, vault: Vault, clock: Clock, slug: str = "acme") -> None:
        self.settings, self.database, self.vault, self.clock, self.slug = settings, database, vault, clock, slug
        self.workspace = 0
        self.app = build(Room(settings=settings, database=database, clock=clock), vault)
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
        self.client = httpx2.AsyncClient(transport=transport, base_url="http://localhost/api/v1")

    async def open(self, *, pushes: bool = True) -> Api:
        async with self.database.transaction() as connection:
            self.workspace = await create_workspace(
                connection, slug=self.slug, name=self.slug, foreign_id=self.slug, now=self.clock.now
            )
        if pushes:
            async with CallJournal(self.database) as journal:
                works = Works(self.settings, self.database, self.vault, journal, JobBell())
                await open_door(works, self.workspace)
                await works.close()
        return self

    async def token(self, scopes: Collection[Scope] = tuple(Scope)) -> dict[str, str]:
        """The headers of somebody with these scopes."""
        async with self.database.connection() as connection:
            token = await make_token(
                connection, self.workspace, label="test", scopes=scopes, by="a test", now=self.clock.now
            )
        return {"authorization": f"Bearer {token}"}

    async def push(self, name: str, records: list[Any], headers: dict[str, str]) -> httpx2.Response:
        return await self.client.post(f"/ingest/{name}", json={"records": records}, headers=headers)
