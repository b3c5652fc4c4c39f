"""The integrations of a workspace: asked of LinkedIn, and kept for everybody who looks."""

from __future__ import annotations

from datetime import timedelta

import structlog

from landbridge.connectors.linkedin.destination import open_linkedin
from landbridge.connectors.linkedin.integrations import Integration, integrations_of
from landbridge.connectors.linkedin.settings import read_settings
from landbridge.errors import LandbridgeError
from landbridge.jobs.wiring import FAR_SIDE, Works
from landbridge.store import integrations
from landbridge.store.workspaces import Workspace, save_organization

log = structlog.get_logger(__name__)

# How often integrations that are not enabled are asked for: nobody tells us when people enable them.
ASK_AGAIN = timedelta(minutes=2)


async def read(works: Works, workspace: int) -> list[Integration]:
    """Ask LinkedIn where the workspace's integrations stand, and keep it. Raises NeedsPersonError, TryLaterError."""
    wiring = await works.wiring(workspace, FAR_SIDE)
    settings, far_side = read_settings(wiring), open_linkedin(wiring)
    try:
        found = await far_side.read_integrations(integrations_of(settings.organization, settings.contracts))
    finally:
        await far_side.close()
    at = works.clock.now()
    seen = [
        integrations.Integration(
            context=one.key.context, type=one.key.type, name=one.name, status=one.status, checked_at=at
        )
        for one in found
    ]
    async with works.database.transaction() as connection:
        await save_organization(connection, workspace, settings.organization)
        await integrations.save_integrations(connection, workspace, seen)
    return found


async def ask_again(works: Works, workspace: Workspace) -> None:
    """See whether people have enabled what was not enabled when it was last asked for."""
    async with works.database.connection() as connection:
        known = await integrations.load_integrations(connection, workspace.id)
    waiting = [one for one in known if one.status != integrations.ENABLED]
    if not waiting or works.clock.now() - max(one.checked_at for one in waiting) < ASK_AGAIN:
        return
    try:
        await read(works, workspace.id)
    except LandbridgeError as error:
        log.info("integrations_unread", workspace=workspace.id, code=error.code)
