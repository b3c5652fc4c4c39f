"""Events for an ATS of one's own: where they go, by which secret they are signed, whether they arrive."""

from __future__ import annotations

from landbridge.jobs import events
from landbridge.web.acts.actor import Actor


async def send_to(actor: Actor, url: str) -> str | None:
    """The signing secret, where it is the first one; see ``jobs.events.send_to`` for what is raised."""
    async with actor.works() as works:
        made = await events.send_to(works, actor.workspace_id, url)
    await actor.note("events.address_saved" if url.strip() else "events.stopped")
    return made


async def rotate(actor: Actor) -> str:
    """The new signing secret. Raises SettingError where there is none to replace."""
    async with actor.works() as works:
        made = await events.rotate(works, actor.workspace_id)
    await actor.note("events.secret_made")
    return made


async def send_test(actor: Actor) -> None:
    """Raises what the ATS's answer means."""
    async with actor.works() as works:
        await events.send_test(works, actor.workspace_id)
