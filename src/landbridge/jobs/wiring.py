"""Building a workspace's two sides from what the database knows, once per worker and anew when that has changed."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar

import httpx2
import msgspec

from landbridge.connectors import CONNECTORS, Connector, Wiring
from landbridge.errors import LandbridgeError, RejectedError, SettingError
from landbridge.http import Clock, Gate, LocalGate, SystemClock, TokenShelf
from landbridge.ports.ats import AtsWriting
from landbridge.ports.destination import Destination, Writer
from landbridge.ports.files import Files
from landbridge.ports.incoming import Incoming
from landbridge.ports.source import Source
from landbridge.settings import Settings
from landbridge.store.budgets import BudgetKey
from landbridge.store.connections import load_ats_name, load_credentials
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.store.pushed import PushedMirror
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import Workspace, load_workspace
from landbridge.sync.bell import Bell
from landbridge.sync.budget import Budget, StorePool, quota_of
from landbridge.sync.choices import read_choices
from landbridge.sync.gate import SharedGate
from landbridge.sync.lane import Lane
from landbridge.sync.matches import Matching
from landbridge.sync.sweep import Sweeping

# The ATS that is meant where a workspace has none yet.
ATS = "smartrecruiters"
FAR_SIDE = "linkedin"
# The budget of an ATS is one for all it reads.
ALL = "requests"

S = TypeVar("S", bound="Source | Destination | Incoming | AtsWriting")


class _Kept(Generic[S]):
    """One built side, the stamp of what it was built from, and how many use it."""

    def __init__(self, side: S, stamp: bytes) -> None:
        self.side = side
        self.stamp = stamp
        self.users = 0
        self.outdated = False


class Works:
    """What the jobs of one process work with. ``transport`` replaces the network, ``clock`` time, for tests.

    ``slots_per_call`` is of the gate to the ATS: 1 for a worker, more for a command that makes a few calls and ends.
    ``tokens`` are those of the process, where these works live shorter than it.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        vault: Vault,
        journal: CallJournal,
        bell: Bell,
        *,
        clock: Clock | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        slots_per_call: int = 1,
        tokens: TokenShelf | None = None,
    ) -> None:
        self.settings = settings
        self.database = database
        self.vault = vault
        self.journal = journal
        self.bell = bell
        self.clock = clock or SystemClock()
        self._transport = transport
        self._slots_per_call = slots_per_call
        self._tokens = tokens or TokenShelf()
        self._pool = StorePool(database)
        self._sources: dict[int, _Kept[Source]] = {}
        self._destinations: dict[int, _Kept[Destination]] = {}
        self._incoming: dict[int, _Kept[Incoming]] = {}
        self._writing: dict[int, _Kept[AtsWriting]] = {}

    async def close(self) -> None:
        for source in self._sources.values():
            await source.side.close()
        for destination in self._destinations.values():
            await destination.side.close()
        for incoming in self._incoming.values():
            await incoming.side.close()
        for writing in self._writing.values():
            await writing.side.close()
        self._sources.clear()
        self._destinations.clear()
        self._incoming.clear()
        self._writing.clear()

    @asynccontextmanager
    async def lane(self, workspace: int, resource: str) -> AsyncIterator[Lane]:
        """All that driving a lane takes. Raises SettingError where LinkedIn is not connected."""
        async with self.destination(workspace) as destination:
            writer = writer_of(destination, resource)
            facts = await self._workspace(workspace)
            yield Lane(
                database=self.database,
                workspace=workspace,
                writer=writer,
                choices=read_choices(facts.choices),
                budget=self._budget(workspace, destination, writer),
                bell=self.bell,
                clock=self.clock,
            )

    @asynccontextmanager
    async def sweeping(self, workspace: int) -> AsyncIterator[Sweeping]:
        """All that a sweep takes. Raises SettingError where the ATS is not connected."""
        async with self.source(workspace) as source:
            yield Sweeping(database=self.database, workspace=workspace, source=source, bell=self.bell, clock=self.clock)

    @asynccontextmanager
    async def matching(self, workspace: int) -> AsyncIterator[Matching]:
        async with self.destination(workspace) as destination:
            writer = writer_of(destination, "candidates")
            yield Matching(
                database=self.database,
                workspace=workspace,
                destination=destination,
                budget=self._budget(workspace, destination, writer),
                clock=self.clock,
            )

    @asynccontextmanager
    async def source(self, workspace: int) -> AsyncIterator[Source]:
        connector = await self.connector(workspace)
        if connector.source is None:
            raise SettingError(f"{connector.name} cannot be read.")
        wiring, stamp = await self._wiring(workspace, connector)
        if not _is_current(self._sources.get(workspace), stamp):
            await _retire(self._sources.pop(workspace, None))
            self._sources[workspace] = _Kept(connector.source(wiring), stamp)
        async with _used(self._sources[workspace]) as side:
            yield side

    @asynccontextmanager
    async def destination(self, workspace: int) -> AsyncIterator[Destination]:
        connector = CONNECTORS[FAR_SIDE]
        if connector.destination is None:
            raise SettingError(f"{FAR_SIDE} cannot be written.")
        wiring, stamp = await self._wiring(workspace, connector)
        if not _is_current(self._destinations.get(workspace), stamp):
            await _retire(self._destinations.pop(workspace, None))
            self._destinations[workspace] = _Kept(connector.destination(wiring), stamp)
        async with _used(self._destinations[workspace]) as side:
            yield side

    @asynccontextmanager
    async def incoming(self, workspace: int) -> AsyncIterator[Incoming]:
        """What recruiters do in LinkedIn. Raises SettingError where LinkedIn is not connected."""
        connector = CONNECTORS[FAR_SIDE]
        if connector.incoming is None:
            raise SettingError(f"{FAR_SIDE} has nothing for us.")
        wiring, stamp = await self._wiring(workspace, connector)
        if not _is_current(self._incoming.get(workspace), stamp):
            await _retire(self._incoming.pop(workspace, None))
            self._incoming[workspace] = _Kept(connector.incoming(wiring), stamp)
        async with _used(self._incoming[workspace]) as side:
            yield side

    async def ats(self, workspace: int) -> str:
        """The name of the workspace's ATS: the one it is connected with."""
        async with self.database.connection() as connection:
            return await load_ats_name(connection, workspace)

    async def connector(self, workspace: int) -> Connector:
        """The connector of the workspace's ATS."""
        return CONNECTORS[await self.ats(workspace)]

    async def can_write(self, workspace: int) -> bool:
        """Whether there is a way to write into the workspace's ATS."""
        connector = await self.connector(workspace)
        if connector.writing is None or not connector.written_by:
            return connector.writing is not None
        wiring, _ = await self._wiring(workspace, connector)
        return bool(wiring.settings.get(connector.written_by))

    @asynccontextmanager
    async def writing(self, workspace: int) -> AsyncIterator[AtsWriting]:
        """The ATS, to be written. Raises SettingError where it is not connected or cannot be written."""
        connector = await self.connector(workspace)
        if connector.writing is None:
            raise SettingError(f"{connector.name} cannot be written.", code="ats_read_only")
        wiring, stamp = await self._wiring(workspace, connector)
        if not _is_current(self._writing.get(workspace), stamp):
            await _retire(self._writing.pop(workspace, None))
            self._writing[workspace] = _Kept(connector.writing(wiring), stamp)
        async with _used(self._writing[workspace]) as side:
            yield side

    @property
    def budgets(self) -> StorePool:
        """What all budgets of this process count in."""
        return self._pool

    async def wiring(self, workspace: int, system: str) -> Wiring:
        """What a connector of the workspace is made from, for steps that only setting up takes."""
        made, _ = await self._wiring(workspace, CONNECTORS[system])
        return made

    async def _workspace(self, workspace: int) -> Workspace:
        async with self.database.connection() as connection:
            return await load_workspace(connection, workspace)

    async def _wiring(self, workspace: int, connector: Connector) -> tuple[Wiring, bytes]:
        async with self.database.connection() as connection:
            facts = await load_workspace(connection, workspace)
            credentials = await load_credentials(connection, workspace, connector.name, vault=self.vault)
        return self._wiring_of(workspace, connector, facts, credentials.settings, credentials.secrets)

    async def trial_wiring(
        self, workspace: int, system: str, *, settings: Mapping[str, Any], secrets: Mapping[str, str]
    ) -> Wiring:
        """As ``wiring``, but from what somebody has just entered and nobody has saved; it has to sign in anew."""
        made, _ = self._wiring_of(workspace, CONNECTORS[system], await self._workspace(workspace), settings, secrets)
        return msgspec.structs.replace(made, tokens=None)

    def _wiring_of(
        self,
        workspace: int,
        connector: Connector,
        facts: Workspace,
        own_settings: Mapping[str, Any],
        own_secrets: Mapping[str, str],
    ) -> tuple[Wiring, bytes]:
        settings = {**self._process_settings(connector.name), **own_settings}
        secrets = {**self._process_secrets(connector.name), **own_secrets}
        about = {
            "slug": facts.slug,
            "name": facts.name,
            "organization_urn": facts.organization_urn,
            "foreign_id": facts.foreign_id,
        }
        wiring = Wiring(
            settings=settings,
            secrets=secrets,
            gate=self._gate(workspace, connector),
            journal=self.journal.of(workspace),
            clock=self.clock,
            choices=facts.choices,
            workspace=about,
            transport=self._transport,
            tokens=self._tokens,
            mirror=PushedMirror(self.database, workspace),
            files=_FilesOfAts(self, workspace) if connector.name == FAR_SIDE else None,
        )
        return wiring, _stamp([settings, secrets, facts.choices, about])

    def _process_settings(self, system: str) -> dict[str, Any]:
        """Where the systems are, unless a connection says otherwise."""
        if system == ATS:
            return {"base_url": self.settings.smartrecruiters_api_url}
        if system != FAR_SIDE:
            return {"networks": list(self.settings.ats_networks)}
        return {
            "api_url": self.settings.linkedin_api_url,
            "auth_url": self.settings.linkedin_auth_url,
            "task_first_look": str(self.settings.job_task_first_look.total_seconds()),
            "match_lookup_delay": str(self.settings.match_lookup_delay.total_seconds()),
            "parent_client_id": self.settings.linkedin_client_id or "",
        }

    def _process_secrets(self, system: str) -> dict[str, str]:
        """The partner's own secret, where one partner runs this Landbridge for all its customers."""
        secret = self.settings.linkedin_client_secret
        return {"parent_client_secret": secret.reveal()} if system == FAR_SIDE and secret else {}

    def _gate(self, workspace: int, connector: Connector) -> Gate:
        if connector.source is None:
            # What is written is counted by the lanes' budgets, record by record.
            return LocalGate(connector.allowances, clock=self.clock)
        key = BudgetKey(workspace, connector.name, ALL)
        return SharedGate(self._pool, key, connector.allowances, clock=self.clock, slots_per_call=self._slots_per_call)

    def _budget(self, workspace: int, destination: Destination, writer: Writer) -> Budget | None:
        quota = quota_of(writer.limits)
        if quota is None:
            return None
        return Budget(self._pool, BudgetKey(workspace, destination.name, writer.resource), quota)


