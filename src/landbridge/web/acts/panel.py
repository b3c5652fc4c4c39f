"""The candidate panel: who may frame it, and links to it."""

from __future__ import annotations

from collections.abc import Iterable

from landbridge.errors import SettingError
from landbridge.jobs.panel import save_origins
from landbridge.store.panel import origins_in
from landbridge.store.workspaces import load_workspace
from landbridge.web.acts.actor import Actor
from landbridge.web.panel.link import make_link


async def load_origins(actor: Actor) -> list[str]:
    async with actor.connection() as connection:
        return origins_in((await load_workspace(connection, actor.workspace_id)).choices)


async def name_origins(actor: Actor, given: Iterable[str]) -> list[str]:
    """Raises SettingError where one is none; then nothing has changed."""
    async with actor.works() as works:
        origins = await save_origins(works, actor.workspace_id, given)
    await actor.note("panel.origins_named", subject=", ".join(origins))
    return origins


async def open_link(actor: Actor, candidate: str, user: str) -> str:
    """The path of a link. Raises SettingError where no page may show the panel yet."""
    if not await load_origins(actor):
        raise SettingError(
            "No page may show the panel yet.",
            code="panel_closed",
            hint="Name the origins of your ATS first: in the console under Your ATS, or PUT /api/v1/panel.",
        )
    vault = actor.room.vault
    if vault is None:
        raise TypeError("the console runs inside landbridge.web.application only")
    return f"/panel/{make_link(vault, actor.workspace_id, candidate, user, actor.now)}"
