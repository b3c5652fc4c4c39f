"""What of a workspace the steps of its contracts depend on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from landbridge.connectors.linkedin.settings import AUTH_URL
from landbridge.jobs.onboarding.application import load_linkedin
from landbridge.store.connections import load_system_states
from landbridge.store.consents import load_consent
from landbridge.web.acts.actor import Actor
from landbridge.web.console.contracts.context import Surroundings, recruiter_address


async def surroundings(actor: Actor, address: Callable[[str], str]) -> tuple[dict[str, Any], Surroundings]:
    """The settings of the LinkedIn connection, and the surroundings; ``address`` gives that of a page."""
    async with actor.works() as works:
        stored = (await load_linkedin(works, actor.workspace_id)).settings
    async with actor.connection() as connection:
        agreed = await load_consent(connection, actor.workspace_id) is not None
        systems = {one.system for one in await load_system_states(connection, actor.workspace_id)}
    auth_url = str(stored.get("auth_url") or actor.room.settings.linkedin_auth_url or AUTH_URL)
    return stored, Surroundings(
        agreed=agreed,
        ats=bool(systems - {"linkedin"}),
        recruiter=recruiter_address(auth_url),
        consent_address=address("consent"),
        ats_address=address("ats"),
        window_address=address("contract-window"),
        sync_address=address("sync"),
        users_address=address("connect-users"),
    )