class _FilesOfAts:
    """The files of whatever ATS a workspace is connected with at that moment (``ports.files.Files``)."""

    def __init__(self, works: Works, workspace: int) -> None:
        self._works = works
        self._workspace = workspace

    @asynccontextmanager
    async def open_file(self, key: str) -> AsyncIterator[AsyncIterator[bytes]]:
        async with self._works.source(self._workspace) as source:
            if not isinstance(source, Files):
                raise RejectedError(f"{source.name} has no files")
            async with source.open_file(key) as pieces:
                yield pieces


def writer_of(destination: Destination, resource: str) -> Writer:
    for writer in destination.writers:
        if writer.resource == resource:
            return writer
    raise LandbridgeError(f"{destination.name} has no {resource}.")


def _stamp(parts: list[Any]) -> bytes:
    return hashlib.sha256(msgspec.json.encode(parts, order="deterministic")).digest()


def _is_current(kept: _Kept[Any] | None, stamp: bytes) -> bool:
    return kept is not None and kept.stamp == stamp


async def _retire(kept: _Kept[Any] | None) -> None:
    """Close a side that was built from older settings: now, or when its last user leaves."""
    if kept is not None:
        kept.outdated = True
        if not kept.users:
            await kept.side.close()


@asynccontextmanager
async def _used(kept: _Kept[S]) -> AsyncIterator[S]:
    kept.users += 1
    try:
        yield kept.side
    finally:
        kept.users -= 1
        if kept.outdated and not kept.users:
            await kept.side.close()
