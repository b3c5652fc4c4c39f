"""What commands open before they can work: settings, database, key, and the workspace they are about."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec import Struct

from landbridge.cli.outcome import told
from landbridge.errors import SettingError

if TYPE_CHECKING:
    from landbridge.settings import Settings
    from landbridge.store.database import Connection, Database
    from landbridge.store.secrets import Vault
    from landbridge.store.workspaces import Workspace
    from landbridge.web.rooms import Room

WorkspaceOption = Annotated[
    str, typer.Option("--workspace", "-w", help="Which workspace; needed only where there are several.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON for machines.")]


class Opened(Struct, frozen=True):
    settings: Settings
    database: Database
    vault: Vault

    @property
    def room(self) -> Room:
        """What acts need of a process, be it the console's or a command's."""
        from landbridge.web.rooms import Room

        return Room(settings=self.settings, database=self.database, vault=self.vault)


def run(work: Coroutine[Any, Any, None], how_to_go_on: str = "") -> None:
    """Run a command's body to its end, telling errors and Ctrl-C as every command does."""
    with told(how_to_go_on):
        asyncio.run(work)


@asynccontextmanager
async def opened(environ: Mapping[str, str] | None = None, *, migrating: bool = False) -> AsyncIterator[Opened]:
    """Database and key of this process's settings, or of ``environ``. Raises SettingError, UnavailableError.

    The embedded database is nobody else's, so it is always brought up to date; another one only if ``migrating``.
    """
    from landbridge import logs
    from landbridge.settings import load
    from landbridge.store.database import Database
    from landbridge.store.migrate import migrate
    from landbridge.store.secrets import unlock

    settings = load(environ)
    # A command talks to a person; what it does is told in its own words, so only trouble is logged.
    logs.configure(form="text", level="warning" if settings.log_level == "info" else settings.log_level)
    async with await Database.open(settings) as database:
        if migrating or settings.database_url is None:
            await asyncio.to_thread(migrate, settings)
        yield Opened(settings, database, await unlock(settings, database))


async def choose_workspace(connection: Connection, slug: str) -> Workspace:
    """The named workspace, or the only one. Raises SettingError naming the choices."""
    from landbridge.store.workspaces import load_workspaces

    workspaces = await load_workspaces(connection)
    chosen = [workspace for workspace in workspaces if workspace.slug == slug or not slug]
    if len(chosen) == 1:
        return chosen[0]
    if not workspaces:
        raise SettingError("There is no workspace yet.", code="no_workspace", hint="Make one with: landbridge connect")
    slugs = ", ".join(workspace.slug for workspace in workspaces)
    problem = f"There is no workspace {slug}." if slug else "There are several workspaces."
    raise SettingError(problem, code="which_workspace", hint=f"Say --workspace with one of: {slugs}")
